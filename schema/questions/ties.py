"""Ties: what joins two actors in one record, and which way it goes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from schema.filtering.attribution import Standing, involvements
from schema.model.editions import valid
from schema.model.factuality import CONFIRMED
from schema.model.registry import noun_with, table_with
from schema.model.traits import Trait
from schema.model.values import CodepointText
from schema.storage.sql import Keys, key_in

DIRECTIONS = ("forth", "back", "together")


def reaches() -> dict[str, str]:
    """Which way each role ties its actor to the others: FROM it, TO it, or shared WITH it."""
    reach: dict[str, str] = getattr(noun_with(Trait.INVOLVEMENT), "reach")  # noqa: B009  # the noun's own
    return reach


def direction(one: str, other: str) -> str | None:
    """Whether a tie goes forth, back, or is had together, by the reach of two roles in one record.

    Two that something only comes to, such as two targets of one statement, are not tied by it.
    """
    if {one, other} == {"FROM", "TO"}:
        return "forth" if one == "FROM" else "back"
    return None if one == other == "TO" else "together"


def _not_beside() -> dict[str, str]:
    """The roles that tie nobody to whom has another one, and which."""
    roles: dict[str, str] = getattr(noun_with(Trait.INVOLVEMENT), "not_beside")  # noqa: B009  # as above
    return roles


def direction_columns(
    one: sa.ColumnElement[Any], other: sa.ColumnElement[Any], is_sure: sa.ColumnElement[bool]
) -> tuple[list[sa.ColumnElement[int]], sa.ColumnElement[bool]]:
    """The DIRECTIONS of a record, by the roles of every two in it; and whether two are tied.

    It is had together only where it goes neither way. What `ties_between` says, in SQL; a tie
    that is not confirmed goes no way at all.
    """
    forth, back, together = (_is_directed(name, one, other, sa.true()) for name in DIRECTIONS)
    sure = [_is_directed(name, one, other, is_sure) for name in DIRECTIONS]
    neither = sa.and_(sure[0] == 0, sure[1] == 0)
    columns: list[sa.ColumnElement[int]] = [
        sure[0].label("forth"),
        sure[1].label("back"),
        sa.case((neither, sure[2]), else_=0).label("together"),
    ]
    return columns, forth + back + together > 0


def _is_directed(
    name: str,
    one: sa.ColumnElement[Any],
    other: sa.ColumnElement[Any],
    counts: sa.ColumnElement[bool],
) -> sa.ColumnElement[int]:
    """Whether a record goes a way, by any two roles in it that count: 1 or 0."""
    found: list[Any] = []
    for pair, exclusion in _pairs(name, one, other):
        occurs = _occurs(sa.and_(pair, counts))
        if exclusion is not None:
            occurs = sa.case((_occurs(sa.and_(exclusion, counts)) == 1, 0), else_=occurs)
        found.append(occurs)
    number: Any = sum(found[1:], found[0])
    return sa.case((number > 0, 1), else_=0)


def _pairs(
    name: str, one: sa.ColumnElement[Any], other: sa.ColumnElement[Any]
) -> Iterator[tuple[sa.ColumnElement[bool], sa.ColumnElement[bool] | None]]:
    """Which two roles go a way, and which role of the one of them leaves them out."""
    beside = _not_beside()
    free = [role for role in reaches() if role not in beside]
    pairs: list[tuple[Any, Any]] = [(_is_pair(name, one, free, other, free), None)]
    for role, excluding in beside.items():
        pairs += [
            (_is_pair(name, one, [role], other, free), one == excluding),
            (_is_pair(name, one, free, other, [role]), other == excluding),
        ]
    yield from ((pair, exclusion) for pair, exclusion in pairs if pair is not None)


def _is_pair(
    name: str,
    one: sa.ColumnElement[Any],
    ones: Sequence[str],
    other: sa.ColumnElement[Any],
    others: Sequence[str],
) -> sa.ColumnElement[bool] | None:
    """Whether two roles, each one of some, go a way; None where no two of them do."""
    reach = reaches()
    tests = [
        sa.and_(
            one.in_([role for role in ones if reach[role] == first]),
            other.in_([role for role in others if reach[role] == second]),
        )
        for first in sorted({reach[role] for role in ones})
        for second in sorted({reach[role] for role in others})
        if direction(first, second) == name
    ]
    return sa.or_(*tests) if tests else None


def _occurs(test: Any) -> Any:
    """Whether a test holds for any row of a group: 1 or 0."""
    return sa.func.max(sa.case((test, 1), else_=0))


class InvolvementRow(NamedTuple):
    """An involvement: its id, as what, who takes part, and how sure that is."""

    id: str
    role: str
    actor: str
    factuality: str


class TieRow(NamedTuple):
    """A record that ties two actors: who takes part for either, and which ways it goes."""

    record: str
    noun: str
    ones: Sequence[InvolvementRow]
    others: Sequence[InvolvementRow]
    """The involvements of either side, by id."""
    directions: frozenset[str]
    """Some of DIRECTIONS; it is had together only where it goes neither way."""
    is_doubted: bool
    """Whether no two of the involvements that tie them are both confirmed."""

    @property
    def reverse(self) -> TieRow:
        """The same, seen from the other side."""
        directions = _reverse(self.directions)
        return self._replace(ones=self.others, others=self.ones, directions=directions)


@cache
def _reverse(directions: frozenset[str]) -> frozenset[str]:
    return frozenset({"forth": "back", "back": "forth"}.get(each, each) for each in directions)


def ties_between(
    ones: Mapping[str, Sequence[str]],
    others: Mapping[str, Sequence[str]],
    joint: Collection[str] = (),
) -> list[TieRow]:
    """The ties of two circles, by the columns of their involvements, sorted by record.

    A part that both have ties them only where it is one of a `joint` actor, who is of both.
    """
    by_record: dict[str, tuple[list[InvolvementRow], list[InvolvementRow]]] = {}
    reach = reaches()
    for side, columns in enumerate((ones, others)):
        names = ("id", "role", "actor_id", "factuality")
        rows = map(InvolvementRow, *(columns[name] for name in names))
        for record, row in zip(columns["record_id"], rows, strict=True):
            if row.role in reach:
                by_record.setdefault(record, ([], []))[side].append(row)
    ties = []
    for record, (first, second) in by_record.items():
        directions = _directions(_roles(first, second, joint))
        if directions:
            noun = record.partition("/")[0]
            ties.append(
                TieRow(record, noun, first, second, directions, _is_doubted(first, second, joint))
            )
    return ties


def _roles(
    ones: Sequence[InvolvementRow], others: Sequence[InvolvementRow], joint: Collection[str]
) -> frozenset[tuple[str, str]]:
    """The roles of every two of either side; a joint actor is two by itself."""
    return frozenset(
        (one.role, other.role)
        for one in _tying(ones)
        for other in _tying(others)
        if one.id != other.id or one.actor in joint
    )


def _is_doubted(
    ones: Sequence[InvolvementRow], others: Sequence[InvolvementRow], joint: Collection[str]
) -> bool:
    sides = [[each for each in side if each.factuality in CONFIRMED] for side in (ones, others)]
    if len(sides[0]) == len(ones) and len(sides[1]) == len(others):
        return False
    return not _directions(_roles(sides[0], sides[1], joint))


def _tying(rows: Sequence[InvolvementRow]) -> Sequence[InvolvementRow]:
    """The involvements of one side without those that its other roles leave out."""
    beside = _not_beside()
    if not any(row.role in beside for row in rows):
        return rows
    roles = {row.role for row in rows}
    return [row for row in rows if beside.get(row.role) not in roles]


@lru_cache(1_024)
def _directions(roles: frozenset[tuple[str, str]]) -> frozenset[str]:
    reach = reaches()
    each = {direction(reach[one], reach[other]) for one, other in roles}
    directions = frozenset(name for name in each if name is not None)
    return directions - {"together"} or directions


def is_busier(actors: Keys, others: Keys) -> sa.Select[*tuple[Any, ...]]:
    """Whether actors ever took part in more than others, whom it counts no further than that."""
    table = table_with(Trait.INVOLVEMENT)
    one, other = (key_in(table.c.actor_id, each) for each in (actors, others))
    own = sa.select(sa.func.count().label("number")).select_from(table).where(one).cte()
    number = sa.select(own.c.number).scalar_subquery()
    rest: sa.Select[Any] = sa.select(table.c.actor_id).where(other).limit(number)
    count = sa.select(sa.func.count()).select_from(rest.subquery()).scalar_subquery()
    return sa.select((count < number).label("is_so"))


def records_of(actors: Keys, as_of: Any) -> sa.Select[*tuple[Any, ...]]:
    """The ids of the records that actors take part in, once for each involvement."""
    table = table_with(Trait.INVOLVEMENT).alias()
    ids = sa.select(table.c.record_id).where(key_in(table.c.actor_id, actors))
    return ids.where(valid(table, as_of))


def involvements_in(records: Keys, actors: Keys, as_of: Any) -> sa.Select[*tuple[Any, ...]]:
    """The involvements of actors in records, by record."""
    table = table_with(Trait.INVOLVEMENT).alias()
    texts = [
        sa.type_coerce(table.c[name], CodepointText).label(name) for name in ("role", "factuality")
    ]
    return (
        sa.select(table.c.record_id, table.c.id, *texts, table.c.actor_id)
        .where(key_in(table.c.record_id, records), key_in(table.c.actor_id, actors))
        .where(valid(table, as_of))
        .order_by(table.c.record_id, table.c.id)
    )


def ties_among(records: sa.Subquery, standing: Standing, as_of: Any) -> sa.Subquery:
    """The ties of every two actors in the records: the actors, in order, the record, directions.

    A group of several states acts for each of them, and so ties them by itself. A tie that goes
    no way is not confirmed: the record is not, or one of those who take part.
    """
    first, second = involvements(standing, as_of), involvements(standing, as_of).alias()
    is_sure = sa.and_(*(each.c.factuality.in_(CONFIRMED) for each in (records, first, second)))
    directions, is_tied = direction_columns(first.c.role, second.c.role, is_sure)
    return (
        sa.select(
            first.c.actor.label("one"),
            second.c.actor.label("other"),
            first.c.record_id,
            records.c.noun,
            *directions,
        )
        .join_from(first, second, first.c.record_id == second.c.record_id)
        .join(records, records.c.id == first.c.record_id)
        .where(first.c.actor < second.c.actor)
        .group_by(first.c.actor, second.c.actor, first.c.record_id, records.c.noun)
        .having(is_tied)
        .subquery()
    )
