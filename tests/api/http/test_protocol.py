"""A connection: one request is answered before the next is looked at."""

from __future__ import annotations

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from api.http.protocol import PIECE
from tests.support.fake_transport import GET, HIGH_WATER, HOST, Peer, Server, post, within

ASKED, ANSWERED = 200, 4_000
"""How often an attacker asks, and how many bytes it is answered each time."""


BODIES = st.sampled_from([b"", b"{}", b"\r\n\r\n", b"\r\n\r\n" * 900, GET % 9 * 60, b"x" * 70_000])
REQUESTS = st.lists(
    st.tuples(BODIES, st.integers(0, 3)).map(lambda given: (post(*given), b"/p " + given[0]))
    | st.integers(0, 99).map(lambda number: (GET % number, b"/%d " % number)),
    min_size=1,
    max_size=8,
)


@given(asked=REQUESTS, data=st.data())
def test_requests_are_answered_one_by_one_however_they_are_cut(
    asked: list[tuple[bytes, bytes]], data: st.DataObject
) -> None:
    sent = b"".join(request for request, _ in asked)
    cuts = sorted(data.draw(st.sets(st.integers(1, len(sent) - 1), max_size=12)))
    pieces = [sent[a:b] for a, b in zip([0, *cuts], [*cuts, len(sent)], strict=True)]

    async def work(server: Server) -> None:
        peer = Peer(server)
        await peer.send(*pieces)
        assert [body for _, _, body in peer.answers] == [expected for _, expected in asked]
        assert server.most == 1
        assert not peer.is_paused

    within(work)


def test_of_what_is_pipelined_one_request_is_looked_at() -> None:
    async def work(server: Server) -> None:
        server.latch.clear()
        peer = Peer(server)
        await peer.send(b"".join(GET % number for number in range(ASKED)))
        assert (server.asked, len(peer.connection.pipeline)) == (1, 0)
        assert peer.is_paused
        server.latch.set()
        await peer.constrain()
        assert [body for _, _, body in peer.answers] == [b"/%d " % n for n in range(ASKED)]
        assert not peer.is_paused

    within(work)


def test_of_what_hides_in_a_body_no_more_than_a_piece_is_looked_at() -> None:
    async def work(server: Server) -> None:
        server.latch.clear()
        peer = Peer(server)
        await peer.send(post(b"{}", 0) + GET % 1 * ASKED)
        assert len(peer.connection.pipeline) <= PIECE // len(GET % 1) + 1
        server.latch.set()
        await peer.constrain()
        assert (len(peer.answers), server.most) == (ASKED + 1, 1)

    within(work)


def test_who_reads_nothing_is_answered_no_more() -> None:
    async def work(server: Server) -> None:
        server.size = ANSWERED
        peer = Peer(server, reads=False)
        await peer.send(*[GET % number for number in range(ASKED)])
        enough = HIGH_WATER // ANSWERED + 1
        assert server.asked <= enough
        assert peer.is_paused
        assert peer.unsent <= HIGH_WATER + 2 * ANSWERED
        peer.read(peer.unsent)
        peer.reads = True
        await peer.send(*[GET % number for number in range(server.asked, ASKED)])
        assert len(peer.answers) == ASKED

    within(work)


def test_who_sends_line_ends_alone_is_cut() -> None:
    async def work(server: Server) -> None:
        peer = Peer(server)
        await peer.send(*[b"\r\n" * 400] * 100)
        assert peer.refusal == (
            431,
            "The header is larger than 1000 bytes (PACTBOOK_HEADER_BYTES).",
        )

    within(work, header_bytes=1_000)


def test_another_protocol_is_not_spoken_and_nobody_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    upgrade = b"GET / HTTP/1.1\r\n%bConnection: upgrade\r\nUpgrade: websocket\r\n\r\n" % HOST

    async def work(server: Server) -> None:
        peer = Peer(server)
        await peer.send(upgrade)
        assert peer.answers[0][0] == 200

    within(work)
    assert caplog.records == []


def test_a_body_that_nobody_reads_ends_the_connection() -> None:
    async def hasty(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body"})

    async def work(server: Server) -> None:
        server.config = uvicorn.Config(hasty, log_config=None, interface="asgi3", ws="none")
        peer = Peer(server)
        await peer.send(b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 100\r\n\r\n", b"x" * 100)
        assert (len(peer.answers), peer.is_ended) == (1, True)

    within(work)


@pytest.mark.parametrize("sent", [b"rubbish\r\n\r\n", b"GET / HTTP/1.1\r\nno line\r\n\r\n", b"\0"])
def test_what_is_no_request_is_a_400(sent: bytes) -> None:
    async def work(server: Server) -> None:
        peer = Peer(server)
        await peer.send(GET % 1, sent, GET % 2)
        assert (len(peer.answers), server.asked) == (2, 1)
        assert peer.refusal == (400, "This is no request of HTTP/1.1.")

    within(work)


def test_a_body_that_breaks_off_its_form_ends_its_request() -> None:
    async def work(server: Server) -> None:
        peer = Peer(server)
        await peer.send(post(b"x" * 100, 2)[:-60], b"no length\r\n")
        assert peer.refusal[0] == 400
        assert (len(peer.answers), server.running) == (1, 0)

    within(work)
