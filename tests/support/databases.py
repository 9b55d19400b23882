"""Databases for tests: made by migrations, on SQLite and on PostgreSQL, asked through the graph."""

from __future__ import annotations

import asyncio
import datetime
import fcntl
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from api.database.migrate import migrate
from api.database.seeding import load, publish_to
from schema.build import build
from schema.dossiers.reader import read_dossier
from schema.execution.context import Context
from schema.publishing.publish import Publication
from schema.publishing.verify import Report, check
from schema.storage.engine import connected
from schema.storage.open import snapshots
from schema.storage.timing import Timing
from tests.support.local_postgres import Server

NOW = datetime.datetime(2026, 11, 24, 12, 0, tzinfo=datetime.UTC)
"""When the tests publish, so that both databases tell the same instant."""

BASE_URL = "https://pactbook.test"
"""Where permalinks lead."""


@dataclass
class Answer:
    """An answer of the graph, with the SQL statements it took."""

    data: Any
    errors: list[Any]
    extensions: dict[str, Any]
    statements: list[str] = field(repr=False)
    parameters: list[Any] = field(repr=False)
    """Those of each statement, as the driver is given them."""


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

    @contextmanager
    def asking(self) -> Iterator[Callable[[str, dict[str, Any]], Answer]]:
        """Answers operation after operation on one loop, and notes no statements."""
        reading = snapshots(self.url)

        async def answer(query: str, variables: dict[str, Any]) -> Answer:
            async with Context(reading, BASE_URL) as context:
                result = await build().execute(
                    query, variable_values=variables, context_value=context
                )
                # Where a root field that is never null fails, its siblings may still be read.
                running = asyncio.all_tasks() - {asyncio.current_task()}
                await asyncio.gather(*running, return_exceptions=True)
            return Answer(result.data, result.errors or [], result.extensions or {}, [], [])

        with asyncio.Runner() as runner:
            yield lambda query, variables: runner.run(answer(query, variables))
            runner.run(reading.dispose())

    def answers(self, queries: Iterable[str]) -> list[Answer]:
        """What the graph answers to many queries, sooner than one by one."""
        return asyncio.run(self._answers([(query, {}) for query in queries]))

    async def _answer(self, query: str, variables: dict[str, Any]) -> Answer:
        [answer] = await self._answers([(query, variables)])
        return answer

    async def _answers(self, asked: list[tuple[str, dict[str, Any]]]) -> list[Answer]:
        reading = snapshots(self.url, timing=Timing(event_loop_seconds=60))
        answers: list[Answer] = []
        statements: list[str] = []
        parameters: list[Any] = []

        def note(statement: str, values: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA")):
                statements.append(statement)
                parameters.append(values)

        reading.listen(note)
        try:
            for query, variables in asked:
                async with Context(reading, BASE_URL) as context:
                    result = await build().execute(
                        query, variable_values=variables, context_value=context
                    )
                told = result.data, result.errors or [], result.extensions or {}
                answers.append(Answer(*told, statements[:], parameters[:]))
                statements.clear()
                parameters.clear()
        finally:
            await reading.dispose()
        return answers

    def publish(
        self,
        folder: Path,
        author: str = "tester",
        now: datetime.datetime = NOW,
        *,
        replace: bool = True,
    ) -> Publication:
        """Publishes a dossier, whatever it replaces."""
        return publish_to(self.url, read_dossier(folder), author, now=now, replace=replace)

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


def of_newest(answer: Any) -> Any:
    """An answer as of an edition as it is while that is the newest: its ids carry none."""
    marks = re.compile(r"""@[0-9]+(?=\\?["#?:])|\?edition=[0-9]+""")
    return json.loads(marks.sub("", json.dumps(answer, ensure_ascii=False)))


Fill = Callable[[Store], object]
"""Writes into a database what others are to read."""


def load_seed(store: Store) -> None:
    """Loads what every installation starts with."""
    load(store.url, "pactbook", now=NOW)


class Stores:
    """Makes databases of one kind: empty ones, and copies of what all workers of a run share.

    A template is made once a run, by the worker that asks first, while the others wait. Nobody
    reads templates, as PostgreSQL copies none that somebody is connected to.
    """

    def __init__(self, kind: str, folder: Path, shared: Path, server: Server | None) -> None:
        self.kind, self.folder, self.shared, self.server = kind, folder, shared, server
        self.count = 0
        self.read: dict[str, Store] = {}

    def make(self, seeded: bool) -> Store:
        """A database of its own, migrated, with the seed or without."""
        return self.copied("seed", load_seed) if seeded else self._copy(self._migrated())

    def copied(self, name: str, fill: Fill) -> Store:
        """A database of its own, like the one of a name, which is filled once a run."""
        return self._copy(self._template(name, fill))

    def seed(self) -> Store:
        """A database that holds the seed, for reading only."""
        return self.filled("seed", load_seed)

    def filled(self, name: str, fill: Fill, *, seeded: bool = False) -> Store:
        """The database of a name, migrated and filled once a run; for reading only."""
        if name not in self.read:
            self.read[name] = self._copy(self._template(name, fill, seeded=seeded))
        return self.read[name]

    def bare(self) -> Store:
        """A database that no migration has touched."""
        self.count += 1
        if self.server is not None:
            return Store(self.server.create_database())
        file = self.folder / f"{self.count}.db"
        file.touch()
        return Store(f"sqlite:///{file}")

    def _migrated(self) -> Store:
        return self._once("migrated", self.bare, lambda store: migrate(store.url))

    def _template(self, name: str, fill: Fill, *, seeded: bool = False) -> Store:
        return self._once(name, lambda: self.make(seeded), fill)

    def _once(self, name: str, begin: Callable[[], Store], fill: Fill) -> Store:
        note = self.shared / f"{self.kind}-{name}"
        with note.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not note.exists():
                store = begin()
                fill(store)
                note.write_text(store.url)
        return Store(note.read_text())

    def _copy(self, template: Store) -> Store:
        if self.server is not None:
            return Store(self.server.create_database(template.url))
        copy = self.bare()
        shutil.copy(template.url.removeprefix("sqlite:///"), copy.url.removeprefix("sqlite:///"))
        return copy

    def drop(self, store: Store) -> None:
        """Throws a database away."""
        if self.server is not None:
            self.server.drop(store.url)
            return
        for end in ("", "-wal", "-shm"):
            Path(store.url.removeprefix("sqlite:///") + end).unlink(missing_ok=True)
