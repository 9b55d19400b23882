"""What a connection may take: bytes, time, and a place among others."""

from __future__ import annotations

import asyncio

import pytest

from api.http.protocol import FAREWELL_SECONDS
from api.http.sweep import sweep
from tests.support.fake_transport import GET, HIGH_WATER, HOST, Peer, Server, post, within

ANSWERED = 4_000


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_large_header_is_a_431(is_whole: bool) -> None:
    large = b"GET / HTTP/1.1\r\n" + HOST + b"X: %b\r\n" % (b"x" * 2_000)

    async def work(server: Server) -> None:
        peer = Peer(server)
        await peer.send(large + b"\r\n" if is_whole else large)
        assert peer.refusal == (
            431,
            "The header is larger than 1000 bytes (PACTBOOK_HEADER_BYTES).",
        )
        assert server.asked == 0

    within(work, header_bytes=1_000)


@pytest.mark.parametrize(
    "rest",
    [
        b"0\r\nX: " + b"x" * 3_000,
        b"0\r\n" + b"X: y\r\n" * 500,
        b"1;" + b"x" * 3_000,
        b"1\r\nx\r\n" * 500,
    ],
    ids=["trailer", "trailers", "extension", "crumbs"],
)
def test_what_comes_around_a_body_is_bounded_too(rest: bytes) -> None:
    async def work(server: Server) -> None:
        peer = Peer(server)
        await peer.send(post(b"x" * 5_000, 1).removesuffix(b"0\r\n\r\n"))
        await peer.send(*[rest[at : at + 100] for at in range(0, len(rest), 100)])
        assert peer.refusal[0] == 431
        assert (server.asked, server.running) == (1, 0)

    within(work, header_bytes=1_000)


@pytest.mark.parametrize("part", [b"x" * 50_000, b"\r\n\r\n" * 10_000])
def test_a_body_waits_outside_until_it_is_read(part: bytes) -> None:
    async def work(server: Server) -> None:
        server.latch.clear()
        server.is_late = True
        peer = Peer(server)
        await peer.send(b"POST /p HTTP/1.1\r\n%bContent-Length: 10000000\r\n\r\n" % HOST)
        await peer.send(*[part] * 20)
        assert peer.is_paused
        running = peer.connection.running
        assert running is not None
        assert len(running.body) <= HIGH_WATER + len(part)
        assert peer.connection.held == b""

    within(work)


def test_a_header_that_comes_with_a_large_body_is_not_large() -> None:
    async def work(server: Server) -> None:
        peer = Peer(server)
        await peer.send(post(b"x" * 5_000, 0), GET % 1)
        assert [status for status, _, _ in peer.answers] == [200, 200]

    within(work, header_bytes=1_000)


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_long_address_is_a_414(is_whole: bool) -> None:
    long = b"GET /%b HTTP/1.1\r\n" % (b"x" * 2_000)

    async def work(server: Server) -> None:
        peer = Peer(server)
        await peer.send(long + HOST + b"\r\n" if is_whole else long[:-20])
        status, told = peer.refusal
        assert (status, told.partition(";")[0]) == (
            414,
            "The address is longer than 500 bytes (PACTBOOK_TARGET_BYTES)",
        )

    within(work, target_bytes=500, header_bytes=1_000)


HOSTS = {
    b"pactbook.test": True, b"localhost:8000": True, b"127.0.0.1:80": True, b"[::1]:8000": True,
    b"a_b.example.": True, b"A:65535": True, b"xn--bcher-kva.example": True,
    b"": False, b"a b": False, b"a/b": False, b"a@b": False, b"a:b": False, b"a:65536": False,
    b"::1": False, b"a, b": False, b"\xc3\xa9.example": False, b"a" * 262: False, b"a?b": False,
}  # fmt: skip


@pytest.mark.parametrize(("host", "fits"), HOSTS.items())
def test_a_host_is_a_name_or_an_address(host: bytes, fits: bool) -> None:
    async def work(server: Server) -> None:
        peer = Peer(server)
        await peer.send(b"GET / HTTP/1.1\r\nHost: %b\r\n\r\n" % host)
        assert peer.answers[-1][0] == (200 if fits else 400)
        if not fits:
            assert "one Host header, a name or an address" in peer.refusal[1]
            assert len(peer.refusal[1]) < 300

    within(work)


@pytest.mark.parametrize(("version", "hosts", "status"),
    [("1.1", 0, 400), ("1.1", 1, 200), ("1.1", 2, 400), ("1.0", 0, 200), ("1.0", 2, 400)],
)  # fmt: skip
def test_there_is_one_host(version: str, hosts: int, status: int) -> None:
    async def work(server: Server) -> None:
        peer = Peer(server)
        await peer.send(f"GET / HTTP/{version}\r\n".encode() + HOST * hosts + b"\r\n")
        assert peer.answers[-1][0] == status
        # The Host of one request says nothing of the next.
        if status == 200 and version == "1.1":
            await peer.send(b"GET / HTTP/1.1\r\n\r\n")
            assert "this has 0 of them" in peer.refusal[1]

    within(work)


def test_who_is_refused_may_send_on_for_a_while() -> None:
    async def work(server: Server) -> None:
        peer = Peer(server)
        await peer.send(b"rubbish\r\n\r\n", *[b"x" * 1_000] * 10)
        assert peer.is_ended
        assert not peer.is_paused
        assert (peer.connection.held, len(peer.answers)) == (b"", 1)
        since = peer.connection.since
        peer.connection.tick(since + FAREWELL_SECONDS)
        assert not peer.is_stopped
        peer.connection.tick(since + FAREWELL_SECONDS + 1)
        assert peer.is_aborted

    within(work)


def test_a_slow_header_is_a_408() -> None:
    async def work(server: Server) -> None:
        peer = Peer(server)
        await peer.send(b"G", b"E", b"T")
        since = peer.connection.since
        await peer.send(b" ", b"/", b" ")
        assert peer.connection.since == since, "who drips does not begin again"
        peer.connection.tick(since + 7)
        assert not peer.answers
        peer.connection.tick(since + 8)
        assert peer.refusal == (
            408,
            "The header did not arrive in 7 seconds (PACTBOOK_HEADER_SECONDS).",
        )

    within(work, header_seconds=7, idle_seconds=1)


def test_who_asks_nothing_is_closed() -> None:
    async def work(server: Server) -> None:
        fresh, asked = Peer(server), Peer(server)
        await asked.send(GET % 1)
        now = asyncio.get_running_loop().time()
        for peer in (fresh, asked):
            for seconds, is_late in ((6, False), (8, True)):
                peer.connection.tick(now + seconds)
                assert peer.is_stopped == is_late
            await peer.constrain()
        assert server.state.connections == set()

    within(work, idle_seconds=7)


def test_a_request_that_runs_is_in_no_hurry() -> None:
    async def work(server: Server) -> None:
        server.latch.clear()
        peer = Peer(server)
        await peer.send(GET % 1)
        peer.connection.tick(peer.connection.since + 1_000)
        server.latch.set()
        await peer.constrain()
        assert peer.answers[0][0] == 200

    within(work)


def test_who_takes_nothing_of_its_answer_is_cut_and_who_is_slow_is_not() -> None:
    async def work(server: Server) -> None:
        server.size = ANSWERED
        deaf, slow = Peer(server, reads=False), Peer(server, reads=False)
        now = asyncio.get_running_loop().time()
        for peer in (deaf, slow):
            await peer.send(GET % 1)
            peer.connection.tick(now)
        for second in range(1, 9):
            slow.read(1)
            for peer in (deaf, slow):
                peer.connection.tick(now + second)
        assert (deaf.is_aborted, slow.is_aborted) == (True, False)

    within(work, send_seconds=7, idle_seconds=1)


def test_all_together_hold_so_many_unsent_bytes_and_the_most_is_cut_first() -> None:
    async def work(server: Server) -> None:
        peers = [Peer(server, reads=False) for _ in range(5)]
        for size, peer in enumerate(peers):
            server.size = 1_000 * size
            await peer.send(GET % size)
        sweep(server.state.connections, server.bounds, asyncio.get_running_loop().time())
        assert [peer.is_aborted for peer in peers] == [False, False, False, True, True]

    within(work, unsent_bytes=5_000)


def test_who_has_waited_longest_gives_way() -> None:
    async def work(server: Server) -> None:
        server.latch.clear()
        first, second, running = Peer(server), Peer(server), Peer(server)
        await running.send(GET % 1)
        first.connection.since, second.connection.since = 2.0, 1.0
        await second.send(b"GET /")
        second.connection.since = 1.0
        Peer(server)
        told = "All 3 connections (PACTBOOK_CONNECTIONS) are taken; try again in a second."
        assert second.refusal == (503, told)
        assert second.answers[-1][1]["retry-after"] == "1"
        assert (first.is_stopped, second.is_stopped, running.is_stopped) == (False, True, False)
        await second.constrain()
        Peer(server)
        assert first.is_stopped
        assert not first.written, "who asked nothing is told nothing"
        server.latch.set()
        await running.constrain()
        assert running.answers[0][0] == 200

    within(work, connections=3)


def test_where_all_are_at_work_the_next_is_a_503() -> None:
    async def work(server: Server) -> None:
        server.latch.clear()
        peers = [Peer(server) for _ in range(3)]
        for peer in peers:
            await peer.send(GET % 1)
        for _ in range(3):
            late = Peer(server)
            await late.send(GET % 1)
            assert late.refusal[0] == 503
            assert late.answers[-1][1]["retry-after"] == "1"
        await peers[0].constrain()
        assert len(server.state.connections) == 4, "who is refused gives way to the next"
        server.latch.set()
        for peer in peers:
            await peer.constrain()
            assert peer.answers[0][0] == 200

    within(work, connections=3)


def test_a_refusal_can_be_read_by_pages() -> None:
    async def work(server: Server) -> None:
        origin = b"Origin: https://a.example\r\n"
        for sent in (b"GET / HTTP/1.1\r\n" + origin + b"\r\n",
                     b"GET / HTTP/1.1\r\n" + origin + b"X: " + b"x" * 2_000):  # fmt: skip
            peer = Peer(server)
            await peer.send(sent)
            assert peer.answers[-1][1]["access-control-allow-origin"] == "https://a.example"

    within(work, cors="https://a.example", header_bytes=1_000)
