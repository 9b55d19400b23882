"""Snapshots of an SQLite file.

A short answer is read on the event loop itself, where a statement costs a tenth of what a change
of threads costs. What is new is read in a thread that stops it after a while; what has shown to be
long, in others.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast

import sqlalchemy as sa

from schema.storage.admission import Capacity, Slots
from schema.storage.byte_budget import Budget
from schema.storage.eager import begun
from schema.storage.outage import Outage
from schema.storage.snapshot import Duration, Read, Snapshot, StatementListener, T, TimeBudgetError
from schema.storage.sqlite_connection import NEVER, SQLITE, SqliteConnection
from schema.storage.statement import PreparedStatement
from schema.storage.timing import Timing

SHORT_SECONDS = 0.01
"""A reading that takes less may be run on the event loop."""
NEW_RATIO = 5
"""How many times as long as on the event loop a reading may take whose duration is not known."""
UNKNOWN_PLACES = 2
"""How many such readings run at a time."""


class Work(NamedTuple):
    """What runs in another thread."""

    file: SqliteConnection
    running: asyncio.Future[Any]

    async def done(self) -> Any:
        """What it comes to; it is stopped when nobody waits for it."""
        try:
            return await asyncio.shield(self.running)
        except asyncio.CancelledError:
            self.file.is_given_up = True
            raise


class _ThreadedConnection:
    """A connection to an SQLite file that reads in other threads, for code that must wait."""

    is_far = False
    dialect = SQLITE

    def __init__(self, snapshots: SqliteSnapshots) -> None:
        self.snapshots, self.budget = snapshots, Budget(snapshots.answer_bytes)
        self.work: Work | None = None
        """What was read last."""

    async def fetch(self, statement: PreparedStatement, values: Sequence[Any]) -> Sequence[Any]:
        def read(file: SqliteConnection) -> list[Any]:
            file.budget = self.budget  # which all statements of it share
            if not file.is_begun:
                file.begin()
            return file.fetched(statement, values)

        try:
            return await self._apart(read, Duration.UNKNOWN)
        except TimeBudgetError as late:
            return await self._apart(read, late.duration)

    async def _apart(self, read: Callable[[SqliteConnection], T], duration: Duration) -> T:
        file = self.work and self.work.file
        self.work = await self.snapshots.started(read, duration, file)
        found: T = await self.work.done()
        return found


class SqliteSnapshots:
    """Snapshots of an SQLite file."""

    is_far = False
    clock = staticmethod(time.thread_time)
    """Beside other threads only the time of this one tells what a reading costs."""

    def __init__(self, url: sa.URL, answer_bytes: int, capacity: Capacity, timing: Timing) -> None:
        self.kind, self.answer_bytes = url.get_backend_name(), answer_bytes
        self.path = Path(url.database or "").resolve()
        self.timing, self.new_seconds = timing, NEW_RATIO * timing.event_loop_seconds
        self.outage = Outage(url)
        self.listeners: list[StatementListener] = []
        self.near = self._closed(is_near=True)
        """The connection of the event loop; one is enough, as whoever reads there never waits."""
        self.idle: list[SqliteConnection] = []
        self.most_idle = UNKNOWN_PLACES + capacity.long
        self.slots = {
            Duration.UNKNOWN: Slots(UNKNOWN_PLACES, capacity.waiting),
            Duration.LONG: Slots(capacity.long, capacity.waiting),
        }
        self.threads = ThreadPoolExecutor(self.most_idle, "reading")
        self.running: dict[asyncio.Future[Any], SqliteConnection] = {}

    def duration(self, seconds: float) -> Duration:
        """What a reading of so many seconds is."""
        if seconds < SHORT_SECONDS:
            return Duration.SHORT
        return Duration.UNKNOWN if seconds < self.new_seconds else Duration.LONG

    async def started(
        self,
        read: Callable[[SqliteConnection], Any],
        duration: Duration,
        file: SqliteConnection | None = None,
    ) -> Work:
        """A reading in another thread, as soon as there is a place for what takes so long."""
        slots = self.slots[duration]
        await slots.take()
        file = file or self._file()
        seconds = self.new_seconds if duration is Duration.UNKNOWN else NEVER
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self.threads, file.limited, seconds, read)
        self.running[running] = file

        def ended(_: object) -> None:
            # Where nobody has waited for it, nobody else asks what came of it.
            running.exception()
            del self.running[running]
            slots.give()

        running.add_done_callback(ended)
        return Work(file, running)

    @asynccontextmanager
    async def opened(self, duration: Duration = Duration.UNKNOWN) -> AsyncIterator[Snapshot]:
        """A snapshot whose statements run in other threads, each where there is a place for it."""
        elsewhere = _ThreadedConnection(self)
        try:
            yield elsewhere
        finally:
            if elsewhere.work is not None:
                self._give(elsewhere.work)

    async def read(self, read: Read[T], duration: Duration, is_alone: bool) -> T:
        """What a reading finds: at once where it is short, else in another thread."""
        if duration is Duration.SHORT:
            file = self._hurried()
            try:
                return _run_synchronously(file, read, is_alone)
            finally:
                file.end()
        work = await self.started(lambda file: _run_synchronously(file, read, is_alone), duration)
        try:
            found: T = await work.done()
            return found
        finally:
            self._give(work)

    def alone(self, statement: PreparedStatement, values: Sequence[Any]) -> list[Any]:
        """The rows of the one statement of a short reading, at once."""
        return self._hurried().rows(statement, values)

    def _hurried(self) -> SqliteConnection:
        """The connection of the event loop, which may be used for a short time from now."""
        file = self.near
        file.follow()
        file.budget.begin()
        file.deadline = time.monotonic() + self.timing.event_loop_seconds
        return file

    def _file(self) -> SqliteConnection:
        """A connection for other threads."""
        file = self.idle.pop() if self.idle else self._closed()
        file.follow()
        file.budget.begin()
        return file

    def _closed(self, *, is_near: bool = False) -> SqliteConnection:
        """A connection that has not been opened yet."""
        return SqliteConnection(
            self.path, self.listeners, self.outage, self.answer_bytes, self.timing, is_near=is_near
        )

    def _give(self, work: Work) -> None:
        """Takes a connection back, as soon as nothing runs on it any more."""
        file, running = work
        if not running.done():
            running.add_done_callback(lambda _: self._give(work))
            return
        file.end()
        if len(self.idle) < self.most_idle:
            self.idle.append(file)
        else:
            file.close()

    def listen(self, listener: StatementListener) -> None:
        """Has somebody told of every statement."""
        self.listeners.append(listener)

    async def dispose(self) -> None:
        """Stops what still runs, and closes every connection."""
        for file in self.running.values():
            file.is_given_up = True
        await asyncio.gather(*self.running, return_exceptions=True)
        self.threads.shutdown()
        for file in (*self.idle, self.near):
            file.close()
        self.idle = []


def _run_synchronously(file: SqliteConnection, read: Read[T], is_alone: bool) -> T:
    """What a coroutine returns that never waits, because its connection answers at once."""
    if not is_alone:
        file.begin()
    found, rest = begun(read(file))
    assert rest is None, "a reading waited"
    return cast(T, found)
