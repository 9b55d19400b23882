"""GraphQL over HTTP: what comes in, what goes out, and which status says what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, NamedTuple

import strawberry
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse
from starlette.types import Receive, Scope, Send
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from api.body import arrived, begun
from api.bounding import CurrentFigures
from api.call import Call, Calls, RefusedError
from api.cors import Cors
from api.guard import documents_of, guarded
from api.kept import Kept, Key, Seen, Success
from api.lasting import may_last, names_edition
from api.limits import Limits
from api.masking import INTERNAL, public_all
from api.timing import timed
from api.variables import measure
from api.wire import (
    GRAPHQL,
    HEADERS,
    JSON,
    STOPPING,
    UNKEPT,
    Answer,
    answer,
    encoded,
    formatted,
    negotiated,
    refusal,
)
from schema.bound import Bound
from schema.context import Context, walked
from schema.errors import RETRY_SECONDS, AnswerTooLargeError, TimeoutExceededError
from schema.operation import UNFIT
from schema.published import Published
from schema.reading import ANSWER_BYTES

METHODS = {"GET": {OperationType.QUERY}, "POST": {OperationType.QUERY, OperationType.MUTATION}}
REFUSED = {JSON: 200, GRAPHQL: 400}
# The status of an operation that failed before its first field, whatever the media type.
STATUS = {"BAD_REQUEST": 400, INTERNAL: 500}

UNKNOWN_HASH = "PERSISTED_QUERY_NOT_FOUND"

Opened = AbstractAsyncContextManager[Any] | Awaitable[Any]


class Read(NamedTuple):
    """What came of an operation, and the edition that was the newest when it was read."""

    data: dict[str, Any] | None
    errors: Sequence[GraphQLError] | None = None
    extensions: dict[str, Any] | None = None
    newest: int | None = None
    """None where the operation has read nothing."""
    is_known: bool = False
    """Whether it can be told what was read; only then may the answer be kept."""


class Received(NamedTuple):
    """One request, as far as its answer is made of it."""

    method: str
    headers: Mapping[bytes, bytes]
    call: Call
    text: str
    media_type: str
    seen: Seen | None
    key: Key | None
    """What its answer is kept under, if it may be."""
    published: Published | None


class GraphQLView:
    """The ASGI app behind `/graphql`: queries by GET and POST, mutations by POST.

    `context` gives the context of one request, by its scope, to be awaited or entered; what it
    opens is closed when the operation is done. Browsers that ask for HTML are sent to the explorer.
    Nothing on the way of a usual answer makes an object of Starlette's.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        context: Callable[[Scope], Opened],
        limits: Limits | None = None,
        explorer: str = "/",
        kept: Kept | None = None,
        bounds: Mapping[str, Bound] | None = None,
        figures: CurrentFigures | None = None,
        cors: Cors | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.documents = documents_of(schema, self.limits, bounds)
        self.schema = guarded(schema, self.documents)
        self.context = context
        self.explorer = explorer
        self.kept = kept
        self.figures = figures
        known = kept or figures
        self.newest = None if known is None else known.newest
        self.cors = cors or Cors()
        self.calls = Calls(self.limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        method = scope["method"]
        if method == "HEAD":
            scope = {**scope, "method": "GET"}
        try:
            asked, rest = arrived(scope, receive, headers, self.limits)
            if rest is not None:
                asked = await rest
            published = None
            if self.newest is not None:
                published = self.newest.now() or await self.newest.asked()
            if self.figures is not None and published is not self.figures.published:
                await self.figures.follow(published)
                self.documents.figures = self.figures.figures
            if self.kept is None:
                told = self.anew(scope, receive, headers, asked)
            else:
                told = self.again(self.kept, scope, receive, headers, asked, published)
            if not isinstance(told, Answer):
                told = await told
        except ClientDisconnect:
            return
        # The last line of defence: no traceback goes out.
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001
            told = wrong(error, scope, headers)
        lines, origin = told.headers, headers.get(b"origin")
        # No cache keeps an answer to POST, so that one for no page may say nothing of pages.
        if origin is not None or method != "POST":
            lines += self.cors.lines(origin)
        await send({"type": "http.response.start", "status": told.status, "headers": lines})
        content = b"" if method == "HEAD" else told.content
        await send({"type": "http.response.body", "body": content})

    def again(
        self,
        kept: Kept,
        scope: Scope,
        receive: Receive,
        headers: Mapping[bytes, bytes],
        asked: bytes,
        published: Published | None,
    ) -> Answer | Awaitable[Answer]:
        """The answer that is kept, or else the work that finds one."""
        if published is None:
            return self.anew(scope, receive, headers, asked)
        method = scope["method"]
        seen: Seen = (
            asked,
            method,
            headers.get(b"accept"),
            headers.get(b"host"),
            scope["scheme"],
            scope.get("root_path", ""),
        )
        success = kept.again(seen, published)
        if success is None:
            return self.anew(scope, receive, headers, asked, seen, published)
        return success.told(method, headers.get(b"if-none-match"))

    def anew(
        self,
        scope: Scope,
        receive: Receive,
        headers: Mapping[bytes, bytes],
        sent: bytes,
        seen: Seen | None = None,
        published: Published | None = None,
    ) -> Answer | Awaitable[Answer]:
        """The answer to a request that has to be read; `published` allows to keep it."""
        method = scope["method"]
        media_type, is_browser = negotiated(headers.get(b"accept", b""))
        if is_browser and method == "GET":
            return self.redirected(scope)
        call = self.calls.posted(sent) if method == "POST" else self.calls.got(sent)
        text = self.calls.text(call)
        if text is None:
            return told(failure("PersistedQueryNotFound", UNKNOWN_HASH), media_type)
        if call.variables and len(sent) > 3 * self.limits.variable_objects:  # each has 3 bytes
            measure(call.variables, self.limits)
        key = None
        if self.kept and seen and published and (variables := call.canonical) is not None:
            place = self.kept.place(scope)
            key = Key(text, call.operation_name, variables, media_type, place)
            success = self.kept.find(key, published)
            if success is not None:
                self.kept.note(seen, key)
                return success.told(method, headers.get(b"if-none-match"))
        read = self.run(scope, receive, call, text)
        received = Received(method, headers, call, text, media_type, seen, key, published)
        return (
            self.shown(received, read) if isinstance(read, Read) else self.awaited(received, read)
        )

    async def awaited(self, received: Received, read: Awaitable[Read]) -> Answer:
        """The answer to a request that is not read at once."""
        return self.shown(received, await read)

    def shown(self, received: Received, read: Read) -> Answer:
        """The answer that an operation comes to; it is kept where that is allowed."""
        most = self.limits.answer_bytes
        if read.errors:
            return told(read, received.media_type, most)
        body: dict[str, Any] = {"data": read.data}
        if read.extensions:
            body["extensions"] = read.extensions
        try:
            content = encoded(body, most)
        except AnswerTooLargeError as error:
            return told(oversized(error), received.media_type)
        if received.key is None and received.method != "GET":
            return answer(200, content, received.media_type)
        success = Success(content, received.media_type)
        if self.kept and received.seen and received.key and received.published:
            if read.is_known:
                call, text = received.call, received.text
                is_lasting = may_last(text, received.key.variables) and names_edition(
                    self.documents.read(text).node,
                    call.operation_name,
                    call.variables or {},
                    read.newest or 0,
                )
                edition = None if is_lasting else read.newest
                self.kept.keep(received.key, success, edition, received.published)
            self.kept.note(received.seen, received.key)
        return success.told(received.method, received.headers.get(b"if-none-match"))

    def redirected(self, scope: Scope) -> Answer:
        """The way to the explorer, with the question."""
        request = Request(scope)
        query = f"?{request.url.query}" if request.url.query else ""
        address = scope.get("root_path", "") + self.explorer + query
        response = RedirectResponse(address, 303, HEADERS)
        return Answer(303, b"", tuple(response.raw_headers))

    def run(self, scope: Scope, receive: Receive, call: Call, text: str) -> Read | Awaitable[Read]:
        """What comes of an operation, its errors already fit for a client, or what to wait for."""
        if self.documents.knows(text):
            return self.of_known(scope, receive, call, text)
        return self.timed(self.of_new(scope, receive, call, text), receive)

    async def of_new(self, scope: Scope, receive: Receive, call: Call, text: str) -> Read:
        """What comes of an operation whose document has to be read first."""
        try:
            await self.documents.prepare(text)
        except GraphQLError as error:
            return Read(None, public_all([error]))
        read = self.of_known(scope, receive, call, text)
        return read if isinstance(read, Read) else await read

    def of_known(
        self, scope: Scope, receive: Receive, call: Call, text: str
    ) -> Read | Awaitable[Read]:
        """What comes of an operation of a document that has been read, or what to wait for."""
        context = self.context(scope)
        if not isinstance(context, Context):
            return self.timed(self.read(scope, call, text, context), receive)
        try:
            data, cost = self.straight(call, text, context)
        except AnswerTooLargeError as error:
            return oversized(error)
        if isinstance(data, dict):
            return self.read_of(data, cost, context)
        work = self.read(scope, call, text, context, data, cost)
        return self.timed(work, receive, waits=context.snapshots.is_far)

    async def timed(self, work: Awaitable[Read], receive: Receive, *, waits: bool = False) -> Read:
        """What work comes to, if it is done in time."""
        # A clock costs as much as a short statement; what never waits needs none.
        read, rest = (None, work) if waits else begun(work)
        if rest is not None:
            try:
                read = await timed(rest, self.limits.operation_seconds, receive)
            except TimeoutExceededError as late:
                return failure(str(late), late.code, path=[])
        assert read is not None
        return read

    async def read(
        self,
        scope: Scope,
        call: Call,
        text: str,
        context: Opened,
        data: Awaitable[dict[str, Any]] | None = None,
        cost: int = 0,
    ) -> Read:
        """What is read in the context of a request, which is closed afterwards."""
        if not isinstance(context, Context):
            async with opened(context) as entered:
                result = await self.executed(scope["method"], call, text, entered)
            return Read(result.data, result.errors, result.extensions)
        if data is not None:
            try:
                return self.read_of(await data, cost, context)
            except AnswerTooLargeError as error:
                return oversized(error)
            except UNFIT:
                pass  # graphql-core tells what is wrong, and where
        context.is_for_graphql = True

        async def walk(context: Context) -> Read:
            result = await self.executed(scope["method"], call, text, context)
            if any(is_oversized(error) for error in result.errors or ()):
                return oversized(AnswerTooLargeError(self.limits.answer_bytes))
            newest = None if context.read is None else context.newest
            return Read(result.data, result.errors, result.extensions, newest, is_known=True)

        return await walked(context, walk)

    async def executed(self, method: str, call: Call, text: str, context: Any) -> ExecutionResult:
        """What the graph makes of an operation."""
        return await self.schema.execute(
            text,
            variable_values=call.variables,
            context_value=context,
            operation_name=call.operation_name,
            operation_extensions=call.extensions,
            allowed_operation_types=METHODS[method],
        )

    def straight(
        self, call: Call, text: str, context: Context
    ) -> tuple[dict[str, Any] | Awaitable[dict[str, Any]] | None, int]:
        """The data of a query that is all well, or what to wait for, and its cost; else None.

        It goes past Strawberry's stations.
        """
        query = self.documents.query(text, call.operation_name)
        if query is None:
            return None, 0
        operation, costs = query
        given = call.variables or {}
        form = operation.known(given, context.snapshots.kind)
        variables = operation.coerced(given) if form is None else given
        if isinstance(variables, list):
            return None, 0
        cost = costs.of(variables, self.documents.figures)
        if cost > self.limits.cost:
            return None, cost
        try:
            return operation.run(context, variables, form), cost
        except UNFIT:
            return None, cost

    def read_of(self, data: dict[str, Any], cost: int, context: Context) -> Read:
        """The reading that found these data."""
        extensions: dict[str, Any] = {}
        if context.read is not None:
            extensions["edition"] = context.read
        extensions["cost"] = {"nodes": cost, "ceiling": self.limits.cost}
        newest = None if context.read is None else context.newest
        return Read(data, None, extensions, newest, is_known=True)


@asynccontextmanager
async def opened(context: Opened) -> AsyncIterator[Any]:
    """The context of a request, closed afterwards where it can be."""
    if isinstance(context, AbstractAsyncContextManager):
        async with context as entered:
            yield entered
    else:
        yield await context


def told(read: Read, media_type: str, most: int = ANSWER_BYTES) -> Answer:
    """The answer that has errors, or the one error that all of it is too large."""
    errors = [formatted(error) for error in read.errors or ()]
    codes = [error.get("extensions", {}).get("code") for error in errors]
    body: dict[str, Any] = {}
    status, more = 200, UNKEPT
    unavailable = next((code for code in codes if code in RETRY_SECONDS), None)
    if unavailable is not None:
        # Whatever else there is, is not all there is.
        status, more = 503, {**UNKEPT, "Retry-After": str(RETRY_SECONDS[unavailable])}
    elif read.data is not None or any("path" in error for error in errors):
        body["data"] = read.data
    else:
        status = next((STATUS[code] for code in codes if code in STATUS), REFUSED[media_type])
    body["errors"] = errors
    if read.extensions:
        body["extensions"] = read.extensions
    try:
        content = encoded(body, most)
    except AnswerTooLargeError as error:
        return told(oversized(error), media_type)
    return answer(status, content, media_type, **more)


def wrong(
    error: Exception | asyncio.CancelledError, scope: Scope, headers: Mapping[bytes, bytes]
) -> Answer:
    """The answer to a request whose operation was none, or broke off with an error."""
    if isinstance(error, asyncio.CancelledError):
        return stopped(headers)
    media_type, _ = negotiated(headers.get(b"accept", b""))
    if isinstance(error, CannotGetOperationTypeError):
        error = RefusedError(400, error.as_http_error_reason())
    elif isinstance(error, InvalidOperationTypeError):
        error = RefusedError(405, error.as_http_error_reason(scope["method"]), Allow="POST")
    if isinstance(error, RefusedError):
        return refusal(error.status, str(error), media_type, **error.headers)
    known = public_all([GraphQLError(str(error), original_error=error)])
    return told(Read(None, known), media_type)


def is_oversized(error: GraphQLError) -> bool:
    """Whether an error says that an answer was not made because of its size."""
    return (error.extensions or {}).get("code") == AnswerTooLargeError.code


def oversized(error: AnswerTooLargeError) -> Read:
    """What came of an operation whose answer was not made."""
    error.let_go()
    return failure(str(error), error.code, path=[])


def failure(message: str, code: str, path: list[str | int] | None = None) -> Read:
    """What came of an operation that is one error."""
    error = GraphQLError(message, extensions={"code": code})
    error.path = path
    return Read(None, [error])


def stopped(headers: Mapping[bytes, bytes]) -> Answer:
    """The answer to a request that is cut because the server stops."""
    media_type, _ = negotiated(headers.get(b"accept", b""))
    told = "The server stops before it has an answer; send the request again in a second."
    return refusal(503, told, media_type, STOPPING, Retry_After="1", Connection="close")
