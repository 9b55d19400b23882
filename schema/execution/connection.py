"""Connections: pages of rows that have been read, as the graph shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schema.execution.objects import object_of, objects, page_info
from schema.filtering.page import Page
from schema.planning.page_selection import ConnectionSelection
from schema.planning.selection import SelectedField


@dataclass(frozen=True)
class ConnectionBuilder:
    """Makes connections of rows; several where the rows belong to several owners."""

    selection: ConnectionSelection
    page: Page
    nodes: Mapping[SelectedField, Sequence[Any]]
    """The objects of all rows, for each `nodes` and each `node` of edges."""
    cursor: Callable[[int], str]
    """The cursor of a row by its place."""

    def object(
        self,
        rows: Sequence[int],
        has_more: bool,
        total: int | None,
        resolved: Mapping[str, Any],
    ) -> Any:
        """The connection of some rows, by their places; `resolved` stands beside the page."""
        type = f"{self.selection.noun}Connection"
        values: dict[str, Any] = {}
        for key, field in self.selection.fields.items():
            if field.name == "nodes":
                values[key] = self._objects(field, rows)
            elif field.name == "edges":
                values[key] = self._edges(field, rows)
            elif field.name == "pageInfo":
                values[key] = self._info(field, rows, has_more)
            elif field.name == "totalCount":
                values[key] = total
            elif field.name == "__typename":
                values[key] = type
            else:
                values[key] = resolved.get(key)
        return object_of(self.selection.is_typed, type, values)

    def _objects(self, field: SelectedField, rows: Sequence[int]) -> list[Any]:
        made = self.nodes[field]
        return [made[place] for place in rows]

    def _edges(self, edges: SelectedField, rows: Sequence[int]) -> list[Any]:
        type = f"{self.selection.noun}Edge"
        columns: dict[str, list[Any]] = {}
        for key, field in edges.on(type).fields.items():
            if field.name == "node":
                columns[key] = self._objects(field, rows)
            elif field.name == "cursor":
                columns[key] = [self.cursor(place) for place in rows]
            else:
                columns[key] = [type] * len(rows)
        return objects(self.selection.is_typed, type, columns, len(rows))

    def _info(self, info: SelectedField, rows: Sequence[int], has_more: bool) -> Any:
        names = info.on("PageInfo").names
        start = self.cursor(rows[0]) if rows and "startCursor" in names else None
        end = self.cursor(rows[-1]) if rows and "endCursor" in names else None
        return page_info(info, self.page.info(start, end, has_more))
