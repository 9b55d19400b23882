"""Ties: what joins two actors in one record, and which way it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from schema.filtering.attribution import Standing, involvements
from schema.filtering.membership import members_of
from schema.model.editions import valid
from schema.model.registry import noun_with, table_with
from schema.model.traits import Trait
from schema.model.values import CodepointText
from schema.storage.sql import key_in

DIRECTIONS = ("forth", "back", "together")


def reaches() -> dict[str, str]:
    """Which way each role ties its actor to the others: FROM it, TO it, or shared WITH it."""
    found: dict[str, str] = getattr(noun_with(Trait.INVOLVEMENT), "reach")  # noqa: B009  # the noun's own
    return found


def direction(one: str, other: str) -> str | None:
    """Whether a tie goes forth, back, or is had together, by the ways of two in one record.

    Two that something only comes to, such as two targets of one statement, are not tied by it.
    """
    if {one, other} == {"FROM", "TO"}:
        return "forth" if one == "FROM" else "back"
    return None if one == other == "TO" else "together"


def _goes(role: sa.ColumnElement[Any], way: str) -> sa.ColumnElement[bool]:
    return role.in_([name for name, told in reaches().items() if told == way])


def ways_of(
    one: sa.ColumnElement[Any], other: sa.ColumnElement[Any]
) -> tuple[list[sa.ColumnElement[int]], sa.ColumnElement[bool]]:
    """The DIRECTIONS of a record, by the roles of every two in it; and whether two are tied.

    It is had together only where it goes neither way. What `tied` says in Python, in SQL.
    """
    ways = sorted({*reaches().values()})
    forth, back, together = (
        sa.or_(
            *(
                sa.and_(_goes(one, first), _goes(other, second))
                for first in ways
                for second in ways
                if direction(first, second) == wanted
            )
        )
        for wanted in DIRECTIONS
    )
    neither = sa.and_(_as_number(forth) == 0, _as_number(back) == 0)
    columns = [
        _as_number(forth).label("forth"),
        _as_number(back).label("back"),
        sa.case((neither, _as_number(together)), else_=0).label("together"),
    ]
    return columns, sa.or_(forth, back, together)


def _as_number(test: Any) -> Any:
    return sa.func.max(sa.case((test, 1), else_=0))


class InvolvementRow(NamedTuple):
    """An involvement: its id, as what, and who takes part."""

    id: str
    role: str
    actor: str


class Tied(NamedTuple):
    """A record that ties two actors: who takes part for either, and which ways it goes."""

    record: str
    noun: str
    ones: Sequence[InvolvementRow]
    others: Sequence[InvolvementRow]
    """The involvements of either side, by id."""
    ways: frozenset[str]
    """Some of DIRECTIONS; it is had together only where it goes neither way."""

    @property
    def turned(self) -> Tied:
        """The same, seen from the other side."""
        return Tied(self.record, self.noun, self.others, self.ones, _turned(self.ways))


@cache
def _turned(ways: frozenset[str]) -> frozenset[str]:
    return frozenset({"forth": "back", "back": "forth"}.get(way, way) for way in ways)


def tied(ones: Mapping[str, Sequence[str]], others: Mapping[str, Sequence[str]]) -> list[Tied]:
    """The records that tie two circles, by the columns of their involvements, sorted by record."""
    by_record: dict[str, tuple[list[InvolvementRow], list[InvolvementRow]]] = {}
    reach = reaches()
    for side, found in enumerate((ones, others)):
        parts = map(InvolvementRow, found["id"], found["role"], found["actor_id"])
        for record, part in zip(found["record_id"], parts, strict=True):
            if part.role in reach:
                by_record.setdefault(record, ([], []))[side].append(part)
    ties = []
    for record, (first, second) in by_record.items():
        roles = {(one.role, other.role) for one in first for other in second if one.id != other.id}
        ways = _ways(frozenset(roles))
        if ways:
            ties.append(Tied(record, record.partition("/")[0], first, second, ways))
    return ties


@lru_cache(1_024)
def _ways(roles: frozenset[tuple[str, str]]) -> frozenset[str]:
    reach = reaches()
    found = {direction(reach[one], reach[other]) for one, other in roles}
    ways = frozenset(way for way in found if way is not None)
    return ways - {"together"} or ways


def members(actor: Any, as_of: Any) -> sa.Select[*tuple[Any, ...]]:
    """The ids of an actor's circle."""
    return sa.select(members_of(actor, as_of).subquery().c.id)


def is_busier(actors: Any, others: Any) -> sa.Select[*tuple[Any, ...]]:
    """Whether actors ever took part in more than others, whom it counts no further than that."""
    table = table_with(Trait.INVOLVEMENT)
    one, other = (key_in(table.c.actor_id, each) for each in (actors, others))
    own = sa.select(sa.func.count().label("number")).select_from(table).where(one).cte()
    number = sa.select(own.c.number).scalar_subquery()
    rest: sa.Select[Any] = sa.select(table.c.actor_id).where(other).limit(number)
    counted = sa.select(sa.func.count()).select_from(rest.subquery()).scalar_subquery()
    return sa.select((counted < number).label("is_so"))


def involvements_sharing_records(
    actors: Any, others: Any, as_of: Any
) -> sa.Select[*tuple[Any, ...]]:
    """The involvements of `others` in records that some of the actors take part in as well."""
    table = table_with(Trait.INVOLVEMENT).alias()
    shared = sa.select(table.c.record_id).where(key_in(table.c.actor_id, actors))
    return _taking(others, as_of, lambda record: key_in(record, shared.where(valid(table, as_of))))


def within(records: Any, actors: Any, as_of: Any) -> sa.Select[*tuple[Any, ...]]:
    """The involvements of actors in records."""
    return _taking(actors, as_of, lambda record: key_in(record, records))


def _taking(
    actors: Any, as_of: Any, among: Callable[[sa.ColumnElement[Any]], sa.ColumnElement[bool]]
) -> sa.Select[*tuple[Any, ...]]:
    table = table_with(Trait.INVOLVEMENT).alias()
    role = sa.type_coerce(table.c.role, CodepointText)
    return (
        sa.select(table.c.record_id, table.c.id, role.label("role"), table.c.actor_id)
        .where(among(table.c.record_id), key_in(table.c.actor_id, actors))
        .where(valid(table, as_of))
        .order_by(table.c.record_id, table.c.id)
    )


def ties_among(records: sa.Subquery, standing: Standing, as_of: Any) -> sa.Subquery:
    """The ties of every two actors in the records: the actors, in order, the record, directions."""
    first, second = involvements(standing, as_of), involvements(standing, as_of).alias()
    directions, is_tied = ways_of(first.c.role, second.c.role)
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
        .where(first.c.actor < second.c.actor, is_tied)
        .group_by(first.c.actor, second.c.actor, first.c.record_id, records.c.noun)
        .subquery()
    )
