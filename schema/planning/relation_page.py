"""Relation pages: the statements of the pages that owners have of a relation."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from schema.filtering.cursor import cursor_values, scope_of
from schema.filtering.keyset import OrderKey, detached, ordered
from schema.filtering.page import Page, direction_of, page_of
from schema.planning.joins import (
    Join,
    Owned,
    Select,
    keys_of_relation,
    related_rows,
    table_behind,
)
from schema.planning.json_row import OuterColumn
from schema.planning.page_query import Rows, beyond, cut, row_place, size_of
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
OWNER = sa.func.json_each(bound_parameter(KEYS, KeyList())).table_valued("value").alias("owner")
"""The owners of pages, on SQLite."""

OrderOf = Callable[[Callable[[str], sa.ColumnElement[Any]]], list[OrderKey]]
"""An order, by the columns of a row."""


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
    keys: OrderOf
    """Its order, by the columns of a row."""


class RelationPages:
    """Makes the statements for the pages of the owners that a run has as its KEYS."""

    def __init__(self, scope: Scope, join: Join) -> None:
        self.scope, self.join = scope, join
        self.direction = direction_of(join.field.arguments)
        self.table = table_behind(join)
        self.keys = self._keys(self.table)
        self.parent: sa.ColumnElement[Any] = OWNER.c.value
        """What names the owner of a row, once the statement is made."""

    def _keys(self, table: sa.FromClause) -> list[OrderKey]:
        return keys_of_relation(self.join, lambda name: table.c[name])

    def page(self) -> Select:
        """The rows of all pages in their order, without columns."""
        if self.scope.dialect.name != "sqlite":
            return self._ranked()
        if constrain(KEYS, _is_one):
            query = self._rows(self.table, _is(KEYS.then(operator.itemgetter(0))))
            return self._cut(query, self.keys)
        # SQLite stops looking for the rows of an owner where its page is full.
        inner = table_behind(self.join)
        query = self._rows(inner, _is(OuterColumn(OWNER.c.value))).add_columns(row_place(inner))
        found = row_place(self.table).in_(self._cut(query, self._keys(inner)))
        self.parent = OWNER.c.value
        query = sa.select().select_from(OWNER.join(self.table, found))
        return query.order_by(self.parent, *ordered(self.keys, self.direction.forward))

    def count(self) -> Select:
        """How many rows each owner has."""
        _, query, parent = related_rows(self.scope, self.join, _among_keys)
        return query.add_columns(parent, sa.func.count()).group_by(parent)

    def _rows(self, table: sa.FromClause, is_owned: Owned) -> Select:
        """The rows of some owners, in no order."""
        _, query, self.parent = related_rows(self.scope, self.join, is_owned, table)
        return query

    def _cut(self, query: Select, keys: list[OrderKey]) -> Select:
        return cut(query, keys, self.direction, SIZE, after_key)

    def _ranked(self) -> Select:
        """The first rows of each owner by their rank."""
        inner = table_behind(self.join)
        query, keys = self._rows(inner, _among_keys), self._keys(inner)
        if self.direction.has_cursor:
            query = query.where(beyond(keys, self.direction, after_key))
        order = ordered(keys, self.direction.forward)
        rank = sa.func.row_number().over(partition_by=self.parent, order_by=order)
        names = (inner.c.id, inner.c.since, self.parent.label("owner"), rank.label("rank"))
        found = query.add_columns(*names).subquery()
        self.parent = found.c.owner
        same = sa.and_(found.c.id == self.table.c.id, found.c.since == self.table.c.since)
        query = sa.select().select_from(self.table.join(found, same))
        return query.where(found.c.rank <= size_of(SIZE)).order_by(found.c.owner, found.c.rank)


def _is(owner: Any) -> Owned:
    return lambda column: column == owner


def _among_keys(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return key_in(column, KEYS)


def owned_rows(scope: Scope, join: Join) -> Rows:
    """All rows of a relation for the owners that a run has as its KEYS."""
    table, query, parent = related_rows(scope, join, _among_keys)
    if not join.relation.through:
        return table, query.whereclause if query.whereclause is not None else sa.true(), parent
    rows = query.add_columns(*table.c, parent.label("owned_by")).subquery()
    return rows, sa.true(), rows.c.owned_by


def nested_page(scope: Scope, join: Join, owner: sa.ColumnElement[Any]) -> NestedPage | None:
    """The page of one owner; None where only Python can make it."""
    relation, field = join.relation, join.field
    selection = connection_selection(field, relation.target)
    direction = direction_of(field.arguments)
    if selection.resolved or not direction.forward:
        return None
    table, rows, _ = related_rows(scope, join, _is(owner))

    def page(bindings: Bindings) -> Page:
        return page_of(field.argument_values(bindings), scope.sizes)

    def after(index: int) -> Parameter:
        return Parameter(lambda run: cursor_values(page(run), field.name, kept, run.as_of)[index])

    def order(column: Callable[[str], sa.ColumnElement[Any]]) -> list[OrderKey]:
        return keys_of_relation(join, column)

    keys = order(lambda name: table.c[name])
    kept = detached(keys)
    size = Parameter(lambda run: page(run).size)
    taken = cut(rows, keys, direction, size, after)
    return NestedPage(
        selection, table, taken,
        taken.add_columns(_ONE).limit(_ONE).offset(size_of(size)),
        rows.add_columns(sa.func.count()),
        direction.has_cursor, scope_of(field.name, kept), order,
    )  # fmt: skip


def _is_one(owners: Sequence[Any]) -> bool:
    """Whether there is one owner alone, whose rows come in order from an index."""
    return len(owners) == 1
