"""Stopping: a request that is cut says so."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import httpx2
import pytest
import strawberry
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.http.application import Application
from api.http.cors import Cors
from api.http.endpoint import GraphQLView
from tests.support.book_schema import context
from tests.support.live_server import running


class Held:
    """An application whose requests are held until the test ends."""

    def __init__(self) -> None:
        self.begun = threading.Event()

    async def forever(self) -> str:
        self.begun.set()
        await asyncio.Event().wait()
        return "never"

    async def page(self, _: Request) -> Response:
        return Response(await self.forever())

    @property
    def app(self) -> Application:
        cors = Cors("*")
        field = strawberry.field(resolver=self.forever, graphql_type=str)
        graph = strawberry.Schema(strawberry.type(type("Query", (), {"forever": field})))
        view = GraphQLView(graph, context, cors=cors)
        return Application(view, cors, routes=[Route("/page", self.page)])


ASKED: dict[str, Callable[[str], httpx2.Response]] = {
    "POST": lambda place: httpx2.post(f"{place}/graphql", json={"query": "{ forever }"}),
    "GET": lambda place: httpx2.get(f"{place}/graphql?query={{forever}}"),
    "page": lambda place: httpx2.get(f"{place}/page"),
}


@pytest.mark.parametrize("way", ASKED)
def test_a_request_that_is_cut_at_the_end_is_a_503(way: str) -> None:
    held = Held()
    told: list[httpx2.Response] = []
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
