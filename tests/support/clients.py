"""Clients of an application that runs in the same loop, over a database of the test."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx2

from api.app import create_app
from api.http.application import Application
from api.http.response import Read
from api.settings import Settings
from schema.storage.freshness import FreshnessWatch
from schema.storage.timing import Timing
from tests.support.databases import Store

OLD = "query($at: AsOf) { agreements(asOf: $at) { totalCount } }"
HOST = "http://pactbook.test"


class Client:
    """Asks an application that runs in the same loop, and counts what it had to execute."""

    def __init__(self, served: Application, http: httpx2.AsyncClient) -> None:
        self.http, self.view = http, served.graph
        self.reads = 0
        self.after: Callable[[], Awaitable[None]] | None = None
        """What happens between the reading of an answer and its being kept."""
        run = self.view.runner.run

        async def running(*asked: Any) -> Any:
            self.reads += 1
            read = run(*asked)
            result = read if isinstance(read, Read) else await read
            if self.after is not None:
                await self.after()
            return result

        self.view.runner.run = running  # type: ignore[assignment, method-assign]  # of this one view

    async def ask(
        self, query: str, method: str = "POST", host: str = HOST, **given: Any
    ) -> httpx2.Response:
        """The response to an operation; a header is given with `_` for `-`."""
        call = {"query": query, "variables": given.pop("variables", {})}
        call |= {"operationName": given.pop("name", None)}
        call |= {"onError": given.pop("on_error", None)}
        headers = {name.replace("_", "-"): value for name, value in given.items()}
        if method == "POST":
            return await self.http.post(f"{host}/graphql", json=call, headers=headers)
        told = {
            name: json.dumps(value) if isinstance(value, dict) else value
            for name, value in call.items()
            if value
        }
        return await self.http.get(f"{host}/graphql", params=told, headers=headers)


def within(
    store: Store,
    work: Callable[[Client], Awaitable[Any]],
    timing: Timing | None = None,
    watch: FreshnessWatch | None = None,
    **given: Any,
) -> Any:
    """What work comes to with a client of an application over a database."""

    async def run() -> Any:
        served = create_app(Settings(database_url=store.url, **given), timing, watch)
        assert isinstance(served, Application)
        transport = httpx2.ASGITransport(served)
        async with (
            served.router.lifespan_context(served),
            httpx2.AsyncClient(transport=transport, trust_env=False) as http,
        ):
            return await work(Client(served, http))

    return asyncio.run(run())


def fetched(
    url: str, path: str, headers: Mapping[str, str] | None = None, /, **settings: Any
) -> httpx2.Response:
    """What the application answers over the database at this address."""

    async def fetch() -> httpx2.Response:
        served = create_app(Settings(database_url=url, **settings))
        transport = httpx2.ASGITransport(served)
        async with (
            served.router.lifespan_context(served),
            httpx2.AsyncClient(transport=transport, base_url="http://pactbook.test") as client,
        ):
            return await client.get(path, headers=headers)

    return asyncio.run(fetch())


def shown(response: httpx2.Response) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """All of a response."""
    return response.status_code, response.headers.raw, response.content
