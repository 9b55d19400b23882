"""The other side of a connection, without a socket: what it sends, and what it is answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from api.http.cors import Cors
from api.http.protocol import Connection
from api.limits.limits import Bounds

HOST = b"Host: pactbook.test\r\n"
GET = b"GET /%d HTTP/1.1\r\n" + HOST + b"\r\n"
HIGH_WATER = 65_536


class Peer(asyncio.Transport):
    """The other side of a connection, which sends in pieces and reads or does not."""

    def __init__(self, server: Server, *, reads: bool = True) -> None:
        super().__init__()
        self.reads, self.is_paused, self.is_stopped = reads, False, False
        self.written, self.unsent = bytearray(), 0
        self.is_ended = self.is_aborted = False
        self.connection = Connection(
            server.bounds, server.cors, server.config, server.state, {}, asyncio.get_running_loop()
        )
        self.connection.connection_made(self)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default

    def is_closing(self) -> bool:
        return self.is_stopped

    def pause_reading(self) -> None:
        assert not self.is_paused, "paused twice"
        self.is_paused = True

    def resume_reading(self) -> None:
        assert self.is_paused, "was not paused"
        self.is_paused = False

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def write(self, data: Any) -> None:
        assert not self.is_ended, "writes after the end"
        self.written += data
        if not self.reads:
            before, self.unsent = self.unsent, self.unsent + len(data)
            if before <= HIGH_WATER < self.unsent:
                self.connection.pause_writing()

    def write_eof(self) -> None:
        self.is_ended = True

    def close(self) -> None:
        if not self.is_stopped:
            self.is_stopped = True
            asyncio.get_running_loop().call_soon(self.connection.connection_lost, None)

    def abort(self) -> None:
        self.is_aborted = True
        self.close()

    def read(self, size: int) -> None:
        """Takes so much of what is unsent."""
        before, self.unsent = self.unsent, self.unsent - size
        if self.unsent == 0 and before > 0:
            self.connection.resume_writing()

    async def send(self, *pieces: bytes) -> None:
        """Sends piece after piece, as far as they are taken."""
        for piece in pieces:
            await self.constrain()
            if self.is_paused or self.is_stopped:
                return
            self.connection.data_received(piece)
        await self.constrain()

    async def constrain(self) -> None:
        """Waits until nothing more happens by itself."""
        for _ in range(1_000):
            before = (len(self.written), self.is_paused, self.is_stopped, self.is_ended)
            for _ in range(10):
                await asyncio.sleep(0)
            if before == (len(self.written), self.is_paused, self.is_stopped, self.is_ended):
                return
        raise AssertionError("it never rests")

    @property
    def answers(self) -> list[tuple[int, dict[str, str], bytes]]:
        """The responses, in order."""
        found, rest = [], bytes(self.written)
        while rest:
            header, _, rest = rest.partition(b"\r\n\r\n")
            first, *lines = header.decode().split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines)
            size = int(headers["content-length"])
            found.append((int(first.split()[1]), headers, rest[:size]))
            rest = rest[size:]
        return found

    @property
    def refusal(self) -> tuple[int, str]:
        """The status and the message of the last answer, an error."""
        status, headers, body = self.answers[-1]
        assert headers["connection"] == "close"
        assert headers["content-type"].startswith("application/json")
        (error,) = json.loads(body)["errors"]
        assert error["extensions"]["code"] == ("SERVER_BUSY" if status == 503 else "BAD_REQUEST")
        return status, error["message"]


class Server:
    """What connections share, and an application that tells what it was asked."""

    def __init__(self, cors: str = "", **bounds: Any) -> None:
        self.bounds, self.cors = Bounds(**bounds), Cors(cors)
        self.config = uvicorn.Config(self.app, log_config=None, interface="asgi3", ws="none")
        self.state = ServerState()
        self.running = self.most = self.asked = 0
        self.latch = asyncio.Event()
        self.latch.set()
        self.is_late = False
        """Whether even the body is read only when the latch opens."""
        self.size = 0

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        self.running += 1
        self.most = max(self.most, self.running)
        if self.is_late:
            await self.latch.wait()
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        await self.latch.wait()
        told = scope["path"].encode() + b" " + body + b"." * self.size
        headers = [(b"content-length", b"%d" % len(told))]
        self.running -= 1
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": told})


def within(work: Callable[[Server], Awaitable[None]], **given: Any) -> None:
    """Does something with a server of these bounds."""

    async def done() -> None:
        await work(Server(**given))

    asyncio.run(done())


def post(body: bytes, chunks: int) -> bytes:
    """A request with a body, whole or in chunks."""
    if not chunks:
        return b"POST /p HTTP/1.1\r\n%bContent-Length: %d\r\n\r\n%b" % (HOST, len(body), body)
    size = len(body) // chunks + 1
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    sent = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    return b"POST /p HTTP/1.1\r\n%bTransfer-Encoding: chunked\r\n\r\n%b0\r\n\r\n" % (HOST, sent)
