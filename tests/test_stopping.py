"""Stopping: a request that is cut says so."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from api.app import Application
from api.cors import Cors
from api.http import GraphQLView
from tests.running import running
from tests.shelf import graph


class Held:
    """An application whose requests are held until the test ends."""

    def __init__(self) -> None:
        self.begun = threading.Event()

    async def forever(self) -> None:
        self.begun.set()
        await asyncio.Event().wait()

    @asynccontextmanager
    async def context(self, _: Scope) -> AsyncIterator[dict[str, Any]]:
        await self.forever()
        yield {}

    async def page(self, _: Request) -> Response:
        await self.forever()
        return Response()

    @property
    def app(self) -> Application:
        cors = Cors("*")
        view = GraphQLView(graph, self.context, cors=cors)
        return Application(view, cors, routes=[Route("/page", self.page)])


ASKED: dict[str, Callable[[str], httpx.Response]] = {
    "POST": lambda place: httpx.post(f"{place}/graphql", json={"query": "{ __typename }"}),
    "GET": lambda place: httpx.get(f"{place}/graphql?query={{__typename}}"),
    "page": lambda place: httpx.get(f"{place}/page"),
}


@pytest.mark.parametrize("way", ASKED)
def test_a_request_that_is_cut_at_the_end_is_a_503(way: str) -> None:
    held = Held()
    told: list[httpx.Response] = []
    with running(held.app, shutdown_seconds=0) as (_, address):
        thread = threading.Thread(target=lambda: told.append(ASKED[way](address)))
        thread.start()
        held.begun.wait()
    thread.join()
    (response,) = told
    assert response.status_code == 503
    assert (response.headers["retry-after"], response.headers["connection"]) == ("1", "close")
    assert response.headers["content-type"].startswith("application/json")
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "SERVER_STOPPING"}
    assert "send the request again" in error["message"]
    assert "access-control-allow-origin" in response.headers or way == "POST"
