"""One connection: one request at a time, within bounds of bytes and of time.

uvicorn queues what a client pipelines and reads on whether its answers are taken or not, and bounds
neither headers nor the time in which they arrive.
"""

from __future__ import annotations

import asyncio
from typing import Any

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from api.http import header
from api.http.codec import WHOLE, Answer, Headers, refusal
from api.http.cors import Cors
from api.http.flow import Flow
from api.limits.limits import Bounds

END = b"\r\n\r\n"  # of every header; without it the parser takes no request
PIECE = 1_024
"""How many bytes of a body are looked at together: they may end it and begin other requests."""
FAREWELL_SECONDS = 2.0
"""How long a client may send on that has been refused, so that it can read why."""


class Connection(HttpToolsProtocol):
    """One connection, which answers one request before it looks at the next."""

    def __init__(
        self,
        bounds: Bounds,
        cors: Cors,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.connections: set[Connection]  # type: ignore[assignment]  # no other class is used
        self.cycle: RequestResponseCycle | None  # type: ignore[assignment]  # None before the first
        self.bounds, self.cors = bounds, cors
        self.extensions: dict[str, Any] = {WHOLE: self.send_whole}
        self.small = min(bounds.target_bytes, bounds.header_bytes)
        self.gate: Flow
        self.url = b""
        self.host: bytes | None = None
        """The Host of the last request, which was a fit one."""
        self.hosts: list[bytes] = []
        self.fed = 0
        """How many bytes the parser looks at."""
        self.arrived = 0
        """How many bytes have arrived of what is not complete, bodies left out."""
        self.held, self.taken = b"", 0
        """What arrived while a request ran, and how much of it was looked at."""
        self.since = self.loop.time()
        """Since when it has waited: for a request, for the rest of a header, for the end."""
        self.is_left = False
        """Whether it was refused, so that all that still arrives is thrown away."""
        self.unsent, self.moved = 0, self.since
        """How many bytes were unsent when it was last looked at, and since when none was taken."""

    @property
    def running(self) -> RequestResponseCycle | None:
        """The request that has no whole answer yet."""
        return None if self.cycle is None or self.cycle.response_complete else self.cycle

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = self.gate = Flow(transport)
        if len(self.connections) > self.bounds.connections:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        cycle = self.cycle
        if self.gate.is_held or (
            cycle is not None and not cycle.more_body and not cycle.response_complete
        ):
            if not self.is_left:
                self._hold(data)
        elif data.count(END) < 2:  # at most the end of one request and the header of another
            self._parse(data)
        else:
            self._hold(data)
            self._go_on()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.gate.is_held:
            self._go_on()

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name == b"host":
            self.hosts.append(value)
        elif name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        hosts = self.hosts
        # Nearly every header is small and has the host of the one before it.
        is_usual = len(hosts) == 1 and hosts[0] == self.host
        if not (is_usual and self.arrived + self.fed <= self.small) and (wrong := self._wrong()):
            served, self.app = self.app, header.answering(wrong, self._lines())
            try:
                super().on_headers_complete()
            finally:
                self.app = served
        else:
            super().on_headers_complete()
        self.arrived = 0
        hosts.clear()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        cycle.scope["extensions"] = self.extensions
        super()._start_asgi_task(cycle, app)

    def send_whole(self, answer: Answer) -> bool:
        """Sends the answer that is due by one write, where uvicorn takes two.

        False where it has to wait, or to be the last, which is left to uvicorn.
        """
        cycle = self.running
        if cycle is None or self.pipeline or self.flow.write_paused:
            return False
        if cycle.response_started or not cycle.keep_alive:
            return False
        if not cycle.disconnected:
            cycle.response_started = cycle.response_complete = True
            cycle.waiting_for_100_continue = False
            self.transport.writelines(self._written(answer))
            cycle.message_event.set()
            cycle.on_response()
        return True

    def on_response_complete(self) -> None:
        # Unlike uvicorn's, this sets no clock: `tick` finds who idles.
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.since, self.arrived = self.loop.time(), 0
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)
        elif self.cycle is not None and self.cycle.more_body:
            self._leave()  # nobody wants the rest of the body
        elif self.flow.write_paused:
            self._hold(b"")
        elif self.flow.read_paused:
            self._go_on()

    def tick(self, now: float) -> int:
        """Ends what waits for too long; how many bytes are unsent."""
        unsent, waited = self.transport.get_write_buffer_size(), now - self.since
        if unsent == 0 or unsent < self.unsent:
            self.moved = now
        self.unsent = unsent
        if unsent:
            if now - self.moved > self.bounds.send_seconds:
                self.transport.abort()
        elif self.is_left:
            if waited > FAREWELL_SECONDS:
                self.transport.abort()
        elif self.running is None and not self.transport.is_closing():
            if self.arrived and waited > self.bounds.header_seconds:
                self.refuse(header.too_slow(self.bounds))
            elif not self.arrived and waited > self.bounds.idle_seconds:
                self.transport.close()
        return unsent

    def _unsupported_upgrade_warning(self) -> None:
        pass  # nothing is upgraded, and nobody is told of each who asks for it

    def _hold(self, data: bytes) -> None:
        """Keeps what has arrived for later; nothing more is read meanwhile."""
        self.held = self.held[self.taken :] + data
        self.taken = 0
        self.gate.is_held = True
        self.flow.pause_reading()

    def _go_on(self) -> None:
        """Looks at what was held back, up to the end of the next request."""
        while self.taken < len(self.held):
            running = self.running
            has_body = running is not None and running.more_body
            is_free = has_body or not (running or self.flow.write_paused)
            if self.is_left or self.transport.is_closing() or not is_free:
                return
            found = self.held.find(END, self.taken + (PIECE if has_body else 0))
            end = len(self.held) if found < 0 else found + len(END)
            piece = self.held[self.taken : end]
            self.taken = end
            self._parse(piece)
        if not (self.is_left or self.flow.write_paused):
            self.held, self.taken = b"", 0
            self.gate.is_held = False
            running = self.running
            if running is None or len(running.body) <= HIGH_WATER_LIMIT:
                self.flow.resume_reading()

    def _parse(self, data: bytes) -> None:
        cycle = self.cycle
        before = len(cycle.body) if cycle is not None and cycle.more_body else 0
        self.fed = len(data)
        try:
            # The parser is there as long as the connection is.
            self.parser.feed_data(data)  # pyright: ignore[reportOptionalMemberAccess]
        except httptools.HttpParserUpgrade:
            pass  # the request is answered as if it had not asked for another protocol
        except httptools.HttpParserError:
            self.refuse(refusal(400, "This is no request of HTTP/1.1.", Connection="close"))
            return
        if self.cycle is cycle and (cycle is None or cycle.response_complete or cycle.more_body):
            after = len(cycle.body) if cycle is not None and cycle.more_body else 0
            self._grown(len(data) - (after - before))

    def _grown(self, size: int) -> None:
        """Counts what is no body: parts of a header, lengths of chunks, trailers."""
        if not self.arrived and self.running is None:
            self.since = self.loop.time()
        self.arrived += size
        if self.arrived > self.bounds.header_bytes:
            is_long = len(self.url) > self.bounds.target_bytes
            self.refuse(header.too_long(self.bounds) if is_long else header.too_large(self.bounds))

    def _wrong(self) -> Answer | None:
        """What is wrong with a header that is complete, if anything is."""
        bounds = self.bounds
        if len(self.url) > bounds.target_bytes:
            return header.too_long(bounds)
        if self.arrived + self.fed > bounds.header_bytes and header.is_large(
            self.url, self.headers, bounds
        ):
            return header.too_large(bounds)
        hosts = self.hosts
        if len(hosts) == 1 and (hosts[0] == self.host or header.is_host(hosts[0])):
            self.host = hosts[0]
            return None
        version = self.parser.get_http_version()  # pyright: ignore[reportOptionalMemberAccess]
        return None if not hosts and version == "1.0" else header.not_one(hosts)

    def _make_room(self) -> None:
        """Has whoever has waited longest for a request give way, or else this one."""
        served = []
        for each in self.connections:
            if each.is_left:
                each.transport.close()
            elif not each.transport.is_closing():
                served.append(each)
        if len(served) <= self.bounds.connections:
            return
        # No answer would be lost if one of these were closed.
        waiting = (
            each
            for each in served
            if each is not self and not each.running and not each.transport.get_write_buffer_size()
        )
        longest = min(waiting, key=lambda each: each.since, default=self)
        if longest is self or longest.arrived:
            longest.refuse(header.no_room(self.bounds))
        if longest is not self:
            longest.transport.close()

    def refuse(self, answer: Answer) -> None:
        """Answers a request that cannot be run, and nothing after it."""
        if self.pipeline:  # somebody else's answer comes first, which cannot be waited for
            self.transport.abort()
            return
        running = self.running
        if running is not None:
            running.disconnected = True
            running.message_event.set()
        if running is None or not running.response_started:
            self.transport.writelines(self._written(answer, *self._lines()))
        self._leave()

    def _written(self, answer: Answer, *more: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
        lines = (*self.server_state.default_headers, *answer.headers, *more)
        head = b"".join([b"%b: %b\r\n" % line for line in lines])
        return STATUS_LINE[answer.status] + head + b"\r\n", answer.content

    def _lines(self) -> Headers:
        return self.cors.lines(dict(self.headers or ()).get(b"origin"))

    def _leave(self) -> None:
        """Ends the connection for its own part; what still arrives is thrown away for a while."""
        self.gate.is_held = False
        self.flow.resume_reading()
        self.held, self.taken, self.gate.is_held = b"", 0, True
        self.is_left, self.since = True, self.loop.time()
        self.transport.write_eof()
