"""The pages of a list, read by operations of the graph."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLError, GraphQLField
from starlette.types import Receive, Scope

from api.files.column import Column, Node
from api.files.document import EVIDENCE, continuation, document
from api.http.codec import encoded
from api.http.operation_runner import OperationRunner
from api.http.parameters import GraphQLParams
from api.http.response import Read

Ask = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]
"""Gives the data of an operation."""
NEWEST = (
    "query At($asOf: AsOf) "
    "{ editions(direction: DESC, first: 1, asOf: $asOf) { nodes { number } } }"
)
CLAIMS = 40
"""How many claims of a record are read with its page; more are read one record at a time."""


class FailedError(Exception):
    """What the graph says is wrong."""

    def __init__(self, error: GraphQLError) -> None:
        super().__init__(error.message)
        self.code = str((error.extensions or {}).get("code"))


@dataclass(frozen=True)
class Listing:
    """A list of the graph's root, and the columns that are read of it."""

    name: str
    noun: str
    shown: GraphQLField
    columns: Sequence[Column]

    def text(self, arguments: dict[str, Any]) -> str:
        """The query for one of its pages."""
        return document(self.name, self.shown, arguments, self.columns)

    def variables(self, arguments: dict[str, Any], size: int, claims: int) -> dict[str, Any]:
        """The variables of the query for a page of so many records."""
        continued = any(column.continued for column in self.columns)
        return {**arguments, "first": size, **({EVIDENCE: claims} if continued else {})}


async def pages(
    ask: Ask,
    listing: Listing,
    arguments: dict[str, Any],
    size: int,
    claims: int,
    most: int | None = None,
) -> AsyncGenerator[list[Node]]:
    """The records of a list, page after page."""
    text, left = listing.text(arguments), sys.maxsize if most is None else most
    variables = listing.variables(arguments, size, claims)
    while True:
        variables["first"] = min(size, left)
        page = (await ask(text, variables))[listing.name]
        for column in {each.continued: each for each in listing.columns}.values():
            if column.continued:
                await _completed(ask, listing, column, page["nodes"], claims)
        yield page["nodes"]
        left -= len(page["nodes"])
        if left <= 0 or not page["pageInfo"]["hasNextPage"]:
            return
        variables["after"] = page["pageInfo"]["endCursor"]


async def _completed(
    ask: Ask, listing: Listing, column: Column, nodes: Sequence[Any], claims: int
) -> None:
    """Reads the claims of records to the end of their pages."""
    field = column.continued
    assert field is not None
    for node in nodes:
        page = node[field]
        while page["pageInfo"]["hasNextPage"]:
            given = {"id": node["id"], "after": page["pageInfo"]["endCursor"], EVIDENCE: claims}
            more = (await ask(continuation(listing.noun, column), given))["node"][field]
            page = {"pageInfo": more["pageInfo"], "nodes": page["nodes"] + more["nodes"]}
        node[field] = page


@dataclass(frozen=True)
class Reader:
    """Asks the graph for one request, in time and within the bounds of any other operation."""

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
        self, listing: Listing, arguments: dict[str, Any], most: int | None = None
    ) -> AsyncGenerator[list[Node]]:
        """The records of a list, page after page, each as large as an operation may be."""
        text, claims = listing.text(arguments), min(CLAIMS, self.runner.limits.page_maximum)
        if not self.runner.documents.knows(text):
            try:
                await self.runner.documents.prepare(text)
            except GraphQLError as error:
                raise FailedError(error) from error
        size = self.fitting(text, lambda size: listing.variables(arguments, size, claims))
        async for nodes in pages(self.ask, listing, arguments, size, claims, most):
            yield nodes

    def fitting(self, text: str, variables: Callable[[int], dict[str, Any]]) -> int:
        """How many records a page may have, so that its cost is within what operations may cost."""
        limits, documents = self.runner.limits, self.runner.documents
        query = documents.query(text, None)
        size = limits.page_maximum
        if query is None:
            return size
        operation, costs = query
        while size > 1:
            coerced = operation.variables.coerced(variables(size))
            if isinstance(coerced, list) or costs.of(coerced, documents.figures) <= limits.cost:
                break
            size //= 2
        return size
