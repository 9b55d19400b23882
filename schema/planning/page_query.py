"""Page queries: the statements of a page, which read its rows and count all of its list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from schema.filtering.keyset import OrderKey, keys_of_list, ordered, seek_condition
from schema.filtering.page import PageDirection
from schema.planning.joins import Select
from schema.planning.scope import Scope
from schema.storage.sql import key_in
from schema.storage.statement import SIZE, Parameter, after_key

Rows = tuple[sa.FromClause, sa.ColumnElement[bool], sa.ColumnElement[Any] | None]
"""A table, which of its rows, and the column that names their owner, if they have several."""
Alternatives = Sequence[sa.ColumnElement[bool]]
After = Callable[[int], Parameter]
"""A key value of the row that a page goes on from, by the place of its key."""


@dataclass
class PageQuery:
    """Makes the statements of a root list: of a page of its rows, and of their number."""

    scope: Scope
    noun: str
    rows: Rows
    direction: PageDirection
    given: dict[str, Any]
    among: Alternatives = ()
    """Where its rows are looked up in several ways: the conditions of each."""

    @property
    def table(self) -> sa.FromClause:
        """Whose rows they are."""
        return self.rows[0]

    @cached_property
    def keys(self) -> list[OrderKey]:
        """The order of the list."""
        return keys_of_list(self.noun, self.table, self.given)

    def count(self) -> Select:
        """How many rows there are in all."""
        table, test, _ = self.rows
        count, found = sa.select(sa.func.count()), self._found
        return count.select_from(table).where(test) if found is None else count.select_from(found)

    def page(self) -> Select:
        """The rows of the page, without columns."""
        if self._found is not None:
            return self._picked(self._place_in(self._found))
        if self._is_in_order:
            return self._page_of()
        return self._picked(self._page_of(row_place(self.table, self._place)))

    def _page_of(self, *columns: Any) -> Select:
        """The first rows behind the cursor."""
        table, test, _ = self.rows
        return self._cut(sa.select(*columns).select_from(table).where(test), self.keys)

    def _cut(self, query: Select, keys: list[OrderKey]) -> Select:
        return cut(query, keys, self.direction, SIZE, after_key)

    @cached_property
    def _found(self) -> sa.CTE | None:
        """Where all rows stand that are found by one of several alternatives, with their keys."""
        if len(self.among) < 2:
            return None
        held = [key.expression.label(f"key_{index}") for index, key in enumerate(self.keys)]
        place = row_place(self.table, self._place).label("place")
        each = [sa.select(place, *held).where(test) for test in self.among]
        return sa.union_all(*each).cte("found").prefix_with("MATERIALIZED")

    def _place_in(self, found: sa.CTE) -> Select:
        """Where the rows of the page stand, of those that are found."""
        held = [
            OrderKey(key.name, found.c[f"key_{index}"], key.descending)
            for index, key in enumerate(self.keys)
        ]
        return self._cut(sa.select(found.c.place), held)

    @property
    def _is_in_order(self) -> bool:
        """Whether the rows come from an index in their order, so that none is read in vain."""
        return not self.given.get("where") or self.scope.dialect.name != "sqlite"

    def _picked(self, places: Select) -> Select:
        """The rows that stand at some places; only they are told, however many were sorted."""
        found = key_in(row_place(self.table, self._place), places.correlate(None))
        order = ordered(self.keys, self.direction.forward)
        return sa.select().select_from(self.table).where(found).order_by(*order)

    @property
    def _place(self) -> str:
        """What the database knows a row by."""
        return "rowid" if self.scope.dialect.name == "sqlite" else "ctid"


def cut(
    query: Select, keys: list[OrderKey], direction: PageDirection, size: Parameter, after: After
) -> Select:
    """The rows of one page, of all the rows of a list."""
    if direction.has_cursor:
        query = query.where(beyond(keys, direction, after))
    return query.order_by(*ordered(keys, direction.forward)).limit(size_of(size))


def beyond(keys: list[OrderKey], direction: PageDirection, after: After) -> sa.ColumnElement[bool]:
    """The rows after the cursor."""
    last = [after(index) for index in range(len(keys))]
    return seek_condition(keys, last, direction.forward)


def row_place(table: sa.FromClause, name: str = "rowid") -> sa.ColumnElement[int]:
    """Where a row stands, by what the database knows it by."""
    column: sa.ColumnClause[int] = sa.column(name, sa.BigInteger)
    column.table = table
    return column


def size_of(size: Parameter) -> sa.ColumnElement[int]:
    """How many rows, as a statement takes it."""
    return sa.bindparam(None, size, sa.Integer, unique=True)
