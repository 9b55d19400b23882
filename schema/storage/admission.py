"""Admission: how many readings run at a time, how many wait, and who is told to come again."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from schema.errors import ServerBusyError


@dataclass(frozen=True)
class Capacity:
    """How many readings a process takes on."""

    connections: int = 8
    """How many that are not known to be long run at a time on PostgreSQL."""
    long: int = 2
    """How many run at a time that are known to be long."""
    waiting: int = 512
    """How many may wait, long ones and others apart."""


class Slots:
    """So many places to run, and so many to wait for one, first come, first served."""

    def __init__(self, running: int, waiting: int) -> None:
        self.free, self.most = running, waiting
        self.queue: deque[asyncio.Future[None]] = deque()

    def take_at_once(self) -> bool:
        """Takes a place if one is free; nobody waits while one is."""
        if not self.free:
            return False
        self.free -= 1
        return True

    async def take(self) -> None:
        """Waits for a place; ServerBusyError where too many wait already."""
        if self.take_at_once():
            return
        if len(self.queue) >= self.most:
            raise ServerBusyError
        turn = asyncio.get_running_loop().create_future()
        self.queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self.queue.remove(turn)
            else:
                self.give()
            raise

    def give(self) -> None:
        """Gives a place to who waits first."""
        for turn in self.queue:
            if not turn.done():
                self.queue.remove(turn)
                turn.set_result(None)
                return
        self.free += 1
