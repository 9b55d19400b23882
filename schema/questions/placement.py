"""Placement: where a record stands in time, by its own date or by what is known around it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.filtering.dates import _TYPES, NEVER, own_date
from schema.filtering.record_where import Chosen
from schema.model.editions import valid
from schema.model.noun import Versioned
from schema.model.registry import noun_with, nouns, table_named, table_with
from schema.model.traits import Trait
from schema.model.values import CodepointText, PartialDate, value_fields


@strawberry.enum(description="How a record comes to its place in a timeline.")
class Placement(Enum):
    DATED = strawberry.enum_value("DATED", description="A source bounds its own date.")
    SAME_EVENT = strawberry.enum_value(
        "SAME_EVENT",
        description="It has no date; it stands at that of the event or agreement it is a part of.",
    )
    SAME_SOURCE = strawberry.enum_value(
        "SAME_SOURCE",
        description="It has no date; it stands at the day its first source was published.",
    )
    STATED_ORDER = strawberry.enum_value(
        "STATED_ORDER",
        description="No day is known; it stands behind all days, in the order of its source.",
    )
    UNPLACED = strawberry.enum_value(
        "UNPLACED", description="Nothing places it; it stands last, by id."
    )


def _own_dates(noun: type[Versioned], keys: Iterable[str], *where: Any) -> sa.Subquery:
    """Records with their own dates as columns, and the keys by which others are joined."""
    table = table_named(noun.__name__)
    dates = [column.label(name) for name, column in own_date(noun, table).items()]
    columns = [table.c[key] for key in dict.fromkeys(["id", *keys])]
    return sa.select(*columns, *dates).where(*where).subquery()


def record_placements(records: Iterable[Chosen], as_of: Any) -> sa.Subquery:
    """The records that are valid at the edition, each with its place in time.

    Records without a day of their own are placed by the event or agreement they belong to, else
    by the source that was published first, else by the order of that source's words.
    """
    selects = [
        _noun_placements(name, noun, condition, as_of)
        for name, noun, _, condition in records
        if noun.dated_by
    ]
    return sa.union_all(*(selects or [_no_placements()])).subquery("moments")


def _noun_placements(
    name: str, noun: type[Versioned], condition: sa.ColumnElement[bool], as_of: Any
) -> sa.Select[*tuple[Any, ...]]:
    relations = [noun.declared.relations[relation] for relation in noun.placed_by]
    keys = [relation.key for relation in relations]
    own = _own_dates(noun, keys, condition, valid(table_named(noun.__name__), as_of))
    joined: sa.FromClause = own
    others: list[sa.FromClause] = []
    for relation in relations:
        target = nouns()[relation.target]
        is_valid = valid(table_named(relation.target), as_of)
        other: sa.FromClause = _own_dates(target, [relation.by], is_valid)
        if relation.single:
            on = other.c[relation.by] == own.c[relation.key]
        else:
            on = other.c.id == _earliest_of(target, relation.by, own.c[relation.key], as_of)
        joined = joined.outerjoin(other, on)
        others.append(other)
    days = [dates.c.day for dates in (own, *others)]
    # SQLite refuses to choose among one.
    day = sa.func.coalesce(*days) if len(days) > 1 else days[0]
    passage = table_with(Trait.PASSAGE).alias()
    source = _own_dates(noun_with(Trait.SOURCE), (), valid(table_with(Trait.SOURCE), as_of))
    first = sa.case((day.is_(None), _first_passage(own.c.id, as_of)))
    joined = joined.outerjoin(passage, sa.and_(passage.c.id == first, valid(passage, as_of)))
    joined = joined.outerjoin(source, source.c.id == passage.c.source_id)
    of_others = [(other.c.day.is_not(None), other) for other in others]
    placement = sa.case(
        (own.c.day.is_not(None), "DATED"),
        (day.is_not(None), "SAME_EVENT"),
        (source.c.day.is_not(None), "SAME_SOURCE"),
        (passage.c.id.is_not(None), "STATED_ORDER"),
        else_="UNPLACED",
    )
    placed_by = sa.case(
        (own.c.day.is_not(None), sa.null()),
        *((test, other.c.id) for test, other in of_others),
        else_=source.c.id,
    )
    bounds = [
        sa.case(
            (own.c.day.is_not(None), own.c[bound]),
            *((test, other.c[bound]) for test, other in of_others),
        ).label(bound)
        for bound in ("earliest", "latest")
    ]
    return sa.select(
        sa.literal(name, CodepointText).label("noun"),
        own.c.id,
        own.c.field,
        *(own.c[part].label(f"own_{part}") for part in value_fields(PartialDate)),
        *bounds,
        sa.func.coalesce(day, source.c.day, sa.literal(NEVER, sa.Date)).label("day"),
        sa.cast(placement, CodepointText).label("placement"),
        sa.cast(placed_by, CodepointText).label("placed_by"),
        sa.func.coalesce(source.c.id, sa.literal("", CodepointText)).label("source"),
        sa.func.coalesce(passage.c.start, sa.literal(0, sa.BigInteger)).label("start"),
    ).select_from(joined)


def _earliest_of(target: type[Versioned], by: str, key: Any, as_of: Any) -> sa.ScalarSelect[Any]:
    """Of the records whose column names this one, the first that has a day."""
    table = table_named(target.__name__).alias()
    day = own_date(target, table)["day"]
    query = sa.select(table.c.id).where(table.c[by] == key, valid(table, as_of), day.is_not(None))
    return query.order_by(day, table.c.id).limit(1).scalar_subquery()


def _first_passage(record: Any, as_of: Any) -> sa.ScalarSelect[Any]:
    """Where a record is first spoken of: in the source published first, at its first words."""
    claim, passage = table_with(Trait.CLAIM).alias(), table_with(Trait.PASSAGE).alias()
    source = table_with(Trait.SOURCE).alias()
    day = own_date(noun_with(Trait.SOURCE), source)["day"]
    published = sa.func.coalesce(day, sa.literal(NEVER, sa.Date))
    return (
        sa.select(passage.c.id)
        .join_from(claim, passage, passage.c.claim_id == claim.c.id)
        .join(source, source.c.id == passage.c.source_id)
        .where(claim.c.record_id == record)
        .where(valid(claim, as_of), valid(passage, as_of), valid(source, as_of))
        .order_by(published, source.c.id, passage.c.start, passage.c.id)
        .limit(1)
        .scalar_subquery()
    )


def _no_placements() -> sa.Select[*tuple[Any, ...]]:
    """The columns of placements, and no row."""
    kinds: dict[str, Any] = {
        "noun": CodepointText,
        "id": CodepointText,
        "field": CodepointText,
        **{f"own_{part}": _TYPES.get(part, CodepointText) for part in value_fields(PartialDate)},
        **dict.fromkeys(("earliest", "latest", "day"), sa.Date),
        **dict.fromkeys(("placement", "placed_by", "source"), CodepointText),
        "start": sa.BigInteger,
    }
    columns = [sa.cast(sa.null(), kind).label(name) for name, kind in kinds.items()]
    return sa.select(*columns).where(sa.false())
