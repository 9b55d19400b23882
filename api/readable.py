"""What is served beside the graph: pages, feeds and the files of the site, made when asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import strawberry
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from api.feeds.feed import PATHS as FEEDS
from api.http.graph_reader import asked_by_server
from api.http.response_cache import ResponseCache
from api.site.view import PATHS as FILES
from api.site.view import Site
from schema.execution.context import Context

if TYPE_CHECKING:
    from api.feeds.view import Feeds
    from api.page.view import ReadablePages


class Readable:
    """Who answers, each made at the first request: templates and words of languages take time.

    `sdl` writes the schema.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        context: Callable[[Scope], Context],
        seconds: float,
        kept: ResponseCache | None,
        sdl: Callable[[], str],
    ) -> None:
        self.given = asked_by_server(schema), context, seconds
        self.kept, self.sdl = kept, sdl

    def start(self) -> None:
        """Makes the pages, so that the first reader need not wait."""
        _ = self.pages

    @cached_property
    def pages(self) -> ReadablePages:
        """The pages of records."""
        from api.page.view import ReadablePages  # noqa: PLC0415

        return ReadablePages(*self.given, self.kept)

    @cached_property
    def feeds(self) -> Feeds:
        """The feeds."""
        from api.feeds.view import Feeds  # noqa: PLC0415

        return Feeds(*self.given)

    @cached_property
    def site(self) -> Site:
        """The files of the site."""
        return Site(*self.given, self.sdl)

    @property
    def routes(self) -> list[Route]:
        """Where all of it is; the pages come last, whose path is that of every id."""

        def file(method: Callable[[Site, Request], Awaitable[Response]]) -> Any:
            async def answer(request: Request) -> Response:
                return await method(self.site, request)

            return answer

        async def feed(request: Request) -> Response:
            return await self.feeds.answer(request)

        async def vocabulary(request: Request) -> Response:
            return await self.pages.vocabulary(request)

        async def page(request: Request) -> Response:
            return await self.pages.answer(request)

        return [
            *(Route(path, file(method), methods=["GET"]) for path, method in FILES.items()),
            *(Route(path, feed, methods=["GET"]) for path in FEEDS),
            Route("/vocabulary", vocabulary, methods=["GET"]),
            Route("/{noun:str}/{slug:str}", page, methods=["GET"]),
        ]
