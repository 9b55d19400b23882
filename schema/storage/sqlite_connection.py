"""A connection to an SQLite file that reads, and stops where it takes too long."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from schema.errors import AnswerTooLargeError, DatabaseNotReadyError, NeedsGraphQLCoreError
from schema.storage.byte_budget import SLACK, Budget
from schema.storage.outage import Outage
from schema.storage.snapshot import Duration, StatementListener, T, TimeBudgetError
from schema.storage.sql import base64url, constant_or_none, unfit
from schema.storage.sqlite_open import OpenFile
from schema.storage.statement import PreparedStatement
from schema.storage.timing import Timing

STATEMENTS_KEPT = 256
NEVER = float("inf")
NEAR_KIBIBYTES, FAR_KIBIBYTES = 6_144, 1_024
"""How much of the file the connection of the event loop holds in memory, and each of the others."""
NEAR_BYTES = SLACK
"""How long a value may be that is read on the event loop; a longer one is read again elsewhere."""
PORTION = 16
"""How many rows are fetched before they are counted."""
BUSY_SECONDS = 1.0
"""How long a thread waits for a file that is locked; the event loop never does."""
AWAY = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}
"""What SQLite says where the file is locked, gone, unreadable or no database."""
SQLITE: sa.Dialect = SQLiteDialect_pysqlite(dbapi=sqlite3)
"""What prepared statements are written in."""


class SqliteConnection:
    """One connection, opened when it is needed; it reads where it is called."""

    is_far = False
    dialect = SQLITE

    def __init__(
        self,
        path: Path,
        listeners: list[StatementListener],
        outage: Outage,
        answer_bytes: int,
        timing: Timing,
        *,
        is_near: bool = False,
    ) -> None:
        self.path, self.listeners, self.outage, self.is_near = path, listeners, outage, is_near
        self.timing = timing
        self.budget = Budget(answer_bytes)
        self.clock = time.monotonic if is_near else time.thread_time
        """What its deadline is of: who waits on the event loop counts all time."""
        self.late = Duration.UNKNOWN if is_near else Duration.LONG
        """What a reading is that goes beyond it."""
        self.deadline = NEVER
        self.is_given_up = False
        """Whether nobody waits for what it reads."""
        self.is_unfit = False
        """Whether the statement has met a value that may not stand."""
        self.file: OpenFile | None = None
        self.raw: sqlite3.Connection | None = None

    def limited(self, seconds: float, read: Callable[[SqliteConnection], T]) -> T:
        """What a reading comes to that may take so long from now."""
        self.deadline = self.clock() + seconds
        try:
            return read(self)
        except AnswerTooLargeError as error:
            error.let_go()  # its future would hold it until the collector comes
            raise error from None

    @property
    def is_begun(self) -> bool:
        """Whether it is in a transaction."""
        return self.raw is not None and self.raw.in_transaction

    def begin(self) -> None:
        """Begins a transaction, of which all statements see one state of the file."""
        self._run("BEGIN", ())

    def end(self) -> None:
        """Ends it, and whatever limits there were."""
        self.deadline, self.is_given_up = NEVER, False
        if self.raw is not None and self.is_begun:
            self.raw.rollback()

    def close(self) -> None:
        """Closes the connection."""
        if self.file is not None:
            self.file.close()
            self.file = self.raw = None

    def follow(self) -> None:
        """Lets go of a file that lies at the path no more.

        DatabaseAwayError where there is none.
        """
        if self.file is None:
            return
        try:
            if not self.file.is_current():
                self.close()
        except OSError as error:
            self.close()
            raise self.outage.error(error) from error

    async def fetch(self, statement: PreparedStatement, values: Sequence[Any]) -> Sequence[Any]:
        """The rows of a statement."""
        return self.fetched(statement, values)

    def fetched(self, statement: PreparedStatement, values: Sequence[Any]) -> list[Any]:
        """The same at once. TimeBudgetError where the time was up before."""
        if self._is_late():
            raise TimeBudgetError(self.late)
        return self.rows(statement, values)

    def rows(self, statement: PreparedStatement, values: Sequence[Any]) -> list[Any]:
        """The same for the first statement of a reading."""
        for listen in self.listeners:
            listen(statement.text, values)
        return self._run(statement.text, values, statement.large)

    def _run(self, text: str, values: Sequence[Any], large: Sequence[int] = ()) -> list[Any]:
        try:
            cursor = (self.raw or self._opened()).execute(text, values)
            try:
                return self._portions(cursor, large)
            finally:
                cursor.close()
        except MemoryError as error:
            raise self._too_large() from error
        except sqlite3.DatabaseError as error:
            raise self._named(error) from error

    def _portions(self, cursor: sqlite3.Cursor, large: Sequence[int]) -> list[Any]:
        """All rows, unless they are more than the reading may fetch."""
        if self.is_near:
            # In so short a time little is fetched, and what is told is counted when it is written.
            rows = cursor.fetchall()
            if not large:
                self.budget.take(rows)
            return rows
        rows = []
        while True:
            portion = cursor.fetchmany(PORTION)
            self.budget.take(portion, large)
            rows += portion
            if len(portion) < PORTION:
                return rows

    def _too_large(self) -> Exception:
        """What a value is that is longer than may be read here."""
        return TimeBudgetError(self.late) if self.is_near else AnswerTooLargeError(self.budget.most)

    def _is_late(self) -> bool:
        return self.is_given_up or self.clock() > self.deadline

    def _opened(self) -> sqlite3.Connection:
        """The connection; a file that is not there is not made."""
        timeout = 0 if self.is_near else BUSY_SECONDS
        look_seconds = self.timing.look_seconds
        file = OpenFile(self.path, look_seconds, timeout=timeout, cached_statements=STATEMENTS_KEPT)
        raw = file.raw
        raw.create_function("base64url", 1, base64url, deterministic=True)
        raw.create_function("unfit", 1, self._unfit)
        raw.create_function("constant", 1, constant_or_none, deterministic=True)
        raw.execute(f"PRAGMA cache_size = -{NEAR_KIBIBYTES if self.is_near else FAR_KIBIBYTES}")
        raw.set_progress_handler(self._is_late, self.timing.steps)
        # No value that SQLite makes may be larger; what it keeps may, within reason.
        longest = NEAR_BYTES if self.is_near else self.budget.most + SLACK
        raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)
        self.file, self.raw = file, raw
        self.outage.over()
        return raw

    def _unfit(self, value: object) -> NoReturn:
        """Ends a statement; as the driver tells of no error but its own, it is noted here."""
        self.is_unfit = True
        unfit(value)

    def _named(self, error: sqlite3.DatabaseError) -> Exception:
        """What an error of the driver means."""
        if self.is_unfit:
            self.is_unfit = False
            return NeedsGraphQLCoreError()
        kind = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if kind == sqlite3.SQLITE_INTERRUPT or (kind == sqlite3.SQLITE_BUSY and self.is_near):
            return TimeBudgetError(self.late)
        if kind == sqlite3.SQLITE_TOOBIG:
            return self._too_large()
        if kind in AWAY:
            self.close()
            return self.outage.error(error)
        if "no such table" in str(error):
            return DatabaseNotReadyError()
        return error
