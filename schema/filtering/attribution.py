"""Attribution: for whom an actor counts, itself or the state it belongs to."""

from __future__ import annotations

from enum import Enum
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.model.editions import valid
from schema.model.registry import nouns, table_named, table_with
from schema.model.traits import Trait


@strawberry.enum(description="For whom an actor counts.")
class Standing(Enum):
    STATE = strawberry.enum_value(
        "STATE",
        description="For the state it belongs to or serves, or for each of several; for "
        "itself where it has none.",
    )
    ITSELF = strawberry.enum_value("ITSELF", description="For itself.")


def attributed_actor(
    standing: Standing, rows: sa.FromClause, actor: sa.ColumnElement[Any], as_of: Any
) -> tuple[sa.FromClause, sa.ColumnElement[Any]]:
    """Rows that name an actor, joined with the actor's own, and for whom the actor counts.

    Where it belongs to several states, there is a row for each.
    """
    if standing is Standing.ITSELF:
        return rows, actor
    states = []
    for name, noun in nouns().items():
        for member, owner in noun.belongs:
            if owner == "state_id":
                members = table_named(name).alias()
                is_its_own = sa.and_(members.c[member] == actor, valid(members, as_of))
                rows = rows.outerjoin(members, is_its_own)
                states.append(members.c[owner])
    return rows, sa.func.coalesce(*states, actor)


def involvements(standing: Standing, as_of: Any) -> sa.Subquery:
    """Every involvement valid at the edition: record, role, and for whom its actor counts."""
    table = table_with(Trait.INVOLVEMENT).alias()
    joined, actor = attributed_actor(standing, table, table.c.actor_id, as_of)
    return (
        sa.select(
            table.c.id,
            table.c.record_id,
            table.c.role,
            table.c.actor_id,
            table.c.factuality,
            actor.label("actor"),
        )
        .select_from(joined)
        .where(valid(table, as_of))
        .subquery()
    )
