"""Versions: what stood at two editions of some records, read for all of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import sqlalchemy as sa

from schema.execution.executor import Executor
from schema.model.noun import Link, Versioned
from schema.model.reflection import owner_column
from schema.model.registry import known, noun_with, nouns, nouns_of, table_of, table_with
from schema.model.traits import Trait
from schema.planning.scope import visible_column
from schema.storage.sql import key_in
from schema.storage.statement import KEYS, bound_parameter, given

Row = Mapping[str, Any]
"""One version of a row."""

EditionRange = tuple[str, int, int]
"""A record and two editions to compare it at."""


class Comparison(Protocol):
    """What says which record to compare at which editions."""

    record_id: str
    compared_from: int
    compared_to: int


def span_of(item: Comparison) -> EditionRange:
    """The record of a comparison, with its editions."""
    return item.record_id, item.compared_from, item.compared_to


@dataclass
class RowDelta:
    """The rows that one of two editions holds and the other does not, each by its id."""

    before: dict[str, Row] = field(default_factory=dict)
    after: dict[str, Row] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """The ids of the rows that differ."""
        return sorted(self.before.keys() | self.after.keys())

    @property
    def differs(self) -> bool:
        """Whether the rows say different things, whichever editions wrote them."""
        return any(_content(self.before.get(id)) != _content(self.after.get(id)) for id in self.ids)


def holds(row: Row, edition: int) -> bool:
    """Whether an edition holds a version."""
    return bool(row["since"] <= edition and (row["until"] is None or row["until"] > edition))


def _content(row: Row | None) -> dict[Any, Any]:
    """A row without the editions it is valid in; empty for none."""
    return {name: value for name, value in (row or {}).items() if name not in ("since", "until")}


def split_by_edition(
    rows: Iterable[Row], spans: Iterable[EditionRange], owner: str
) -> dict[EditionRange, RowDelta]:
    """The rows by the spans of their owner, those that both editions hold left out."""
    deltas = {span: RowDelta() for span in spans}
    by_owner: dict[str, list[EditionRange]] = defaultdict(list)
    for span in deltas:
        by_owner[span[0]].append(span)
    for row in rows:
        for span in by_owner.get(row[owner], ()):
            _, start, end = span
            before, after = holds(row, start), holds(row, end)
            if before and not after:
                deltas[span].before[row["id"]] = row
            elif after and not before:
                deltas[span].after[row["id"]] = row
    return deltas


def _bindings(spans: Iterable[EditionRange]) -> tuple[int, dict[str, Any]]:
    """The bindings of `changed_between`, and how many spans are wider than one edition."""
    pairs = {(min(start, end), max(start, end)) for _, start, end in spans}
    wide = sorted((low, high) for low, high in pairs if high - low != 1)
    bindings: dict[str, Any] = {"steps": sorted({high for low, high in pairs if high - low == 1})}
    for place, (low, high) in enumerate(wide):
        bindings |= {f"low {place}": low, f"high {place}": high}
    return len(wide), bindings


def changed_between(table: sa.FromClause, wide: int) -> sa.ColumnElement[bool]:
    """The versions that begin or end between the editions of a span, and some more."""
    conditions: list[sa.ColumnElement[bool]] = []
    for column in (table.c.since, table.c.until):
        conditions.append(key_in(column, given("steps")))
        for place in range(wide):
            low, high = (
                bound_parameter(given(f"{end} {place}"), sa.BigInteger()) for end in ("low", "high")
            )
            conditions.append(sa.and_(column > low, column <= high))
    return sa.or_(*conditions)


def owners_of(spans: Iterable[EditionRange]) -> list[str]:
    """The records of some spans."""
    return sorted({id for id, _, _ in spans})


async def deltas(
    reader: Executor, noun: type[Versioned], column: str, spans: Sequence[EditionRange]
) -> dict[EditionRange, RowDelta]:
    """How the rows of one noun differ between the ends of each span; one statement."""
    wide, bindings = _bindings(spans)

    def versions_between() -> sa.Select[*tuple[Any, ...]]:
        table = table_of(noun)
        columns = [
            visible_column(table, noun.__name__, each.name, reader.edition).label(each.name)
            for each in table.columns
            if each.name != "folded"
        ]
        owned = key_in(table.c[column], KEYS)
        return sa.select(*columns).where(owned, changed_between(table, wide))

    place = ("states", noun.__name__, column, wide)
    rows = await reader.rows(place, versions_between, owners_of(spans), **bindings)
    return split_by_edition(rows, spans, column)


async def own(reader: Executor, spans: Sequence[EditionRange]) -> dict[EditionRange, RowDelta]:
    """The same for the rows of the records themselves; one statement a noun."""
    by_noun: dict[type[Versioned], list[EditionRange]] = defaultdict(list)
    for span in spans:
        by_noun[known(span[0])].append(span)
    by_span: dict[EditionRange, RowDelta] = {}
    for noun, of_noun in by_noun.items():
        by_span |= await deltas(reader, noun, "id", of_noun)
    return by_span


async def parts(
    reader: Executor, spans: Sequence[EditionRange]
) -> list[tuple[type[Versioned], dict[EditionRange, RowDelta]]]:
    """The same for the links of the records; one statement a noun of links."""
    owners = {known(id).__name__ for id in owners_of(spans)}
    by_link: list[tuple[type[Versioned], dict[EditionRange, RowDelta]]] = []
    for noun in nouns().values():
        if not issubclass(noun, Link):
            continue
        column = owner_column(noun)
        [owner] = [each for each in noun.declared.relations.values() if each.key == column]
        if owners & nouns_of(owner.target):
            by_link.append((noun, await deltas(reader, noun, column, spans)))
    return by_link


async def claims(reader: Executor, spans: Sequence[EditionRange]) -> dict[EditionRange, RowDelta]:
    """The same for the claims about the records."""
    return await deltas(reader, noun_with(Trait.CLAIM), "record_id", spans)


async def passages(reader: Executor, spans: Sequence[EditionRange]) -> dict[EditionRange, RowDelta]:
    """The same for the passages that these claims rest on."""
    wide, bindings = _bindings(spans)

    def passages_between() -> sa.Select[*tuple[Any, ...]]:
        table, claim = table_with(Trait.PASSAGE), table_with(Trait.CLAIM)
        pairs = sa.select(claim.c.id, claim.c.record_id).distinct()
        claims = pairs.where(key_in(claim.c.record_id, KEYS)).subquery()
        query = sa.select(table, claims.c.record_id.label("owner")).join_from(
            table, claims, claims.c.id == table.c.claim_id
        )
        return query.where(changed_between(table, wide))

    rows = await reader.rows(
        ("states of passages", wide), passages_between, owners_of(spans), **bindings
    )
    return split_by_edition(rows, spans, "owner")


async def versions(reader: Executor, ids: Iterable[str]) -> dict[str, list[Row]]:
    """Every version of some records: since, until and title, in order; one statement a noun."""
    by_noun: dict[type[Versioned], list[str]] = defaultdict(list)
    for id in sorted(set(ids)):
        by_noun[known(id)].append(id)
    by_id: dict[str, list[Row]] = defaultdict(list)
    for noun, keys in by_noun.items():
        place = ("versions", noun.__name__)
        for row in await reader.rows(place, lambda noun=noun: _versions(noun), keys):  # type: ignore[misc]  # bound here
            by_id[row["id"]].append(row)
    return by_id


def _versions(noun: type[Versioned]) -> sa.Select[*tuple[Any, ...]]:
    table = table_of(noun)
    query = sa.select(table.c.id, table.c.since, table.c.until, table.c.title)
    return query.where(key_in(table.c.id, KEYS)).order_by(table.c.id, table.c.since)


def at(rows: Iterable[Row], edition: int) -> Row | None:
    """The version that an edition holds."""
    return next((row for row in rows if holds(row, edition)), None)


@dataclass
class Evidence:
    """What became of the claims about a record."""

    added_claim_count: int = 0
    retracted_claim_count: int = 0
    arisen_conflict_count: int = 0
    settled_conflict_count: int = 0


async def evidence(reader: Executor, spans: Sequence[EditionRange]) -> dict[EditionRange, Evidence]:
    """The counts of claims that came and went, and of conflicts that did; one statement."""
    wide, bindings = _bindings(spans)

    def claims_between() -> sa.Select[*tuple[Any, ...]]:
        table = table_with(Trait.CLAIM)
        columns = ("id", "record_id", "since", "until", "conflict_key")
        return sa.select(*(table.c[name] for name in columns)).where(
            key_in(table.c.record_id, KEYS),
            sa.or_(changed_between(table, wide), table.c.conflict_key.is_not(None)),
        )

    by_record: dict[str, list[Row]] = defaultdict(list)
    for row in await reader.rows(("evidence", wide), claims_between, owners_of(spans), **bindings):
        by_record[row["record_id"]].append(row)
    counts: dict[EditionRange, Evidence] = {}
    for span in spans:
        id, *ends = span
        before, after = ([row for row in by_record[id] if holds(row, end)] for end in ends)
        claims, conflicts = (_turnover(before, after, name) for name in ("id", "conflict_key"))
        counts[span] = Evidence(*claims, *conflicts)
    return counts


def _turnover(before: list[Row], after: list[Row], column: str) -> tuple[int, int]:
    """How many values of a column were added, and how many were removed."""
    old, new = ({row[column] for row in rows} - {None} for rows in (before, after))
    return len(new - old), len(old - new)
