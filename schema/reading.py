"""Where answers are read: SQLite or PostgreSQL, by the address of the database."""

from __future__ import annotations

from schema.database import address
from schema.snapshot import Snapshots
from schema.sqlite import SqliteSnapshots


def snapshots(url: str, short_seconds: float = 0.02) -> Snapshots:
    """Where answers are read from a database.

    On SQLite an answer may keep the event loop for `short_seconds`.
    """
    given = address(url)
    if given.get_backend_name() == "sqlite":
        return SqliteSnapshots(given, short_seconds)
    # Its driver is heavy, and idle on SQLite.
    from schema.postgresql import PostgresSnapshots  # noqa: PLC0415

    return PostgresSnapshots(given)
