"""Failures of the command that are nobody's bug: each is told in one line, with what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from schema.errors import DatabaseFailedError
from schema.storage.engine import address, named

READ_ONLY = "25006"
SQLITE = {
    sqlite3.SQLITE_READONLY: "may only be read. Allow writing to the file and to its folder.",
    sqlite3.SQLITE_BUSY: "is locked by another process that writes. Try again when that is done.",
    sqlite3.SQLITE_FULL: "finds no room on its disk; nothing was changed. Make room.",
    sqlite3.SQLITE_IOERR: "cannot be read or written on its disk; nothing was changed. See whether "
    "the disk, or a quota, is full.",
    sqlite3.SQLITE_NOTADB: "is no SQLite database. Name another file by --database.",
    sqlite3.SQLITE_CORRUPT: "is damaged. Put a backup in its place.",
    sqlite3.SQLITE_AUTH: "may not be read.",
    sqlite3.SQLITE_PERM: "may not be read.",
}
"""What SQLite's codes mean of a file."""
POSTGRESQL = {
    READ_ONLY: "may only be read. Name the primary server by --database.",
    "53100": "finds no room on its disk; nothing was changed. Make room.",
    "53300": "takes no more connections. Try again, or raise max_connections.",
    "42501": "denies a privilege. Let the user own the database and its tables.",
    "55P03": "is locked by another process. Try again when that is done.",
}
"""What PostgreSQL's codes mean of a database."""


@contextmanager
def reported(url: str) -> Iterator[None]:
    """Tells what goes wrong on the way to a database as DatabaseFailedError, but for bugs."""
    try:
        yield
    except (DBAPIError, sqlite3.DatabaseError) as error:
        origin = error.orig if isinstance(error, DBAPIError) else error
        line = None
        if isinstance(origin, sqlite3.DatabaseError):
            line = _of_sqlite(origin, Path(address(url).database or ""))
        else:
            line = _of_postgresql(origin)
        if line is None:
            raise
        is_read_only = line in (SQLITE[sqlite3.SQLITE_READONLY], POSTGRESQL[READ_ONLY])
        raise DatabaseFailedError(named(url), line, is_read_only=is_read_only) from error


def _of_sqlite(error: sqlite3.DatabaseError, path: Path) -> str | None:
    code = getattr(error, "sqlite_errorcode", 0) & 255
    if path.is_dir():
        return "is a folder. Name a file in it."
    if code == sqlite3.SQLITE_CANTOPEN:
        if not path.exists():
            return "is not there. `pactbook migrate` makes one."
        return "cannot be opened. Allow reading the file, and writing to its folder."
    if code in SQLITE:
        return SQLITE[code]
    is_bug = isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError)
    return None if is_bug else f"cannot be used: {error}."


def _of_postgresql(error: BaseException | None) -> str | None:
    import psycopg  # noqa: PLC0415  # heavy, and idle on SQLite

    if not isinstance(error, psycopg.Error):
        return None
    if error.sqlstate in POSTGRESQL:
        return POSTGRESQL[error.sqlstate]
    # What is wrong with the address itself has no code.
    if error.sqlstate is not None and not isinstance(error, psycopg.OperationalError):
        return None
    # libpq tells of each address it has tried, by lines; it never tells a password.
    tried = "; ".join(part.strip() for part in str(error).splitlines() if part.strip())
    return f"cannot be used: {tried.rstrip('?.')}. See to its address, user and password."
