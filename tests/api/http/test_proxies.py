"""Behind a proxy: whom to believe, where this stands, and ways that stay inside."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from starlette.types import Scope

from api.app import create_app
from api.http.parameters import RefusedError
from api.http.proxies import Proxies, prefixed
from api.http.response_cache import Key
from api.settings import Settings
from tests.support.clients import fetched
from tests.support.databases import Store, Stores
from tests.support.wire import Wire, over, within

PROXY, SECOND, STRANGER = "10.0.0.1", "10.0.0.2", "192.0.2.7"
TRUSTED = "10.0.0.0/8, ::1"
URL = '/graphql?query={node(id:"party/poland"){...on Record{url}}}'
ORDER = "/procurement/south-korea-polish-drones"


@pytest.fixture(scope="module")
def store(sqlite: Stores) -> Store:
    """A database that holds the seed; none of this depends on which kind it is."""
    return sqlite.seed()


def came(path: str = "/x", client: str = PROXY, **headers: str) -> dict[str, Any]:
    """A request of HTTP that came to a host inside."""
    lines = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    return {
        "type": "http",
        "scheme": "http",
        "client": (client, 4711),
        "headers": [(b"host", b"inner:8000"), *lines],
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
    }


def outside(scope: Scope) -> tuple[str, str, str, str]:
    """The client, the scheme, the host and the prefix of a request."""
    host = dict(scope["headers"])[b"host"].decode()
    return scope["client"][0], scope["scheme"], host, scope["root_path"]


FORWARDED = [
    ({}, (PROXY, "http", "inner:8000", "")),
    ({"x_forwarded_proto": "https"}, (PROXY, "https", "inner:8000", "")),
    ({"x_forwarded_host": "a.example:8443"}, (PROXY, "http", "a.example:8443", "")),
    ({"x_forwarded_for": STRANGER}, (STRANGER, "http", "inner:8000", "")),
    ({"x_forwarded_for": f"{STRANGER}:80"}, (STRANGER, "http", "inner:8000", "")),
    ({"x_forwarded_for": "[2001:db8::1]:80"}, ("2001:db8::1", "http", "inner:8000", "")),
    ({"x_forwarded_for": "unknown"}, (PROXY, "http", "inner:8000", "")),
    ({"x_forwarded_prefix": "/pact/"}, (PROXY, "http", "inner:8000", "/pact")),
    ({"x_forwarded_prefix": "/"}, (PROXY, "http", "inner:8000", "")),
    # What a client says itself stands before what a proxy adds, and is not looked at.
    ({"x_forwarded_for": f"1.1.1.1, {STRANGER}", "x_forwarded_proto": "https, http"},
     (STRANGER, "http", "inner:8000", "")),
    ({"x_forwarded_for": f"1.1.1.1, {STRANGER}, {SECOND}", "x_forwarded_proto": "ftp, https, http",
      "x_forwarded_host": "evil.example, a.example, second"}, (STRANGER, "https", "a.example", "")),
    # Each of two proxies overwrites.
    ({"x_forwarded_for": f"{STRANGER}, {SECOND}", "x_forwarded_proto": "https"},
     (STRANGER, "https", "inner:8000", "")),
    ({"forwarded": f"for={STRANGER};proto=https;host=a.example"},
     (STRANGER, "https", "a.example", "")),
    ({"forwarded": 'For="[2001:db8::1]:80"; PROTO=HTTPS ;host="a.example:8443"'},
     ("2001:db8::1", "https", "a.example:8443", "")),
    ({"forwarded": f"for=1.1.1.1;host=evil.example, for={STRANGER};host=a.example,for={SECOND};"
      "host=second"}, (STRANGER, "http", "a.example", "")),
    ({"forwarded": "for=_hidden;by=_x"}, (PROXY, "http", "inner:8000", "")),
    # The proxy writes one kind; the other is the client's own.
    ({"forwarded": "host=evil.example", "x_forwarded_proto": "https"},
     (PROXY, "https", "inner:8000", "")),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "expected"), FORWARDED)
def test_a_trusted_proxy_says_where_a_request_came_to(
    headers: dict[str, str], expected: tuple[str, str, str, str]
) -> None:
    assert outside(Proxies(TRUSTED).outer(came(**headers))) == expected
    assert (
        outside(Proxies(TRUSTED).outer(came(client=f"::ffff:{PROXY}", **headers)))[1:]
        == (expected[1:])
    )
    for alone in (came(client=STRANGER, **headers), {**came(**headers), "client": None}):
        found = Proxies(TRUSTED).outer(alone)
        assert (found["client"], found["scheme"], found["headers"], found["root_path"]) == (
            alone["client"], "http", alone["headers"], "",
        )  # fmt: skip


@pytest.mark.parametrize(
    "headers",
    [
        {"x_forwarded_host": "a b"},
        {"x_forwarded_host": "a.example/path"},
        {"x_forwarded_host": ""},
        {"x_forwarded_proto": "javascript"},
        {"x_forwarded_prefix": "//evil.example"},
        {"x_forwarded_prefix": "/a/../b"},
        {"x_forwarded_prefix": "a"},
        {"forwarded": "nothing"},
        {"forwarded": 'for="1'},
        {"forwarded": "proto=gopher"},
    ],
)
def test_what_a_trusted_proxy_cannot_mean_is_refused(headers: dict[str, str], store: Store) -> None:
    with pytest.raises(RefusedError) as refused:
        Proxies(TRUSTED).outer(came(**headers))
    assert refused.value.status == 400
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    # Starlette's client of tests stands at 127.0.0.1.
    response = fetched(store.url, "/health", named, trusted_proxies="127.0.0.1")
    assert response.status_code == 400
    assert response.headers["access-control-allow-origin"] == "*"
    [error] = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert error["message"] == str(refused.value)
    [name], right = headers, error["message"].partition("`")[2].partition("`")[0]
    is_part = name == "forwarded" and ";" not in right
    Proxies(TRUSTED).outer(came(**{name: f"proto={right}" if is_part else right}))


@drawn(st.text(max_size=60), st.sampled_from(["forwarded", "x_forwarded_for"]))
def test_a_header_is_understood_or_refused(given: str, name: str) -> None:
    text = given.encode("latin-1", "ignore").decode("latin-1")
    scope = came()
    scope["headers"] += [(name.replace("_", "-").encode(), text.encode("latin-1"))]
    try:
        found = Proxies(TRUSTED).outer(scope)
    except RefusedError:
        pass
    else:
        assert found["scheme"] in ("http", "https")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/pact/party/x", ("/pact/party/x", "/pact")),
        ("/party/x", ("/pact/party/x", "/pact")),
        ("/pact", ("/pact", "/pact")),
        ("/pact/", ("/pact/", "/pact")),
        ("/", ("/pact/", "/pact")),
        ("/pactum", ("/pact/pactum", "/pact")),
    ],
)
def test_a_prefix_is_there_whether_a_proxy_takes_it_off_or_not(
    path: str, expected: tuple[str, str]
) -> None:
    found = Proxies("", "/pact").outer(came(path, STRANGER))
    assert (found["path"], found["root_path"]) == expected
    assert found["raw_path"] == expected[0].encode()


@pytest.mark.parametrize("wrong", ["pact", "//a", "/a b", "/..", "/a/./b", "/a?b", "https://a"])
def test_a_prefix_is_a_plain_path(wrong: str) -> None:
    with pytest.raises(ValueError, match="no path such as `/pactbook`"):
        prefixed(wrong)
    with pytest.raises(ValueError, match="PACTBOOK_PATH_PREFIX="):
        Settings.from_environment({"PACTBOOK_PATH_PREFIX": wrong})
    assert Settings.from_environment({"PACTBOOK_PATH_PREFIX": "/a/b/"}).path_prefix == "/a/b"


@pytest.mark.parametrize("wrong", ["*", "localhost", "10.0.0.0/33", "10.0.0.1/8"])
def test_a_trusted_proxy_is_an_address(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"PACTBOOK_TRUSTED_PROXIES=.*10\.0\.0\.0/8"):
        Settings.from_environment({"PACTBOOK_TRUSTED_PROXIES": wrong})


def test_permalinks_follow_the_outer_address(store: Store) -> None:
    headers = {
        "x-forwarded-proto": "https",
        "x-forwarded-host": "pact.example",
        "x-forwarded-prefix": "/data",
    }
    for given, settings, expected in (
        ({}, {"trusted_proxies": "127.0.0.1"}, "http://pactbook.test"),
        (headers, {"trusted_proxies": "127.0.0.1"}, "https://pact.example/data"),
        (headers, {}, "http://pactbook.test"),
        (headers, {"trusted_proxies": "10.0.0.0/8"}, "http://pactbook.test"),
        ({}, {"path_prefix": "/pact"}, "http://pactbook.test/pact"),
        (headers, {"path_prefix": "/pact", "trusted_proxies": "127.0.0.1"},
         "https://pact.example/data"),
        (headers, {"public_url": "https://a.example/b", "trusted_proxies": "127.0.0.1"},
         "https://a.example/b"),
    ):  # fmt: skip
        answer = fetched(store.url, URL, given, **settings).json()
        assert answer["data"]["node"]["url"] == f"{expected}/party/poland"
        page = fetched(store.url, "/party/poland", given, **settings).text
        assert f'<link rel="canonical" href="{expected}/party/poland">' in page


PATHS = [
    ("/procurement/south-korea-polish-drones/", ORDER),
    ("/procurement/south-korea-polish-drones/?edition=2&x=%2F", f"{ORDER}?edition=2&x=%2F"),
    ("/graphql/", "/graphql"),
    ("/health/?x", "/health?x"),
    ("/party/%E2%82%AC%3A%20%0D%0A/", "/party/%E2%82%AC:%20%0D%0A"),
]


@pytest.mark.parametrize(("outer", "prefix"), [("", ""), ("/pact", "/pact"), ("/a/b", "/a/b")])
@pytest.mark.parametrize("is_taken_off", [False, True])
def test_every_way_stays_inside_and_names_no_host(
    store: Store, outer: str, prefix: str, is_taken_off: bool
) -> None:
    inner = "" if is_taken_off else outer
    html = {"accept": "text/html"}
    paths = [*PATHS, ("/graphql?query=x", "/?query=x")]
    if outer and not is_taken_off:
        paths.append(("", "/"))

    async def work(wire: Wire) -> None:
        for path, wanted in paths:
            found = await wire.ask(f"{inner}{path}", **html)
            assert found.status in (303, 307), path
            location = found.headers["location"]
            assert not urlsplit(location).netloc
            assert not location.startswith("/")
            assert found.headers["access-control-allow-origin"] == "*"
            reached = urljoin(f"https://outer.example{outer}{path}", location)
            assert reached == f"https://outer.example{outer}{wanted}"

    within(store, work, path_prefix=prefix)


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//evil.example/x/", "/nothing/", "/a/b/c/", f"{ORDER}//"]
)
def test_what_is_not_there_leads_nowhere(store: Store, path: str) -> None:
    async def work(wire: Wire) -> None:
        target = httpx2.URL("http://pactbook.test").copy_with(raw_path=path.encode())
        async with wire.http.stream("GET", target) as response:
            assert response.status_code == 404
            assert "location" not in response.headers

    within(store, work)


def test_all_of_it_is_there_under_the_prefix(store: Store) -> None:
    async def work(wire: Wire) -> None:
        for path in ("/health", "/dossier.schema.json", ORDER, "/", URL, "/party/none"):
            inside, outside = await wire.ask(path), await wire.ask(f"/pact{path}")
            assert (inside.status, inside.body) == (outside.status, outside.body)
            assert inside.status == (404 if path == "/party/none" else 200)
        posted = await wire.ask("/pact/graphql", None, "POST")
        assert posted.status == 200
        assert (await wire.ask("/pact/graphql", None, "OPTIONS")).status == 405

    within(store, work, path_prefix="/pact")


def test_no_kept_answer_is_given_under_another_address(store: Store) -> None:
    """Two addresses in whatever order, for answers and for pages."""
    addresses = [
        {"x_forwarded_proto": proto, "x_forwarded_host": host, "x_forwarded_prefix": prefix}
        for proto in ("http", "https")
        for host in ("a.example", "b.example")
        for prefix in ("/", "/p")
    ]

    async def work(wire: Wire) -> None:
        for given in (*addresses, *reversed(addresses)):
            prefix = given["x_forwarded_prefix"].rstrip("/")
            wanted = f"{given['x_forwarded_proto']}://{given['x_forwarded_host']}{prefix}/"
            for path in (URL, "/party/poland", "/party/poland?format=json"):
                found = (await wire.ask(path, **given)).body.decode()
                assert f'"{wanted}party/poland"' in found
                others = {"http://a.", "http://b.", "https://a.", "https://b."} - {wanted[:-8]}
                assert not [each for each in others if f'"{each}example' in found and
                            not wanted.startswith(each)]  # fmt: skip

    within(store, work, trusted_proxies="127.0.0.1")


def test_many_hosts_take_no_more_room_and_push_out_little(store: Store) -> None:
    async def work(wire: Wire) -> None:
        kept = wire.app.graph.kept
        assert kept is not None
        for _ in range(3):
            await wire.ask(URL)
        for number in range(300):
            await wire.ask(URL, x_forwarded_host=f"host{number}.example")
            await wire.ask("/party/nowhere", x_forwarded_host=f"host{number}.example")
        assert kept.answers.held + kept.keys.held <= 200_000
        hosts = {key.place for key in kept.answers.protected if isinstance(key, Key)}
        assert "http://pactbook.test" in hosts

    within(store, work, trusted_proxies="127.0.0.1", answers_kept=200_000)


def test_nothing_is_believed_by_default() -> None:
    app = create_app(Settings(database_url="sqlite:///no.db"))
    assert app.proxies.is_none

    async def work(wire: Wire) -> None:
        found = await wire.ask("/health/", x_forwarded_prefix="/x", forwarded="host=a.example")
        assert found.headers["location"] == "../health"

    over(app, work)
