"""Ties: what joins two actors in one record, and which way it goes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from schema.asked import table_named
from schema.circle import circle
from schema.database import key_in
from schema.edition import valid
from schema.noun import nouns
from schema.standing import Standing, involvements

DIRECTIONS = ("forth", "back", "together")


def _goes(role: sa.ColumnElement[Any], way: str) -> sa.ColumnElement[bool]:
    """Whether a role goes FROM its actor, TO it, or is shared WITH it."""
    reach: dict[str, str] = getattr(nouns()["Involvement"], "reach")  # noqa: B009  # the noun's own
    return role.in_([name for name, told in reach.items() if told == way])


def _goes_somewhere(role: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return sa.or_(*(_goes(role, way) for way in ("FROM", "TO", "WITH")))


def _directions(one: sa.ColumnElement[Any], other: sa.ColumnElement[Any]) -> list[Any]:
    """Whether a tie goes forth, back, or is had together, by the roles of two in one record.

    Two that something only comes to, such as two targets of one statement, are not tied by it.
    """
    sources, targets = (
        [_goes(role, "FROM") for role in (one, other)],
        [_goes(role, "TO") for role in (one, other)],
    )
    shared = [_goes(role, "WITH") for role in (one, other)]
    forth = sa.and_(sources[0], targets[1])
    back = sa.and_(targets[0], sources[1])
    together = sa.or_(
        sa.and_(shared[0], _goes_somewhere(other)),
        sa.and_(_goes_somewhere(one), shared[1]),
        sa.and_(sources[0], sources[1]),
    )
    return [forth, back, together]


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


def ties_between(one: Any, other: Any, as_of: Any) -> sa.Select[*tuple[Any, ...]]:
    """The records that tie two actors' circles: record, noun, and each direction as 0 or 1."""
    first, second = table_named("Involvement").alias(), table_named("Involvement").alias()
    directions = _directions(first.c.role, second.c.role)
    identity = sa.table("record", sa.column("id"), sa.column("noun"))
    return (
        sa.select(
            first.c.record_id, sa.func.min(identity.c.noun).label("noun"), *_tied(*directions)
        )
        .join_from(first, second, first.c.record_id == second.c.record_id)
        .join(identity, identity.c.id == first.c.record_id)
        .where(first.c.id != second.c.id, valid(first, as_of), valid(second, as_of))
        .where(first.c.actor_id.in_(circle(one, as_of)))
        .where(second.c.actor_id.in_(circle(other, as_of)))
        .where(sa.or_(*directions))
        .group_by(first.c.record_id)
        .order_by(first.c.record_id)
    )


def taking_part(records: Any, actor: Any, as_of: Any) -> sa.Select[*tuple[Any, ...]]:
    """The involvements through which an actor's circle takes part in records."""
    table = table_named("Involvement").alias()
    return (
        sa.select(table.c.record_id, table.c.id)
        .where(key_in(table.c.record_id, records), valid(table, as_of))
        .where(table.c.actor_id.in_(circle(actor, as_of)))
        .where(_goes_somewhere(table.c.role))
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
