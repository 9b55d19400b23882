"""Page queries: the statements of a page, which read its rows and count all of its list."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from schema.filtering.cursor import cursor_values, scope_of
from schema.filtering.keyset import OrderKey, keys_of_list, ordered, seek_condition
from schema.filtering.page import Page, PageDirection, direction_of, page_of
from schema.model.registry import table_named
from schema.planning.joins import Join, Select
from schema.planning.page_selection import ConnectionSelection, connection_selection
from schema.planning.scope import Scope
from schema.storage.sql import KeyList, key_in
from schema.storage.statement import (
    KEYS,
    SIZE,
    Bindings,
    Parameter,
    after_key,
    bound_parameter,
    constrain,
)

_ONE = sa.literal_column("1", sa.BigInteger())

Rows = tuple[sa.FromClause, sa.ColumnElement[bool], sa.ColumnElement[Any] | None]
"""A table, which of its rows, and the column that names their owner, if they have several."""
Alternatives = Sequence[sa.ColumnElement[bool]]


@dataclass(frozen=True)
class NestedPage:
    """The page of one owner, for the database to tell."""

    selection: ConnectionSelection
    table: sa.FromClause
    rows: Select
    """What stands on the page, in its order."""
    more: Select
    """A row where there is one behind the page."""
    all: Select
    """What belongs to the owner."""
    is_later: bool
    """Whether it goes on from a cursor."""
    list: str
    """What its cursors say that they belong to."""
    ordered_by: str
    """The column that puts it in order, from the least on."""


@dataclass
class PageQuery:
    """Makes the statements of a list: of a page of its rows, of all owners where it has several."""

    scope: Scope
    noun: str
    rows: Rows
    direction: PageDirection
    given: dict[str, Any]
    size: Parameter = SIZE
    after: Callable[[int], Parameter] = after_key
    among: Alternatives = ()
    """Where its rows are looked up in several ways: the conditions of each."""

    @cached_property
    def keys(self) -> list[OrderKey]:
        """The order of the list."""
        return keys_of_list(self.noun, self.rows[0], self.given)

    def count(self) -> Select:
        """How many rows there are in all, of each owner where there are several."""
        table, test, parent = self.rows
        of = [] if parent is None else [parent]
        count, found = sa.select(*of, sa.func.count()).group_by(*of), self._found
        return count.select_from(table).where(test) if found is None else count.select_from(found)

    def page(self) -> Select:
        """The rows of the page, without columns."""
        table, test, parent = self.rows
        if parent is not None:
            return self._nested(parent)
        if self._found is not None:
            return self._picked(self._place_in(self._found))
        if self._is_in_order:
            return self.page_of(table, [test])
        return self._picked(self.page_of(table, [test], self._place(table)))

    def _order(self, table: sa.FromClause) -> list[sa.ColumnElement[Any]]:
        return ordered(keys_of_list(self.noun, table, self.given), self.direction.forward)

    def _beyond(self, keys: list[OrderKey]) -> list[sa.ColumnElement[bool]]:
        """The rows after the cursor, if there is one."""
        last = [self.after(index) for index in range(len(keys))]
        return (
            [seek_condition(keys, last, self.direction.forward)]
            if self.direction.has_cursor
            else []
        )

    def page_of(
        self, table: sa.FromClause, tests: Sequence[sa.ColumnElement[bool]], *columns: Any
    ) -> Select:
        """The first rows behind the cursor that pass the tests."""
        following = self._beyond(keys_of_list(self.noun, table, self.given))
        query = sa.select(*columns).select_from(table).where(*tests, *following)
        return query.order_by(*self._order(table)).limit(size_of(self.size))

    @cached_property
    def _found(self) -> sa.CTE | None:
        """Where all rows stand that are found by one of several alternatives, with their keys."""
        if len(self.among) < 2:
            return None
        table = self.rows[0]
        held = [key.expression.label(f"key_{index}") for index, key in enumerate(self.keys)]
        place = self._place(table).label("place")
        each = [sa.select(place, *held).where(test) for test in self.among]
        return sa.union_all(*each).cte("found").prefix_with("MATERIALIZED")

    def _place_in(self, found: sa.CTE) -> Select:
        """Where the rows of the page stand, of those that are found."""
        held = [
            OrderKey(key.name, found.c[f"key_{index}"], key.descending)
            for index, key in enumerate(self.keys)
        ]
        place = sa.select(found.c.place).where(*self._beyond(held))
        return place.order_by(*ordered(held, self.direction.forward)).limit(size_of(self.size))

    @property
    def _is_in_order(self) -> bool:
        """Whether the rows come from an index in their order, so that none is read in vain."""
        return not self.given.get("where") or self.scope.dialect.name != "sqlite"

    def _picked(self, places: Select) -> Select:
        """The rows that stand at some places; only they are told, however many were sorted."""
        table = self.rows[0]
        found = key_in(self._place(table), places.correlate(None))
        return sa.select().select_from(table).where(found).order_by(*self._order(table))

    def _place(self, table: sa.FromClause) -> sa.ColumnElement[Any]:
        """Where a row stands, by what the database knows it as."""
        is_sqlite = self.scope.dialect.name == "sqlite"
        return _rowid(table, "rowid" if is_sqlite else "ctid")

    def _nested(self, parent: sa.ColumnElement[Any]) -> Select:
        """The pages of all owners."""
        table, _, _ = self.rows
        if self.scope.dialect.name != "sqlite":
            return self._ranked(parent)
        valid = self.scope.valid(self.noun, table)
        if constrain(KEYS, _is_one):
            return self.page_of(table, [valid, parent == KEYS.then(operator.itemgetter(0))])
        # SQLite stops looking for the rows of an owner where its page is full.
        inner = table_named(self.noun).alias()
        is_own = inner.c[parent.key or ""] == OWNER.c.value
        own = self.page_of(inner, [self.scope.valid(self.noun, inner), is_own], _rowid(inner))
        found = _rowid(table).in_(own.correlate(OWNER))
        query = sa.select().select_from(OWNER.join(table, found))
        return query.order_by(parent, *self._order(table))

    def _ranked(self, parent: sa.ColumnElement[Any]) -> Select:
        """The first rows of each owner by their rank."""
        table, test, _ = self.rows
        following = self._beyond(keys_of_list(self.noun, table, self.given))
        rank = sa.func.row_number().over(partition_by=parent, order_by=self._order(table))
        ranked = sa.select(table.c.id, table.c.since, rank.label("rank")).where(test, *following)
        found = ranked.subquery()
        same = sa.and_(found.c.id == table.c.id, found.c.since == table.c.since)
        query = sa.select().select_from(table.join(found, same))
        return query.where(found.c.rank <= size_of(self.size)).order_by(parent, found.c.rank)


def owned_rows(scope: Scope, join: Join, keys: Any) -> Rows:
    """The rows of a relation for some owners."""
    noun = join.relation.target
    table = table_named(noun).alias()
    parent = table.c[join.relation.by]
    return table, sa.and_(scope.valid(noun, table), key_in(parent, keys)), parent


def nested_page(scope: Scope, join: Join, owner: sa.ColumnElement[Any]) -> NestedPage | None:
    """The page of one owner; None where only Python can make it."""
    noun, field = join.relation.target, join.field
    selection = connection_selection(field, noun)
    direction = direction_of(field.arguments)
    if selection.resolved or not direction.forward:
        return None

    def page(bindings: Bindings) -> Page:
        return page_of(field.argument_values(bindings), scope.sizes)

    def after(index: int) -> Parameter:
        return Parameter(lambda run: cursor_values(page(run), field.name, kept, run.as_of)[index])

    table = table_named(noun).alias()
    [key] = keys_of_list(noun, table, {})
    assert not key.descending, "the first and the last of a page are its least and greatest keys"
    kept = [replace(key, expression=sa.column("k", key.expression.type))]
    size = Parameter(lambda run: page(run).size)
    is_own = sa.and_(scope.valid(noun, table), table.c[join.relation.by] == owner)
    query = PageQuery(scope, noun, (table, is_own, None), direction, {}, size, after)
    return NestedPage(
        selection, table, query.page_of(table, [is_own]),
        query.page_of(table, [is_own], _ONE).limit(_ONE).offset(size_of(size)),
        sa.select(sa.func.count()).select_from(table).where(is_own),
        direction.has_cursor, scope_of(field.name, kept), str(key.expression.key),
    )  # fmt: skip


def _is_one(owners: Sequence[Any]) -> bool:
    """Whether there is one owner alone, whose rows come in order from an index."""
    return len(owners) == 1


OWNER = sa.func.json_each(bound_parameter(KEYS, KeyList())).table_valued("value").alias("owner")
"""The owners of nested pages, on SQLite."""


def _rowid(table: sa.FromClause, name: str = "rowid") -> sa.ColumnElement[int]:
    column: sa.ColumnClause[int] = sa.column(name, sa.BigInteger)
    column.table = table
    return column


def size_of(size: Parameter) -> sa.ColumnElement[int]:
    """How many rows, as a statement takes it."""
    return sa.bindparam(None, size, sa.Integer, unique=True)
