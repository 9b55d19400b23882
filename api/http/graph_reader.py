"""What the server asks of its own graph, for pages, feeds and files: one state, one reading."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import strawberry
from graphql import GraphQLError
from starlette.requests import Request
from starlette.types import Scope

from api.http.deadline import timed
from api.limits.error_masking import public_all
from api.limits.extension import documents_of, guarded
from api.limits.limits import Limits
from api.limits.list_bounds import multiplicities
from schema.errors import RETRY_SECONDS, TimeoutExceededError
from schema.execution.context import Context, walked

T = TypeVar("T")
LIMITS = Limits(source_characters=10**6, tokens=10**5, aliases=10**3, cost=10**9, depth=20)
"""The server asks its own questions, which are larger than those of strangers may be: what a record
has bounds them, and the bytes of an answer are bounded anyway."""
STATUS = {
    "BAD_USER_INPUT": 400,
    "ANSWER_TOO_LARGE": 400,
    "TIMEOUT": 503,
    **dict.fromkeys(RETRY_SECONDS, 503),
}


class TroubleError(Exception):
    """An answer that says what is wrong."""

    def __init__(self, status: int, message: str, code: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code

    @property
    def headers(self) -> dict[str, str]:
        """When to ask again, where that helps."""
        retry = RETRY_SECONDS.get(self.code)
        return {} if retry is None else {"Retry-After": str(retry)}

    @property
    def body(self) -> dict[str, Any]:
        """The same as the graph tells errors."""
        return {"errors": [{"message": str(self), "extensions": {"code": self.code}}]}


def asked_by_server(schema: strawberry.Schema) -> strawberry.Schema:
    """The graph as the server asks it, which all its readers share, with what they have asked."""
    return guarded(schema, documents_of(schema, LIMITS, multiplicities()))


class GraphReader:
    """Asks the graph in process; `context` gives the context of one request."""

    def __init__(
        self,
        schema: strawberry.Schema,
        context: Callable[[Scope], Context],
        seconds: float,
    ) -> None:
        self.schema, self.context, self.seconds = schema, context, seconds

    async def within(self, request: Request, work: Callable[[Context], Awaitable[T]]) -> T:
        """What work comes to in one state of the database, in time."""
        return await self.timed(request, self.reading(request.scope, work))

    async def timed(self, request: Request, work: Awaitable[T]) -> T:
        """What work comes to; TroubleError where it takes too long."""
        try:
            return await timed(work, self.seconds, request.receive)
        except TimeoutExceededError as late:
            raise TroubleError(503, str(late), late.code) from None

    def reading(self, scope: Scope, work: Callable[[Context], Awaitable[T]]) -> Awaitable[T]:
        """What work comes to in one state of the database; TroubleError where there is none."""

        async def opened(context: Context) -> T:
            try:
                async with context.lock:
                    await context.waiting()
            except Exception as error:
                raise _trouble_of(GraphQLError(str(error), original_error=error)) from error
            return await work(context)

        return walked(self.context(scope), opened)

    async def ask(self, context: Context, query: str, variables: Mapping[str, Any]) -> Any:
        """What the graph answers; TroubleError with the graph's own words."""
        result = await self.schema.execute(
            query, variable_values=dict(variables), context_value=context
        )
        if result.errors:
            raise _trouble_of(result.errors[0])
        return result.data


def _trouble_of(error: GraphQLError) -> TroubleError:
    """What a client may know of an error of the graph."""
    public = public_all([error])[0]
    code = str((public.extensions or {}).get("code"))
    return TroubleError(STATUS.get(code, 500), public.message, code)
