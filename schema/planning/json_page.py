"""A page within a record as JSON that the database writes, cursors included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from schema.filtering.keyset import OrderKey, ordered
from schema.planning.json_field import FieldJson, NotExpressibleError
from schema.planning.json_functions import Column, text_of
from schema.planning.json_row import SubqueryRow
from schema.planning.relation_page import NestedPage
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
        return ordered(self._keys(), forward=True)

    def _keys(self) -> list[OrderKey]:
        return self.page.keys(self.row.column)

    def _edge(self, edges: SelectedField) -> Column:
        type = f"{self.page.selection.noun}Edge"
        parts: dict[str, Column] = {}
        for key, field in edges.on(type).fields.items():
            if field.name == "cursor":
                parts[key] = self._cursor(self.fields.json.keys(*self._expressions()))
            elif field.name == "node":
                parts[key] = self.write(field.on(self.page.selection.noun))
            else:
                parts[key] = text_of(type)
        return self.fields.object(parts)

    def _info(self, info: SelectedField) -> Column:
        json = self.fields.json
        facts: dict[str, Callable[[], Column]] = {
            "hasNextPage": lambda: json.flag(self.page.more.exists()),
            "hasPreviousPage": lambda: json.true if self.page.is_later else json.false,
            "startCursor": lambda: self._end(is_last=False),
            "endCursor": lambda: self._end(is_last=True),
            "__typename": lambda: text_of("PageInfo"),
        }
        selected = info.on("PageInfo").fields
        return self.fields.object({key: facts[field.name]() for key, field in selected.items()})

    def _expressions(self) -> list[Column]:
        return [key.expression for key in self._keys()]

    def _end(self, *, is_last: bool) -> Column:
        """The cursor of the first or the last row; null where there is none."""
        json, [key, *others] = self.fields.json, self._keys()
        if others:
            end = json.end(json.keys(*self._expressions()), self._order, is_last=is_last)
            return sa.case((end.is_not(None), self._cursor(end)))
        extreme = sa.func.max if key.descending is not is_last else sa.func.min
        end = extreme(key.expression)
        return sa.case((end.is_not(None), self._cursor(json.keys(end))))

    def _cursor(self, keys: Column) -> Column:
        edition = self.fields.scope.edition
        number = sa.null() if edition is None else edition
        return self.fields.json.cursor(self.page.list, keys, number)
