"""Showing: views become the objects of an answer, and a record they point at is read once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.asked import Details, named
from schema.connection import Key, Page, after_cursor, encode, ordered, page_of
from schema.graph import Row, catalog
from schema.view import Answered, Fact, Point, Shown

if TYPE_CHECKING:
    from schema.reader import Reader


async def shown(reader: Reader, name: str, items: Sequence[Any], details: Details) -> list[Row]:
    """The objects of an answer for views of one type, in the same order."""
    rows = [Row(name, {}) for _ in items]
    for key, below in reader.asked.subfields(name, details).items():
        declared = catalog[name].get(named(below))
        if isinstance(declared, Shown):
            values = await _values(reader, name, declared, items, below)
            for row, value in zip(rows, values, strict=True):
                row.values[key] = value
    return rows


async def shown_one(reader: Reader, name: str, item: Any, details: Details) -> Row | None:
    """The object of an answer for one view; None for none."""
    return None if item is None else (await shown(reader, name, [item], details))[0]


async def _values(
    reader: Reader, name: str, field: Shown, items: Sequence[Any], details: Details
) -> Sequence[Any]:
    """What one field shows of each object."""
    declared = field.declared
    if isinstance(declared, Answered):
        arguments = reader.asked.arguments(name, details)
        return await declared.answer(reader, items, details, arguments) if items else []
    held = [getattr(item, field.name) for item in items]
    if isinstance(declared, Fact):
        return held
    flat = [inner for value in held for inner in _each(value)]
    if isinstance(declared, Point):
        records = await reader.by_ids(flat, details, declared.target)
        found = [records.get(id) for id in flat]
    else:
        found = [*await shown(reader, field.target, flat, details)]
    taken = iter(found)
    return [
        [row for row in (next(taken) for _ in value) if row is not None]
        if field.is_list
        else (None if value is None else next(taken))
        for value in held
    ]


def _each(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


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


async def connection(reader: Reader, name: str, listing: Listing, details: Details) -> Row:
    """A connection of views as an object of the answer."""
    made = f"{name}Connection"
    row = Row(made, {})
    if listing.whole is not None:
        [row] = await shown(reader, made, [listing.whole], details)
    facts = listing.page.facts(listing.cursors, listing.has_more)
    for key, below in reader.asked.subfields(made, details).items():
        field = named(below)
        if field == "nodes":
            row.values[key] = await shown(reader, name, listing.items, below)
        elif field == "edges":
            row.values[key] = await _edges(reader, name, listing, below)
        elif field == "pageInfo":
            asked = reader.asked.subfields("PageInfo", below)
            told = {inner: facts.get(named(found)) for inner, found in asked.items()}
            row.values[key] = Row("PageInfo", told)
        elif field == "totalCount":
            row.values[key] = await listing.total()
    return row


async def _edges(reader: Reader, name: str, listing: Listing, details: Details) -> list[Row]:
    edges = [Row(f"{name}Edge", {}) for _ in listing.items]
    for key, below in reader.asked.subfields(f"{name}Edge", details).items():
        values: Sequence[Any] = listing.cursors
        if named(below) == "node":
            values = await shown(reader, name, listing.items, below)
        for edge, value in zip(edges, values, strict=True):
            edge.values[key] = value
    return edges


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
        return cls(scope, keys, page_of(arguments, reader.pages.sizes), reader.as_of)

    def cut(self, query: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
        """The statement for the page and one row more, with the keys among its columns."""
        query = query.where(*after_cursor(self.page, self.scope, self.keys, self.as_of))
        labelled = [key.expression.label(f"k_{index}") for index, key in enumerate(self.keys)]
        order = ordered(self.keys, self.page.forward)
        return query.add_columns(*labelled).order_by(*order).limit(self.page.size + 1)

    def taken(self, rows: Sequence[Any]) -> tuple[list[Any], list[str], bool]:
        """The rows of the page in the order of the list, their cursors, and whether more follow."""
        more = len(rows) > self.page.size
        kept = list(rows[: self.page.size])
        kept = kept if self.page.forward else kept[::-1]
        width = range(len(self.keys))
        cursors = [
            encode(self.scope, self.keys, [row[f"k_{index}"] for index in width], self.as_of)
            for row in kept
        ]
        return kept, cursors, more
