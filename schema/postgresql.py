"""Snapshots of a PostgreSQL database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.pq import TransactionStatus
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from schema.budget import Budget
from schema.prepared import Statement
from schema.snapshot import Heard, Read, Snapshot, T, UnfitError, tell

CONNECTIONS = 8
STATEMENTS_KEPT = 256
PREPARED_CHARACTERS = 32_768
"""Longer statements are not prepared: driver and database would hold each of them whole."""


class _Session:
    """One connection to PostgreSQL."""

    is_far = True

    def __init__(
        self,
        raw: psycopg.AsyncConnection[Any],
        url: sa.URL,
        heard: list[Heard],
        answer_bytes: int,
    ) -> None:
        async def creator() -> psycopg.AsyncConnection[Any]:
            return raw

        self.raw, self.heard, self.budget = raw, heard, Budget(answer_bytes)
        self.engine: AsyncEngine = create_async_engine(
            url, poolclass=StaticPool, async_creator=creator
        )
        tell(self.engine.sync_engine, heard)
        self.dialect = POSTGRES
        self.sql: AsyncConnection | None = None

    async def fetch(self, statement: Statement, values: Sequence[Any]) -> list[Any]:
        for heard in self.heard:
            heard(statement.text, values)
        given = [*values, self.budget.remains()]
        quick = statement.bounded.quick
        rows = None
        if quick and self.raw.pgconn.transaction_status == TransactionStatus.IDLE:
            rows = await self._fetched(quick, given)  # outside of a transaction it may fail
        if rows is None:
            rows = await self._fetched(statement.bounded.text, given)
        if rows is None:
            self.budget.end()
        self.budget.take(rows, statement.told)
        return rows

    async def _fetched(self, text: Any, values: Sequence[Any]) -> list[Any] | None:
        """The rows of a statement that takes their bound as its last value; None for more."""
        cursor = psycopg.AsyncRawCursor(self.raw)
        try:
            await cursor.execute(text, values, prepare=len(text) <= PREPARED_CHARACTERS)
        except psycopg.errors.InvalidTextRepresentation as error:
            raise UnfitError from error
        except psycopg.errors.ProgramLimitExceeded:
            return None
        return await cursor.fetchall()

    async def connected(self) -> AsyncConnection:
        """The same connection in SQLAlchemy's hands."""
        if self.sql is None:
            self.sql = await self.engine.connect()
        return self.sql

    async def call(self, function: Callable[[sa.Connection], T]) -> T:
        return await (await self.connected()).run_sync(function)

    async def begin(self) -> None:
        await self.raw.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    async def end(self) -> None:
        if self.sql is not None:
            await self.sql.rollback()
        if self.raw.pgconn.transaction_status != TransactionStatus.IDLE:
            await self.raw.rollback()

    async def close(self) -> None:
        if self.sql is not None:
            await self.sql.invalidate()
        await self.engine.dispose()
        await self.raw.close()


POSTGRES: sa.Dialect = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here
"""What prepared statements are written in: as PostgreSQL has it, so that the driver, which knows no
long statement again, need not look for the places of values."""


class PostgresSnapshots:
    """Snapshots of a PostgreSQL database, on connections that are used last in, first out."""

    is_far = True
    missing: tuple[type[Exception], ...] = (
        psycopg.errors.UndefinedTable,
        psycopg.OperationalError,
    )
    broken: type[Exception] = psycopg.Error

    def __init__(self, url: sa.URL, answer_bytes: int) -> None:
        self.url, self.kind, self.answer_bytes = url, url.get_backend_name(), answer_bytes
        self.idle: list[_Session] = []
        self.heard: list[Heard] = []
        self.free = asyncio.Semaphore(CONNECTIONS)

    async def _open(self) -> _Session:
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        raw = await psycopg.AsyncConnection.connect(address, autocommit=True, prepare_threshold=0)
        raw.prepared_max = STATEMENTS_KEPT
        return _Session(raw, self.url, self.heard, self.answer_bytes)

    async def _take(self) -> _Session:
        while self.idle:
            session = self.idle.pop()
            if not session.raw.closed:
                session.budget.begin()
                return session
            await session.close()
        return await self._open()

    async def _give(self, session: _Session) -> None:
        """Takes a connection back, if it still works: SQLAlchemy closes one that nobody waits for.

        What was read stays read, so that nothing is lost with it.
        """
        try:
            await session.end()
            self.idle.append(session)
        except (psycopg.Error, SQLAlchemyError, asyncio.CancelledError):
            await session.close()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Snapshot]:
        """A snapshot of the database."""
        async with self.free:
            session = await self._take()
            try:
                await session.begin()
                yield session
            finally:
                await self._give(session)

    async def read(self, read: Read[T], is_short: bool, is_alone: bool) -> T:
        """What a reading finds; PostgreSQL never keeps the event loop."""
        async with self.free:
            session = await self._take()
            try:
                if not is_alone:
                    await session.begin()
                return await read(session)
            finally:
                await self._give(session)

    async def alone(self, statement: Statement, values: Sequence[Any]) -> list[Any]:
        """The rows of the one statement of a reading."""
        async with self.free:
            session = await self._take()
            try:
                return await session.fetch(statement, values)
            finally:
                await self._give(session)

    def listen(self, heard: Heard) -> None:
        """Has somebody told of every statement."""
        self.heard.append(heard)

    async def dispose(self) -> None:
        """Closes every connection."""
        while self.idle:
            await self.idle.pop().close()
