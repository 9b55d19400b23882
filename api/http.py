"""GraphQL over HTTP: what comes in, what goes out, and which status says what."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import strawberry
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from api.documents import Recent
from api.guard import guarded
from api.limits import Limits
from api.masking import INTERNAL, MASK, logged, public_all
from api.wire import GRAPHQL, HEADERS, JSON, decoded, encoded, formatted, preferred, qualities

METHODS = {"GET": {OperationType.QUERY}, "POST": {OperationType.QUERY, OperationType.MUTATION}}
REFUSED = {JSON: 200, GRAPHQL: 400}
# The status of an operation that failed before its first field, whatever the media type.
STATUS = {"BAD_REQUEST": 400, INTERNAL: 500, "DATABASE_NOT_READY": 503}
KINDS = {str: "a string", dict: "an object"}

Parameter = TypeVar("Parameter", str, dict[str, Any])
Opened = AbstractAsyncContextManager[Any] | Awaitable[Any]


class RefusedError(Exception):
    """A request that never becomes an operation."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


@dataclass(frozen=True)
class Call:
    """One operation as a client asks for it."""

    query: str | None
    variables: dict[str, Any] | None
    operation_name: str | None
    extensions: dict[str, Any] | None


class GraphQLView:
    """The ASGI app behind `/graphql`: queries by GET and POST, mutations by POST.

    `context` gives the context of one request, to be awaited or entered; what it opens is closed
    when the operation is done. Browsers that ask for HTML are sent to the explorer.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        context: Callable[[Request], Opened],
        limits: Limits | None = None,
        explorer: str = "/",
    ) -> None:
        self.limits = limits or Limits()
        self.schema = guarded(schema, self.limits)
        self.context = context
        self.explorer = explorer
        self.persisted = Recent[str](self.limits.cached_characters)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        media_type = preferred(request.headers.get("accept", ""))
        try:
            response = await self.answer(request, media_type)
        except ClientDisconnect:
            return
        except RefusedError as refusal:
            error = GraphQLError(str(refusal), extensions={"code": "BAD_REQUEST"})
            response = encoded({"errors": [error.formatted]}, refusal.status, media_type)
            response.headers.update(refusal.headers)
        except Exception as error:  # noqa: BLE001 the last line of defence: no traceback goes out
            extensions = {"code": INTERNAL, "id": logged(error)}
            masked = GraphQLError(MASK, extensions=extensions)
            response = encoded({"errors": [masked.formatted]}, 500, media_type)
        await response(scope, receive, send)

    async def answer(self, request: Request, media_type: str) -> Response:
        """The response to one request."""
        if request.method not in METHODS:
            raise RefusedError(405, "Use GET or POST.", Allow="GET, POST")
        accept = request.headers.get("accept", "")
        if request.method == "GET" and qualities(accept).get("text/html"):
            query = f"?{request.url.query}" if request.url.query else ""
            address = request.scope.get("root_path", "") + self.explorer + query
            return RedirectResponse(address, 303, HEADERS)
        call = await self.call(request)
        result = await self.run(request, call)
        errors = [formatted(error) for error in result.errors or ()]
        body: dict[str, Any] = {}
        status = 200
        if result.data is not None or any("path" in error for error in errors):
            body["data"] = result.data
        else:
            codes = [error.get("extensions", {}).get("code") for error in errors]
            status = next((STATUS[code] for code in codes if code in STATUS), REFUSED[media_type])
        if errors:
            body["errors"] = errors
        if result.extensions:
            body["extensions"] = result.extensions
        return encoded(body, status, media_type)

    async def call(self, request: Request) -> Call:
        """The parameters of a request, out of its address or its body."""
        body = None if request.method == "GET" else await self.body(request)
        try:
            given = (
                decoded(body)
                if body is not None
                else {
                    name: decoded(value) if name in ("variables", "extensions") else value
                    for name, value in request.query_params.items()
                    if value
                }
            )
        except ValueError:
            wrong = "This is not JSON, or holds a character or a number that cannot be kept."
            raise RefusedError(400, wrong) from None
        if not isinstance(given, dict):
            raise RefusedError(400, "The body must be one JSON object; batches are not served.")
        return Call(
            query=parameter(given, "query", str),
            variables=parameter(given, "variables", dict),
            operation_name=parameter(given, "operationName", str),
            extensions=parameter(given, "extensions", dict),
        )

    async def body(self, request: Request) -> bytes:
        """The bytes of the body, as long as they are JSON, few enough and soon enough."""
        media_type, _, options = request.headers.get("content-type", "").partition(";")
        charset = options.partition("charset=")[2].strip(' "').lower() or "utf-8"
        if media_type.strip().lower() != JSON or charset != "utf-8":
            raise RefusedError(415, f"Send the operation as {JSON}; charset=utf-8.", Accept=JSON)
        body = bytearray()
        try:
            async with asyncio.timeout(self.limits.body_seconds):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > self.limits.body_bytes:
                        large = f"The body is larger than {self.limits.body_bytes} bytes."
                        raise RefusedError(413, large, Connection="close")
        except TimeoutError:
            late = f"The body did not arrive in {self.limits.body_seconds:g} seconds."
            raise RefusedError(408, late, Connection="close") from None
        return bytes(body)

    async def run(self, request: Request, call: Call) -> ExecutionResult:
        """The result of an operation, its errors already fit for a client."""
        query = self.text(call)
        if query is None:
            return failure("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
        clock = asyncio.timeout(self.limits.operation_seconds)
        try:
            async with clock, opened(self.context(request)) as context:
                return await self.schema.execute(
                    query,
                    variable_values=call.variables,
                    context_value=context,
                    operation_name=call.operation_name,
                    operation_extensions=call.extensions,
                    allowed_operation_types=METHODS[request.method],
                )
        except CannotGetOperationTypeError as error:
            raise RefusedError(400, error.as_http_error_reason()) from error
        except InvalidOperationTypeError as error:
            wrong = error.as_http_error_reason(request.method)
            raise RefusedError(405, wrong, Allow="POST") from error
        except Exception as error:  # noqa: BLE001 what the context raises is told like the rest
            if isinstance(error, TimeoutError) and clock.expired():
                late = f"The operation took longer than {self.limits.operation_seconds:g} seconds."
                return failure(late, "TIMEOUT", path=[])
            told = public_all([GraphQLError(str(error), original_error=error)])
            return ExecutionResult(None, told)

    def text(self, call: Call) -> str | None:
        """The document of a call; None when it is known by a hash alone that nobody has sent."""
        persisted = (call.extensions or {}).get("persistedQuery")
        digest = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
        if not isinstance(digest, str):
            if not call.query:
                raise RefusedError(400, "There is no GraphQL document in `query`.")
            return call.query
        if not call.query:
            return self.persisted.find(digest)
        if hashlib.sha256(call.query.encode()).hexdigest() != digest:
            raise RefusedError(400, "`sha256Hash` is not the SHA-256 of `query`.")
        self.persisted.keep(digest, call.query, len(call.query))
        return call.query


@asynccontextmanager
async def opened(context: Opened) -> AsyncIterator[Any]:
    """The context of a request, closed afterwards where it can be."""
    if isinstance(context, AbstractAsyncContextManager):
        async with context as entered:
            yield entered
    else:
        yield await context


def failure(message: str, code: str, path: list[str | int] | None = None) -> ExecutionResult:
    """A result that is one error."""
    error = GraphQLError(message, extensions={"code": code})
    error.path = path
    return ExecutionResult(None, [error])


def parameter(given: Mapping[str, Any], name: str, kind: type[Parameter]) -> Parameter | None:
    """One parameter of the request, of its own type or absent."""
    value = given.get(name)
    if value is None or isinstance(value, kind):
        return value
    raise RefusedError(400, f"`{name}` must be {KINDS[kind]} or null.")
