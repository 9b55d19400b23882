"""Clients that hold connections: they pipeline and never read, drip, idle, or come in floods."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.attacks.harness import GIBI, MEBI, Attacked, attacked, normal
from tests.support.databases import Store, Stores

HEAD = b" HTTP/1.1\r\nHost: pactbook.test\r\n"
ASKED = b"GET /graphql?query={parties{nodes{id}}}" + HEAD + b"\r\n"
MOST_MEBIBYTES = 400
"""What a server may take at most; the attacks took 1.3 GB and more."""
ANSWERS = 50


@pytest.fixture(scope="module")
def store(sqlite: Stores) -> Store:
    """A database that holds the seed; connections are the same over each kind."""
    return sqlite.seed()


def connected(server: Attacked) -> socket.socket:
    """A connection, on which nothing waits for long."""
    made = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    # Little room here, so that what is unread stays with the server.
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    return made


def sent(peer: socket.socket, data: bytes, most: int) -> int:
    """How many bytes the server takes, up to so many, before it wants no more for a while."""
    peer.settimeout(1)
    total = 0
    with contextlib.suppress(TimeoutError, ConnectionError):
        while total < most:
            total += peer.send(data)
    return total


def rest(peer: socket.socket) -> bytes:
    """All that a server says until it ends the connection."""
    peer.settimeout(60)
    found = bytearray()
    with contextlib.suppress(ConnectionError):
        while part := peer.recv(65_536):
            found += part
    return bytes(found)


def pipelined(server: Attacked) -> None:
    """Forty who ask without end and read nothing."""
    with ExitStack() as open_:
        peers = [open_.enter_context(connected(server)) for _ in range(40)]
        for peer in peers:
            assert sent(peer, ASKED * 500, 32 * MEBI) < 32 * MEBI, "it reads no further"
        assert len(normal(server, ANSWERS).seconds) == ANSWERS


def large(server: Attacked) -> None:
    """Headers of 100 MB, as a line, as many lines, as an address, and behind a body."""
    post = b"POST /graphql" + HEAD + b"Content-Type: application/json\r\n"
    chunked = post + b"Transfer-Encoding: chunked\r\n\r\n"
    for begun, more, status in (
        (b"GET /" + HEAD + b"X: ", b"x" * MEBI, b"431"),
        (b"GET /" + HEAD, b"X: y\r\n" * (MEBI // 6), b"431"),
        (b"GET /", b"x" * MEBI, b"414"),
        (chunked + b"0\r\nX: ", b"x" * MEBI, b"431"),
        (chunked + b"1;", b"x" * MEBI, b"431"),
    ):
        with connected(server) as peer:
            peer.sendall(begun)
            sent(peer, more, 100 * MEBI)
            found = rest(peer)
            assert not found or found.startswith(b"HTTP/1.1 " + status)
    assert len(normal(server, ANSWERS).seconds) == ANSWERS


def dripping(server: Attacked) -> None:
    """Five hundred whose headers never end."""
    with ExitStack() as open_:
        peers = []
        for _ in range(500):
            peer = open_.enter_context(connected(server))
            peer.sendall(b"GET / HTTP/1.1\r\nX: ")
            peers.append(peer)
        assert len(normal(server, ANSWERS).seconds) == ANSWERS
        for peer in peers:
            with contextlib.suppress(ConnectionError):
                peer.sendall(b"x")
        # What was said is lost where the client still sent when the connection ended.
        assert all(rest(peer)[:13] in (b"", b"HTTP/1.1 408 ") for peer in peers)


def idle(server: Attacked) -> None:
    """Three hundred who ask nothing, and as many who have asked."""
    with ExitStack() as open_:
        peers = []
        for number in range(600):
            peer = open_.enter_context(connected(server))
            if number % 2:
                peer.sendall(ASKED)
            peers.append(peer)
        assert len(normal(server, ANSWERS).seconds) == ANSWERS
        for number, peer in enumerate(peers):
            assert rest(peer)[:13] == (b"HTTP/1.1 200 " if number % 2 else b"")


def flood(server: Attacked) -> None:
    """Three times as many as there are places, some of which have asked for something large."""
    with ExitStack() as open_:
        for number in range(600):
            peer = open_.enter_context(connected(server))
            if number % 3 == 0:
                peer.sendall(ASKED)
            elif number % 3 == 1:
                peer.sendall(b"GET / HT")
        assert len(normal(server, ANSWERS).seconds) == ANSWERS


def bodies(server: Attacked) -> None:
    """Two hundred whose bodies never end, half of them where no body is wanted."""
    begun = HEAD + b"Content-Type: application/json\r\nContent-Length: 999999999\r\n\r\n"
    with ExitStack() as open_:
        for number in range(200):
            peer = open_.enter_context(connected(server))
            with contextlib.suppress(ConnectionError):
                peer.sendall((b"GET /health", b"POST /graphql")[number % 2] + begun)
                peer.sendall(b"x" * 100_000)
        assert len(normal(server, ANSWERS).seconds) == ANSWERS


ATTACKS: dict[Callable[[Attacked], None], dict[str, str]] = {
    pipelined: {},
    large: {},
    dripping: {"header_seconds": "2"},
    idle: {"idle_seconds": "2"},
    flood: {"connections": "200"},
    bodies: {},
}


@pytest.fixture
def server(request: pytest.FixtureRequest, store: Store) -> Iterator[Attacked]:
    """A server with little memory and these settings."""
    with attacked(store.url, 5 * GIBI, **request.param) as running:
        yield running


@pytest.mark.parametrize(
    ("attack", "server"),
    ATTACKS.items(),
    indirect=["server"],
    ids=[attack.__name__ for attack in ATTACKS],
)
def test_a_normal_client_is_answered_and_memory_is_bounded(
    attack: Callable[[Attacked], None], server: Attacked
) -> None:
    attack(server)
    assert server.is_alive
    assert server.mebibytes() < MOST_MEBIBYTES
