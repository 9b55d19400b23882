"""Change: which records each edition touched, and how, written down as the edition is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from schema.model.changelog import ChangeKind, change_log
from schema.model.editions import Edition, valid
from schema.model.noun import Record, Versioned
from schema.model.reflection import owner_column
from schema.model.registry import noun_of, nouns, prefix_of, table_of
from schema.model.values import CodepointText
from schema.publishing.rows import RowChange
from schema.storage.sql import key_in

BATCH = 5000
"""How many rows one statement adds."""


def append_changes(connection: sa.Connection, changes: Sequence[RowChange], number: int) -> None:
    """Writes down which records the changes of an edition touch; the edition is written."""
    kinds: dict[str, ChangeKind] = {}
    for noun, before, after in changes:
        if issubclass(noun, Record):
            kinds[(after or before or {})["id"]] = _kind(before is not None, after is not None)
    elsewhere = _standing(connection, _owners(connection, changes) - kinds.keys())
    kinds |= dict.fromkeys(elsewhere, ChangeKind.AMENDED)
    rows = [
        {"edition": number, "record_id": id, "noun": id.partition("/")[0], "kind": kind}
        for id, kind in sorted(kinds.items())
    ]
    for start in range(0, len(rows), BATCH):
        connection.execute(sa.insert(change_log), rows[start : start + BATCH])


def _kind(before: bool, after: bool) -> ChangeKind:
    if before and after:
        return ChangeKind.AMENDED
    return ChangeKind.ADDED if after else ChangeKind.RETRACTED


def _owners(connection: sa.Connection, changes: Sequence[RowChange]) -> set[str]:
    """The records of which a part or a claim changes."""
    records: set[str] = set()
    written: set[str] = set()
    quoted: set[str] = set()
    for noun, before, after in changes:
        if issubclass(noun, Record):
            continue
        owners = {row[owner_column(noun)] for row in (before, after) if row is not None}
        if noun.__name__ == "Passage":
            quoted |= owners
            continue
        records |= owners
        if noun.__name__ == "Claim":
            written.add((after or before or {})["id"])
    table = table_of(nouns()["Claim"])
    rest = sorted(quoted - written)
    query = sa.select(table.c.record_id).where(valid(table, None), key_in(table.c.id, rest))
    return records | (set(connection.execute(query).scalars()) if rest else set())


def _standing(connection: sa.Connection, ids: set[str]) -> set[str]:
    """Those of the records that are valid now."""
    by_noun: dict[type[Versioned], list[str]] = defaultdict(list)
    for id in sorted(ids):
        noun = noun_of(id)
        assert noun is not None
        by_noun[noun].append(id)
    found: set[str] = set()
    for noun, keys in by_noun.items():
        table = table_of(noun)
        query = sa.select(table.c.id).where(valid(table, None), key_in(table.c.id, keys))
        found |= set(connection.execute(query).scalars())
    return found


def rebuild(connection: sa.Connection) -> None:
    """Writes the whole log again, as the versioned tables tell it."""
    connection.execute(sa.delete(change_log))
    columns = ["edition", "record_id", "noun", "kind"]
    connection.execute(sa.insert(change_log).from_select(columns, _derived()))


def is_missing(connection: sa.Connection) -> bool:
    """Whether a database holds editions and no log of them."""
    editions = Edition.__table__  # type: ignore[attr-defined]  # set by SQLModel
    published, logged = (
        connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
        for table in (editions, change_log)
    )
    return published is not None and logged is None


def verify_changes(connection: sa.Connection, counts: dict[str, int]) -> Iterator[str]:
    """Where the log and the versioned tables tell different things."""
    log = sa.select(
        change_log.c.edition,
        change_log.c.record_id,
        change_log.c.noun,
        sa.type_coerce(change_log.c.kind, sa.String),
    )
    told, true = (
        {(edition, id): (noun, kind) for edition, id, noun, kind in connection.execute(query)}
        for query in (log, _derived())
    )
    counts["changes"] = len(true)
    for edition, id in sorted(told.keys() | true.keys()):
        said, is_so = told.get((edition, id)), true.get((edition, id))
        if said != is_so:
            said_kind = said[1] if said else "nothing"
            kind = is_so[1] if is_so else "nothing"
            if said and is_so and said_kind == kind:
                yield f"{id}: the log of changes calls it {said[0]}."
            else:
                yield f"{id}: the log says {said_kind} of edition {edition}, the tables {kind}."


def _derived() -> sa.CompoundSelect[*tuple[Any, ...]]:
    """The log as the versioned tables tell it."""
    touched = sa.union(*_touches()).cte("touched")
    return sa.union_all(
        *(_of(noun, touched) for noun in nouns().values() if issubclass(noun, Record))
    )


def _of(noun: type[Versioned], touched: sa.CTE) -> sa.Select[*tuple[Any, ...]]:
    """The entries of one noun: a record has at most two versions beside an edition."""
    table, edition = table_of(noun), touched.c.edition
    before, after = valid(table, edition - 1), valid(table, edition)
    was, remains = (sa.func.max(sa.case((holds, 1), else_=0)) for holds in (before, after))
    kind = sa.case(
        (was == 0, ChangeKind.ADDED.value),
        (remains == 0, ChangeKind.RETRACTED.value),
        else_=ChangeKind.AMENDED.value,
    )
    same = sa.and_(table.c.id == touched.c.record_id, sa.or_(before, after))
    return (
        sa.select(edition, touched.c.record_id, sa.literal(prefix_of(noun), CodepointText), kind)
        .select_from(touched.join(table, same))
        .group_by(edition, touched.c.record_id)
    )


def _touches() -> Iterator[sa.Select[*tuple[Any, ...]]]:
    """Every edition that wrote or closed a row, with the record that the row belongs to."""
    claims = table_of(nouns()["Claim"])
    for noun in nouns().values():
        table = table_of(noun)
        for edition, at in ((table.c.since, table.c.since), (table.c.until, table.c.until - 1)):
            told = sa.select(edition.label("edition"))
            if issubclass(noun, Record):
                told = told.add_columns(table.c.id.label("record_id"))
            elif noun.__name__ == "Passage":
                same = sa.and_(claims.c.id == table.c.claim_id, valid(claims, at))
                told = told.join_from(table, claims, same)
                told = told.add_columns(claims.c.record_id.label("record_id"))
            else:
                told = told.add_columns(table.c[owner_column(noun)].label("record_id"))
            yield told.where(edition.is_not(None))
