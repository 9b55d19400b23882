"""Where answers are read: SQLite or PostgreSQL, by the address of the database."""

from __future__ import annotations

from schema.storage.admission import Capacity
from schema.storage.byte_budget import ANSWER_BYTES
from schema.storage.engine import address
from schema.storage.freshness import FreshnessWatch
from schema.storage.freshness_sqlite import SqliteFreshness
from schema.storage.snapshot import ReadPool
from schema.storage.sqlite import SqliteSnapshots
from schema.storage.timing import Timing


def snapshots(
    url: str,
    answer_bytes: int = ANSWER_BYTES,
    capacity: Capacity | None = None,
    timing: Timing | None = None,
) -> ReadPool:
    """Where answers of at most so many bytes are read, as many at a time as the capacity is."""
    given, capacity, timing = address(url), capacity or Capacity(), timing or Timing()
    if given.get_backend_name() == "sqlite":
        return SqliteSnapshots(given, answer_bytes, capacity, timing)
    # Its driver is heavy, and idle on SQLite.
    from schema.storage.postgresql import PostgresSnapshots  # noqa: PLC0415

    return PostgresSnapshots(given, answer_bytes, capacity, timing)


def newest(url: str, timing: Timing | None = None) -> FreshnessWatch:
    """Knows the newest edition of a database."""
    given = address(url)
    if given.get_backend_name() == "sqlite":
        return SqliteFreshness(given, timing or Timing())
    # Its driver is heavy, and idle on SQLite.
    from schema.storage.freshness_postgresql import PostgresFreshness  # noqa: PLC0415

    return PostgresFreshness(given)
