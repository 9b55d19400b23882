"""GraphQL over HTTP: what comes in, what goes out, and which status says what."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import strawberry
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse
from starlette.types import Receive, Scope, Send

from api.http.body import arrived
from api.http.codec import HEADERS, Answer, answer, delivered, encoded
from api.http.compression import encoded_answer, preferred
from api.http.cors import Cors
from api.http.immutable import may_last, pins_edition
from api.http.negotiation import negotiated
from api.http.operation_runner import OperationRunner
from api.http.parameters import GraphQLParams, ParamsReader
from api.http.response import Read, answer_of, oversized, wrong
from api.http.response_cache import CachedResponse, Key, RawKey, ResponseCache, encode
from api.limits.cardinality_watch import CurrentFigures
from api.limits.extension import documents_of, guarded
from api.limits.limits import Limits
from api.limits.variable_size import measure
from schema.errors import AnswerTooLargeError
from schema.execution.context import Context
from schema.model.bounds import Bound
from schema.storage.freshness import Watermark

GIVEN = (Answer, CachedResponse)
KNOWN = b"if-none-match"


class Received(NamedTuple):
    """One request, as far as its answer is made of it."""

    method: str
    call: GraphQLParams
    text: str
    media_type: str
    seen: RawKey | None
    key: Key | None
    """What its answer is kept under, if it may be."""
    published: Watermark | None


class GraphQLView:
    """The ASGI app behind `/graphql`: queries by GET and POST, mutations by POST.

    `context` gives the context of one request, by its scope; what it opens is closed when the
    operation is done. Browsers that ask for HTML are sent to the explorer. Nothing on the way of a
    usual answer makes an object of Starlette's.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        context: Callable[[Scope], Context],
        limits: Limits | None = None,
        explorer: str = "./",
        kept: ResponseCache | None = None,
        bounds: Mapping[str, Bound] | None = None,
        figures: CurrentFigures | None = None,
        cors: Cors | None = None,
        calls: ParamsReader | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.documents = documents_of(schema, self.limits, bounds)
        served = guarded(schema, self.documents)
        self.runner = OperationRunner(served, self.documents, context, self.limits)
        self.explorer = explorer
        self.kept = kept
        self.figures = figures
        known = kept or figures
        self.newest = None if known is None else known.newest
        self.cors = cors or Cors()
        self.calls = calls or ParamsReader(self.limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        method = scope["method"]
        if method == "HEAD":
            scope = {**scope, "method": "GET"}
        try:
            sent, rest = arrived(scope, receive, headers, self.limits)
            if rest is not None:
                sent = await rest
            published = None
            if self.newest is not None:
                published = self.newest.now()
                if published is None or not self.is_followed(published):
                    published = await self.followed()
            self.follow_list()
            response = self.again(scope, receive, headers, sent, published)
            if not isinstance(response, GIVEN):
                response = await response
            if b"accept-encoding" in headers:
                response = await self.encoded(response, scope["method"], headers)
            else:
                response = plain(response, scope["method"], headers)
        except ClientDisconnect:
            return
        # The last line of defence: no traceback goes out.
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001
            response = wrong(error, scope, headers)
        origin = headers.get(b"origin")
        # No cache keeps an answer to POST, so that one for no page may say nothing of pages.
        if origin is not None or method != "POST":
            content = b"" if method == "HEAD" else response.content
            response = Answer(response.status, content, response.headers + self.cors.lines(origin))
        await delivered(response, scope, send)

    async def encoded(
        self, given: Answer | CachedResponse, method: str, headers: Mapping[bytes, bytes]
    ) -> Answer:
        """An answer in the coding that a client prefers."""
        coding = preferred(headers[b"accept-encoding"])
        if isinstance(given, Answer):
            return given if coding is None else await encoded_answer(given, coding)
        if coding is not None and given.needs(coding):
            await encode(self.kept, given, coding)
        return given.answer(method, headers.get(KNOWN), coding)

    def is_followed(self, published: Watermark) -> bool:
        """Whether costs are counted by the figures of this edition already."""
        return self.figures is None or published is self.figures.published

    async def followed(self) -> Watermark | None:
        """What is published; costs are counted by its figures from now on."""
        assert self.newest is not None
        published = self.newest.now() or await self.newest.fetch()
        if self.figures is not None and published is not self.figures.published:
            await self.figures.follow(published)
            self.documents.figures = self.figures.figures
        return published

    def follow_list(self) -> None:
        """Has every request read again once other documents are listed."""
        listed = self.calls.listed
        if listed is not None and listed.has_changed() and self.kept is not None:
            self.kept.forget_requests()

    def again(
        self,
        scope: Scope,
        receive: Receive,
        headers: Mapping[bytes, bytes],
        sent: bytes,
        published: Watermark | None,
    ) -> Answer | CachedResponse | Awaitable[Answer | CachedResponse]:
        """The answer that is kept, or else the work that finds one."""
        kept = self.kept
        if kept is None or published is None:
            return self.anew(scope, receive, headers, sent)
        method = scope["method"]
        seen: RawKey = (
            sent,
            method,
            headers.get(b"accept"),
            headers.get(b"host"),
            scope["scheme"],
            scope.get("root_path", ""),
        )
        success = kept.again(seen, published)
        return success or self.anew(scope, receive, headers, sent, seen, published)

    def anew(
        self,
        scope: Scope,
        receive: Receive,
        headers: Mapping[bytes, bytes],
        sent: bytes,
        seen: RawKey | None = None,
        published: Watermark | None = None,
    ) -> Answer | CachedResponse | Awaitable[Answer | CachedResponse]:
        """The answer to a request that has to be read; `published` allows to keep it."""
        method = scope["method"]
        media_type, is_browser = negotiated(headers.get(b"accept", b""))
        if is_browser and method == "GET":
            return self.redirected(scope)
        call = self.calls.posted(sent) if method == "POST" else self.calls.got(sent)
        text = self.calls.text(call)
        if call.variables and len(sent) > 3 * self.limits.variable_objects:  # each has 3 bytes
            measure(call.variables, self.limits)
        key = None
        if self.kept and seen and published and (variables := call.canonical) is not None:
            place = self.kept.place(scope)
            behavior = call.on_error.value
            key = Key(text, call.operation_name, variables, media_type, place, behavior)
            success = self.kept.find(key, published)
            if success is not None:
                self.kept.note(seen, key)
                return success
        read = self.runner.run(scope, receive, call, text)
        received = Received(method, call, text, media_type, seen, key, published)
        return (
            self.shown(received, read) if isinstance(read, Read) else self.awaited(received, read)
        )

    async def awaited(self, received: Received, read: Awaitable[Read]) -> Answer | CachedResponse:
        """The answer to a request that is not read at once."""
        return self.shown(received, await read)

    def shown(self, received: Received, read: Read) -> Answer | CachedResponse:
        """The answer that an operation comes to; it is kept where that is allowed."""
        most = self.limits.answer_bytes
        if read.errors:
            return answer_of(read, received.media_type, most)
        body: dict[str, Any] = {"data": read.data}
        if read.extensions:
            body["extensions"] = read.extensions
        try:
            content = encoded(body, most)
        except AnswerTooLargeError as error:
            return answer_of(oversized(error), received.media_type)
        if received.key is None and received.method != "GET":
            return answer(200, content, received.media_type)
        success = CachedResponse(content, received.media_type)
        if self.kept and received.seen and received.key and received.published:
            call, text = received.call, received.text
            is_lasting = may_last(text, received.key.variables) and pins_edition(
                self.documents.read(text).node,
                call.operation_name,
                call.variables or {},
                read.newest or 0,
            )
            edition = None if is_lasting else read.newest
            self.kept.keep(received.key, success, edition, received.published)
            self.kept.note(received.seen, received.key)
        return success

    def redirected(self, scope: Scope) -> Answer:
        """The way to the explorer, with the question; it is relative, whatever is in front."""
        query = scope["query_string"].decode("latin-1")
        response = RedirectResponse(self.explorer + (f"?{query}" if query else ""), 303, HEADERS)
        return Answer(303, b"", tuple(response.raw_headers))


def plain(given: Answer | CachedResponse, method: str, headers: Mapping[bytes, bytes]) -> Answer:
    """An answer as it is, which is in no coding."""
    return given if isinstance(given, Answer) else given.answer(method, headers.get(KNOWN))
