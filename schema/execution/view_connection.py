"""Connections of views: a page of what a question answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from schema.execution.executor import Executor
from schema.execution.objects import object_of, objects, page_info
from schema.execution.views import _values, to_objects
from schema.filtering.page import Page
from schema.planning.selection import FieldGroup, field_name


@dataclass
class ViewPage:
    """One page of views: what stands on it, where each stands, and how many there are in all."""

    items: list[Any]
    cursors: list[str]
    page: Page
    has_more: bool
    total: Callable[[], Awaitable[int]]
    whole: Any = None
    """The view that holds the connection's own fields, where it has any."""


async def connection(reader: Executor, name: str, listing: ViewPage, details: FieldGroup) -> Any:
    """A connection of views as an object of the answer."""
    made = f"{name}Connection"
    facts = listing.page.facts(listing.cursors, listing.has_more)
    values: dict[str, Any] = {}
    for key, below in reader.asked.subfields(made, details).items():
        field = field_name(below)
        if field == "nodes":
            values[key] = await to_objects(reader, name, listing.items, below)
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


async def _edges(reader: Executor, name: str, listing: ViewPage, details: FieldGroup) -> list[Any]:
    made = f"{name}Edge"
    columns: dict[str, Sequence[Any]] = {}
    for key, below in reader.asked.subfields(made, details).items():
        field = field_name(below)
        if field == "node":
            columns[key] = await to_objects(reader, name, listing.items, below)
        else:
            columns[key] = listing.cursors if field == "cursor" else [made] * len(listing.items)
    return objects(reader.asked.is_typed, made, columns, len(listing.items))


def needs_items(reader: Executor, name: str, details: FieldGroup) -> bool:
    """Whether a query asks for what stands on a page, and not only for its totals."""
    asked = {
        field_name(below) for below in reader.asked.subfields(f"{name}Connection", details).values()
    }
    return bool(asked & {"nodes", "edges", "pageInfo"})
