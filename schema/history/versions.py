"""Versions: what stood at two editions of some records, read for all of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

from schema.model.noun import Link, Versioned
from schema.model.reflection import owner_column
from schema.model.registry import known, noun_with, nouns, nouns_of, table_of, table_with
from schema.model.traits import Trait
from schema.planning.scope import visible_column
from schema.storage.sql import key_in
from schema.storage.statement import KEYS, bound_parameter, given

if TYPE_CHECKING:
    from schema.execution.executor import Executor

Row = Mapping[str, Any]
"""One version of a row."""

EditionRange = tuple[str, int, int]
"""A record and two editions to compare it at."""


class Compared(Protocol):
    """Anything that says which record to compare at which editions."""

    record_id: str
    compared_from: int
    compared_to: int


def span_of(item: Compared) -> EditionRange:
    """The record and the editions of what is compared."""
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
        return any(_said(self.before.get(id)) != _said(self.after.get(id)) for id in self.ids)


def holds(row: Row, edition: int) -> bool:
    """Whether an edition holds a version."""
    return bool(row["since"] <= edition and (row["until"] is None or row["until"] > edition))


def _said(row: Row | None) -> dict[Any, Any] | None:
    """A row without the editions it is valid in."""
    if row is None:
        return None
    return {name: value for name, value in row.items() if name not in ("since", "until")}


def split_by_edition(
    rows: Iterable[Row], spans: Iterable[EditionRange], owner: str
) -> dict[EditionRange, RowDelta]:
    """The rows by the spans of their owner, those that both editions hold left out."""
    found = {span: RowDelta() for span in spans}
    by_owner: dict[str, list[EditionRange]] = defaultdict(list)
    for span in found:
        by_owner[span[0]].append(span)
    for row in rows:
        for span in by_owner.get(row[owner], ()):
            _, start, end = span
            before, after = holds(row, start), holds(row, end)
            if before and not after:
                found[span].before[row["id"]] = row
            elif after and not before:
                found[span].after[row["id"]] = row
    return found


def _ends(spans: Iterable[EditionRange]) -> tuple[int, dict[str, Any]]:
    """How many pairs of editions lie further apart than one, and all of them by name."""
    ends = {(min(start, end), max(start, end)) for _, start, end in spans}
    late: dict[str, Any] = {"steps": sorted({high for low, high in ends if high - low == 1})}
    wide = sorted((low, high) for low, high in ends if high - low != 1)
    for at, (low, high) in enumerate(wide):
        late |= {f"low {at}": low, f"high {at}": high}
    return len(wide), late


def changed_between(table: sa.FromClause, wide: int) -> sa.ColumnElement[bool]:
    """The versions that begin or end between the editions of a span, and some more."""
    found: list[sa.ColumnElement[bool]] = []
    for column in (table.c.since, table.c.until):
        found.append(key_in(column, given("steps")))
        for at in range(wide):
            low, high = (
                bound_parameter(given(f"{end} {at}"), sa.BigInteger()) for end in ("low", "high")
            )
            found.append(sa.and_(column > low, column <= high))
    return sa.or_(*found)


def owners_of(spans: Iterable[EditionRange]) -> list[str]:
    """The records of some spans."""
    return sorted({id for id, _, _ in spans})


async def read(
    reader: Executor, noun: type[Versioned], column: str, spans: Sequence[EditionRange]
) -> dict[EditionRange, RowDelta]:
    """What the rows of one noun were at both ends of each span; one statement."""
    wide, late = _ends(spans)

    def build() -> sa.Select[*tuple[Any, ...]]:
        table = table_of(noun)
        columns = [
            visible_column(table, noun.__name__, each.name, reader.edition).label(each.name)
            for each in table.columns
            if each.name != "folded"
        ]
        return sa.select(*columns).where(
            key_in(table.c[column], KEYS), changed_between(table, wide)
        )

    place = ("states", noun.__name__, column, wide)
    return split_by_edition(
        await reader.rows(place, build, owners_of(spans), **late), spans, column
    )


async def own(reader: Executor, spans: Sequence[EditionRange]) -> dict[EditionRange, RowDelta]:
    """The same for the rows of the records themselves; one statement a noun."""
    by_noun: dict[type[Versioned], list[EditionRange]] = defaultdict(list)
    for span in spans:
        by_noun[known(span[0])].append(span)
    found: dict[EditionRange, RowDelta] = {}
    for noun, theirs in by_noun.items():
        found |= await read(reader, noun, "id", theirs)
    return found


async def parts(
    reader: Executor, spans: Sequence[EditionRange]
) -> list[tuple[type[Versioned], dict[EditionRange, RowDelta]]]:
    """The same for the links of the records; one statement a noun of links."""
    there = {known(id).__name__ for id in owners_of(spans)}
    found: list[tuple[type[Versioned], dict[EditionRange, RowDelta]]] = []
    for noun in nouns().values():
        if not issubclass(noun, Link):
            continue
        column = owner_column(noun)
        [owner] = [one for one in noun.declared.relations.values() if one.key == column]
        if there & nouns_of(owner.target):
            found.append((noun, await read(reader, noun, column, spans)))
    return found


async def claims(reader: Executor, spans: Sequence[EditionRange]) -> dict[EditionRange, RowDelta]:
    """The same for the claims about the records."""
    return await read(reader, noun_with(Trait.CLAIM), "record_id", spans)


async def passages(reader: Executor, spans: Sequence[EditionRange]) -> dict[EditionRange, RowDelta]:
    """The same for the passages that these claims rest on."""
    wide, late = _ends(spans)

    def build() -> sa.Select[*tuple[Any, ...]]:
        table, about = table_with(Trait.PASSAGE), table_with(Trait.CLAIM)
        of = sa.select(about.c.id, about.c.record_id).distinct()
        claims = of.where(key_in(about.c.record_id, KEYS)).subquery()
        query = sa.select(table, claims.c.record_id.label("owner")).join_from(
            table, claims, claims.c.id == table.c.claim_id
        )
        return query.where(changed_between(table, wide))

    rows = await reader.rows(("states of passages", wide), build, owners_of(spans), **late)
    return split_by_edition(rows, spans, "owner")


async def versions(reader: Executor, ids: Iterable[str]) -> dict[str, list[Row]]:
    """Every version of some records: since, until and title, in order; one statement a noun."""
    by_noun: dict[type[Versioned], list[str]] = defaultdict(list)
    for id in sorted(set(ids)):
        by_noun[known(id)].append(id)
    found: dict[str, list[Row]] = defaultdict(list)
    for noun, keys in by_noun.items():
        place = ("versions", noun.__name__)
        for row in await reader.rows(place, lambda noun=noun: _versions(noun), keys):  # type: ignore[misc]  # bound here
            found[row["id"]].append(row)
    return found


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

    claims_added: int = 0
    claims_retracted: int = 0
    conflicts_arisen: int = 0
    conflicts_settled: int = 0


async def evidence(reader: Executor, spans: Sequence[EditionRange]) -> dict[EditionRange, Evidence]:
    """The counts of claims that came and went, and of conflicts that did; one statement."""
    wide, late = _ends(spans)

    def build() -> sa.Select[*tuple[Any, ...]]:
        table = table_with(Trait.CLAIM)
        columns = ("id", "record_id", "since", "until", "conflict_key")
        return sa.select(*(table.c[name] for name in columns)).where(
            key_in(table.c.record_id, KEYS),
            sa.or_(changed_between(table, wide), table.c.conflict_key.is_not(None)),
        )

    by_record: dict[str, list[Row]] = defaultdict(list)
    for row in await reader.rows(("evidence", wide), build, owners_of(spans), **late):
        by_record[row["record_id"]].append(row)
    found: dict[EditionRange, Evidence] = {}
    for span in spans:
        id, *ends = span
        before, after = ([row for row in by_record[id] if holds(row, end)] for end in ends)
        came, went = _came_and_went(before, after, "id")
        arisen, settled = _came_and_went(before, after, "conflict_key")
        found[span] = Evidence(came, went, arisen, settled)
    return found


def _came_and_went(before: list[Row], after: list[Row], column: str) -> tuple[int, int]:
    was, remains = ({row[column] for row in rows} - {None} for rows in (before, after))
    return len(remains - was), len(was - remains)
