"""Views become the objects of an answer; records that several point at are read once."""

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
from schema.graph.declare import PlainField, ReferenceField, ResolvedField, ViewField
from schema.model.ids import qualified
from schema.planning.selection import SelectedField


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


async def to_objects(
    reader: Executor, name: str, items: Views, selected: SelectedField
) -> list[Any]:
    """The objects of an answer for views of one type, in the same order."""
    columns = {
        key: await field_values(reader, items, field)
        for key, field in selected.on(name).fields.items()
        if not reader.is_typed or field.name in catalog[name]
    }
    return objects(reader.is_typed, name, columns, len(items))


async def to_object(reader: Executor, name: str, item: Any, selected: SelectedField) -> Any:
    """The object of an answer for one view; None for none."""
    return None if item is None else (await to_objects(reader, name, [item], selected))[0]


async def to_lists(
    reader: Executor, name: str, lists: Sequence[Sequence[Any]], selected: SelectedField
) -> list[list[Any]]:
    """The objects of an answer for lists of views, made at once."""
    flat = [item for items in lists for item in items]
    objects = iter(await to_objects(reader, name, flat, selected))
    return [[next(objects) for _ in items] for items in lists]


async def field_values(reader: Executor, items: Views, selected: SelectedField) -> Sequence[Any]:
    """What one field shows of each view."""
    field = catalog[selected.owner].get(selected.name)
    if not isinstance(field, ViewField):
        return [selected.owner if selected.name == "__typename" else None] * len(items)
    declared = field.declared
    if isinstance(declared, ResolvedField):
        about = items.items if isinstance(items, ColumnarViews) else items
        return reader.serialized(selected, await _resolved(reader, declared, about, selected))
    held = _held(items, field.name)
    if field.name == "id" and reader.as_of is not None:
        held = [qualified(id, reader.as_of) for id in held]
    if isinstance(declared, PlainField):
        return reader.serialized(selected, held)
    if isinstance(held, ColumnarViews):
        return await to_objects(reader, field.target, held, selected)
    if isinstance(held, ListColumn):
        made = await to_objects(reader, field.target, held.views, selected)
        ends = [*accumulate(held.lengths)]
        return [made[end - length : end] for end, length in zip(ends, held.lengths, strict=True)]
    if isinstance(held, SharedListColumn):
        made = reader.written(await to_objects(reader, field.target, held.views, selected))
        return [[made[place] for place in places] for places in held.lists]
    points = await _pointed(reader, field, held, selected)
    if not field.is_nullable and None in points and not reader.is_typed:
        raise NeedsGraphQLCoreError
    return points


def _held(items: Views, name: str) -> Any:
    """What views hold in a field."""
    if isinstance(items, ColumnarViews):
        return items.fields[name]()
    return [getattr(item, name) for item in items]


async def _pointed(
    reader: Executor, field: ViewField, held: Sequence[Any], selected: SelectedField
) -> Sequence[Any]:
    """The records or the other views that views hold, as objects of the answer."""
    flat = held
    if field.is_list:
        flat = [inner for value in held for inner in value or ()]
    present = [value for value in flat if value is not None]
    objects: Iterator[Any]
    if isinstance(field.declared, ReferenceField):
        records = await reader.by_ids(present, selected, field.declared.target)
        objects = map(records.get, present)
    else:
        objects = iter(await to_objects(reader, field.target, present, selected))
    shown = [None if value is None else next(objects) for value in flat]
    if not field.is_list:
        return shown
    rows = iter(shown)
    return [[row for row in islice(rows, len(value or ())) if row is not None] for value in held]


async def _resolved(
    reader: Executor, declared: ResolvedField, items: Sequence[Any], selected: SelectedField
) -> Sequence[Any]:
    """What is worked out for each object; for graphql-core, the error where it cannot be."""
    if not items:
        return []
    try:
        return await declared.answer(reader, items, selected, reader.argument_values(selected))
    except (PactbookError, GraphQLError) as error:
        if not reader.is_typed or isinstance(error, AnswerTooLargeError):
            raise
        return [FieldError(error)] * len(items)
