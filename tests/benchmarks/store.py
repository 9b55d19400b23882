"""Databases that hold the made-up world: written in bulk once, and kept for the next run."""

from __future__ import annotations

import hashlib
import inspect
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa
from psycopg import sql
from rich.progress import Progress
from sqlmodel import SQLModel

from api.database.migrate import migrate
from api.database.revision import head
from schema.publishing import fanout
from schema.storage.engine import writer
from tests.benchmarks import data, postgres, telling, words
from tests.benchmarks.data import World

BATCH = 20_000
Told = Callable[[int], None]


class Writer(Protocol):
    """Where rows go: many of one table at a time."""

    def write(self, table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
        """Adds rows to a table."""


def fill(url: str, world: World, told: Told = lambda records: None) -> None:
    """Migrates an empty database and writes a world into it, with statistics and figures."""
    migrate(url)
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        assert address.database is not None
        with sqlite_writer(Path(address.database)) as inserts:
            pour(inserts, world, told)
    else:
        with postgresql_writer(address) as copier:
            pour(copier, world, told)
    engine = writer(url)
    with engine.begin() as connection:
        fanout.rebuild(connection)
    engine.dispose()


def pour(writer: Writer, world: World, told: Told) -> None:
    """Hands a world to a writer; identities before what points at them."""
    tables = SQLModel.metadata.tables
    columns = {name: [*table.c.keys()] for name, table in tables.items()}
    waiting: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    records = 0

    def flush() -> None:
        for table in sorted(waiting, key=lambda name: (name != "edition", name != "record")):
            if waiting[table]:
                writer.write(table, columns[table], waiting[table])
                waiting[table].clear()

    for table, row in world.rows():
        waiting[table].append(tuple(map(row.get, columns[table])))
        records += table in world.count
        if len(waiting["record"]) >= BATCH:
            flush()
            told(records)
    flush()
    told(world.records)


class _Inserts:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def write(self, table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
        """Adds rows to a table."""
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        self.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)


@contextmanager
def sqlite_writer(path: Path) -> Iterator[Writer]:
    """A writer into a migrated SQLite file; its indexes are made when all rows are there."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # Nobody sees the file before it is whole, and a journal would take as much room again.
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        connection.execute("UPDATE edition_counter SET number = 2")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f'DROP INDEX "{name}"')
        yield _Inserts(connection)
        for _, statement in indexes:
            connection.execute(statement)
        connection.execute("INSERT INTO search_fts (search_fts) VALUES ('rebuild')")
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


class _Copies:
    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection

    def write(self, table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
        """Adds rows to a table."""
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        told = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        with self.connection.cursor().copy(told) as copy:
            for row in rows:
                copy.write_row(row)


@contextmanager
def postgresql_writer(address: sa.URL) -> Iterator[Writer]:
    """A writer into a migrated PostgreSQL database; its indexes are made at the end."""
    with psycopg.connect(postgres.plain(address), autocommit=True) as connection:
        indexes = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND "
            "indexname NOT IN (SELECT conname FROM pg_constraint)"
        ).fetchall()
        with connection.transaction():
            connection.execute("UPDATE edition_counter SET number = 2")
            for name, _ in indexes:
                connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
            # Who may leave the foreign keys unlooked at does; a test looks at them.
            connection.execute(
                "SELECT set_config('session_replication_role', 'replica', true) "
                "FROM pg_roles WHERE rolname = current_user AND rolsuper"
            )
            yield _Copies(connection)
            for _, definition in indexes:
                connection.execute(definition.encode())
        connection.execute("VACUUM ANALYZE")


def fingerprint() -> str:
    """What the rows depend on beside scale and seed: the generator and the schema's revision."""
    told = head() + "".join(map(inspect.getsource, (data, telling, words)))
    return hashlib.sha256(told.encode()).hexdigest()[:10]


class Shelf:
    """The databases of one folder, by kind and scale."""

    def __init__(self, folder: Path, progress: Progress) -> None:
        self.folder, self.progress = folder, progress
        folder.mkdir(parents=True, exist_ok=True)

    def server(self) -> AbstractContextManager[sa.URL]:
        """The PostgreSQL of the folder, running."""
        return postgres.kept_server(self.folder.resolve())

    def sqlite(self, scale: float, seed: int = 1) -> str:
        """The URL of an SQLite file with the world of a scale."""
        path = self.folder / f"world-{scale:g}-{seed}-{fingerprint()}.db"
        if not path.exists():
            unfinished = path.with_suffix(".new")
            for end in ("", "-wal", "-shm"):
                Path(f"{unfinished}{end}").unlink(missing_ok=True)
            self._fill(f"sqlite:///{unfinished}", scale, seed)
            unfinished.rename(path)
        return f"sqlite:///{path}"

    def postgresql(self, server: sa.URL, scale: float, seed: int = 1) -> str:
        """The URL of a database of a running server with the world of a scale."""
        name = f"world-{scale:g}-{seed}-{fingerprint()}"
        if name not in postgres.databases(server):
            unfinished = f"{name}-new"
            postgres.drop(server, unfinished)
            postgres.create(server, unfinished)
            url = server.set(database=unfinished).render_as_string(hide_password=False)
            self._fill(url, scale, seed)
            postgres.rename(server, unfinished, name)
        return server.set(database=name).render_as_string(hide_password=False)

    def _fill(self, url: str, scale: float, seed: int) -> None:
        world = World(scale, seed)
        kind = sa.make_url(url).get_backend_name()
        task = self.progress.add_task(f"Writing scale {scale:g} to {kind}", total=world.records)
        fill(url, world, lambda records: self.progress.update(task, completed=records))
        self.progress.remove_task(task)
