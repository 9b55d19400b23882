"""Dimensions: what records are grouped by, and why one has no place in a grouping."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.errors import InputError
from schema.filtering.attribution import Standing, attributed_actor
from schema.filtering.dates import year_of
from schema.graph.arguments import argument
from schema.model.editions import valid
from schema.model.noun import Versioned
from schema.model.reflection import plain_columns
from schema.model.registry import table_named, table_with
from schema.model.traits import Trait
from schema.model.values import CodepointText
from schema.storage.sql import not_indexed

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
    FACTUALITY = strawberry.enum_value("FACTUALITY", description="How far sources vouch for it.")
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


def dimension_columns(noun: type[Versioned], grouping: Grouping) -> set[str]:
    """The columns of a noun that its records are grouped by."""
    names = {by.name.lower() for by in grouping.by}
    if Dimension.SOURCE in grouping.by:
        names.add("source_id")
    return names & {*table_named(noun.__name__).c.keys()}


def dimension_key(by: Dimension, name: str, noun: type[Versioned], rows: sa.FromClause) -> Any:
    """The key of a record in a dimension: `=value` or `?reason`; None where it has several.

    What has a value stands before what has none.
    """
    if by is Dimension.NOUN:
        return sa.literal(f"={name}", CodepointText)
    if by is Dimension.YEAR:
        return _year_key(noun, rows)
    if by in (Dimension.PARTY, Dimension.ROLE):
        return None if _involved_by(noun) else _missing_key(Missing.NO_SUCH_FIELD)
    if by is Dimension.SOURCE:
        return _value_key(rows.c.source_id) if "source_id" in rows.c else None
    column = by.name.lower()
    if column not in plain_columns(noun):
        return _missing_key(Missing.NO_SUCH_FIELD)
    return sa.func.coalesce(_value_key(rows.c[column]), _missing_key(Missing.NOT_KNOWN))


def _year_key(noun: type[Versioned], rows: sa.FromClause) -> sa.ColumnElement[str]:
    if not noun.dated_by:
        return _missing_key(Missing.NO_SUCH_FIELD)
    earliest, latest = rows.c.earliest, rows.c.latest
    year = year_of({"earliest": earliest, "latest": latest})
    is_dated = sa.func.coalesce(earliest, latest).is_not(None)
    return sa.case(
        (year.is_not(None), _value_key(year)),
        (is_dated, _missing_key(Missing.SPANS_YEARS)),
        else_=_missing_key(Missing.NOT_DATED),
    )


def _value_key(value: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    return sa.literal("=", CodepointText) + sa.cast(value, CodepointText)


def _missing_key(missing: Missing) -> sa.ColumnElement[str]:
    return sa.literal(f"?{missing.value}", CodepointText)


def _involved_by(noun: type[Versioned]) -> str | None:
    """By which column involvements name a record, or are it; None where nobody takes part."""
    columns = table_named(noun.__name__).c
    if "role" in columns and "actor_id" in columns:
        return "id"
    return "record_id" if noun.has_participants else None


JoinedKeys = tuple[sa.FromClause, dict[Dimension, sa.ColumnElement[str]]]
"""The rows of records joined with what has their keys in some dimensions, and these keys."""


def join_actors(
    noun: type[Versioned], rows: sa.FromClause, grouping: Grouping, as_of: Any
) -> JoinedKeys:
    """Who takes part in each record, as what, once each; a record with nobody keeps one row."""
    involvement = table_with(Trait.INVOLVEMENT).alias()
    tests = [valid(involvement, as_of)]
    if grouping.roles:
        tests.append(involvement.c.role.in_(grouping.roles))
    is_its_own = involvement.c[_involved_by(noun) or "id"] == rows.c.id
    joined: sa.FromClause = rows.outerjoin(involvement, sa.and_(is_its_own, not_indexed(*tests)))
    actor: sa.ColumnElement[Any] = involvement.c.actor_id
    if Dimension.PARTY in grouping.by:
        joined, actor = attributed_actor(grouping.standing, joined, actor, as_of)
    nobody = _missing_key(Missing.NOBODY)
    return joined, {
        Dimension.PARTY: sa.func.coalesce(_value_key(actor), nobody),
        Dimension.ROLE: sa.func.coalesce(_value_key(involvement.c.role), nobody),
    }


def join_sources(noun: type[Versioned], rows: sa.FromClause, as_of: Any) -> JoinedKeys:
    """The sources that speak of each record, or of a part of one, once each."""
    claim = table_with(Trait.CLAIM).alias()
    owner = claim.c.element_id if noun.parent_key else claim.c.record_id
    joined = rows.outerjoin(claim, sa.and_(owner == rows.c.id, not_indexed(valid(claim, as_of))))
    key = sa.func.coalesce(_value_key(claim.c.source_id), _missing_key(Missing.NOT_KNOWN))
    return joined, {Dimension.SOURCE: key}


ACTORS_AS = (
    argument(
        Standing, "For whom institutions, companies and officials count: their state or themselves."
    ),
    Standing.STATE,
)
