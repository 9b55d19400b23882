"""Cutting: the statements of a page, which read its rows and count how many there are in all."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.asked import table_named
from schema.connection import Key, OrderDirection, PageDirection, beyond, keys_of, ordered
from schema.database import KeyList, key_in
from schema.edition import newest_edition
from schema.noun import nouns
from schema.prepared import KEYS, SIZE, Late, Statement, bound, late_key, settled
from schema.tree import Cut

if TYPE_CHECKING:
    from schema.page_selection import Wanted
    from schema.reader import Reader

Rows = tuple[sa.FromClause, sa.ColumnElement[bool], sa.ColumnElement[Any] | None]
"""A table, which of its rows, and the column that names their owner, if they have several."""
Alternatives = Sequence[sa.ColumnElement[bool]]


@dataclass
class Cutting:
    """Makes the statements of a list: of a page of its rows, of all owners where it has several."""

    reader: Reader
    noun: str
    rows: Rows
    direction: PageDirection
    given: dict[str, Any]
    size: Late = SIZE
    after: Callable[[int], Late] = late_key
    among: Alternatives = ()
    """Where its rows are looked up in several ways: the conditions of each."""

    def cut(self, wanted: Wanted) -> Cut:
        """The list as it is read, with what is wanted of it."""
        table, test, parent = self.rows
        dialect = self.reader.connection.dialect
        keys = keys_of_list(self.noun, table, self.given)
        found = self._all_found(keys) if len(self.among) > 1 else None
        level, count = None, None
        if wanted.counts:
            of = [] if parent is None else [parent]
            count = sa.select(*of, sa.func.count()).group_by(*of)
            own = count.select_from(table).where(test)
            count = own if found is None else count.select_from(found)
        if wanted.needs_rows:
            level = self.reader.level(self.noun, table)
            for index, key in enumerate(keys if wanted.needs_keys else ()):
                level.add(f"key {index}", key.expression)
            if parent is not None:
                level.add("parent", parent)
                query = self._nested(parent)
            elif found is not None:
                query = self._found(keys, found)
            elif self._is_in_order:
                query = self.page_of(table, [test])
            else:
                query = self._picked(self.page_of(table, [test], self._place(table)))
            if count is not None and parent is None and not level.is_json:
                level.add("total", count.scalar_subquery())
            alone = newest_edition() if parent is None else None
            level.finish(wanted.views, query, dialect, alone)
        is_whole = not wanted.worked_out
        if self.reader.is_growing:
            return Cut(level, count, keys, is_whole=is_whole)
        # What the statements were made of is let go; of the keys only names and types are used.
        keys = [replace(key, expression=sa.column("k", key.expression.type)) for key in keys]
        counting = None if count is None else Statement(count, dialect)
        return Cut(level, None, keys, counting, is_whole)

    def _order(self, table: sa.FromClause) -> list[sa.ColumnElement[Any]]:
        return ordered(keys_of_list(self.noun, table, self.given), self.direction.forward)

    def _beyond(self, keys: list[Key]) -> list[sa.ColumnElement[bool]]:
        """The rows after the cursor, if there is one."""
        last = [self.after(index) for index in range(len(keys))]
        return [beyond(keys, last, self.direction.forward)] if self.direction.has_cursor else []

    def page_of(
        self, table: sa.FromClause, tests: Sequence[sa.ColumnElement[bool]], *columns: Any
    ) -> sa.Select[*tuple[Any, ...]]:
        """The first rows behind the cursor that pass the tests."""
        following = self._beyond(keys_of_list(self.noun, table, self.given))
        query = sa.select(*columns).select_from(table).where(*tests, *following)
        return query.order_by(*self._order(table)).limit(size_of(self.size))

    def _all_found(self, keys: list[Key]) -> sa.CTE:
        """Where all rows stand that are found by one of the alternatives, with their keys."""
        table = self.rows[0]
        named = [key.expression.label(f"key_{index}") for index, key in enumerate(keys)]
        place = self._place(table).label("place")
        each = [sa.select(place, *named).where(test) for test in self.among]
        return sa.union_all(*each).cte("found").prefix_with("MATERIALIZED")

    def _found(self, keys: list[Key], found: sa.CTE) -> sa.Select[*tuple[Any, ...]]:
        """The page of what is found."""
        held = [
            Key(key.name, found.c[f"key_{index}"], key.descending) for index, key in enumerate(keys)
        ]
        place = sa.select(found.c.place).where(*self._beyond(held))
        place = place.order_by(*ordered(held, self.direction.forward)).limit(size_of(self.size))
        return self._picked(place)

    @property
    def _is_in_order(self) -> bool:
        """Whether the rows come from an index in their order, so that none is read in vain."""
        return not self.given.get("where") or self.reader.connection.dialect.name != "sqlite"

    def _picked(self, places: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
        """The rows that stand at some places; only they are told, however many were sorted."""
        table = self.rows[0]
        found = key_in(self._place(table), places.correlate(None))
        return sa.select().select_from(table).where(found).order_by(*self._order(table))

    def _place(self, table: sa.FromClause) -> sa.ColumnElement[Any]:
        """Where a row stands, by what the database knows it as."""
        is_sqlite = self.reader.connection.dialect.name == "sqlite"
        return _rowid(table, "rowid" if is_sqlite else "ctid")

    def _nested(self, parent: sa.ColumnElement[Any]) -> sa.Select[*tuple[Any, ...]]:
        """The pages of all owners."""
        table, _, _ = self.rows
        if self.reader.connection.dialect.name != "sqlite":
            return self._ranked(parent)
        valid = self.reader.valid(self.noun, table)
        if settled(KEYS, _is_one):
            return self.page_of(table, [valid, parent == KEYS.then(operator.itemgetter(0))])
        # SQLite stops looking for the rows of an owner where its page is full.
        inner = table_named(self.noun).alias()
        is_own = inner.c[parent.key or ""] == OWNER.c.value
        own = self.page_of(inner, [self.reader.valid(self.noun, inner), is_own], _rowid(inner))
        found = _rowid(table).in_(own.correlate(OWNER))
        query = sa.select().select_from(OWNER.join(table, found))
        return query.order_by(parent, *self._order(table))

    def _ranked(self, parent: sa.ColumnElement[Any]) -> sa.Select[*tuple[Any, ...]]:
        """The first rows of each owner by their rank."""
        table, test, _ = self.rows
        following = self._beyond(keys_of_list(self.noun, table, self.given))
        rank = sa.func.row_number().over(partition_by=parent, order_by=self._order(table))
        ranked = sa.select(table.c.id, table.c.since, rank.label("rank")).where(test, *following)
        found = ranked.subquery()
        same = sa.and_(found.c.id == table.c.id, found.c.since == table.c.since)
        query = sa.select().select_from(table.join(found, same))
        return query.where(found.c.rank <= size_of(self.size)).order_by(parent, found.c.rank)


def _is_one(owners: Sequence[Any]) -> bool:
    """Whether there is one owner alone, whose rows come in order from an index."""
    return len(owners) == 1


OWNER = sa.func.json_each(bound(KEYS, KeyList())).table_valued("value").alias("owner")
"""The owners of nested pages, on SQLite."""


def _rowid(table: sa.FromClause, name: str = "rowid") -> sa.ColumnElement[int]:
    column: sa.ColumnClause[int] = sa.column(name, sa.BigInteger)
    column.table = table
    return column


def size_of(size: Late) -> sa.ColumnElement[int]:
    """How many rows, as a statement takes it."""
    return sa.bindparam(None, size, sa.Integer, unique=True)


def keys_of_list(noun: str, table: sa.FromClause, given: dict[str, Any]) -> list[Key]:
    """The order of a list of a noun; editions run by number."""
    if noun == "Edition":
        return [Key("NUMBER", table.c.number, given.get("direction") is OrderDirection.DESC)]
    return keys_of(nouns()[noun], table, given.get("orderBy"))
