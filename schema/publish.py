"""The one way in: a coding is weighed against what is published and becomes one edition."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa

from schema.change import note
from schema.coding import Coding
from schema.database import key_in
from schema.edition import Edition, EditionCounter, Identity, valid
from schema.errors import ReplacementError
from schema.index import enter
from schema.noun import Record, Versioned, table_of
from schema.resting import announce
from schema.versions import Change, Row
from schema.weighing import Progress, Weighing

BATCH = 5000
"""How many rows one statement adds."""


@dataclass(frozen=True)
class Publication:
    """What publishing did: the edition, and how many rows it added, amended and retracted."""

    edition: int | None
    """The edition that was published; None when nothing had changed."""
    added: int = 0
    amended: int = 0
    retracted: int = 0


def turn(connection: sa.Connection) -> int:
    """Waits for the right to publish; gives the number of the newest edition."""
    counter = EditionCounter.__table__  # type: ignore[attr-defined]  # set by SQLModel
    return int(connection.execute(sa.select(counter.c.number).with_for_update()).scalar_one())


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

    Unless told to replace, it puts no other text in the place of one and retracts no record.
    """
    number = turn(connection) + 1
    draft = Weighing(connection, coding, author, number)
    changes = draft.changes(progress)
    added = sum(1 for _, before, after in changes if before is None and after is not None)
    retracted = sum(1 for _, before, after in changes if after is None)
    if not changes:
        return Publication(None)
    if not replace:
        _refuse_replacing(coding, changes)
    connection.execute(sa.update(EditionCounter.__table__).values(number=number))  # type: ignore[attr-defined]  # set by SQLModel
    connection.execute(
        sa.insert(Edition.__table__),  # type: ignore[attr-defined]  # set by SQLModel
        {
            "number": number,
            "published_at": _instant(connection, now or datetime.datetime.now(datetime.UTC)),
            "author": author,
            "summary": coding.summary,
            "idempotency_key": coding.fingerprint,
        },
    )
    _write(connection, changes, number, progress)
    note(connection, changes, number)
    announce(connection)
    return Publication(number, added, len(changes) - added - retracted, retracted)


def _refuse_replacing(coding: Coding, changes: list[Change]) -> None:
    """What is published stays unless somebody says so; its claims and parts may change."""
    retracted: list[str] = []
    is_other_text = False
    for noun, before, after in changes:
        if before is None:
            continue
        if after is None and issubclass(noun, Record):
            retracted.append(before["id"])
        elif before["id"] == coding.source_id:
            is_other_text = before["sha256"] != coding.evident["sha256"]
    if is_other_text or retracted:
        raise ReplacementError(
            coding.source_id, is_other_text=is_other_text, retracted=sorted(retracted)
        )


def _instant(connection: sa.Connection, now: datetime.datetime) -> datetime.datetime:
    """Now, or the newest edition's instant where the clock went back behind it."""
    editions = Edition.__table__  # type: ignore[attr-defined]  # set by SQLModel
    newest = connection.execute(sa.select(sa.func.max(editions.c.published_at))).scalar_one()
    return now if newest is None else max(now, newest)


def _write(
    connection: sa.Connection, changes: list[Change], number: int, progress: Progress
) -> None:
    """Writes identities first, then closes what is replaced, then adds what is new."""
    ids = {after["id"] for _, _, after in changes if after is not None}
    identity = Identity.__table__  # type: ignore[attr-defined]  # set by SQLModel
    known = set(
        connection.execute(
            sa.select(identity.c.id).where(key_in(identity.c.id, sorted(ids)))
        ).scalars()
    )
    fresh = [{"id": id, "noun": id.partition("/")[0]} for id in sorted(ids - known)]
    if fresh:
        connection.execute(sa.insert(identity), fresh)
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
    enter(connection, closed, opened, number, progress)
