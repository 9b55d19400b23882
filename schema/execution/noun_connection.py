"""Connections of nouns: the page of records that was read, as the graph shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schema.execution.executor import Executor
from schema.execution.objects import object_of, objects, page_info
from schema.filtering.cursor import encode, scope_of
from schema.filtering.page import Page
from schema.planning.page_selection import ConnectionSelection
from schema.planning.plan import ListPlan
from schema.planning.selection import FieldGroup, field_name


class ConnectionBuilder:
    """Makes the objects of connections from the rows of their pages."""

    def __init__(
        self,
        reader: Executor,
        wanted: ConnectionSelection,
        cut: ListPlan,
        page: Page,
        name: str,
        rows: Sequence[Any],
        made: list[list[Any]],
    ) -> None:
        self.reader, self.wanted, self.page = reader, wanted, page
        self.cut, self.scope, self.rows, self.made = cut, scope_of(name, cut.keys), rows, made

    def object(self, found: Sequence[int], total: int | None) -> Any:
        """One connection; `found` are the places of its page's rows."""
        wanted, page = self.wanted, self.page
        more = len(found) > page.size
        found = found[: page.size] if page.forward else found[: page.size][::-1]
        values: dict[str, Any] = {}
        for key, details in wanted.fields.items():
            name = field_name(details)
            if name == "nodes":
                view = self.made[wanted.places[id(details)]] if found else []
                values[key] = [view[place] for place in found]
            elif name == "edges":
                values[key] = self._edges(details, found)
            elif name == "pageInfo":
                values[key] = self._info(details, found, more)
            elif name == "totalCount":
                values[key] = total
            elif name == "__typename":
                values[key] = f"{wanted.noun}Connection"
            else:
                values[key] = None  # worked out afterwards, in this place
        return object_of(self.reader.asked.is_typed, f"{wanted.noun}Connection", values)

    def _cursor(self, at: int) -> str:
        row = self.rows[at]
        return encode(self.scope, [row[place] for place in self.cut.places], self.reader.as_of)

    def _edges(self, details: FieldGroup, found: Sequence[int]) -> Any:
        type = f"{self.wanted.noun}Edge"
        asked = self.reader.asked.subfields(type, details)
        columns: dict[str, list[Any]] = {}
        for key, below in asked.items():
            name = field_name(below)
            if name == "cursor":
                columns[key] = [self._cursor(place) for place in found]
            elif name == "node":
                view = self.made[self.wanted.places[id(below)]] if found else []
                columns[key] = [view[place] for place in found]
            else:
                columns[key] = [type] * len(found)
        return objects(self.reader.asked.is_typed, type, columns, len(found))

    def _info(self, details: FieldGroup, found: Sequence[int], more: bool) -> Any:
        ends = self.wanted.ends[id(details)] if found else ()
        cursors = [None if at is None else self._cursor(found[at]) for at in ends]
        return page_info(self.reader.asked, self.page.facts(cursors, more), details)
