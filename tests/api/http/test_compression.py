"""Compression: whoever asks for it gets the same, smaller, under a tag of its own, written once."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from graphql import get_introspection_query
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from api.app import create_app
from api.http import compression
from api.http.application import Application
from api.http.compression import INLINE_BYTES, LEAST_BYTES, accepted, preferred
from api.settings import Settings
from tests.support.databases import Store, Stores
from tests.support.wire import LISTING, Raw, Wire, over, within

ASKED = "/graphql?query=" + LISTING
PAGE = "/procurement/south-korea-polish-drones"
CODINGS = ["zstd", "gzip"]
WORDS = [
    (None, None),
    ("", None),
    ("gzip", "gzip"),
    ("x-gzip", "gzip"),
    ("gzip, deflate, br, zstd", "zstd"),
    ("GZIP;Q=1", "gzip"),
    ("br, deflate", None),
    ("*", "zstd"),
    ("*;q=0", None),
    ("gzip;q=0, *", "zstd"),
    ("zstd;q=0, *;q=0.5", "gzip"),
    ("zstd;q=0.3, gzip;q=0.8", "gzip"),
    ("zstd;q=0.8, gzip;q=0.8", "zstd"),
    ("gzip;q=0", None),
    ("gzip;q=0.000, zstd;q=0.001", "zstd"),
    ("identity", None),
    ("identity;q=1, gzip;q=0.5", None),
    ("identity;q=0.5, gzip;q=0.7", "gzip"),
    ("identity;q=0, gzip", "gzip"),
    ("identity;q=0", None),
    ("gzip;q=2", None),
    ("gzip;q=x, zstd", "zstd"),
    (", ,;;=,gzip", "gzip"),
]


@pytest.fixture(scope="module")
def store(sqlite: Stores) -> Store:
    """A database that holds the seed; none of this depends on which kind it is."""
    return sqlite.seed()


def routed(*routes: Route) -> Application:
    """An application that has these routes beside its own; another helper of it adds such."""
    served = create_app(Settings(database_url="sqlite:///no.db"))
    served.router.routes[:0] = routes
    return served


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The bodies that are written, by their coding and the thread that writes them."""
    found: list[tuple[str, int]] = []
    usual = compression._written

    def written(content: bytes, coding: str) -> bytes:
        found.append((coding, threading.get_ident()))
        return usual(content, coding)

    monkeypatch.setattr(compression, "_written", written)
    return found


@pytest.mark.parametrize(("header", "coding"), WORDS)
def test_weights_are_respected(header: str | None, coding: str | None) -> None:
    given = None if header is None else header.encode()
    assert preferred(given) == coding
    assert (accepted(given) or (None,))[0] == coding


def test_an_answer_is_the_same_in_whatever_coding(store: Store) -> None:
    weights = st.sampled_from(["", ";q=0", ";q=0.2", ";q=1", ";q=1.0", ";q=7"])
    names = st.sampled_from(["gzip", "zstd", "br", "identity", "*", "x-gzip"])
    headers = st.lists(st.tuples(names, weights).map("".join), max_size=5).map(", ".join)
    paths = st.sampled_from([ASKED, PAGE, f"{PAGE}?format=json", "/dossier.schema.json", "/", "/x"])

    async def work(wire: Wire) -> None:
        plain: dict[str, Raw] = {}

        @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(headers, paths)
        def holds(header: str, path: str) -> None:
            drawn.append((header, path))

        drawn: list[tuple[str, str]] = []
        holds()
        for header, path in drawn:
            if path not in plain:
                plain[path] = await wire.ask(path, "identity")
            found = await wire.ask(path, header or "identity")
            assert (found.status, found.content) == (plain[path].status, plain[path].content)
            coding = preferred(header.encode())
            assert found.coding == (coding if len(found.content) >= LEAST_BYTES else None)
            assert int(found.headers["content-length"]) == len(found.body)
            assert "accept-encoding" in found.varies

    within(store, work)


@pytest.mark.parametrize("coding", CODINGS)
def test_all_that_is_large_is_written_and_nothing_small(store: Store, coding: str) -> None:
    nodes = "".join(f"n{number}:__typename " for number in range(30))
    small, large = "/graphql?query={__typename}", f"/graphql?query={{{nodes}{nodes}}}"
    wrong = "/graphql?query={" + "".join(f"wrong{number} " for number in range(40)) + "}"

    async def work(wire: Wire) -> None:
        for path in (small, large, "/health", "/nothing", "/party/nowhere", wrong, PAGE, ASKED):
            alone, found = await wire.ask(path), await wire.ask(path, coding)
            assert found.coding == (coding if len(alone.body) >= LEAST_BYTES else None)
            assert found.content == alone.body
            assert len(found.body) <= len(alone.body)
            assert "accept-encoding" in alone.varies & found.varies
        posted = await wire.ask("/graphql", coding, "POST")
        assert posted.coding == coding
        assert posted.content == (await wire.ask("/graphql", None, "POST")).body

    within(store, work)


def test_what_a_head_says_is_what_get_sends(store: Store) -> None:
    async def work(wire: Wire) -> None:
        for path in (ASKED, PAGE, "/dossier.schema.json"):
            for coding in (*CODINGS, None):
                got, head = await wire.ask(path, coding), await wire.ask(path, coding, "HEAD")
                assert head.headers.raw == got.headers.raw
        assert (await wire.ask(ASKED, "zstd", "HEAD")).body == b""

    within(store, work)


@pytest.mark.parametrize("kept", [0, 8_388_608])
def test_each_coding_has_a_tag_by_which_it_is_known_again(store: Store, kept: int) -> None:
    async def work(wire: Wire) -> None:
        for path in (ASKED, "/dossier.schema.json"):
            found = {each: await wire.ask(path, each) for each in (*CODINGS, None)}
            tags = {coding: answer.tag for coding, answer in found.items()}
            assert len({*tags.values()}) == 3, "a strong tag is of these bytes alone"
            assert all(tag.startswith('"') for tag in tags.values())
            for coding in (*CODINGS, None):
                for known, tag in tags.items():
                    again = await wire.ask(path, coding, if_none_match=f'"other", {tag}')
                    # What has no coding everybody can read, whatever they prefer.
                    if known in (coding, None):
                        assert (again.status, again.body, again.tag) == (304, b"", tag)
                        assert "content-encoding" not in again.headers
                        assert again.varies == found[coding].varies
                    else:
                        assert (again.status, again.body) == (200, found[coding].body)
                        assert again.tag == tags[coding]
                weak = await wire.ask(path, coding, if_none_match=f"W/{tags[coding]}")
                assert weak.status == 304, "as nginx makes them, which decodes on the way"

    within(store, work, answers_kept=kept)


def test_the_weak_tag_of_a_page_is_that_of_all_codings(store: Store) -> None:
    async def work(wire: Wire) -> None:
        found = [await wire.ask(PAGE, coding) for coding in (*CODINGS, None)]
        [tag] = {answer.tag for answer in found}
        assert tag.startswith('W/"')
        for coding in (*CODINGS, None):
            again = await wire.ask(PAGE, coding, if_none_match=tag)
            assert (again.status, again.body, again.tag) == (304, b"", tag)

    within(store, work)


@pytest.mark.parametrize("coding", CODINGS)
def test_what_is_kept_is_kept_in_its_coding(
    store: Store, coding: str, count: list[tuple[str, int]]
) -> None:
    async def work(wire: Wire) -> None:
        kept = wire.app.graph.kept
        assert kept is not None
        for path, method in (
            (ASKED, "GET"), ("/graphql", "POST"), (PAGE, "GET"), ("/dossier.schema.json", "GET"),
            ("/party/nowhere", "GET"),
        ):  # fmt: skip
            before = len(count)
            answers = [await wire.ask(path, coding, method) for _ in range(4)]
            assert len({answer.body for answer in answers}) == 1
            # A question is the same by GET and by POST.
            assert len(count) - before == (method != "POST"), path
        entries = [*kept.answers.probation.values(), *kept.answers.protected.values()]
        assert kept.answers.held == sum(weight for _, weight in entries)
        for (_, _, held), weight in entries:
            assert weight >= len(held.content) + sum(map(len, held.encoded.values()))
        assert any(held.encoded for (_, _, held), _ in entries)

    within(store, work)


def test_who_asks_for_no_coding_has_nothing_written(
    store: Store, count: list[tuple[str, int]]
) -> None:
    async def work(wire: Wire) -> None:
        for path in (ASKED, PAGE, "/dossier.schema.json", "/party/nowhere", "/"):
            await wire.ask(path)
        await wire.ask("/graphql", None, "POST")

    within(store, work)
    assert not count


@pytest.mark.parametrize("coding", CODINGS)
def test_what_is_large_is_written_beside_the_event_loop(
    store: Store, coding: str, count: list[tuple[str, int]]
) -> None:
    introspection = "/graphql?query=" + " ".join(get_introspection_query().split())

    async def work(wire: Wire) -> None:
        asked = await wire.ask(introspection, coding)
        assert len(asked.content) > 8 * INLINE_BYTES
        assert len(asked.body) < 60_000
        [(_, thread)] = count
        assert thread != threading.get_ident()
        count.clear()
        await wire.ask("/party/nowhere", coding)
        assert count == [(coding, threading.get_ident())]

    within(store, work)


def test_what_cannot_be_written_in_time_is_sent_as_it_is(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compression._worker, "most", 0)

    async def work(wire: Wire) -> None:
        for path in ("/dossier.schema.json", PAGE):
            plain, found = await wire.ask(path), await wire.ask(path, "zstd")
            assert (found.coding, found.body, found.tag) == (None, plain.body, plain.tag)

    within(store, work)


@pytest.mark.parametrize("coding", CODINGS)
def test_a_stream_is_written_as_it_comes(coding: str) -> None:
    sizes = [10, 500, 600, 3, 3 * INLINE_BYTES, 0, 7]

    async def lines() -> AsyncIterator[bytes]:
        for size in sizes:
            yield b"line %d\n" % size * size

    async def few() -> AsyncIterator[bytes]:
        yield b"few "
        yield b"words"

    async def streamed(request: Request) -> Response:
        return StreamingResponse(lines(), headers={"ETag": '"lines"'}, media_type="text/csv")

    async def brief(request: Request) -> Response:
        return StreamingResponse(few(), media_type="application/x-ndjson")

    async def picture(request: Request) -> Response:
        return Response(b"\0" * 5_000, media_type="image/png")

    async def ready(request: Request) -> Response:
        headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return PlainTextResponse(gzip.compress(b"x" * 5_000), headers=headers)

    async def work(wire: Wire) -> None:
        plain, found = await wire.ask("/lines.csv"), await wire.ask("/lines.csv", coding)
        assert plain.body == b"".join([b"line %d\n" % size * size for size in sizes])
        assert (found.coding, found.content) == (coding, plain.body)
        assert (plain.tag, found.tag) == ('"lines"', f'"lines-{coding}"')
        assert len(found.body) < len(plain.body) / 10
        assert "content-length" not in found.headers
        short = await wire.ask("/brief", coding)
        assert (short.coding, short.body) == (None, b"few words")
        image = await wire.ask("/picture", coding)
        assert (image.coding, image.body) == (None, b"\0" * 5_000)
        packed = await wire.ask("/ready", coding)
        assert (packed.coding, packed.content) == ("gzip", b"x" * 5_000)
        assert packed.headers["vary"] == "Accept-Encoding"

    routes = {"/lines.csv": streamed, "/brief": brief, "/picture": picture, "/ready": ready}
    over(routed(*(Route(path, route) for path, route in routes.items())), work)


def test_a_stream_begins_before_it_ends() -> None:
    """What has come is sent as soon as it is a block, though the rest may never come."""
    more = asyncio.Event()
    sent: list[dict[str, Any]] = []

    async def lines() -> AsyncIterator[bytes]:
        for number in range(20_000):
            yield b"%d\n" % (number * 7_919)
        await more.wait()
        yield b"end\n"

    async def streamed(request: Request) -> Response:
        return StreamingResponse(lines(), media_type="text/csv")

    async def run() -> None:
        async def send(message: Any) -> None:
            sent.append(message)
            if sum(len(each.get("body", b"")) for each in sent) > 10_000:
                more.set()

        async def receive() -> Any:
            await asyncio.Event().wait()

        headers = [(b"host", b"pactbook.test"), (b"accept-encoding", b"gzip")]
        scope = {"type": "http", "method": "GET", "path": "/lines", "headers": headers,
                 "query_string": b"", "scheme": "http", "root_path": ""}  # fmt: skip
        await routed(Route("/lines", streamed))(scope, receive, send)

    asyncio.run(run())
    assert gzip.decompress(b"".join(each.get("body", b"") for each in sent[1:])).endswith(b"end\n")
