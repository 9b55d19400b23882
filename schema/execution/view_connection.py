"""Connections of views: a page of what a question answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from schema.execution.connection import ConnectionBuilder
from schema.execution.executor import Executor
from schema.execution.views import field_values, to_objects
from schema.filtering.page import Page
from schema.planning.page_selection import connection_selection
from schema.planning.selection import SelectedField


@dataclass
class ViewPage:
    """One page of views: what stands on it, where each stands, and how many there are in all."""

    items: list[Any]
    cursors: Sequence[str]
    page: Page
    has_more: bool
    total: Callable[[], Awaitable[int]]
    whole: Any = None
    """The view that holds the connection's own fields, where it has any."""


async def connection(reader: Executor, name: str, page: ViewPage, selected: SelectedField) -> Any:
    """A connection of views as an object of the answer."""
    selection = connection_selection(selected, name)
    nodes = {field: await to_objects(reader, name, page.items, field) for field in selection.nodes}
    total = await page.total() if selection.counts else None
    beside = {
        key: (await field_values(reader, [page.whole], field))[0]
        for key, field in selection.beside.items()
    }
    builder = ConnectionBuilder(selection, page.page, nodes, page.cursors.__getitem__)
    return builder.object(range(len(page.items)), page.has_more, total, beside)


def needs_items(name: str, selected: SelectedField) -> bool:
    """Whether a query selects what stands on a page, and not only its totals."""
    return connection_selection(selected, name).needs_rows
