"""The statements by hand, asked through the plain driver of each database."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

import psycopg
import sqlalchemy as sa

from schema.storage.sqlite_connection import NEAR_KIBIBYTES
from tests.benchmarks.handwritten import OPERATIONS, Operation, Variables, statement
from tests.benchmarks.postgres import plain

CONNECTIONS = 8


class SqliteAsker:
    """Asks one SQLite file, inline: a short query is over before a thread would have begun."""

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        self.connection.execute(f"PRAGMA cache_size = -{NEAR_KIBIBYTES}")
        self.known = {name: (each, statement("sqlite", name)) for name, each in OPERATIONS.items()}

    async def answer(self, name: str, variables: Variables) -> bytes:
        """The body of the answer to a question."""
        return self.told(name, variables)

    def told(self, name: str, variables: Variables) -> bytes:
        """The same without a loop."""
        operation, text = self.known[name]
        rows = self.connection.execute(text, operation.bind(variables)).fetchall()
        return _body(operation, rows)

    async def close(self) -> None:
        """Ends the connection."""
        self.connection.close()


class PostgresqlAsker:
    """Asks PostgreSQL with prepared statements over a few connections, the last used first."""

    def __init__(self, url: sa.URL, connections: int = CONNECTIONS) -> None:
        self.address, self.size = plain(url), connections
        self.idle: asyncio.LifoQueue[psycopg.AsyncConnection] = asyncio.LifoQueue()
        self.opened = 0
        self.known = {
            name: (each, statement("postgresql", name).encode())
            for name, each in OPERATIONS.items()
        }

    async def answer(self, name: str, variables: Variables) -> bytes:
        """The body of the answer to a question."""
        operation, text = self.known[name]
        connection = await self._taken()
        try:
            bound = [*operation.bind(variables).values()]
            cursor = await connection.execute(text, bound, prepare=True)
            rows = await cursor.fetchall()
        finally:
            self.idle.put_nowait(connection)
        return _body(operation, rows)

    async def _taken(self) -> psycopg.AsyncConnection:
        if self.idle.empty() and self.opened < self.size:
            self.opened += 1
            return await psycopg.AsyncConnection.connect(
                self.address, autocommit=True, cursor_factory=psycopg.AsyncRawCursor
            )
        return await self.idle.get()

    async def close(self) -> None:
        """Ends the connections."""
        while not self.idle.empty():
            await self.idle.get_nowait().close()


def _body(operation: Operation, rows: Any) -> bytes:
    return b'{"data":' + operation.told(rows).encode() + b"}"


Asker = SqliteAsker | PostgresqlAsker


def asker(url: str) -> Asker:
    """Who asks the database of a URL."""
    address = sa.make_url(url)
    if address.get_backend_name() != "sqlite":
        return PostgresqlAsker(address)
    assert address.database is not None
    return SqliteAsker(address.database)
