"""CORS: pages of other origins read what they may, and no answer is mixed up between origins."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest
from starlette.routing import Route

from api.app import create_app
from api.http.application import Application
from api.http.cors import Cors
from api.settings import Settings
from tests.support.browser import serving
from tests.support.databases import Store, Stores

A, B, OTHER = "https://a.example", "http://localhost:3000", "https://other.example"
PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "x-any"}
QUERY = "{ parties(first: 1) { nodes { id } } }"
TELLING = ("access-control-allow-origin", "access-control-expose-headers", "vary")
EXPOSED = "*"
KNOWN = {"noun": "party", "slug": "poland", "file": "none.js"}
"""What stands in a path where a route has a parameter."""
PATHS = [
    "/graphql",
    "/health",
    "/dossier.schema.json",
    "/party/poland?format=json",
    "/nothing",
    "/",
]


@pytest.fixture(scope="module")
def store(sqlite: Stores) -> Store:
    """A database that holds the seed; none of this depends on which kind it is."""
    return sqlite.seed()


async def responses(store: Store, origins: str, *asked: dict[str, Any]) -> list[httpx2.Response]:
    """What one application answers to these requests, one after the other."""
    served = create_app(Settings(database_url=store.url, cors_origins=origins))
    transport = httpx2.ASGITransport(served)
    async with (
        served.router.lifespan_context(served),
        httpx2.AsyncClient(transport=transport, base_url="http://pactbook.test") as client,
    ):
        return [await client.request(**each) for each in asked]


def request(method: str, url: str, origin: str | None = None, **headers: str) -> dict[str, Any]:
    """One request; by POST to the graph the usual question."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if origin is not None:
        given["origin"] = origin
    body = {"json": {"query": QUERY}} if method == "POST" else {}
    return {"method": method, "url": url, "headers": given, **body}


def told(response: httpx2.Response) -> tuple[str | None, str | None, str | None]:
    """Who may read, what beside the usual, and what the answer depends on."""
    allowed, exposed, vary = (response.headers.get(name) for name in TELLING)
    return allowed, exposed, vary


def asked(store: Store, origins: str, *given: dict[str, Any]) -> list[httpx2.Response]:
    """The same, to be used where nothing else is awaited."""
    return asyncio.run(responses(store, origins, *given))


def test_by_default_every_page_may_read_and_nothing_depends_on_it(store: Store) -> None:
    given = [request("GET", path, origin) for path in PATHS for origin in (None, A)]
    found = asked(store, Settings().cors_origins, *given)
    for alone, page in zip(found[::2], found[1::2], strict=True):
        assert told(alone) == told(page)
        assert told(page)[:2] == ("*", EXPOSED)
        assert "Origin" not in (told(page)[2] or "")
        assert "access-control-allow-credentials" not in page.headers
        assert (alone.status_code, alone.content) == (page.status_code, page.content)


def test_an_answer_to_post_says_so_to_pages_alone(store: Store) -> None:
    alone, page = asked(store, "*", request("POST", "/graphql"), request("POST", "/graphql", OTHER))
    assert told(alone) == (None, None, "Accept, Accept-Encoding")
    assert told(page) == ("*", EXPOSED, "Accept, Accept-Encoding")


def test_only_origins_of_the_list_may_read(store: Store) -> None:
    origins = [A, B, OTHER, A.upper(), f"{A}.other.example", "null", None]
    given = [(path, origin) for path in PATHS for origin in origins]
    found = asked(store, f"{A}, {B}", *(request("GET", *each) for each in given))
    for (_, origin), response in zip(given, found, strict=True):
        allowed, exposed, vary = told(response)
        assert allowed == (origin if origin in (A, B) else None)
        assert exposed == (EXPOSED if origin in (A, B) else None)
        assert "Origin" in (vary or "").split(", "), "a cache must not give it to another origin"


def test_an_empty_setting_switches_it_off(store: Store) -> None:
    usual = [request("GET", path, A) for path in PATHS]
    first = [request("OPTIONS", path, A, **PREFLIGHT) for path in PATHS]
    for response in asked(store, "", *usual, *first):
        assert told(response)[:2] == (None, None)
        assert "Origin" not in (told(response)[2] or "")
        assert not [name for name in response.headers if name.startswith("access-control-")]
        assert response.request.method == "GET" or response.status_code in (404, 405)


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_a_kept_answer_is_everybodys_and_its_headers_are_not(store: Store, method: str) -> None:
    path = "/graphql" if method == "POST" else f"/graphql?query={QUERY}"
    origins = [A, B, OTHER, None, A, OTHER, B]
    found = asked(store, f"{A} {B}", *(request(method, path, origin) for origin in origins))
    assert len({response.content for response in found}) == 1
    assert len({response.headers.get("etag") for response in found}) == 1
    assert [told(response)[0] for response in found] == [A, B, None, None, A, None, B]


def test_a_304_is_for_the_origin_that_asks(store: Store) -> None:
    path = f"/graphql?query={QUERY}"
    tag = asked(store, A, request("GET", path))[0].headers["etag"]
    known = {"if_none_match": tag}
    found = asked(
        store, f"{A} {B}", *(request("GET", path, origin, **known) for origin in (A, OTHER, B))
    )
    assert [response.status_code for response in found] == [304] * 3
    assert [told(response)[0] for response in found] == [A, None, B]
    assert [told(response)[2] for response in found] == ["Accept, Accept-Encoding, Origin"] * 3


def test_pages_can_read_errors(store: Store) -> None:
    def post(content: bytes, **headers: str) -> dict[str, Any]:
        given = {"origin": OTHER, "content-type": "application/json"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return {"method": "POST", "url": "/graphql", "content": content, "headers": given}

    wrong = [post(b" " * 300_000), post(b"{}", content_type="text/plain"), post(b"{"),
             post(b"{}", content_encoding="gzip"), request("PUT", "/graphql", OTHER),
             request("GET", "/graphql?query={nothing}", OTHER)]  # fmt: skip
    found = asked(store, "*", *wrong)
    assert [response.status_code for response in found] == [413, 415, 400, 415, 405, 200]
    for response in found:
        assert told(response)[:2] == ("*", EXPOSED)
        assert response.json()["errors"]


def test_a_browser_that_asks_first_is_told_what_it_may_send(store: Store) -> None:
    def first(origins: str, origin: str) -> list[httpx2.Response]:
        given = [request("OPTIONS", path, origin, **PREFLIGHT) for path in PATHS]
        return asked(store, origins, *given)

    for origins, allowed in (("*", "*"), (A, A)):
        for response in first(origins, A):
            assert (response.status_code, response.content) == (204, b"")
            assert response.headers["access-control-allow-origin"] == allowed
            assert response.headers["access-control-allow-methods"] == "GET, HEAD, POST"
            assert response.headers["access-control-allow-headers"] == "*, Authorization"
            assert int(response.headers["access-control-max-age"]) > 0
            assert response.headers.get("vary") == (None if allowed == "*" else "Origin")
    for response in first(A, OTHER):
        assert response.status_code == 403
        assert "access-control-allow-origin" not in response.headers
        (error,) = response.json()["errors"]
        assert error["message"] == f"'{OTHER}' is not among PACTBOOK_CORS_ORIGINS."


def every_route(app: Application) -> list[tuple[str, str]]:
    """Each way into an application, its path filled in, with methods that it has and has not."""
    filled = [
        re.sub(r"\{(\w+)(:\w+)?\}", lambda found: KNOWN.get(found[1], "x"), route.path)
        for route in app.routes
        if isinstance(route, Route)
    ]
    return [(method, path) for path in filled for method in ("GET", "HEAD", "POST", "DELETE")]


@pytest.mark.parametrize("origins", ["*", A, ""])
def test_whatever_is_routed_may_be_read_and_says_on_what_it_depends(
    store: Store, origins: str
) -> None:
    """Of every route that there is, answers and errors alike."""
    app = create_app(Settings(database_url=store.url, cors_origins=origins))
    ways = every_route(app)
    assert {"/graphql", "/health", "/party/poland"} <= {path for _, path in ways}
    allowed = {"*": "*", A: A, "": None}[origins]
    for response in asked(store, origins, *(request(*way, origin=A) for way in ways)):
        assert told(response)[0] == allowed, response.url
        assert (told(response)[1] == EXPOSED) is bool(origins)
        varies = [name.strip() for name in (told(response)[2] or "").split(",")]
        assert "Accept-Encoding" in varies
        assert ("Origin" in varies) is (origins == A)
        assert len({*map(str.lower, varies)}) == len(varies)
    for response in asked(
        store, origins, *(request("OPTIONS", path, A, **PREFLIGHT) for _, path in ways)
    ):
        assert (response.status_code == 204) is bool(origins)


def test_options_that_ask_nothing_are_a_405(store: Store) -> None:
    given = [request("OPTIONS", "/graphql", origin) for origin in (None, A)]
    for response in asked(store, "*", *given):
        assert response.status_code == 405
        assert response.headers["allow"] == "GET, HEAD, POST"


def test_origins_are_read_as_they_are_written() -> None:
    cors = Cors(" https://A.example,http://[::1]:3000\n")
    assert cors.names == {b"https://a.example", b"http://[::1]:3000"}
    assert Cors("*").is_open
    assert not Cors("").names


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of an empty page on another port."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that the class wants
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><link rel=icon href=data:,><title>Elsewhere</title>")

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


FETCH = """async ([address, given]) => {
    try {
        const response = await fetch(address, given);
        const [tag, wait] = ["etag", "retry-after"].map(name => response.headers.get(name));
        const text = await response.text();
        return {status: response.status, tag, wait, body: text && JSON.parse(text)};
    } catch (error) {
        return {failed: String(error)};
    }
}"""


def test_a_page_elsewhere_reads_in_a_real_browser(
    browser: Any, elsewhere: str, store: Store
) -> None:
    asked_by_json = {
        "method": "POST",
        "headers": {"content-type": "application/json", "apollographql-client-name": "test"},
        "body": json.dumps({"query": QUERY}),
    }
    page = browser.new_page()
    page.goto(elsewhere)

    def fetched(address: str, **given: Any) -> Any:
        return page.evaluate(FETCH, [address, given])

    for origins, may_read in (("*", True), (f"{A} {elsewhere}", True), (A, False), ("", False)):
        with serving(store, cors_origins=origins) as place:
            got = fetched(f"{place}/graphql?query={QUERY}")
            posted = fetched(f"{place}/graphql", **asked_by_json)
            health = fetched(f"{place}/health")
            if not may_read:
                assert all("Failed to fetch" in each["failed"] for each in (got, posted, health))
                continue
            assert got["status"] == posted["status"] == health["status"] == 200
            assert got["body"] == posted["body"]
            assert got["body"]["extensions"]["edition"] == 2
            assert got["tag"].startswith('"')
            assert health["body"]["status"] == "ok"
            again = fetched(f"{place}/graphql?query={QUERY}", headers={"if-none-match": got["tag"]})
            assert (again["status"], again["tag"]) == (304, got["tag"])
            refused = fetched(f"{place}/graphql", method="POST", body="x")
            assert refused["status"] == 415
            assert refused["body"]["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
            long = fetched(f"{place}/graphql?query={'x' * 40_000}")
            assert long["status"] == 414
