"""The site's own files over HTTP, each under a tag."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path

import strawberry
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from api.http.codec import names
from api.http.graph_reader import GraphReader, TroubleError
from api.http.negotiation import JSON
from api.site.sitemap import SIZE, site_map
from api.site.texts import models, robots
from schema.execution.context import Context

ICON = (Path(__file__).parent / "favicon.svg").read_bytes()
HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
DAY = "public, max-age=86400"
TEXT, XML, SVG = "text/plain; charset=utf-8", "application/xml", "image/svg+xml"


class Site(GraphReader):
    """Answers for the files that any site has, and for the schema."""

    addresses_a_file = SIZE

    def __init__(
        self,
        schema: strawberry.Schema,
        context: Callable[[Scope], Context],
        seconds: float,
        sdl: Callable[[], str],
    ) -> None:
        super().__init__(schema, context, seconds)
        self._sdl = sdl

    async def sdl(self, request: Request) -> Response:
        """The schema as SDL."""
        # Another thread writes it, which takes the time of many answers.
        return _file(request, (await asyncio.to_thread(self._sdl)).encode(), TEXT)

    async def robots(self, request: Request) -> Response:
        """What robots may read."""
        return _file(request, robots(self._base(request)).encode(), TEXT)

    async def models(self, request: Request) -> Response:
        """What language models should know."""
        return _file(request, models(self._base(request)).encode(), TEXT)

    async def icon(self, request: Request) -> Response:
        """The icon; browsers that ask for the older name take it as well."""
        return _file(request, ICON, SVG, DAY)

    async def sitemap(self, request: Request) -> Response:
        """The pages of all records, or one file of many."""
        page, size = request.path_params.get("page"), self.addresses_a_file
        try:
            content = await self.within(request, lambda context: site_map(context, page, size))
            if content is None:
                raise TroubleError(404, f"There is no part {page} of the site map.", "NOT_FOUND")
        except TroubleError as trouble:
            headers = {**HEADERS, **trouble.headers}
            return JSONResponse(trouble.body, trouble.status, headers, JSON)
        except ClientDisconnect:
            return Response()
        return _file(request, content, XML)

    def _base(self, request: Request) -> str:
        return self.context(request.scope).base_url


PATHS = {
    "/schema.graphql": Site.sdl,
    "/robots.txt": Site.robots,
    "/llms.txt": Site.models,
    "/favicon.svg": Site.icon,
    "/favicon.ico": Site.icon,
    "/sitemap.xml": Site.sitemap,
    "/sitemap-{page:int}.xml": Site.sitemap,
}
"""Where the files are."""


def _file(request: Request, content: bytes, media_type: str, cached: str = "no-cache") -> Response:
    """A file, but for who has it already."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {**HEADERS, "Cache-Control": cached, "ETag": tag}
    if names(request.headers.get("if-none-match", ""), tag):
        return Response(None, 304, headers)
    return Response(content, 200, headers, media_type)
