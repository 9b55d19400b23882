"""Engines for both databases: their pragmas, their transactions, one way to ask for keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError

from schema.errors import DatabaseAddressError
from schema.storage.sql import base64url, constant_or_none, unfit
from schema.storage.sqlite_open import OpenFile, clear

BUSY_SECONDS = 120
"""How long a writer waits for another on SQLite; a large publication takes its time."""
STARTING_SECONDS = 3_600
"""How long a server that starts waits there for one that migrates or loads: on a busy machine that
takes many times as long, and there is nothing to serve before."""
WRITES = "pactbook_writes"
"""The execution option of a connection that is going to write."""


def matches(column: sa.ColumnElement[Any], value: Any) -> sa.ColumnElement[bool]:
    """A column that equals a value, or one of a tuple of them."""
    if isinstance(value, tuple):
        return column.in_(value)
    return column.is_(value) if isinstance(value, bool) else column == value


def writer(url: str) -> sa.Engine:
    """An engine for publishing, into what has been migrated."""
    return _engine(url, writes=True)


def _engine(url: str, *, writes: bool, busy_seconds: int = BUSY_SECONDS) -> sa.Engine:
    """An engine that makes no file, and that reads one which may not be written."""
    given = address(url)
    if given.get_backend_name() != "sqlite":
        return sa.create_engine(given)
    path = Path(given.database or "").resolve()

    def connect() -> sqlite3.Connection:
        if not writes:
            return OpenFile(path, timeout=busy_seconds).raw
        clear(str(path))
        place = f"{path.as_uri()}?mode=rw"
        return sqlite3.connect(place, uri=True, timeout=busy_seconds, check_same_thread=False)

    engine = sa.create_engine(given, creator=connect)
    configure_sqlite(engine, writes=writes, busy_seconds=busy_seconds)
    return engine


@contextmanager
def connected(
    url: str, *, writes: bool = False, busy_seconds: int = BUSY_SECONDS
) -> Iterator[sa.Connection]:
    """One connection for publishing or checking; its engine ends with it.

    What only reads sees one state of the database until its transaction ends.
    """
    engine = _engine(url, writes=writes, busy_seconds=busy_seconds)
    options: dict[str, Any] = {WRITES: writes}
    if not writes and engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    try:
        with engine.connect() as connection:
            yield connection.execution_options(**options)
    finally:
        engine.dispose()


def address(url: str) -> sa.URL:
    """The address of a database with the driver that this project uses.

    DatabaseAddressError says what is wrong with it, and none of its words, as one may be secret.
    """
    try:
        given = sa.make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseAddressError("cannot be read") from None
    if given.drivername in ("postgresql", "postgres"):
        given = given.set(drivername="postgresql+psycopg")
    if given.drivername not in ("sqlite", "postgresql+psycopg"):
        raise DatabaseAddressError("names neither SQLite nor PostgreSQL")
    if "@" in (given.host or ""):
        raise DatabaseAddressError("has more than one @")
    if given.drivername == "sqlite" and given.database in (None, "", ":memory:"):
        raise DatabaseAddressError("names no file")
    return given


def named(url: str) -> str:
    """A database as whoever runs the command may be told of it: without any secret."""
    given = address(url)
    if given.get_backend_name() == "sqlite":
        return str(given.database)
    host = given.host or given.query.get("host") or "localhost"
    port = f":{given.port}" if given.port else ""
    return f"{given.database or given.username} at {host}{port}"


def ensure_directory(url: str) -> None:
    """Makes the folder that an SQLite file is to lie in, and takes a strange log away."""
    given = address(url)
    if given.get_backend_name() == "sqlite":
        path = Path(given.database or "").resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        clear(str(path))


def is_there(url: str) -> bool:
    """Whether there may be a database; false where an SQLite file has not been made."""
    given = address(url)
    return given.get_backend_name() != "sqlite" or Path(given.database or "").exists()


def configure_sqlite(
    engine: sa.Engine,
    *,
    begins: bool = True,
    writes: bool = True,
    busy_seconds: int = BUSY_SECONDS,
) -> None:
    """Pragmas and transaction starts that make SQLite safe beside other processes.

    Where transactions are begun by hand, `begins` is false; where nothing is written, `writes` is.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        connection.create_function("base64url", 1, base64url, deterministic=True)
        connection.create_function("unfit", 1, unfit)
        connection.create_function("constant", 1, constant_or_none, deterministic=True)
        cursor = connection.cursor()
        pragmas = [f"busy_timeout={busy_seconds * 1000}", "foreign_keys=ON", "synchronous=FULL"]
        for pragma in pragmas + ["journal_mode=WAL"] * writes:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if not begins:
        return

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def include_in_autogenerate(name: str | None, kind: str, parents: Any) -> bool:
    """Whether a migration is compared with the models in this: not in the full-text indexes.

    They are made by migrations alone: SQLite's in a table that brings tables of its own,
    PostgreSQL's on an expression.
    """
    return not (kind in ("table", "index") and (name or "").startswith("search_fts"))


Progress = Callable[[str, int, int], None]
"""Is told the step, how much of it is done, and of how much."""
