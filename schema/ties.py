"""Ties: what joins two actors in one record, and which way it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from schema.asked import table_named
from schema.circle import circle
from schema.database import key_in
from schema.edition import valid
from schema.noun import nouns
from schema.standing import Standing, involvements
from schema.value import Words

DIRECTIONS = ("forth", "back", "together")


def reaches() -> dict[str, str]:
    """Which way each role ties its actor to the others: FROM it, TO it, or shared WITH it."""
    found: dict[str, str] = getattr(nouns()["Involvement"], "reach")  # noqa: B009  # the noun's own
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


def _directions(one: sa.ColumnElement[Any], other: sa.ColumnElement[Any]) -> list[Any]:
    """Whether the tie of two in one record goes forth, goes back, or is had together."""
    ways = sorted({*reaches().values()})
    return [
        sa.or_(
            *(
                sa.and_(_goes(one, first), _goes(other, second))
                for first in ways
                for second in ways
                if direction(first, second) == wanted
            )
        )
        for wanted in DIRECTIONS
    ]


def _as_number(test: Any) -> Any:
    return sa.func.max(sa.case((test, 1), else_=0))


def _tied(forth: Any, back: Any, together: Any) -> list[Any]:
    """The directions of a record, which is had together only where it goes neither way."""
    neither = sa.and_(_as_number(forth) == 0, _as_number(back) == 0)
    return [
        _as_number(forth).label("forth"),
        _as_number(back).label("back"),
        sa.case((neither, _as_number(together)), else_=0).label("together"),
    ]


class Tied(NamedTuple):
    """A record that ties two actors: who takes part for either, and which ways it goes."""

    record: str
    noun: str
    ones: Sequence[dict[str, Any]]
    others: Sequence[dict[str, Any]]
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


def tied(ones: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]]) -> list[Tied]:
    """The records that tie two circles by their involvements, in the order of `ones`."""
    by_record: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {}
    reach = reaches()
    for side, rows in enumerate((ones, others)):
        for row in filter(lambda row: row["role"] in reach, rows):
            by_record.setdefault(row["record_id"], ([], []))[side].append(row)
    found = []
    for record, (first, second) in by_record.items():
        ways = _ways(first, second)
        if ways:
            found.append(Tied(record, record.partition("/")[0], first, second, ways))
    return found


def _ways(ones: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]]) -> frozenset[str]:
    reach = reaches()
    found = {
        direction(reach[one["role"]], reach[other["role"]])
        for one in ones
        for other in others
        if one["id"] != other["id"]
    }
    ways = frozenset(way for way in found if way is not None)
    return ways - {"together"} or ways


def takings(actor: Any, as_of: Any) -> sa.Select[*tuple[Any, ...]]:
    """The circle of an actor by id, and in how much each of it ever took part."""
    members = circle(actor, as_of).subquery()
    table = table_named("Involvement").alias()
    number = sa.select(sa.func.count()).where(table.c.actor_id == members.c.id)
    return sa.select(members.c.id, number.scalar_subquery().label("number"))


def beside(actors: Any, others: Any, as_of: Any) -> sa.Select[*tuple[Any, ...]]:
    """The involvements of `others` in records that some of the actors take part in as well."""
    table = table_named("Involvement").alias()
    shared = sa.select(table.c.record_id).where(key_in(table.c.actor_id, actors))
    return _taking(others, as_of, lambda record: key_in(record, shared.where(valid(table, as_of))))


def within(records: Any, actors: Any, as_of: Any) -> sa.Select[*tuple[Any, ...]]:
    """The involvements of actors in records."""
    return _taking(actors, as_of, lambda record: key_in(record, records))


def _taking(
    actors: Any, as_of: Any, among: Callable[[sa.ColumnElement[Any]], sa.ColumnElement[bool]]
) -> sa.Select[*tuple[Any, ...]]:
    table = table_named("Involvement").alias()
    role = sa.type_coerce(table.c.role, Words)
    return (
        sa.select(table.c.record_id, table.c.id, role.label("role"), table.c.actor_id)
        .where(among(table.c.record_id), key_in(table.c.actor_id, actors))
        .where(valid(table, as_of))
        .order_by(table.c.record_id, table.c.id)
    )


def ties_among(records: sa.Subquery, standing: Standing, as_of: Any) -> sa.Subquery:
    """The ties of every two actors in the records: the actors, in order, the record, directions."""
    first, second = involvements(standing, as_of), involvements(standing, as_of).alias()
    directions = _directions(first.c.role, second.c.role)
    return (
        sa.select(
            first.c.actor.label("one"),
            second.c.actor.label("other"),
            first.c.record_id,
            records.c.noun,
            *_tied(*directions),
        )
        .join_from(first, second, first.c.record_id == second.c.record_id)
        .join(records, records.c.id == first.c.record_id)
        .where(first.c.actor < second.c.actor, sa.or_(*directions))
        .group_by(first.c.actor, second.c.actor, first.c.record_id, records.c.noun)
        .subquery()
    )
