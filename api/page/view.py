"""The readable page of every id: HTML that needs no script, or the same as JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import strawberry
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Scope

from api.http.codec import names, tag_of
from api.http.compression import preferred
from api.http.graph_reader import GraphReader, TroubleError
from api.http.negotiation import JSON, LD_JSON
from api.http.response_cache import CachedResponse, ResponseCache, encode
from api.page.linked_data import linked_data
from api.page.query import CHECKS, EDITIONS, LISTED, MOST, is_document, question, type_of
from api.page.record import PART, page_of
from api.page.rendering import RELEASE, html_page, json_page, links_of, trouble_page
from api.page.vocabulary import vocabulary
from api.page.wanted import Wanted, missing, numbered, wanted_of
from schema.execution.context import Context
from schema.filtering.page import PageSize
from schema.model.ids import qualified

SIZES = PageSize(LISTED, MOST)
"""How many entries of a list a page asks for, which are more than strangers may."""


class PageKey(NamedTuple):
    """All that a page depends on, beside the edition."""

    id: str
    edition: str
    part: str
    media_type: str
    place: str
    kind: str = "page"


class ReadablePages(GraphReader):
    """Answers for every id; pages are kept where answers are, until the next edition."""

    def __init__(
        self,
        schema: strawberry.Schema,
        context: Callable[[Scope], Context],
        seconds: float,
        kept: ResponseCache | None = None,
    ) -> None:
        super().__init__(schema, lambda scope: _sized(context(scope)), seconds)
        self.kept = kept

    async def answer(self, request: Request) -> Response:
        """The page, or one that says why there is none."""
        wanted = wanted_of(request)
        try:
            wanted = numbered(request, wanted)
            type = type_of(wanted.id)
            if type is None:
                raise missing(wanted)
            page = await self.timed(request, self.known(request, wanted, type))
        except TroubleError as trouble:
            page = trouble_page(wanted, trouble)
        except ClientDisconnect:
            return Response()
        return await self.sent(request, page)

    async def vocabulary(self, request: Request) -> Response:
        """What the terms of linked data mean."""
        body = vocabulary(self.context(request.scope).base_url)
        return await self.sent(
            request, json_page(body, 200, {}, f"W/{tag_of(repr(body))}", LD_JSON)
        )

    async def sent(self, request: Request, page: CachedResponse) -> Response:
        """A page as a reader takes it, or that it has not changed."""
        headers = request.headers
        coding = preferred(headers.get("accept-encoding", "").encode("latin-1"))
        if coding is not None and page.needs(coding):
            await encode(self.kept, page, coding)
        known = headers.get("if-none-match")
        answer = page.answer("GET", None if known is None else known.encode("latin-1"), coding)
        response = Response(answer.content, answer.status)
        response.raw_headers = [*answer.headers]
        return response

    async def known(self, request: Request, wanted: Wanted, type: str) -> CachedResponse:
        """The page that is kept, or else what one state of the database has."""

        def read() -> Awaitable[tuple[CachedResponse, int | None]]:
            return self.reading(
                request.scope, lambda context: self.shown(request, wanted, type, context)
            )

        if self.kept is None:
            return (await read())[0]
        published = self.kept.newest.now() or await self.kept.newest.fetch()
        if published is None:
            return (await read())[0]
        edition, part = str(wanted.edition or ""), str(wanted.part)
        place = self.kept.place(request.scope)
        key = PageKey(wanted.id, edition, part, wanted.media_type, place)
        if (kept := self.kept.find(key, published)) is not None:
            return kept
        page, newest = await read()
        if newest is not None:
            self.kept.keep(key, page, newest, published)
        return page

    async def shown(
        self, request: Request, wanted: Wanted, type: str, context: Context
    ) -> tuple[CachedResponse, int | None]:
        """The page and the newest edition in it, or that there is no such record.

        Where the reader has the page already, nothing more is read, and there is none to keep.
        """
        found = await self.ask(context, EDITIONS, {"asOf": wanted.as_of})
        newest, read = (found[name]["nodes"] for name in ("newest", "read"))
        if not newest:
            return trouble_page(wanted, missing(wanted)), 0
        query = question(type, is_whole=wanted.media_type == LD_JSON)
        tag = _tag(query, wanted, context.base_url, newest[0])
        if names(request.headers.get("if-none-match", ""), tag):
            return CachedResponse(b"", wanted.media_type, given_tag=tag), None
        editions = {"edition": read[0], "newest": newest[0]}
        page = await self.found(wanted, type, query, context, editions, tag)
        return page or trouble_page(wanted, missing(wanted)), newest[0]["number"]

    async def found(
        self,
        wanted: Wanted,
        type: str,
        query: str,
        context: Context,
        editions: Mapping[str, Any],
        tag: str,
    ) -> CachedResponse | None:
        """The page of a record that there is."""
        variables: dict[str, Any] = {"id": qualified(wanted.id, wanted.edition)}
        if is_document(type):
            variables |= {"start": (wanted.part - 1) * PART, "end": wanted.part * PART}
        record = (await self.ask(context, query, variables))["node"]
        if record is None:
            return None
        more = {"Link": links_of(wanted, type, record)}
        if wanted.media_type == LD_JSON:
            return json_page(linked_data(record, context.base_url), 200, more, tag, LD_JSON)
        if wanted.media_type == JSON:
            return json_page({**editions, "record": record}, 200, more, tag)
        checks: Any = {}
        if is_document(type):
            arguments = {"source": wanted.id, "asOf": wanted.as_of}
            checks = await self.ask(context, CHECKS, arguments)
        page = page_of(record, context.base_url, wanted.part, checks)
        if wanted.part > (page.document.parts if page.document else 1):
            raise TroubleError(400, f"There is no part {wanted.part}.", "BAD_USER_INPUT")
        page = replace(page, newest=editions["newest"], read=editions["edition"])
        return html_page(page, wanted, tag, more)


def _sized(context: Context) -> Context:
    context.sizes = SIZES
    return context


def _tag(document: str, wanted: Wanted, base_url: str, newest: Mapping[str, Any]) -> str:
    """What changes whenever the page would; after a restore the mark tells."""
    edition = (str(newest["number"]), newest["mark"])
    return f"W/{tag_of(RELEASE, document, repr(wanted), base_url, *edition)}"
