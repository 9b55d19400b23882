"""Engines for both databases: their pragmas, their transactions, one way to ask for keys."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import GenericFunction

from schema.errors import DatabaseAddressError
from schema.opening import OpenFile, clear
from schema.prepared import Late, is_late, resolved
from schema.value import Words

BUSY_SECONDS = 120
"""How long a writer waits for another on SQLite; a large publication takes its time."""
WRITES = "pactbook_writes"
"""The execution option of a connection that is going to write."""


class KeyList(sa.types.TypeDecorator[list[str]]):
    """Many keys in one parameter: a JSON text on SQLite, an array on PostgreSQL."""

    impl = sa.Text
    cache_ok = True
    member: Any = sa.Text()

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        kind: Any = _array(self.member) if dialect.name == "postgresql" else sa.Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        """The keys as the database takes them."""
        if value is None or dialect.name == "postgresql":
            return value
        return orjson.dumps(list(value)).decode()


class NumberList(KeyList):
    """The same for numbers."""

    cache_ok = True
    member = sa.BigInteger()


def _array(kind: Any) -> Any:
    from sqlalchemy.dialects.postgresql import ARRAY  # noqa: PLC0415  # heavy, and idle on SQLite

    return ARRAY(kind)


class _KeyIn(ColumnElement[bool]):
    """`column IN keys`, in a statement whose text does not depend on how many there are."""

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012  # as SQLAlchemy has it
        ("column", sa.sql.visitors.InternalTraversal.dp_clauseelement),
        ("keys", sa.sql.visitors.InternalTraversal.dp_clauseelement),
    ]
    type = sa.Boolean()

    def __init__(self, column: ColumnElement[Any], keys: ColumnElement[Any]) -> None:
        self.column, self.keys = column, keys

    @property
    def is_found(self) -> bool:
        """Whether the statement finds the keys itself."""
        return isinstance(self.keys, sa.ScalarSelect)

    def self_group(self, against: Any = None) -> _KeyIn:
        """Itself: as an unknown boolean it would be written `… = 1`, which no index serves."""
        return self


@compiles(_KeyIn, "sqlite")
def _sqlite_keys(element: _KeyIn, compiler: Any, **options: Any) -> str:
    column, keys = (compiler.process(part, **options) for part in (element.column, element.keys))
    found = keys if element.is_found else f"(SELECT value FROM json_each({keys}))"  # noqa: S608  # compiled SQL
    return f"{column} IN {found}"


@compiles(_KeyIn, "postgresql")
def _postgresql_keys(element: _KeyIn, compiler: Any, **options: Any) -> str:
    # Of an array it does not guess that most rows match, as it does of a recursion.
    column, keys = (compiler.process(part, **options) for part in (element.column, element.keys))
    return f"{column} = ANY (ARRAY{keys})" if element.is_found else f"{column} = ANY ({keys})"


Keys = Sequence[Any] | Late | sa.Select[Any]
"""Keys that are known, that are known when the statement runs, or that it finds itself."""


def key_in(column: ColumnElement[Any], keys: Keys) -> ColumnElement[bool]:
    """Rows whose column is one of the keys."""
    kind = KeyList() if isinstance(column.type, type(Words)) else NumberList()
    if isinstance(keys, sa.Select):
        return _KeyIn(column, keys.scalar_subquery())
    given = keys if isinstance(keys, Late) else _together(list(keys))
    return _KeyIn(column, sa.bindparam(None, given, type_=kind, unique=True))


def _together(keys: list[Any]) -> Any:
    """Keys of which some may only be known when the statement runs."""
    return Late(lambda reading: resolved(keys, reading)) if is_late(keys) else keys


def matches(column: sa.ColumnElement[Any], value: Any) -> sa.ColumnElement[bool]:
    """A column that equals a value, or one of a tuple of them."""
    if isinstance(value, tuple):
        return column.in_(value)
    return column.is_(value) if isinstance(value, bool) else column == value


class _Afterwards(GenericFunction[bool]):
    """A test that nothing is looked up by."""

    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> _Afterwards:
        """Itself: as an unknown boolean it would be written `… = 1`."""
        return self


@compiles(_Afterwards)
def _tested(element: _Afterwards, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(_Afterwards, "sqlite")
def _tested_by_sqlite(element: _Afterwards, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


def afterwards(*tests: ColumnElement[bool]) -> ColumnElement[bool]:
    """Tests of rows that others have found by an index.

    For the sake of such a test SQLite would read the whole table beforehand, to look up less.
    """
    return _Afterwards(sa.and_(*tests).self_group())


def writer(url: str) -> sa.Engine:
    """An engine for publishing, into what has been migrated."""
    return _engine(url, writes=True)


def _engine(url: str, *, writes: bool) -> sa.Engine:
    """An engine that makes no file, and that reads one which may not be written."""
    given = address(url)
    if given.get_backend_name() != "sqlite":
        return sa.create_engine(given)
    path = Path(given.database or "").resolve()

    def connect() -> sqlite3.Connection:
        if not writes:
            return OpenFile(path, timeout=BUSY_SECONDS).raw
        clear(str(path))
        place = f"{path.as_uri()}?mode=rw"
        return sqlite3.connect(place, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)

    engine = sa.create_engine(given, creator=connect)
    prepare(engine, writes=writes)
    return engine


@contextmanager
def connected(url: str, *, writes: bool = False) -> Iterator[sa.Connection]:
    """One connection for publishing or checking; its engine ends with it.

    What only reads sees one state of the database until its transaction ends.
    """
    engine = _engine(url, writes=writes)
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


def place(url: str) -> None:
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


def base64url(told: bytes | str | None) -> str | None:
    """Base64 for addresses, without padding; PostgreSQL has its own, SQLite calls this."""
    if told is None:
        return None
    data = told.encode() if isinstance(told, str) else told
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def prepare(engine: sa.Engine, *, begins: bool = True, writes: bool = True) -> None:
    """Pragmas and transaction starts that make SQLite safe beside other processes.

    Where transactions are begun by hand, `begins` is false; where nothing is written, `writes` is.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        connection.create_function("base64url", 1, base64url, deterministic=True)
        cursor = connection.cursor()
        pragmas = [f"busy_timeout={BUSY_SECONDS * 1000}", "foreign_keys=ON", "synchronous=FULL"]
        for pragma in pragmas + ["journal_mode=WAL"] * writes:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if not begins:
        return

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def compared(name: str | None, kind: str, parents: Any) -> bool:
    """Whether a migration is compared with the models in this: not in the full-text indexes.

    They are made by migrations alone: SQLite's in a table that brings tables of its own,
    PostgreSQL's on an expression.
    """
    return not (kind in ("table", "index") and (name or "").startswith("search_fts"))
