"""Databases for tests: made by migrations, on SQLite and on PostgreSQL, asked through the graph."""

from __future__ import annotations

import asyncio
import datetime
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from api.load import load, publish_to
from api.migrate import migrate
from schema.check import Report, check
from schema.coder import read_dossier
from schema.context import Context
from schema.database import connected, reader
from schema.publish import Publication
from schema.query import build
from tests.localpg import Server

NOW = datetime.datetime(2026, 11, 24, 12, 0, tzinfo=datetime.UTC)
"""When the tests publish, so that both databases tell the same instant."""


@dataclass
class Answer:
    """An answer of the graph, with the SQL statements it took."""

    data: Any
    errors: list[Any]
    extensions: dict[str, Any]
    statements: list[str] = field(repr=False)


@dataclass
class Store:
    """One database, and how a test asks it and publishes to it."""

    url: str

    @property
    def is_sqlite(self) -> bool:
        """Whether it is an SQLite file."""
        return self.url.startswith("sqlite")

    def answer(self, query: str, **variables: Any) -> Answer:
        """What the graph answers, errors included."""
        return asyncio.run(self._answer(query, variables))

    def ask(self, query: str, **variables: Any) -> Any:
        """The data the graph answers; an error fails the test."""
        answer = self.answer(query, **variables)
        assert not answer.errors, answer.errors
        return answer.data

    async def _answer(self, query: str, variables: dict[str, Any]) -> Answer:
        engine = reader(self.url)
        running = {*threading.enumerate()}
        statements: list[str] = []

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA")):
                statements.append(statement)

        try:
            async with Context(engine, "https://pactbook.test") as context:
                result = await build().execute(
                    query, variable_values=variables, context_value=context
                )
        finally:
            await engine.dispose()
            for thread in {*threading.enumerate()} - running:
                # A thread of a query that was given up still tells the loop that it has ended.
                if "_connection_worker_thread" in thread.name:
                    await asyncio.to_thread(thread.join, 5)
        return Answer(result.data, result.errors or [], result.extensions or {}, statements)

    def publish(
        self, folder: Path, author: str = "tester", now: datetime.datetime = NOW
    ) -> Publication:
        """Publishes a dossier."""
        return publish_to(self.url, read_dossier(folder), author, now=now)

    def check(self) -> Report:
        """What `pactbook check` finds."""
        with self.connect() as connection:
            return check(connection)

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        """A connection for what the graph cannot say."""
        with connected(self.url) as connection:
            yield connection

    def dump(self) -> dict[str, list[Any]]:
        """Every row of every table, for comparing a database with itself."""
        with self.connect() as connection:
            tables = sa.inspect(connection).get_table_names()
            return {
                table: sorted(map(repr, connection.execute(sa.text(f'SELECT * FROM "{table}"'))))
                for table in sorted(tables)
            }


class Stores:
    """Makes databases of one kind: empty ones, and copies of one that holds the seed."""

    def __init__(self, kind: str, folder: Path, server: Server | None) -> None:
        self.kind, self.folder, self.server = kind, folder, server
        self.count = 0
        self.templates: dict[bool, Store] = {}

    def make(self, seeded: bool) -> Store:
        """A database of its own, migrated, with the seed or without."""
        if seeded not in self.templates:
            template = self._empty()
            migrate(template.url)
            if seeded:
                load(template.url, "pactbook", now=NOW)
            self.templates[seeded] = template
        return self._copy(self.templates[seeded])

    def template(self, seeded: bool = True) -> Store:
        """The database that copies are made of; for reading only."""
        self.make(seeded) if seeded not in self.templates else None
        return self.templates[seeded]

    def _empty(self) -> Store:
        self.count += 1
        if self.server is not None:
            return Store(self.server.create_database())
        return Store(f"sqlite:///{self.folder / f'{self.count}.db'}")

    def _copy(self, template: Store) -> Store:
        if self.server is not None:
            return Store(self.server.create_database(template.url))
        copy = self._empty()
        shutil.copy(template.url.removeprefix("sqlite:///"), copy.url.removeprefix("sqlite:///"))
        return copy

    def drop(self, store: Store) -> None:
        """Throws a database away."""
        if self.server is not None:
            self.server.drop(store.url)
            return
        for end in ("", "-wal", "-shm"):
            Path(store.url.removeprefix("sqlite:///") + end).unlink(missing_ok=True)
