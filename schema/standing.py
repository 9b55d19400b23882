"""Standing: for whom an actor counts, itself or the state it belongs to."""

from __future__ import annotations

from enum import Enum
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.asked import table_named
from schema.edition import valid
from schema.graph import argument
from schema.noun import nouns


@strawberry.enum(description="For whom an actor counts.")
class Standing(Enum):
    STATE = strawberry.enum_value(
        "STATE", description="For the state it belongs to or serves; for itself where it has none."
    )
    ITSELF = strawberry.enum_value("ITSELF", description="For itself.")


ACTORS_AS = (
    argument(
        Standing, "For whom institutions, companies and officials count: their state or themselves."
    ),
    Standing.STATE,
)


def involvements(standing: Standing, as_of: Any) -> sa.Subquery:
    """Every involvement valid at the edition: record, role, and for whom its actor counts."""
    table = table_named("Involvement").alias()
    joined: sa.FromClause = table
    counts_for: sa.ColumnElement[Any] = table.c.actor_id
    if standing is Standing.STATE:
        states = []
        for name, noun in nouns().items():
            if ("id", "state_id") in noun.belongs:
                actors = table_named(name).alias()
                on = sa.and_(actors.c.id == table.c.actor_id, valid(actors, as_of))
                joined = joined.outerjoin(actors, on)
                states.append(actors.c.state_id)
        counts_for = sa.func.coalesce(*states, counts_for)
    return (
        sa.select(
            table.c.id, table.c.record_id, table.c.role, table.c.actor_id, counts_for.label("actor")
        )
        .select_from(joined)
        .where(valid(table, as_of))
        .subquery()
    )
