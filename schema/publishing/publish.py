"""The one way in: a coding is put beside what is published and becomes one edition."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from schema.dossiers.draft import Coding
from schema.errors import ReplacementError
from schema.indexing.index import update_index
from schema.model.editions import edition_counter, editions, identities, valid
from schema.model.ids import prefix
from schema.model.noun import Versioned
from schema.model.registry import Row, table_of
from schema.publishing.changelog import append_changes
from schema.publishing.changeset import ChangeSetBuilder
from schema.publishing.difference import difference_lines
from schema.publishing.fanout import refresh
from schema.publishing.replacing import replacement
from schema.publishing.rows import RowChange
from schema.publishing.withholding import withhold_published
from schema.storage.engine import Progress
from schema.storage.sql import key_in

BATCH = 5000
"""How many rows one statement adds."""
FIRST = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
"""Nothing was published before; a clock that says so was never set."""
SKEW = timedelta(days=1)
"""How far a clock may be behind another without either being out of order."""


@dataclass(frozen=True)
class Publication:
    """What publishing did: the edition, and how many rows it added, amended and retracted."""

    edition: int | None
    """The edition that was published; None when nothing had changed."""
    added: int = 0
    amended: int = 0
    retracted: int = 0
    later: datetime.datetime | None = None
    """The instant of the edition before, where that is the later one: a clock was wrong."""


@dataclass(frozen=True)
class Preview:
    """What publishing would do: its counts, every difference, and whether it asks for leave."""

    publication: Publication
    lines: list[str]
    refusal: ReplacementError | None
    """Why it would be refused without `--replace`."""


def counts(changes: list[RowChange]) -> tuple[int, int, int]:
    """How many rows are added, amended and retracted."""
    added = sum(1 for _, before, after in changes if before is None and after is not None)
    retracted = sum(1 for _, before, after in changes if after is None)
    return added, len(changes) - added - retracted, retracted


def lock_counter(connection: sa.Connection) -> int:
    """Waits for the right to publish; gives the number of the newest edition."""
    query = sa.select(edition_counter.c.number).with_for_update()
    return int(connection.execute(query).scalar_one())


def publish(
    connection: sa.Connection,
    coding: Coding,
    author: str,
    now: datetime.datetime | None = None,
    progress: Progress = lambda step, done, total: None,
    *,
    replace: bool = False,
) -> Publication:
    """Publishes a coding as one edition, in the transaction of the connection.

    Unless told to replace, it puts no other text in the place of one and retracts nothing.
    """
    number = lock_counter(connection) + 1
    newest = _newest_instant(connection)
    at = dated(now or datetime.datetime.now(datetime.UTC), newest)
    changes = ChangeSetBuilder(connection, coding, author, number, at).changes(progress)
    if not changes:
        return Publication(None)
    refusal = None if replace else replacement(coding, changes)
    if refusal:
        raise refusal
    connection.execute(sa.update(edition_counter).values(number=number))
    connection.execute(
        sa.insert(editions),
        {
            "number": number,
            "published_at": at,
            "author": author,
            "summary": coding.summary,
            "idempotency_key": coding.fingerprint,
        },
    )
    _write(connection, changes, number, progress)
    append_changes(connection, changes, number)
    refresh(connection, changes, number)
    withhold_published(connection, coding.source_id, changes)
    if connection.dialect.name == "postgresql":
        # Its driver is heavy, and idle on SQLite.
        from schema.storage.freshness_postgresql import await_leases_released  # noqa: PLC0415

        await_leases_released(connection)
    later = newest if newest is not None and newest > at else None
    return Publication(number, *counts(changes), later)


def preview(connection: sa.Connection, coding: Coding, author: str) -> Preview:
    """What publishing a coding would do now; it writes nothing and waits for nobody."""
    number = connection.execute(sa.select(edition_counter.c.number)).scalar_one() + 1
    at = dated(datetime.datetime.now(datetime.UTC), _newest_instant(connection))
    builder = ChangeSetBuilder(connection, coding, author, number, at)
    changes = builder.changes(lambda step, done, total: None)
    publication = Publication(number if changes else None, *counts(changes))
    lines = [*difference_lines(coding, changes)]
    return Preview(publication, lines, replacement(coding, changes))


def _newest_instant(connection: sa.Connection) -> datetime.datetime | None:
    query = sa.select(editions.c.published_at).order_by(editions.c.number.desc()).limit(1)
    return connection.execute(query).scalar()


def dated(now: datetime.datetime, newest: datetime.datetime | None) -> datetime.datetime:
    """The instant of an edition: its clock's, unless that is a little slow or was never set.

    A clock that is far behind the newest edition is taken to be right, and that one's wrong: else
    one publication with a clock far ahead would date all later ones.
    """
    is_slow = newest is not None and (now < FIRST or now < newest <= now + SKEW)
    return newest if is_slow and newest is not None else now


def _write(
    connection: sa.Connection, changes: list[RowChange], number: int, progress: Progress
) -> None:
    """Writes identities first, then closes what is replaced, then adds what is new."""
    ids = {after["id"] for _, _, after in changes if after is not None}
    known = sa.select(identities.c.id).where(key_in(identities.c.id, sorted(ids)))
    fresh = sorted(ids - set(connection.execute(known).scalars()))
    if fresh:
        rows = [{"id": id, "noun": prefix(id)} for id in fresh]
        connection.execute(sa.insert(identities), rows)
    closed: dict[type[Versioned], list[str]] = defaultdict(list)
    opened: dict[type[Versioned], list[Row]] = defaultdict(list)
    for noun, before, after in changes:
        if before is not None:
            closed[noun].append(before["id"])
        if after is not None:
            opened[noun].append({**after, "since": number})
    for noun, keys in closed.items():
        table = table_of(noun)
        connection.execute(
            sa.update(table)
            .where(valid(table, None), key_in(table.c.id, keys))
            .values(until=number)
        )
    done, total = 0, sum(map(len, opened.values()))
    for noun, rows in opened.items():
        for start in range(0, len(rows), BATCH):
            connection.execute(sa.insert(table_of(noun)), rows[start : start + BATCH])
            done += len(rows[start : start + BATCH])
            progress("writing", done, total)
    update_index(connection, closed, opened, number, progress)
