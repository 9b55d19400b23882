"""Operations as the endpoint runs them: past Strawberry where all is well, through it where not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import strawberry
from graphql import GraphQLError
from starlette.types import Receive, Scope
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from api.http.deadline import timed
from api.http.parameters import GraphQLParams
from api.http.response import Read, failure, is_oversized, oversized
from api.limits.documents import Documents
from api.limits.error_masking import public_all
from api.limits.limits import Limits
from schema.errors import AnswerTooLargeError, TimeoutExceededError
from schema.execution.context import Context, walked
from schema.execution.operation import UNFIT
from schema.storage.eager import begun

METHODS = {"GET": {OperationType.QUERY}, "POST": {OperationType.QUERY, OperationType.MUTATION}}


class OperationRunner:
    """Runs the operations of requests, each in a context of its own."""

    def __init__(
        self,
        schema: strawberry.Schema,
        documents: Documents,
        context: Callable[[Scope], Context],
        limits: Limits,
    ) -> None:
        self.schema, self.documents = schema, documents
        self.context, self.limits = context, limits

    def run(
        self, scope: Scope, receive: Receive, call: GraphQLParams, text: str
    ) -> Read | Awaitable[Read]:
        """What comes of an operation, its errors already fit for a client, or what to wait for."""
        if self.documents.knows(text):
            return self.of_known(scope, receive, call, text)
        return self.timed(self.of_new(scope, receive, call, text), receive)

    async def of_new(self, scope: Scope, receive: Receive, call: GraphQLParams, text: str) -> Read:
        """What comes of an operation whose document has to be read first."""
        try:
            await self.documents.prepare(text)
        except GraphQLError as error:
            return Read(None, public_all([error]))
        read = self.of_known(scope, receive, call, text)
        return read if isinstance(read, Read) else await read

    def of_known(
        self, scope: Scope, receive: Receive, call: GraphQLParams, text: str
    ) -> Read | Awaitable[Read]:
        """What comes of an operation of a document that has been read, or what to wait for."""
        context = self.context(scope)
        context.on_error = call.on_error
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
        call: GraphQLParams,
        text: str,
        context: Context,
        data: Awaitable[dict[str, Any]] | None,
        cost: int,
    ) -> Read:
        """What is read in the context of a request, which is closed afterwards."""
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
            return Read(result.data, result.errors, result.extensions, newest)

        return await walked(context, walk)

    async def executed(
        self, method: str, call: GraphQLParams, text: str, context: Context
    ) -> ExecutionResult:
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
        self, call: GraphQLParams, text: str, context: Context
    ) -> tuple[dict[str, Any] | Awaitable[dict[str, Any]] | None, int]:
        """The data of a query that is all well, or what to wait for, and its cost; else None.

        It goes past Strawberry's stations.
        """
        query = self.documents.query(text, call.operation_name)
        if query is None:
            return None, 0
        operation, costs = query
        given = call.variables or {}
        shape = operation.known(given, context.snapshots.kind)
        variables = operation.variables.coerced(given) if shape is None else given
        if isinstance(variables, list):
            return None, 0
        cost = costs.of(variables, self.documents.figures)
        if cost > self.limits.cost:
            return None, cost
        try:
            return operation.run(context, variables, shape), cost
        except UNFIT:
            return None, cost

    def read_of(self, data: dict[str, Any], cost: int, context: Context) -> Read:
        """The reading that found these data."""
        extensions: dict[str, Any] = {}
        if context.read is not None:
            extensions["edition"] = context.read
        extensions["cost"] = {"nodes": cost, "ceiling": self.limits.cost}
        newest = None if context.read is None else context.newest
        return Read(data, None, extensions, newest)
