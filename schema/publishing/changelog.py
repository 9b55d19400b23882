"""The change log: which records each edition touched, and how, written with the edition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from schema.model.changelog import ChangeKind, change_log
from schema.model.editions import valid
from schema.model.ids import prefix
from schema.model.noun import Record, Versioned
from schema.model.reflection import owner_column
from schema.model.registry import Row, nouns, prefix_of, table_of
from schema.model.values import CodepointText
from schema.nouns.claim import Claim, Passage
from schema.publishing.rows import RowChange, by_noun
from schema.storage.sql import key_in

claims = table_of(Claim)


def append_changes(connection: sa.Connection, changes: Sequence[RowChange], number: int) -> None:
    """Writes down which records the changes of an edition touch; the edition is written."""
    kinds: dict[str, ChangeKind] = {}
    for noun, before, after in changes:
        if issubclass(noun, Record):
            kinds[(after or before or {})["id"]] = _kind(before, after)
    amended = _current(connection, _owners(connection, changes) - kinds.keys())
    kinds |= dict.fromkeys(amended, ChangeKind.AMENDED)
    rows = [
        {"edition": number, "record_id": id, "noun": prefix(id), "kind": kind}
        for id, kind in sorted(kinds.items())
    ]
    if rows:
        connection.execute(sa.insert(change_log), rows)


def _kind(before: Row | None, after: Row | None) -> ChangeKind:
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
        (quoted if noun is Passage else records).update(owners)
        if noun is Claim:
            written.add((after or before or {})["id"])
    rest = sorted(quoted - written)
    query = sa.select(claims.c.record_id).where(valid(claims, None), key_in(claims.c.id, rest))
    return records | (set(connection.execute(query).scalars()) if rest else set())


def _current(connection: sa.Connection, ids: set[str]) -> Iterator[str]:
    """Those of the records that are valid now."""
    for noun, keys in by_noun(ids).items():
        table = table_of(noun)
        query = sa.select(table.c.id).where(valid(table, None), key_in(table.c.id, keys))
        yield from connection.execute(query).scalars()


def rebuild(connection: sa.Connection) -> None:
    """Writes the whole log again, as it follows from the versioned tables."""
    connection.execute(sa.delete(change_log))
    columns = ["edition", "record_id", "noun", "kind"]
    connection.execute(sa.insert(change_log).from_select(columns, _derived()))


def verify_changes(connection: sa.Connection, counts: dict[str, int]) -> Iterator[str]:
    """Where the log differs from the versioned tables."""
    log = sa.select(
        change_log.c.edition,
        change_log.c.record_id,
        change_log.c.noun,
        sa.type_coerce(change_log.c.kind, sa.String),
    )
    logged, derived = (
        {(edition, id): (noun, kind) for edition, id, noun, kind in connection.execute(query)}
        for query in (log, _derived())
    )
    counts["changes"] = len(derived)
    for edition, id in sorted(logged.keys() | derived.keys()):
        noun, kind = logged.get((edition, id), (None, "nothing"))
        right_noun, right_kind = derived.get((edition, id), (None, "nothing"))
        if kind != right_kind:
            yield f"{id}: the log says {kind} of edition {edition}, the tables {right_kind}."
        elif noun != right_noun:
            yield f"{id}: the log of changes calls it {noun}."


def _derived() -> sa.CompoundSelect[*tuple[Any, ...]]:
    """The log as it follows from the versioned tables."""
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
    for noun in nouns().values():
        table = table_of(noun)
        for edition, at in ((table.c.since, table.c.since), (table.c.until, table.c.until - 1)):
            query = sa.select(edition.label("edition"))
            if issubclass(noun, Record):
                query = query.add_columns(table.c.id.label("record_id"))
            elif noun is Passage:
                same = sa.and_(claims.c.id == table.c.claim_id, valid(claims, at))
                query = query.join_from(table, claims, same)
                query = query.add_columns(claims.c.record_id.label("record_id"))
            else:
                query = query.add_columns(table.c[owner_column(noun)].label("record_id"))
            yield query.where(edition.is_not(None))
