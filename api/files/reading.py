"""The pages of a list at one edition, read as any other operation is: in time and within bounds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLError, GraphQLField
from starlette.types import Receive, Scope

from api.files.column import Column, Node
from api.files.document import document, selections
from api.http.codec import encoded
from api.http.operation_runner import OperationRunner
from api.http.parameters import GraphQLParams
from api.http.response import Read

NEWEST = (
    "query At($asOf: AsOf) "
    "{ editions(direction: DESC, first: 1, asOf: $asOf) { nodes { number } } }"
)


class FailedError(Exception):
    """What the graph says is wrong."""

    def __init__(self, error: GraphQLError) -> None:
        super().__init__(error.message)
        self.code = str((error.extensions or {}).get("code"))


@dataclass(frozen=True)
class Reader:
    """Asks the graph for one request."""

    runner: OperationRunner
    scope: Scope
    receive: Receive

    async def ask(self, text: str, variables: dict[str, Any]) -> dict[str, Any]:
        """The data of an operation; FailedError where there is an error."""
        call = GraphQLParams(text, variables, None, None, None)
        read = self.runner.run(self.scope, self.receive, call, text)
        if not isinstance(read, Read):
            read = await read
        if read.errors:
            raise FailedError(read.errors[0])
        # Parts of it are JSON already.
        content = encoded({"data": read.data}, self.runner.limits.answer_bytes)
        data: dict[str, Any] = orjson.loads(content)["data"]
        return data

    async def edition(self, as_of: dict[str, Any]) -> int:
        """The number of the edition that is named; 0 before the first."""
        found = (await self.ask(NEWEST, {"asOf": as_of}))["editions"]["nodes"]
        return int(found[0]["number"]) if found else 0

    async def pages(
        self,
        name: str,
        shown: GraphQLField,
        columns: Sequence[Column],
        arguments: dict[str, Any],
    ) -> AsyncIterator[list[Node]]:
        """The records of a list, page after page, each no larger than an operation may be."""
        text = document(name, shown, arguments, selections(columns))
        documents = self.runner.documents
        if not documents.knows(text):
            await documents.prepare(text)
        variables = {**arguments, "first": self.fitting(text, arguments)}
        while True:
            page = (await self.ask(text, variables))[name]
            yield page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return
            variables["after"] = page["pageInfo"]["endCursor"]

    def fitting(self, text: str, arguments: dict[str, Any]) -> int:
        """How many records a page may have, so that its cost is within what operations may cost."""
        limits, documents = self.runner.limits, self.runner.documents
        query = documents.query(text, None)
        size = limits.page_maximum
        if query is None:
            return size
        operation, costs = query
        while size > 1:
            variables = operation.variables.coerced({**arguments, "first": size})
            if isinstance(variables, list) or costs.of(variables, documents.figures) <= limits.cost:
                break
            size //= 2
        return size
