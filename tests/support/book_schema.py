"""A small graph, for tests of the transport and its limits: books, and books like them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx2
import strawberry
from graphql import GraphQLError
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Scope

from api.http.endpoint import GraphQLView
from api.limits.limits import Limits
from schema.errors import InputError
from schema.execution.context import Context
from schema.storage.open import snapshots
from tests.support.waiting import forever


@strawberry.type
class PageInfo:
    has_next_page: bool = False


@strawberry.type
class Book:
    title: str

    @strawberry.field
    def similar(self, first: int | None = None, last: int | None = None) -> BookConnection:
        return shelf(first or last or 20)

    @strawberry.field
    def sequel(self) -> Book | None:
        return Book(title=f"{self.title}, continued")

    @strawberry.field
    def plain_similar(self, first: int = 10) -> list[Book]:
        return [Book(title=self.title)] * first


@strawberry.type
class BookEdge:
    node: Book


@strawberry.type
class BookConnection:
    edges: list[BookEdge]
    nodes: list[Book]
    page_info: PageInfo
    total_count: int


def shelf(size: int) -> BookConnection:
    """A page of books."""
    books = [Book(title=f"Volume {number}") for number in range(1, size + 1)]
    edges = [BookEdge(node=book) for book in books]
    return BookConnection(edges=edges, nodes=books, page_info=PageInfo(), total_count=1000)


@strawberry.input
class Where:
    title: str | None = None
    both: list[Where] | None = None


@strawberry.type
class Query:
    @strawberry.field
    def book(self, title: str = "Volume 1") -> Book | None:
        return Book(title=title)

    @strawberry.field
    def books(
        self,
        first: int | None = None,
        last: int | None = None,
        where: Where | None = None,
    ) -> BookConnection:
        del where
        if first is not None and last is not None:
            raise InputError("Give `first` or `last`, not both.")
        return shelf(min(first or last or 20, 100))

    @strawberry.field
    def nodes(self, ids: list[strawberry.ID]) -> list[Book]:
        return [Book(title=name) for name in ids]

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError("password=hunter2")

    @strawberry.field
    def vital(self) -> str:
        raise RuntimeError("password=hunter2")

    @strawberry.field
    def refused(self) -> str | None:
        raise GraphQLError("Not today.", extensions={"code": "NOT_TODAY"})

    @strawberry.field
    async def slow(self) -> str:
        await forever()


@strawberry.type
class Mutation:
    @strawberry.mutation
    def burn(self, title: str) -> Book | None:
        return Book(title=title)


graph = strawberry.Schema(Query, Mutation)


READING = snapshots("sqlite:///no.db")


def context(_: Scope) -> Context:
    """The context of a graph that reads nothing."""
    return Context(READING)


def app(limits: Limits | None = None) -> Starlette:
    """The graph, served."""
    return Starlette(routes=[Route("/graphql", GraphQLView(graph, context, limits))])


def ask(
    served: Starlette,
    content: bytes | AsyncIterator[bytes] | None = None,
    method: str = "POST",
    address: str = "/graphql",
    **headers: str,
) -> httpx2.Response:
    """The response to one request; a header is given by its name with `_` for `-`."""
    given = {"content-type": "application/json"} if method == "POST" else {}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}

    async def send() -> httpx2.Response:
        transport = httpx2.ASGITransport(served)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://test", trust_env=False
        ) as client:
            return await client.request(method, address, content=content, headers=given)

    return asyncio.run(send())


def query(served: Starlette, text: str, accept: str = "*/*", **more: object) -> httpx2.Response:
    """The response to an operation."""
    return ask(served, json.dumps({"query": text, **more}).encode(), accept=accept)


def code(response: httpx2.Response) -> str | None:
    """The code of the first error."""
    errors = response.json().get("errors")
    return errors[0]["extensions"]["code"] if errors else None
