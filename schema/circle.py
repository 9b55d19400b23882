"""The circle of an actor: itself, and everybody it stands for, at an edition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from schema.edition import valid
from schema.noun import nouns, table_of
from schema.value import Words


def memberships(as_of: Any) -> Iterator[sa.Select[*tuple[Any, ...]]]:
    """Who belongs to whom, as the nouns declare it: pairs of a member and its owner."""
    for noun in nouns().values():
        for member, owner in noun.belongs:
            table = table_of(noun).alias()
            yield sa.select(table.c[member].label("member"), table.c[owner].label("owner")).where(
                valid(table, as_of), table.c[owner].is_not(None), table.c[member].is_not(None)
            )


def circle(actor: str, as_of: Any) -> sa.CTE:
    """The ids of an actor's circle: a state stands for its institutions, officials and companies.

    An institution stands for its parts and for those who hold a post at it; a person for nobody.
    """
    base = sa.select(sa.literal(actor, Words).label("id")).cte(recursive=True)
    pairs = sa.union_all(*memberships(as_of)).subquery()
    return base.union(sa.select(pairs.c.member).join(base, pairs.c.owner == base.c.id))
