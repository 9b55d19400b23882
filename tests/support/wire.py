"""The wire: what an application sends, byte for byte, with no coding undone."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import zstandard

from api.app import create_app
from api.http.application import Application
from api.settings import Settings
from tests.support.databases import Store

LISTING = "{ parties(first: 50) { nodes { id title url __typename } } }"


class Raw:
    """An answer as it came over the wire."""

    def __init__(self, response: httpx2.Response, body: bytes) -> None:
        self.status, self.headers, self.body = response.status_code, response.headers, body
        self.coding = response.headers.get("content-encoding")
        self.tag: str = response.headers.get("etag", "")

    @property
    def content(self) -> bytes:
        """The answer as it is."""
        if self.coding == "zstd":
            return zstandard.ZstdDecompressor().decompressobj().decompress(self.body)
        return gzip.decompress(self.body) if self.coding == "gzip" else self.body

    @property
    def varies(self) -> set[str]:
        """The headers that it depends on."""
        return {each.strip().lower() for each in self.headers["vary"].split(",")}


class Wire:
    """Asks an application, and decodes nothing."""

    def __init__(self, app: Application, http: httpx2.AsyncClient) -> None:
        self.app, self.http = app, http

    async def ask(
        self, path: str, coding: str | None = None, method: str = "GET", **headers: str
    ) -> Raw:
        """What comes over the wire; a header is given with `_` for `-`."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        given["accept-encoding"] = coding or "identity"
        body = {"query": LISTING} if method == "POST" else None
        async with self.http.stream(method, path, headers=given, json=body) as response:
            return Raw(response, b"".join([piece async for piece in response.aiter_raw()]))


def over(app: Application, work: Callable[[Wire], Awaitable[Any]]) -> Any:
    """What work comes to with an application."""

    async def run() -> Any:
        transport = httpx2.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx2.AsyncClient(transport=transport, base_url="http://pactbook.test") as http,
        ):
            return await work(Wire(app, http))

    return asyncio.run(run())


def within(store: Store, work: Callable[[Wire], Awaitable[Any]], **given: Any) -> Any:
    """The same, with the application over a database."""
    return over(create_app(Settings(database_url=store.url, **given)), work)
