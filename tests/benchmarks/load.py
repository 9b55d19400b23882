"""The load: a process of its own that asks over as many connections as it is told to.

It reads one JSON a line: `port`, `bodies` (a file), `connections`, and `seconds` or `requests`;
and writes one: how many were answered, how fast, and how long each took.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import sys
import time
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvloop


class Connection(asyncio.Protocol):
    """One connection that is kept open, and asks again as soon as it is answered."""

    def __init__(self, ask: Callable[[], bytes | None], took: array[float]) -> None:
        self.ask, self.took = ask, took
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.held = bytearray()
        self.wanted = -1
        self.began = 0.0

    def connection_made(self, transport: Any) -> None:
        """Sends the first request."""
        self.transport = transport
        self._next()

    def _next(self) -> None:
        request = self.ask()
        if request is None:
            self.transport.close()
            return
        self.held.clear()
        self.wanted = -1
        self.began = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Counts bytes until the answer is whole."""
        self.held += data
        if self.wanted < 0:
            end = self.held.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self.held[:end]).lower()
            if not head.startswith(b"http/1.1 200"):
                self._fail(head)
                return
            _, found, length = head.partition(b"content-length:")
            if not found:
                self._fail(head)
                return
            self.wanted = end + 4 + int(length.split(b"\r\n", 1)[0])
        if len(self.held) >= self.wanted:
            self.took.append(time.perf_counter() - self.began)
            if self.held.find(b'"errors":', max(0, self.wanted - 2000)) >= 0:
                self._fail(bytes(self.held[-500:]))
                return
            self._next()

    def _fail(self, told: bytes) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError(told.decode(errors="replace")))
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Says that it is over."""
        if not self.done.done():
            self.done.set_result(None)


def request(body: bytes, port: int) -> bytes:
    """A request as it goes over the wire."""
    head = (
        f"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\naccept: application/json\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def run(told: dict[str, Any], bodies: list[bytes]) -> dict[str, float]:
    """Asks as it is told, and says how it went."""
    requests = [request(body, told["port"]) for body in bodies]
    took = array("d")
    sent = 0
    most = told.get("requests", sys.maxsize)
    began = time.perf_counter()
    until = began + told.get("seconds", 1e9)

    def ask() -> bytes | None:
        nonlocal sent
        if sent >= most or time.perf_counter() >= until:
            return None
        sent += 1
        return requests[sent % len(requests)]

    loop = asyncio.get_running_loop()
    opened = [
        await loop.create_connection(lambda: Connection(ask, took), "127.0.0.1", told["port"])
        for _ in range(told["connections"])
    ]
    await asyncio.gather(*(connection.done for _, connection in opened))
    elapsed = time.perf_counter() - began
    each = sorted(took)
    return {
        "requests": len(each),
        "elapsed": elapsed,
        "rate": len(each) / elapsed,
        "p50": each[len(each) // 2] if each else 0.0,
        "p99": each[min(len(each) - 1, len(each) * 99 // 100)] if each else 0.0,
    }


def main() -> None:
    """Answers each line with a line."""
    for line in sys.stdin:
        told = json.loads(line)
        bodies = pickle.loads(Path(told["bodies"]).read_bytes())
        sys.stdout.write(json.dumps(uvloop.run(run(told, bodies))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
