"""Showing: views become the objects of an answer, and a record they point at is read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any

from graphql import GraphQLError

from schema.errors import AnswerTooLargeError, NeedsGraphQLCoreError, PactbookError
from schema.execution.executor import Executor
from schema.execution.objects import objects
from schema.graph.catalog import FieldError, catalog
from schema.graph.declare import Fact, Point, ResolvedField, ViewField
from schema.model.ids import qualified
from schema.planning.selection import FieldGroup, field_name


@dataclass(frozen=True)
class ColumnarViews:
    """Views of one type that are not made one by one: what all hold in a field is worked out
    together, when the field is asked for.
    """

    items: Sequence[Any]
    """What the views are about; fields that are not among `fields` are looked up here."""
    fields: Mapping[str, Callable[[], Any]]
    """By the name of a field what all hold in it; views come as `ColumnarViews`, or as a
    `ListColumn` of them."""

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class ListColumn:
    """The lists of views that several views hold, one behind the other."""

    views: ColumnarViews
    lengths: Sequence[int]


@dataclass(frozen=True)
class SharedListColumn:
    """The lists of views that several views hold, where many of them hold the same ones."""

    views: ColumnarViews
    lists: Sequence[Sequence[int]]
    """The places among the views."""


Views = Sequence[Any] | ColumnarViews


async def to_objects(reader: Executor, name: str, items: Views, details: FieldGroup) -> list[Any]:
    """The objects of an answer for views of one type, in the same order."""
    fields = reader.asked.subfields(name, details)
    columns = {
        key: await _values(reader, name, items, below)
        for key, below in fields.items()
        if not reader.asked.is_typed or field_name(below) in catalog[name]
    }
    return objects(reader.asked.is_typed, name, columns, len(items))


async def shown_one(reader: Executor, name: str, item: Any, details: FieldGroup) -> Any:
    """The object of an answer for one view; None for none."""
    return None if item is None else (await to_objects(reader, name, [item], details))[0]


async def _values(reader: Executor, name: str, items: Views, details: FieldGroup) -> Sequence[Any]:
    """What one field shows of each object."""
    field = catalog[name].get(field_name(details))
    if not isinstance(field, ViewField):
        return [name if field_name(details) == "__typename" else None] * len(items)
    declared = field.declared
    if isinstance(declared, ResolvedField):
        about = items.items if isinstance(items, ColumnarViews) else items
        found = await _worked_out(reader, name, declared, about, details)
        return found if reader.asked.is_typed else reader.told(name, details, found)
    held = _held(items, field.name)
    if field.name == "id" and reader.as_of is not None:
        held = [qualified(id, reader.as_of) for id in held]
    if isinstance(declared, Fact):
        return held if reader.asked.is_typed else reader.told(name, details, held)
    if isinstance(held, ColumnarViews):
        return await to_objects(reader, field.target, held, details)
    if isinstance(held, ListColumn):
        made = await to_objects(reader, field.target, held.views, details)
        ends = [*accumulate(held.lengths)]
        return [made[end - length : end] for end, length in zip(ends, held.lengths, strict=True)]
    if isinstance(held, SharedListColumn):
        made = reader.written(await to_objects(reader, field.target, held.views, details))
        return [[made[place] for place in places] for places in held.lists]
    points = await _pointed(reader, field, held, details)
    if not field.is_nullable and None in points and not reader.asked.is_typed:
        raise NeedsGraphQLCoreError
    return points


def _held(items: Views, name: str) -> Any:
    """What views hold in a field."""
    if isinstance(items, ColumnarViews):
        return items.fields[name]()
    return [getattr(item, name) for item in items]


async def _pointed(
    reader: Executor, field: ViewField, held: Sequence[Any], details: FieldGroup
) -> Sequence[Any]:
    """The records or the other views that views hold, as objects of the answer."""
    flat = held
    if field.is_list:
        flat = [inner for value in held for inner in value or ()]
    present = [value for value in flat if value is not None]
    shown_of: Iterator[Any]
    if isinstance(field.declared, Point):
        records = await reader.by_ids(present, details, field.declared.target)
        shown_of = map(records.get, present)
    else:
        shown_of = iter(await to_objects(reader, field.target, present, details))
    found = [None if value is None else next(shown_of) for value in flat]
    if not field.is_list:
        return found
    rows = iter(found)
    return [[row for row in islice(rows, len(value or ())) if row is not None] for value in held]


async def _worked_out(
    reader: Executor, name: str, declared: ResolvedField, items: Sequence[Any], details: FieldGroup
) -> Sequence[Any]:
    """What is worked out for each object; for graphql-core, the error where it cannot be."""
    if not items:
        return []
    try:
        arguments = reader.arguments(name, details)
        return await declared.answer(reader, items, details, arguments)
    except (PactbookError, GraphQLError) as error:
        if not reader.asked.is_typed or isinstance(error, AnswerTooLargeError):
            raise
        return [FieldError(error)] * len(items)
