"""Snapshots of a PostgreSQL database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.pq import TransactionStatus
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from schema.errors import DatabaseAwayError, DatabaseNotReadyError, NeedsGraphQLCoreError
from schema.storage.admission import Capacity, Slots
from schema.storage.byte_budget import Budget
from schema.storage.outage import Outage
from schema.storage.postgresql_connection import STOP_SECONDS, Connection, connected
from schema.storage.snapshot import (
    Duration,
    Read,
    Snapshot,
    StatementListener,
    T,
    TimeBudgetError,
    WalkTimeBudgetError,
)
from schema.storage.statement import PreparedStatement
from schema.storage.timing import Timing

STATEMENTS_KEPT = 256
PREPARED_CHARACTERS = 32_768
"""Longer statements are not prepared: driver and database would hold each of them whole."""
Late = Callable[[], BaseException]
LONG: Late = partial(TimeBudgetError, Duration.LONG)
AWAY = ("08", "53", "57P", "58")
"""How codes begin by which the server says that it cannot go on: its connection, its resources, its
end, its system."""


class _Session:
    """One connection to PostgreSQL, in the hands of one reading."""

    is_far = True

    def __init__(
        self,
        raw: Connection,
        listeners: list[StatementListener],
        slots: Slots,
        budget: Budget,
        is_fresh: bool,
    ) -> None:
        self.raw, self.listeners, self.slots, self.is_fresh = raw, listeners, slots, is_fresh
        self.budget = budget
        self.dialect = POSTGRES
        self.late: BaseException | None = None
        """What a reading is told that has been stopped because it was long."""
        self.is_given_up = False
        """Whether nobody waits for it any more."""
        self.timer: asyncio.TimerHandle | None = None

    async def fetch(self, statement: PreparedStatement, values: Sequence[Any]) -> list[Any]:
        for listen in self.listeners:
            listen(statement.text, values)
        if self.late is not None:
            raise self.late
        given = [*values, self.budget.remains()]
        quick = statement.bounded.quick
        rows = None
        if quick and self.raw.pgconn.transaction_status == TransactionStatus.IDLE:
            rows = await self._fetched(quick, given)  # outside of a transaction it may fail
        if rows is None:
            rows = await self._fetched(statement.bounded.text, given)
        if rows is None:
            self.budget.end()
        self.budget.take(rows, statement.large)
        return rows

    async def _fetched(self, text: Any, values: Sequence[Any]) -> list[Any] | None:
        """The rows of a statement that takes their bound as its last value; None for more."""
        cursor = psycopg.AsyncRawCursor(self.raw)
        try:
            await cursor.execute(text, values, prepare=len(text) <= PREPARED_CHARACTERS)
        except psycopg.errors.ProgramLimitExceeded:
            return None
        except psycopg.Error as error:
            raise self._named(error) from error
        return await cursor.fetchall()

    def _named(self, error: psycopg.Error) -> BaseException:
        """What an error of the driver means."""
        if isinstance(error, psycopg.errors.InvalidArgumentForWidthBucketFunction):
            return NeedsGraphQLCoreError()
        if isinstance(error, psycopg.errors.UndefinedTable):
            return DatabaseNotReadyError()
        if isinstance(error, psycopg.errors.QueryCanceled) and self.late is not None:
            return self.late
        if self.raw.closed or (error.sqlstate or "").startswith(AWAY):
            self.raw.pgconn.finish()
            return DatabaseAwayError()
        return error

    async def begin(self) -> None:
        try:
            await self.raw.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        except psycopg.Error as error:
            raise self._named(error) from error

    async def end(self) -> None:
        if self.raw.pgconn.transaction_status != TransactionStatus.IDLE:
            await self.raw.rollback()


POSTGRES: sa.Dialect = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here
"""What prepared statements are written in: as PostgreSQL has it, so that the driver, which knows no
long statement again, need not look for the places of values."""


class PostgresSnapshots:
    """Snapshots of a PostgreSQL database, on connections that are used last in, first out.

    What shows to be long goes on in a place of those that are, or is stopped and waits for one.
    """

    is_far = True
    clock = staticmethod(time.monotonic)

    def __init__(self, url: sa.URL, answer_bytes: int, capacity: Capacity, timing: Timing) -> None:
        self.url, self.kind, self.answer_bytes = url, url.get_backend_name(), answer_bytes
        self.timing = timing
        self.outage = Outage(url)
        self.idle: list[Connection] = []
        self.listeners: list[StatementListener] = []
        self.usual = Slots(capacity.connections, capacity.waiting)
        self.long = Slots(capacity.long, capacity.waiting)
        self.recovering: set[asyncio.Task[None]] = set()

    def duration(self, seconds: float) -> Duration:
        """What a reading of so many seconds is."""
        return Duration.SHORT if seconds < self.timing.short_seconds else Duration.LONG

    async def _take(self, duration: Duration, late: Late, *, fresh: bool) -> _Session:
        """A connection, as soon as there is a place; a fresh one where that is asked for."""
        slots = self.long if duration is Duration.LONG else self.usual
        await slots.take()
        try:
            raw = None if fresh else self._idle()
            budget = Budget(self.answer_bytes)
            session = _Session(
                raw or await self._open(), self.listeners, slots, budget, raw is None
            )
        except BaseException:
            slots.give()
            raise
        if slots is self.usual:
            loop = asyncio.get_running_loop()
            short = self.timing.short_seconds
            session.timer = loop.call_later(short, self._lengthen, session, late)
        return session

    def _idle(self) -> Connection | None:
        while self.idle:
            raw = self.idle.pop()
            if not raw.closed:
                return raw
        return None

    async def _open(self) -> Connection:
        try:
            raw = await connected(self.url)
        except psycopg.OperationalError as error:
            raise self.outage.error(error) from error
        raw.prepared_max = STATEMENTS_KEPT
        self.outage.over()
        return raw

    def _lengthen(self, session: _Session, late: Late) -> None:
        """A reading has shown to be long."""
        if self.long.take_at_once():
            session.slots.give()
            session.slots = self.long
        else:
            session.late = late()
            session.raw.cancel_soon()

    async def _give(self, session: _Session) -> None:
        """Takes a connection back, if it still works.

        What was read stays read, so that nothing is lost with it.
        """
        if session.timer is not None:
            session.timer.cancel()
        if not session.is_given_up and session.raw.stopping is None:
            try:
                await session.end()
            except psycopg.Error:
                session.raw.pgconn.finish()
            except asyncio.CancelledError:
                self._recover_soon(session)
                raise
            self._back(session)
        else:
            self._recover_soon(session)

    def _back(self, session: _Session) -> None:
        if not session.raw.closed:
            self.idle.append(session.raw)
        session.slots.give()

    def _recover_soon(self, session: _Session) -> None:
        task = asyncio.create_task(self._recover(session))
        self.recovering.add(task)
        task.add_done_callback(self.recovering.discard)

    async def _recover(self, session: _Session) -> None:
        """Takes a connection back when nothing runs on it any more, or throws it away."""
        raw = session.raw
        try:
            async with asyncio.timeout(3 * STOP_SECONDS):
                if raw.stopping is not None:
                    await raw.stopping
                await session.end()
        except (psycopg.Error, TimeoutError):
            raw.pgconn.finish()
        finally:
            raw.stopping = None
            self._back(session)

    async def _begun(self, duration: Duration, *, fresh: bool = False) -> _Session:
        """A connection in a transaction; a fresh one where the first has been closed."""
        session = await self._take(duration, WalkTimeBudgetError, fresh=fresh)
        try:
            await session.begin()
        except BaseException as error:
            await self._give(session)
            if not isinstance(error, DatabaseAwayError):
                raise
            if session.is_fresh:
                raise self.outage.error(error.__cause__ or error) from error
            return await self._begun(duration, fresh=True)
        return session

    @asynccontextmanager
    async def opened(self, duration: Duration = Duration.UNKNOWN) -> AsyncIterator[Snapshot]:
        """A snapshot of the database."""
        session = await self._begun(duration)
        try:
            yield session
        except asyncio.CancelledError:
            session.is_given_up = True
            raise
        finally:
            await self._give(session)

    async def _used(self, work: Callable[[_Session], Awaitable[T]], duration: Duration) -> T:
        """What work comes to on a connection; on a fresh one where the first has been closed."""
        fresh = False
        while True:
            session = await self._take(duration, LONG, fresh=fresh)
            try:
                return await work(session)
            except DatabaseAwayError as error:
                if session.is_fresh:
                    raise self.outage.error(error.__cause__ or error) from error
                fresh = True
            except asyncio.CancelledError:
                session.is_given_up = True
                raise
            finally:
                await self._give(session)

    async def read(self, read: Read[T], duration: Duration, is_alone: bool) -> T:
        """What a reading finds; PostgreSQL never keeps the event loop."""

        async def work(session: _Session) -> T:
            if not is_alone:
                await session.begin()
            return await read(session)

        return await self._used(work, duration)

    async def alone(self, statement: PreparedStatement, values: Sequence[Any]) -> list[Any]:
        """The rows of the one statement of a reading."""
        return await self._used(lambda session: session.fetch(statement, values), Duration.SHORT)

    def listen(self, listener: StatementListener) -> None:
        """Has somebody told of every statement."""
        self.listeners.append(listener)

    async def dispose(self) -> None:
        """Closes every connection."""
        await asyncio.gather(*self.recovering)
        while self.idle:
            await self.idle.pop().close()
