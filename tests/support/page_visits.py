"""Visits to pages, as a browser or a program asks for them, without a server."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2

from api.app import create_app
from api.settings import Settings

HERE = "http://pactbook.test"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
Visit = str | tuple[str, dict[str, str]]


def visited(url: str, *visits: Visit, **settings: Any) -> list[httpx2.Response]:
    """What the application answers to requests, one after another."""

    async def fetch() -> list[httpx2.Response]:
        served = create_app(Settings(database_url=url, **settings))
        transport = httpx2.ASGITransport(served)
        async with (
            served.router.lifespan_context(served),
            httpx2.AsyncClient(transport=transport, base_url=HERE) as client,
        ):
            found = []
            for each in visits:
                path, headers = (each, {"Accept": BROWSER}) if isinstance(each, str) else each
                found.append(await client.get(path, headers=headers))
        return found

    return asyncio.run(fetch())
