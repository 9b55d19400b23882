"""The timeline: records of all nouns in the order of what happened, the undated ones marked."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from functools import partial
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.execution.derived import DerivedRelation, derived_connection
from schema.execution.executor import Executor
from schema.execution.nodes import finders
from schema.execution.root import AS_OF, root
from schema.execution.views import to_objects
from schema.filtering.keyset import OrderKey, ordered
from schema.filtering.ordering import OrderDirection
from schema.filtering.record_where import Chosen, matching_records, record_where
from schema.graph.arguments import Arguments, argument, paging
from schema.graph.catalog import types
from schema.graph.declare import plain, reference, view
from schema.model.editions import valid
from schema.model.edtf import DatePrecision
from schema.model.field_names import field_names
from schema.model.ids import qualified
from schema.model.noun import camel
from schema.model.record_choices import record_noun, record_nouns
from schema.model.registry import table_named
from schema.model.values import PartialDate
from schema.planning.selection import SelectedField
from schema.questions.placement import Placement, record_placements
from schema.storage.sql import key_in
from schema.storage.statement import KEYS


@view(listed_as="entries of a timeline")
class TimelineEntry:
    """One record at its place in time."""

    id: strawberry.ID = plain("The record's id, with `timeline-entry/` before it.")
    record: str = reference("Record", "The record.")
    noun: record_noun() = plain("What noun the record is.")  # type: ignore[valid-type]  # made at run time
    date_field: field_names() | None = plain(  # type: ignore[valid-type]  # made at run time
        "Which of its dates places it, such as `SIGNED_ON`; null when no source speaks of one."
    )
    date: PartialDate | None = plain("That date, as its source gives it.")
    earliest: datetime.date | None = plain(
        "The first day it can have been, its own or its event's: the start of a bar."
    )
    latest: datetime.date | None = plain(
        "The last day it can have been, its own or its event's: the end of a bar."
    )
    placed_on: datetime.date | None = plain(
        "The day that orders it; null where no day is known, so that it stands behind all days."
    )
    placement: Placement = plain("How it comes to its place.")
    placed_by: str | None = reference(
        "Record", "The event, agreement or source that places it, where it has no date."
    )


@view(keeps_where=True)
class TimelineEntryConnection:
    """A page of a timeline."""

    where: Any = None


HAPPENING = frozenset(name for name, noun in record_nouns().items() if noun.happens)
"""The nouns a timeline shows when it is not asked for others: what happens at an event."""


def _keys(rows: sa.Subquery, direction: OrderDirection) -> list[OrderKey]:
    """The order of a timeline: by day, dated before undated, then as the source has it."""
    down = direction is OrderDirection.DESC
    rank = sa.case(
        {"DATED": 0, "SAME_EVENT": 1, "SAME_SOURCE": 2, "STATED_ORDER": 3},
        value=rows.c.placement,
        else_=4,
    )
    return [
        OrderKey("DAY", rows.c.day, down),
        OrderKey("PLACEMENT", sa.cast(rank, sa.BigInteger), down),
        OrderKey("SOURCE", rows.c.source, down),
        OrderKey("START", rows.c.start, down),
        OrderKey("ID", rows.c.id, down),
    ]


Records = Callable[[], Iterable[Chosen]]
"""Records for a statement; the bindings of their conditions come when it runs."""


async def timeline_of(
    reader: Executor,
    records: Records,
    selected: SelectedField,
    arguments: dict[str, Any],
    where: dict[str, Any] | None,
    **bindings: Any,
) -> Any:
    """A page of the timeline of records: one statement, and one more for the total."""
    direction = arguments["direction"]

    def select() -> tuple[sa.Select[*tuple[Any, ...]], list[OrderKey]]:
        rows = record_placements(records(), reader.edition)
        return sa.select(*rows.c), _keys(rows, direction)

    relation = DerivedRelation(
        "TimelineEntry",
        select,
        lambda rows: [_entry(reader, row) for row in rows],
        count=lambda: _count(records(), reader.edition),
        whole=TimelineEntryConnection(where=where),
    )
    return await derived_connection(reader, relation, selected, arguments, **bindings)


def _count(records: Iterable[Chosen], edition: Any) -> sa.Select[*tuple[Any, ...]]:
    """How many records there are."""
    counts = [
        sa.select(sa.func.count().label("number"))
        .select_from(table)
        .where(condition, valid(table, edition))
        for _, noun, table, condition in records
        if noun.dated_by
    ]
    none = sa.select(sa.literal(0).label("number"))
    union = sa.union_all(*(counts or [none])).subquery()
    return sa.select(sa.func.sum(union.c.number).label("number"))


async def ends_of(reader: Executor, records: Records, **bindings: Any) -> list[TimelineEntry]:
    """The first and the last of the records that have a date of their own; or none."""

    def end(direction: OrderDirection) -> sa.Select[*tuple[Any, ...]]:
        rows = record_placements(records(), reader.edition)
        order = ordered(_keys(rows, direction), forward=True)
        return sa.select(*rows.c).where(rows.c.placement == "DATED").order_by(*order).limit(1)

    rows = []
    for direction in OrderDirection:
        purpose = ("timeline end", direction)
        rows += await reader.rows(purpose, partial(end, direction), **bindings)
    return [_entry(reader, row) for row in rows]


def _flag(held: Any) -> bool | None:
    """A flag as graph and database hold it: where nouns are put together SQLite gives numbers."""
    return None if held is None else bool(held)


def _entry(reader: Executor, row: Any) -> TimelineEntry:
    placement = Placement(row["placement"])
    field = camel(row["field"]) if row["field"] else None
    date = None
    if field is not None:
        precision = row["own_precision"]
        date = PartialDate(
            id=strawberry.ID(qualified(f"{row['id']}#{field}", reader.as_of)),
            stated=row["own_stated"],
            edtf=row["own_edtf"],
            earliest=row["own_earliest"],
            latest=row["own_latest"],
            precision=DatePrecision(precision) if isinstance(precision, str) else precision,
            is_approximate=_flag(row["own_is_approximate"]),
            is_uncertain=_flag(row["own_is_uncertain"]),
        )
    dayless = placement in (Placement.STATED_ORDER, Placement.UNPLACED)
    nouns: type[Enum] = record_noun()
    return TimelineEntry(
        id=strawberry.ID(f"timeline-entry/{row['id']}"),
        record=row["id"],
        noun=nouns[row["noun"]],
        date_field=field,
        date=date,
        earliest=row["earliest"],
        latest=row["latest"],
        placed_on=None if dayless else row["day"],
        placement=placement,
        placed_by=row["placed_by"],
    )


def timeline_arguments() -> Arguments:
    """The arguments of every field that is a timeline."""
    return {
        "direction": (
            argument(OrderDirection, "The oldest first, or the newest first."),
            OrderDirection.ASC,
        ),
        **paging("entries"),
    }


async def _entries(reader: Executor, ids: Sequence[str], selected: SelectedField) -> dict[str, Any]:
    """Entries by their ids; one statement."""
    keys = [id.partition("/")[2] for id in ids]

    def placed() -> sa.Select[*tuple[Any, ...]]:
        records = [
            (name, noun, table := table_named(noun.__name__), key_in(table.c.id, KEYS))
            for name, noun in record_nouns().items()
        ]
        rows = record_placements(records, reader.edition)
        return sa.select(*rows.c)

    rows = await reader.rows("refetched entries", placed, keys)
    entries = [_entry(reader, row) for row in rows]
    objects = await to_objects(reader, "TimelineEntry", entries, selected)
    return {str(entry.id): each for entry, each in zip(entries, objects, strict=True)}


finders["timeline-entry"] = _entries


async def _timeline(reader: Executor, arguments: dict[str, Any]) -> Any:
    root, where = reader.root, arguments.get("where")

    def records() -> Iterable[Chosen]:
        return matching_records(root.arguments.get("where"), reader.edition, set(HAPPENING))

    return await timeline_of(reader, records, root, arguments, where)


def fields() -> dict[str, Any]:
    """The root field of the timeline."""
    where = argument(record_where() | None, "Which records; all that happens when left out.")
    return {
        "timeline": root(
            "timeline",
            types["TimelineEntryConnection"],
            "What happened, in order: records of all nouns by the earliest day they can have been; "
            "what has no date stands by its event, its source or the order of words, and says so. "
            "Tenures and sources stand in it only when `nouns` asks for them. One statement, one "
            "for the total and one for each noun it shows, however long it is.",
            {"where": (where, strawberry.UNSET), **timeline_arguments(), "as_of": AS_OF},
            _timeline,
        )
    }
