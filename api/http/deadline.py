"""How long an operation may take, and whether anybody still waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from schema.errors import TimeoutExceededError

WATCHED_SECONDS = 0.1
"""After which time it is worth looking whether the client is still there."""

T = TypeVar("T")


async def timed(work: Awaitable[T], seconds: float, receive: Receive) -> T:
    """What work comes to.

    TimeoutExceededError where it takes longer, ClientDisconnect where the client has left; the work
    is then stopped.
    """
    loop = asyncio.get_running_loop()
    clock = asyncio.timeout(seconds)
    watch = _Watch(clock, receive)
    # To listen costs as much as a short statement.
    timer = loop.call_later(WATCHED_SECONDS, watch.begin)
    try:
        async with clock:
            return await work
    except TimeoutError:
        if watch.has_left:
            raise ClientDisconnect from None
        if not clock.expired():
            raise
        raise TimeoutExceededError(seconds) from None
    finally:
        timer.cancel()
        watch.end()


class _Watch:
    """Lets a clock run out as soon as a client leaves."""

    def __init__(self, clock: asyncio.Timeout, receive: Receive) -> None:
        self.clock, self.receive = clock, receive
        self.has_left = False
        self.task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self.task = asyncio.create_task(self._watch())

    def end(self) -> None:
        if self.task is not None:
            self.task.cancel()

    async def _watch(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass  # the body of a GET, which asks nothing
        if not self.clock.expired():
            self.has_left = True
            self.clock.reschedule(asyncio.get_running_loop().time())
