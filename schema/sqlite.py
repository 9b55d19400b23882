"""Snapshots of an SQLite file.

A short answer is read on the event loop itself, where a statement costs a tenth of what a change
of threads costs; what takes longer is interrupted, and read again in another thread.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from schema.budget import SLACK, Budget
from schema.database import prepare
from schema.errors import AnswerTooLargeError
from schema.prepared import Statement
from schema.snapshot import Heard, LateError, Read, Snapshot, T, UnfitError, tell

THREADS = 2
"""How many read beside the event loop, each on a connection of its own; who comes later waits."""
NEAR_KIBIBYTES, FAR_KIBIBYTES = 6_144, 1_024
"""How much of the file the connection of the event loop holds in memory, and each of the others."""
STATEMENTS_KEPT = 256
NEVER = float("inf")
STEPS = 10_000
"""After how many instructions SQLite looks whether its time is up."""
NEAR_BYTES = SLACK
"""How long a value may be that is read on the event loop; a longer one is read again elsewhere."""
PORTION = 16
"""How many rows are fetched before they are counted."""


class _File:
    """One connection to an SQLite file; it reads where it is called."""

    is_far = False

    def __init__(
        self,
        engine: sa.Engine,
        heard: list[Heard],
        answer_bytes: int,
        *,
        is_near: bool = False,
    ) -> None:
        self.heard, self.budget, self.is_near = heard, Budget(answer_bytes), is_near
        self.dialect = engine.dialect
        self.sql = engine.connect()
        raw: Any = self.sql.connection.driver_connection
        self.raw: sqlite3.Connection = raw
        self.raw.execute(f"PRAGMA cache_size = -{NEAR_KIBIBYTES if is_near else FAR_KIBIBYTES}")
        self.sql.rollback()
        self.deadline = NEVER
        self.raw.set_progress_handler(self._is_late, STEPS)
        # No value that SQLite makes may be larger; what it keeps may, within reason.
        longest = NEAR_BYTES if is_near else answer_bytes + SLACK
        self.raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)

    def _is_late(self) -> int:
        return time.monotonic() > self.deadline

    def begin(self) -> None:
        self._run("BEGIN", ())

    def end(self) -> None:
        self.deadline = NEVER
        if self.sql.in_transaction():
            self.sql.rollback()
        if self.raw.in_transaction:
            self.raw.rollback()

    def close(self) -> None:
        self.sql.close()

    async def fetch(self, statement: Statement, values: Sequence[Any]) -> Sequence[Any]:
        return self.fetched(statement, values)

    async def call(self, function: Callable[[sa.Connection], T]) -> T:
        return function(self.sql)

    def fetched(self, statement: Statement, values: Sequence[Any]) -> list[Any]:
        if self._is_late():
            raise LateError
        return self.rows(statement, values)

    def rows(self, statement: Statement, values: Sequence[Any]) -> list[Any]:
        for heard in self.heard:
            heard(statement.text, values)
        return self._run(statement.text, values, statement.told)

    def _run(self, text: str, values: Sequence[Any], told: Sequence[int] = ()) -> list[Any]:
        try:
            cursor = self.raw.execute(text, values)
            try:
                return self._portions(cursor, told)
            finally:
                cursor.close()
        except (sqlite3.OperationalError, sqlite3.DataError, MemoryError) as error:
            raise self._told(error) from error

    def _portions(self, cursor: sqlite3.Cursor, told: Sequence[int]) -> list[Any]:
        """All rows, unless they are more than the reading may fetch."""
        if self.is_near:
            # In so short a time little is fetched, and what is told is counted when it is written.
            rows = cursor.fetchall()
            if not told:
                self.budget.take(rows)
            return rows
        rows = []
        while True:
            portion = cursor.fetchmany(PORTION)
            self.budget.take(portion, told)
            rows += portion
            if len(portion) < PORTION:
                return rows

    def _told(self, error: Exception) -> Exception:
        if isinstance(error, MemoryError) or "too big" in str(error):
            return LateError() if self.is_near else AnswerTooLargeError(self.budget.most)
        if "interrupted" in str(error):
            return LateError()
        return UnfitError() if "malformed JSON" in str(error) else error


class _Elsewhere:
    """A connection to an SQLite file that reads in another thread, for code that must wait."""

    is_far = False

    def __init__(self, file: _File, threads: ThreadPoolExecutor) -> None:
        self.file, self.threads, self.dialect = file, threads, file.dialect
        self.budget = file.budget
        self.running: asyncio.Future[Any] | None = None

    async def fetch(self, statement: Statement, values: Sequence[Any]) -> Sequence[Any]:
        return await self.apart(lambda: self.file.fetched(statement, values))

    async def call(self, function: Callable[[sa.Connection], T]) -> T:
        return await self.apart(lambda: function(self.file.sql))

    async def apart(self, work: Callable[[], T]) -> T:
        """What work comes to in another thread; it is stopped when nobody waits for it."""

        def worked() -> T:
            try:
                return work()
            except AnswerTooLargeError as error:
                error.let_go()  # its future would hold it until the collector comes
                raise error from None

        self.running = asyncio.get_running_loop().run_in_executor(self.threads, worked)
        try:
            return await asyncio.shield(self.running)
        except asyncio.CancelledError:
            self.file.deadline = 0.0
            raise

    async def stopped(self) -> None:
        """Waits until nothing runs any more."""
        if self.running is not None:
            await asyncio.gather(self.running, return_exceptions=True)


class SqliteSnapshots:
    """Snapshots of an SQLite file."""

    is_far = False
    missing: tuple[type[Exception], ...] = (sqlite3.OperationalError,)
    broken: type[Exception] = sqlite3.Error

    def __init__(self, url: sa.URL, short_seconds: float, answer_bytes: int) -> None:
        self.url, self.kind, self.answer_bytes = url, url.get_backend_name(), answer_bytes
        self.short_seconds = short_seconds
        self.near: _File | None = None
        """The connection of the event loop; one is enough, as whoever reads there never waits."""
        self.idle: list[_File] = []
        self.heard: list[Heard] = []
        self.threads = ThreadPoolExecutor(THREADS, "reading")
        self.free = asyncio.Semaphore(THREADS)
        arguments = {"check_same_thread": False, "cached_statements": STATEMENTS_KEPT}
        self.engine = sa.create_engine(url, poolclass=NullPool, connect_args=arguments)
        prepare(self.engine, begins=False)
        tell(self.engine, self.heard)

    @asynccontextmanager
    async def _elsewhere(self) -> AsyncIterator[_Elsewhere]:
        """A connection that reads in another thread, as soon as one is free."""
        async with self.free:
            file = self.idle.pop() if self.idle else self._open()
            file.budget.begin()
            elsewhere = _Elsewhere(file, self.threads)
            try:
                yield elsewhere
            finally:
                await elsewhere.stopped()
                file.end()
                self.idle.append(file)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Snapshot]:
        """A snapshot whose statements run in other threads."""
        async with self._elsewhere() as elsewhere:
            elsewhere.file.begin()
            yield elsewhere

    async def read(self, read: Read[T], is_short: bool, is_alone: bool) -> T:
        """What a reading finds: at once where it is short, else in another thread."""
        if is_short:
            file = self._hurried()
            try:
                return _driven(file, read, is_alone)
            finally:
                file.end()
        async with self._elsewhere() as elsewhere:
            return await elsewhere.apart(lambda: _driven(elsewhere.file, read, is_alone))

    def alone(self, statement: Statement, values: Sequence[Any]) -> list[Any]:
        """The rows of the one statement of a short reading, at once."""
        return self._hurried().rows(statement, values)

    def _hurried(self) -> _File:
        """The connection of the event loop, which may be used for a short time from now."""
        file = self.near
        if file is None:
            file = self.near = self._open(is_near=True)
        file.budget.begin()
        file.deadline = time.monotonic() + self.short_seconds
        return file

    def _open(self, *, is_near: bool = False) -> _File:
        return _File(self.engine, self.heard, self.answer_bytes, is_near=is_near)

    def listen(self, heard: Heard) -> None:
        """Has somebody told of every statement."""
        self.heard.append(heard)

    async def dispose(self) -> None:
        """Closes every connection."""
        self.threads.shutdown()
        for file in (*self.idle, *filter(None, [self.near])):
            file.close()
        self.idle, self.near = [], None


def _driven(file: _File, read: Read[T], is_alone: bool) -> T:
    """What a coroutine returns that never waits, because its connection answers at once."""
    if not is_alone:
        file.begin()
    try:
        read(file).send(None)
    except StopIteration as stopped:
        value: T = stopped.value
        return value
    raise AssertionError("a reading waited")
