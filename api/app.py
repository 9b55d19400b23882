"""The application: the graph, the explorer, the pages and the health of the process, over HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from api.database.revision import head
from api.explorer import Explorer
from api.files.view import Files
from api.http.application import GRAPH, Application
from api.http.codec import names
from api.http.cors import Cors
from api.http.endpoint import GraphQLView
from api.http.listed_documents import ListedDocuments
from api.http.negotiation import LONG, REMEMBERED
from api.http.parameters import ParamsReader
from api.http.proxies import Proxies
from api.http.response_cache import ResponseCache
from api.limits.cardinality_watch import CurrentFigures
from api.limits.list_bounds import multiplicities
from api.readable import Readable
from api.settings import Settings
from schema.build import build
from schema.dossiers.format import json_schema
from schema.errors import DatabaseAwayError
from schema.execution.context import Context
from schema.filtering.page import PageSize
from schema.graph.sdl import sdl
from schema.storage.freshness import FreshnessWatch
from schema.storage.open import newest, snapshots
from schema.storage.timing import Timing

HEALTH_SECONDS = 1.0
"""How long the database may take to say how it is."""


def create_app(
    settings: Settings, timing: Timing | None = None, watch: FreshnessWatch | None = None
) -> Application:
    """The ASGI application of these settings, which disposes of the watch it is given."""
    reading = snapshots(settings.database_url, settings.answer_bytes, settings.capacity, timing)
    edition = watch or newest(settings.database_url, timing)
    sizes = PageSize(settings.page_size, settings.page_ceiling)
    schema = build(sizes)
    public = settings.public_url.rstrip("/")

    def place(scope: Scope) -> str:
        return public or own_address(scope)

    def context(scope: Scope) -> Context:
        return Context(reading, place(scope), sizes)

    @asynccontextmanager
    async def lifespan(app: object) -> AsyncIterator[None]:
        readable.start()
        yield
        await edition.dispose()
        await reading.dispose()

    async def health(request: Request) -> Response:
        return await _health(edition)

    kept = ResponseCache(settings.answers_kept, edition, place) if settings.answers_kept else None
    cors = Cors(settings.cors_origins)
    folder = settings.listed_documents
    listed = ListedDocuments(Path(folder)) if folder else None
    graph = GraphQLView(
        schema,
        context,
        settings.limits,
        kept=kept,
        cors=cors,
        calls=ParamsReader(settings.limits, listed, is_closed=bool(settings.listed_only)),
        bounds=multiplicities(),
        figures=CurrentFigures(reading, edition),
    )

    @cache
    def written() -> str:
        return sdl(schema)

    readable = Readable(schema, context, settings.operation_seconds, kept, written)

    return Application(
        graph,
        cors,
        Proxies(settings.trusted_proxies, settings.path_prefix),
        lifespan=lifespan,
        routes=[
            Route(GRAPH, graph),
            Route("/health", health, methods=["GET"]),
            Route("/dossier.schema.json", _dossier_schema, methods=["GET"]),
            *Files(graph, edition, place).routes,
            *Explorer(written).routes,
            *readable.routes,
        ],
    )


def own_address(scope: Scope) -> str:
    """What this server's own addresses begin with, as the request has it."""
    host = dict(scope["headers"]).get(b"host")
    root = scope.get("app_root_path", scope.get("root_path", ""))
    server = scope.get("server")
    given = (scope.get("scheme", "http"), host, server and tuple(server), root)
    return (_address if len(host or b"") <= LONG else _address.__wrapped__)(*given)


@lru_cache(REMEMBERED)
def _address(
    scheme: str, host: bytes | None, server: tuple[str, int | None] | None, root: str
) -> str:
    headers = [] if host is None else [(b"host", host)]
    scope = {"type": "http", "scheme": scheme, "server": server, "headers": headers}
    return str(Request({**scope, "path": root, "root_path": root}).base_url).rstrip("/")


@cache
def _written_schema() -> tuple[bytes, str]:
    """The JSON Schema of dossiers as it is sent, and its tag: both are made once a process."""
    content = json.dumps(json_schema(), ensure_ascii=False, separators=(",", ":")).encode()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


async def _dossier_schema(request: Request) -> Response:
    content, tag = _written_schema()
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if names(request.headers.get("if-none-match", ""), tag):
        return Response(None, 304, headers)
    return Response(content, 200, headers, "application/schema+json")


async def _health(known: FreshnessWatch) -> Response:
    """Whether the process answers, the database is migrated, and which edition is the newest.

    It waits for no reading, and for the database no longer than HEALTH_SECONDS.
    """
    published = known.now()
    if published is None:
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                published = await known.fetch()
        except TimeoutError:
            pass
    if published is None and not known.is_bare:
        headers = {"Retry-After": str(DatabaseAwayError.retry_seconds)}
        return JSONResponse({"status": "no database"}, 503, headers)
    at = None if published is None else published.form[0]
    if published is None or at != head():
        return JSONResponse({"status": "not migrated", "revision": at, "wanted": head()}, 503)
    return JSONResponse({"status": "ok", "revision": at, "edition": published.edition})
