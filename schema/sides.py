"""Sides: what records are grouped by, and why one has no place in a grouping."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.asked import table_named
from schema.dating import own_date, year_of
from schema.edition import valid
from schema.errors import InputError
from schema.noun import Versioned, plain_columns
from schema.standing import Standing, involvements
from schema.value import Words

DIMENSIONS_CEILING = 3


@strawberry.enum(description="A side of records that statistics are grouped by.")
class Dimension(Enum):
    YEAR = strawberry.enum_value("YEAR", description="The year it is dated in.")
    PARTY = strawberry.enum_value("PARTY", description="Who takes part; one group each.")
    ROLE = strawberry.enum_value("ROLE", description="What those who take part are in it.")
    NOUN = strawberry.enum_value("NOUN", description="What noun it is.")
    KIND = strawberry.enum_value("KIND", description="The kind, such as `TREATY`.")
    SECTOR = strawberry.enum_value("SECTOR", description="The field of cooperation.")
    CATEGORY = strawberry.enum_value("CATEGORY", description="The sort of goods.")
    STAGE = strawberry.enum_value("STAGE", description="How far it has come.")
    SOURCE = strawberry.enum_value("SOURCE", description="Which sources speak of it; one each.")


@strawberry.enum(description="Why a record has no place in a grouping.")
class Missing(Enum):
    NOT_KNOWN = strawberry.enum_value("NOT_KNOWN", description="The field holds nothing.")
    NOT_DATED = strawberry.enum_value("NOT_DATED", description="Nothing bounds its date.")
    SPANS_YEARS = strawberry.enum_value(
        "SPANS_YEARS", description="Its date can lie in more than one year."
    )
    NOBODY = strawberry.enum_value("NOBODY", description="Nobody takes part, or not in that role.")
    NO_SUCH_FIELD = strawberry.enum_value(
        "NO_SUCH_FIELD", description="Records of its noun have no such field."
    )


@dataclass(frozen=True)
class Grouping:
    """How records are grouped."""

    by: tuple[Dimension, ...] = ()
    roles: tuple[str, ...] = ()
    standing: Standing = Standing.STATE

    @classmethod
    def of(cls, arguments: dict[str, Any]) -> Grouping:
        """The grouping that a query asks for."""
        by = tuple(dict.fromkeys(arguments.get("by") or ()))
        if len(by) > DIMENSIONS_CEILING:
            raise InputError(f"`by` holds {len(by)} sides. Give at most {DIMENSIONS_CEILING}.")
        roles = tuple(str(role.value) for role in arguments.get("roles") or ())
        return cls(by, roles, arguments.get("actorsAs") or Standing.STATE)


def sides_of(
    name: str, noun: type[Versioned], table: sa.FromClause, grouping: Grouping, as_of: Any
) -> tuple[sa.FromClause, list[Any]]:
    """The table joined with what groups it, and its sides, each as `=value` or `!reason`."""
    joined: sa.FromClause = table
    values: dict[Dimension, Any] = {}
    of_actors = {Dimension.PARTY, Dimension.ROLE} & {*grouping.by}
    if of_actors:
        joined, values = _actors(noun, table, of_actors, grouping, as_of)
    if Dimension.SOURCE in grouping.by:
        joined, values[Dimension.SOURCE] = _sources(noun, table, joined, as_of)
    return joined, [
        values[by] if by in values else _side(by, name, noun, table) for by in grouping.by
    ]


def _side(by: Dimension, name: str, noun: type[Versioned], table: sa.FromClause) -> Any:
    """A side that a record has one value of, as `=value` or `!reason`."""
    if by is Dimension.NOUN:
        return sa.literal(f"={name}", Words)
    if by is Dimension.YEAR:
        if not noun.dated_by:
            return _why(Missing.NO_SUCH_FIELD)
        date = own_date(noun, table)
        year = year_of(date)
        return sa.case(
            (year.is_not(None), sa.literal("=", Words) + sa.cast(year, Words)),
            (date["day"].is_not(None), _why(Missing.SPANS_YEARS)),
            else_=_why(Missing.NOT_DATED),
        )
    column = by.name.lower()
    if column not in plain_columns(noun):
        return _why(Missing.NO_SUCH_FIELD)
    value = sa.cast(table.c[column], Words)
    return sa.func.coalesce(sa.literal("=", Words) + value, _why(Missing.NOT_KNOWN))


def _why(missing: Missing) -> sa.ColumnElement[str]:
    return sa.literal(f"!{missing.value}", Words)


def _actors(
    noun: type[Versioned],
    table: sa.FromClause,
    sides: set[Dimension],
    grouping: Grouping,
    as_of: Any,
) -> tuple[sa.FromClause, dict[Dimension, Any]]:
    """Who takes part in a record, as what; a record with nobody keeps one row."""
    if "role" in table.c and "actor_id" in table.c:
        owner, key = "id", table.c.id
    elif "involvements" in noun.declared.relations and noun.dated_by:
        owner, key = "record_id", table.c.id
    else:
        return table, dict.fromkeys(sides, _why(Missing.NO_SUCH_FIELD))
    part = involvements(grouping.standing, as_of)
    names = {Dimension.PARTY: "actor", Dimension.ROLE: "role"}
    columns = [part.c[names[side]] for side in names if side in sides]
    query = sa.select(part.c[owner].label("owner"), *columns).distinct()
    if grouping.roles:
        query = query.where(part.c.role.in_(grouping.roles))
    taking = query.subquery()
    found = {
        side: sa.func.coalesce(
            sa.literal("=", Words) + sa.cast(taking.c[names[side]], Words), _why(Missing.NOBODY)
        )
        for side in sides
    }
    return table.outerjoin(taking, taking.c.owner == key), found


def _sources(
    noun: type[Versioned], table: sa.FromClause, joined: sa.FromClause, as_of: Any
) -> tuple[sa.FromClause, Any]:
    """The sources that speak of a record, or of a part of one."""
    if "source_id" in table.c:
        return joined, sa.literal("=", Words) + table.c.source_id
    claim = table_named("Claim").alias()
    owner = claim.c.element_id if noun.parent_key else claim.c.record_id
    pairs = sa.select(owner.label("owner"), claim.c.source_id).where(valid(claim, as_of))
    speaking = pairs.where(owner.is_not(None)).distinct().subquery()
    value = sa.func.coalesce(sa.literal("=", Words) + speaking.c.source_id, _why(Missing.NOT_KNOWN))
    return joined.outerjoin(speaking, speaking.c.owner == table.c.id), value
