"""A page within a record as JSON that the database writes, cursors included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from schema.planning.json_field import FieldJson, NotExpressibleError
from schema.planning.json_functions import Column, text_of
from schema.planning.json_row import SubqueryRow
from schema.planning.page_query import NestedPage
from schema.planning.selection import SelectedField, SelectionSet


@dataclass
class PageJson:
    """Writes the fields of one connection."""

    fields: FieldJson
    page: NestedPage
    row: SubqueryRow
    write: Callable[[SelectionSet], Column]
    """Writes the object of a row."""

    def object(self) -> Column:
        """The connection; NotExpressibleError where it would read no row."""
        json, selection, parts = self.fields.json, self.page.selection, dict[str, Column]()
        for key, field in selection.fields.items():
            if field.name == "nodes":
                parts[key] = json.list(self.write(field.on(selection.noun)), self._order)
            elif field.name == "edges":
                parts[key] = json.list(self._edge(field), self._order)
            elif field.name == "pageInfo":
                parts[key] = self._info(field)
            elif field.name == "totalCount":
                parts[key] = self.page.all.scalar_subquery()
            else:
                parts[key] = text_of(f"{selection.noun}Connection")
        if not selection.names & {"nodes", "edges"} and not self.row.columns:
            raise NotExpressibleError  # no row would be read, and so no cursor that may be wrong
        return self.fields.object(parts)

    def _order(self) -> list[Column]:
        return [self._key]

    @property
    def _key(self) -> Column:
        return self.row.column(self.page.ordered_by)

    def _edge(self, edges: SelectedField) -> Column:
        type = f"{self.page.selection.noun}Edge"
        parts: dict[str, Column] = {}
        for key, field in edges.on(type).fields.items():
            if field.name == "cursor":
                parts[key] = self._cursor(self._key)
            elif field.name == "node":
                parts[key] = self.write(field.on(self.page.selection.noun))
            else:
                parts[key] = text_of(type)
        return self.fields.object(parts)

    def _info(self, info: SelectedField) -> Column:
        json = self.fields.json
        # The page runs by this key from the least on, or `nested_page` would have made none.
        facts: dict[str, Callable[[], Column]] = {
            "hasNextPage": lambda: json.flag(self.page.more.exists()),
            "hasPreviousPage": lambda: json.true if self.page.is_later else json.false,
            "startCursor": lambda: self._cursor(sa.func.min(self._key)),
            "endCursor": lambda: self._cursor(sa.func.max(self._key)),
            "__typename": lambda: text_of("PageInfo"),
        }
        selected = info.on("PageInfo").fields
        return self.fields.object({key: facts[field.name]() for key, field in selected.items()})

    def _cursor(self, key: Column) -> Column:
        edition = self.fields.scope.edition
        number = sa.null() if edition is None else edition
        return sa.case((key.is_not(None), self.fields.json.cursor(self.page.list, key, number)))
