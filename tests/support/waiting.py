"""Readings that never end by themselves, and waiting for what is to become true."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import httpx2
import pytest
import sqlalchemy as sa

from api.app import create_app
from api.http.application import Application
from api.settings import Settings
from schema.build import build
from schema.execution.executor import Executor
from schema.execution.operation import ROOTS
from schema.storage.snapshot import ReadPool, Snapshot
from schema.storage.statement import Bindings, PreparedStatement
from tests.support.databases import Store

ENDLESS = "{ coverage { verdict } }"
"""A query that never ends where the fixture `endless` is used."""
SHORT = "{ parties(first: 1) { nodes { id } } }"


async def until(holds: Callable[[], bool | Awaitable[bool]]) -> None:
    """Waits until something holds; the test's own time limit ends it otherwise."""
    while True:
        found = holds()
        if found if isinstance(found, bool) else await found:
            return
        await asyncio.sleep(0.01)


def until_now(holds: Callable[[], bool]) -> None:
    """The same for what runs in other threads and processes."""
    while not holds():
        time.sleep(0.01)


async def forever() -> NoReturn:
    """Waits until it is cancelled."""
    await asyncio.Event().wait()
    raise AssertionError


async def never_ending(snapshot: Snapshot) -> Any:
    """Runs a statement that does not end."""
    numbers = sa.select(sa.literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(sa.select(numbers.c.n))
    query = sa.select(sa.func.count()).select_from(numbers)
    if snapshot.is_far:
        query = sa.select(sa.func.pg_sleep(3600))
    statement = PreparedStatement(query, snapshot.dialect)
    return await snapshot.fetch(statement, statement.filled(Bindings({})))


def never_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the root field `coverage` run a statement that does not end."""

    async def answer(reader: Executor, found: dict[str, Any]) -> Any:
        return await never_ending(reader.snapshot)

    build()  # which says how each root field is answered
    monkeypatch.setitem(ROOTS, "coverage", answer)


@dataclass
class Served:
    """An application over a store, and a client of it in the same loop."""

    app: Application
    http: httpx2.AsyncClient

    @property
    def snapshots(self) -> ReadPool:
        """Where it reads."""
        context: Any = self.app.graph.runner.context({"headers": [], "scheme": "http"})
        found: ReadPool = context.snapshots
        return found

    async def ask(self, query: str) -> httpx2.Response:
        """The answer to a query."""
        return await self.http.post("/graphql", json={"query": query})

    async def hang_up(self, path: str, body: bytes | None, when: Awaitable[Any]) -> list[Any]:
        """What is sent to a client that asks and hangs up, as soon as `when` is done."""
        sent: list[Any] = []
        messages = [{"type": "http.request", "body": body or b"", "more_body": False}]
        host = [(b"host", b"pactbook.test")]
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET" if body is None else "POST",
            "scheme": "http",
            "path": path,
            "query_string": b"",
            "headers": [*host, (b"content-type", b"application/json")],
        }

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            await when
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        return sent


@asynccontextmanager
async def served(store: Store, **settings: Any) -> AsyncIterator[Served]:
    """An application over a store."""
    settings = {"operation_seconds": 600.0, "answers_kept": 0, **settings}
    app = create_app(Settings(database_url=store.url, **settings))
    assert isinstance(app, Application)
    transport = httpx2.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://pactbook.test") as http,
    ):
        yield Served(app, http)


async def stopped(tasks: list[asyncio.Task[Any]]) -> None:
    """Ends tasks, and waits until they have."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def code(response: httpx2.Response) -> str:
    """The code of the first error of an answer."""
    found: str = json.loads(response.content)["errors"][0]["extensions"]["code"]
    return found
