"""The application: the graph, the explorer, the pages and the health of the process, over HTTP."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api import explorer
from api.bounding import CurrentFigures
from api.http import GraphQLView
from api.kept import Kept
from api.revision import head, revision
from api.settings import Settings
from api.wire import LONG, REMEMBERED, names
from schema.connection import PageSize
from schema.context import Context
from schema.dossier import json_schema
from schema.edition import Edition
from schema.multiplicity import multiplicities
from schema.newest import newest
from schema.query import build
from schema.reading import snapshots
from schema.snapshot import Snapshots

if TYPE_CHECKING:
    from api.page import ReadablePages

GRAPH = "/graphql"


class Application(Starlette):
    """All of it; the graph is answered in front of the router, which would take as long again."""

    def __init__(self, graph: GraphQLView, **given: Any) -> None:
        super().__init__(**given)
        self.graph = graph

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == GRAPH:
            await self.graph(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(settings: Settings) -> Starlette:
    """The ASGI application of these settings."""
    reading = snapshots(settings.database_url, answer_bytes=settings.answer_bytes)
    edition = newest(settings.database_url)
    sizes = PageSize(settings.page_size, settings.page_ceiling)
    public = settings.public_url.rstrip("/")

    def place(scope: Scope) -> str:
        return public or own_address(scope)

    def context(scope: Scope) -> Context:
        return Context(reading, place(scope), sizes)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await edition.dispose()
        await reading.dispose()

    async def health(request: Request) -> Response:
        return await _health(reading)

    kept = Kept(settings.answers_kept, edition, place) if settings.answers_kept else None
    graph = GraphQLView(
        build(),
        context,
        settings.limits,
        kept=kept,
        bounds=multiplicities(),
        figures=CurrentFigures(reading, edition),
    )

    @cache
    def pages() -> ReadablePages:
        # Templates and the words of languages, which only who reads pages needs.
        from api.page import ReadablePages  # noqa: PLC0415

        return ReadablePages(build(), context, settings.operation_seconds)

    async def readable(request: Request) -> Response:
        return await pages().answer(request)

    return Application(
        graph,
        lifespan=lifespan,
        routes=[
            Route(GRAPH, graph),
            Route("/health", health, methods=["GET"]),
            Route("/dossier.schema.json", _dossier_schema, methods=["GET"]),
            *explorer.routes,
            Route("/{noun:str}/{slug:str}", readable, methods=["GET"]),
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


async def _health(reading: Snapshots) -> Response:
    """Whether the process answers, the database is migrated, and which edition is the newest."""
    editions: sa.Table = Edition.__table__  # type: ignore[attr-defined]  # set by SQLModel
    try:
        async with reading.opened() as snapshot:
            at = await snapshot.call(revision)
            if at != head():
                return JSONResponse(
                    {"status": "not migrated", "revision": at, "wanted": head()}, 503
                )
            query = sa.select(sa.func.max(editions.c.number))
            newest = await snapshot.call(lambda connection: connection.scalar(query))
    except (SQLAlchemyError, reading.broken) as error:
        return JSONResponse({"status": "no database", "why": type(error).__name__}, 503)
    return JSONResponse({"status": "ok", "revision": at, "edition": newest or 0})
