"""Showing: views become the objects of an answer, and a record they point at is read once."""

from __future__ import annotations

import operator
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, islice
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLError

from schema.asked import Asked, Details, named
from schema.connection import Key, Page, beyond, cursor_values, encode, ordered, page_of, scope_of
from schema.errors import AnswerTooLargeError, PactbookError
from schema.graph import Failed, Row, catalog
from schema.ids import qualified
from schema.prepared import SIZE, Reading, late_key
from schema.reader import Reader
from schema.snapshot import UnfitError
from schema.view import Answered, Fact, Point, Shown


@dataclass(frozen=True)
class Columns:
    """Views of one type that are not made one by one: what all hold in a field is worked out
    together, when the field is asked for.
    """

    items: Sequence[Any]
    """What the views are about; fields that are not among `fields` are looked up here."""
    fields: Mapping[str, Callable[[], Any]]
    """By the name of a field what all hold in it; views come as `Columns`, or `Parts` of them."""

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class Parts:
    """The lists of views that several views hold, one behind the other."""

    views: Columns
    lengths: Sequence[int]


@dataclass(frozen=True)
class Shared:
    """The lists of views that several views hold, where many of them hold the same ones."""

    views: Columns
    lists: Sequence[Sequence[int]]
    """The places among the views."""


Views = Sequence[Any] | Columns


async def shown(reader: Reader, name: str, items: Views, details: Details) -> list[Any]:
    """The objects of an answer for views of one type, in the same order."""
    fields = reader.asked.subfields(name, details)
    columns = {
        key: await _values(reader, name, items, below)
        for key, below in fields.items()
        if not reader.asked.is_typed or named(below) in catalog[name]
    }
    return objects(reader.asked.is_typed, name, columns, len(items))


def object_of(is_typed: bool, type: str, values: dict[str, Any]) -> Any:
    """An object of the answer; its type is told to graphql-core."""
    return Row(type, values) if is_typed else values


def objects(
    is_typed: bool, type: str, columns: Mapping[str, Sequence[Any]], count: int
) -> list[Any]:
    """Objects of the answer, of the values that each of their fields has."""
    if not columns:
        return [object_of(is_typed, type, {}) for _ in range(count)]
    made = _maker(tuple(columns))(*columns.values())
    return [Row(type, values) for values in made] if is_typed else made


@lru_cache(256)
def _maker(names: tuple[str, ...]) -> Callable[..., list[dict[str, Any]]]:
    """Makes objects with these names of columns; written out, for it is done for every object."""
    values = [f"v{at}" for at in range(len(names))]
    entries = ", ".join(f"{name!r}: {value}" for name, value in zip(names, values, strict=True))
    row, columns = f"({', '.join(values)},)", ", ".join(f"c{value}" for value in values)
    source = f"lambda {columns}: [{{{entries}}} for {row} in zip({columns}, strict=True)]"
    made: Callable[..., list[dict[str, Any]]] = eval(source)  # noqa: S307  # of names and numbers
    return made


async def shown_one(reader: Reader, name: str, item: Any, details: Details) -> Any:
    """The object of an answer for one view; None for none."""
    return None if item is None else (await shown(reader, name, [item], details))[0]


async def _values(reader: Reader, name: str, items: Views, details: Details) -> Sequence[Any]:
    """What one field shows of each object."""
    field = catalog[name].get(named(details))
    if not isinstance(field, Shown):
        return [name if named(details) == "__typename" else None] * len(items)
    declared = field.declared
    if isinstance(declared, Answered):
        about = items.items if isinstance(items, Columns) else items
        found = await _worked_out(reader, name, declared, about, details)
        return found if reader.asked.is_typed else reader.told(name, details, found)
    held = _held(items, field.name)
    if field.name == "id" and reader.as_of is not None:
        held = [qualified(id, reader.as_of) for id in held]
    if isinstance(declared, Fact):
        return held if reader.asked.is_typed else reader.told(name, details, held)
    if isinstance(held, Columns):
        return await shown(reader, field.target, held, details)
    if isinstance(held, Parts):
        made = await shown(reader, field.target, held.views, details)
        ends = [*accumulate(held.lengths)]
        return [made[end - length : end] for end, length in zip(ends, held.lengths, strict=True)]
    if isinstance(held, Shared):
        made = reader.written(await shown(reader, field.target, held.views, details))
        return [[made[place] for place in places] for places in held.lists]
    points = await _pointed(reader, field, held, details)
    if not field.is_nullable and None in points and not reader.asked.is_typed:
        raise UnfitError
    return points


def _held(items: Views, name: str) -> Any:
    """What views hold in a field."""
    if isinstance(items, Columns):
        return items.fields[name]()
    return [getattr(item, name) for item in items]


async def _pointed(
    reader: Reader, field: Shown, held: Sequence[Any], details: Details
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
        shown_of = iter(await shown(reader, field.target, present, details))
    found = [None if value is None else next(shown_of) for value in flat]
    if not field.is_list:
        return found
    rows = iter(found)
    return [[row for row in islice(rows, len(value or ())) if row is not None] for value in held]


async def _worked_out(
    reader: Reader, name: str, declared: Answered, items: Sequence[Any], details: Details
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
        return [Failed(error)] * len(items)


@dataclass
class Listing:
    """One page of views: what stands on it, where each stands, and how many there are in all."""

    items: list[Any]
    cursors: list[str]
    page: Page
    has_more: bool
    total: Callable[[], Awaitable[int]]
    whole: Any = None
    """The view that holds the connection's own fields, where it has any."""


async def connection(reader: Reader, name: str, listing: Listing, details: Details) -> Any:
    """A connection of views as an object of the answer."""
    made = f"{name}Connection"
    facts = listing.page.facts(listing.cursors, listing.has_more)
    values: dict[str, Any] = {}
    for key, below in reader.asked.subfields(made, details).items():
        field = named(below)
        if field == "nodes":
            values[key] = await shown(reader, name, listing.items, below)
        elif field == "edges":
            values[key] = await _edges(reader, name, listing, below)
        elif field == "pageInfo":
            values[key] = page_info(reader.asked, facts, below)
        elif field == "totalCount":
            values[key] = await listing.total()
        elif field == "__typename":
            values[key] = made
        else:
            [values[key]] = await _values(reader, made, [listing.whole], below)
    return object_of(reader.asked.is_typed, made, values)


def page_info(asked: Asked, facts: dict[str, Any], details: Details) -> Any:
    """Where a page stands in its list, as an object of the answer."""
    told = {**facts, "__typename": "PageInfo"}
    fields = asked.subfields("PageInfo", details)
    values = {key: told[named(found)] for key, found in fields.items()}
    return object_of(asked.is_typed, "PageInfo", values)


async def _edges(reader: Reader, name: str, listing: Listing, details: Details) -> list[Any]:
    made = f"{name}Edge"
    columns: dict[str, Sequence[Any]] = {}
    for key, below in reader.asked.subfields(made, details).items():
        field = named(below)
        if field == "node":
            columns[key] = await shown(reader, name, listing.items, below)
        else:
            columns[key] = listing.cursors if field == "cursor" else [made] * len(listing.items)
    return objects(reader.asked.is_typed, made, columns, len(listing.items))


def needs_items(reader: Reader, name: str, details: Details) -> bool:
    """Whether a query asks for what stands on a page, and not only for its totals."""
    asked = {
        named(below) for below in reader.asked.subfields(f"{name}Connection", details).values()
    }
    return bool(asked & {"nodes", "edges", "pageInfo"})


@dataclass
class Keyset:
    """One page of an ordered statement, cut by its keys, which the rows carry as `k_0`, `k_1` …"""

    scope: str
    keys: list[Key]
    page: Page
    as_of: int | None

    @classmethod
    def of(cls, reader: Reader, scope: str, keys: list[Key], arguments: dict[str, Any]) -> Keyset:
        """The page that the arguments of a connection ask for."""
        return cls(scope, keys, page_of(arguments, reader.sizes), reader.as_of)

    def sliced(self, rows: Sequence[dict[str, Any]], name: str) -> list[dict[str, Any]]:
        """The rows of the page and one more, of rows that are read already, in the keys' order."""
        after = cursor_values(self.page, self.scope, self.keys, self.as_of)
        following = rows if self.page.forward else rows[::-1]
        if after:
            [last] = after
            is_beyond = operator.gt if self.page.forward else operator.lt
            following = [row for row in following if is_beyond(row[name], last)]
        return [{**row, "k_0": row[name]} for row in following[: self.page.size + 1]]

    def reading(self, reading: Reading) -> Reading:
        """What the page adds to a reading of a statement that was prepared for such pages."""
        after = cursor_values(self.page, self.scope, self.keys, self.as_of)
        return replace(reading, size=self.page.size + 1, after=after)

    def prepared(
        self, query: sa.Select[*tuple[Any, ...]], keys: list[Key]
    ) -> sa.Select[*tuple[Any, ...]]:
        """The statement for all pages in this direction, the first ones or those after a cursor."""
        if self.page.cursor is not None:
            query = query.where(
                beyond(keys, [late_key(at) for at in range(len(keys))], self.page.forward)
            )
        labelled = [key.expression.label(f"k_{index}") for index, key in enumerate(keys)]
        query = query.add_columns(*labelled).order_by(*ordered(keys, self.page.forward))
        return query.limit(sa.bindparam(None, SIZE, sa.Integer, unique=True))

    def taken(self, rows: Sequence[Any]) -> tuple[list[Any], list[str], bool]:
        """The rows of the page in the order of the list, their cursors, and whether more follow."""
        more = len(rows) > self.page.size
        kept = list(rows[: self.page.size])
        kept = kept if self.page.forward else kept[::-1]
        width = range(len(self.keys))
        scope = scope_of(self.scope, self.keys)
        cursors = [
            encode(scope, [row[f"k_{index}"] for index in width], self.as_of) for row in kept
        ]
        return kept, cursors, more
