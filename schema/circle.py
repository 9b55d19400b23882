"""The circle of an actor: itself, and everybody it stands for, at an edition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from schema.edition import Edition, valid
from schema.noun import nouns, table_of
from schema.value import Words


def memberships() -> Iterator[sa.Select[*tuple[Any, ...]]]:
    """Who belonged to whom, as the nouns declare it: a member, its owner, since and until when."""
    for noun in nouns().values():
        for member, owner in noun.belongs:
            table = table_of(noun).alias()
            yield sa.select(
                table.c[member].label("member"),
                table.c[owner].label("owner"),
                table.c.since,
                table.c.until,
            ).where(table.c[owner].is_not(None), table.c[member].is_not(None))


def circle(actor: str, as_of: int | sa.Column[int] | None) -> sa.Select[*tuple[Any, ...]]:
    """The ids of an actor's circle: a state stands for its institutions, officials and companies.

    An institution stands for its parts and for those who hold a post at it; a person for nobody.
    As of a column, it is the circle at the edition of the row that is looked at.
    """
    pairs = sa.union_all(*memberships()).subquery()
    start = sa.literal(actor, Words).label("id")
    if isinstance(as_of, sa.ColumnElement):
        editions = Edition.__table__  # type: ignore[attr-defined]  # set by SQLModel
        base = sa.select(start, editions.c.number.label("edition")).cte(recursive=True)
        met = sa.and_(pairs.c.owner == base.c.id, valid(pairs, base.c.edition))
        grown = sa.select(pairs.c.member, base.c.edition).join_from(base, pairs, met)
        whole = base.union(grown)
        return sa.select(whole.c.id).where(whole.c.edition == as_of).correlate(as_of.table)
    base = sa.select(start).cte(recursive=True)
    met = sa.and_(pairs.c.owner == base.c.id, valid(pairs, as_of))
    whole = base.union(sa.select(pairs.c.member).join_from(base, pairs, met))
    return sa.select(whole.c.id)
