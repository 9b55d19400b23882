"""Cutting: the statements of a page, which read its rows and count how many there are in all."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.asked import table_named
from schema.connection import Key, OrderDirection, Page, beyond, keys_of, ordered
from schema.database import KeyList
from schema.edition import newest_edition
from schema.noun import nouns
from schema.prepared import KEYS, SIZE, Late, Statement, bound, late_key, settled
from schema.tree import Cut

if TYPE_CHECKING:
    from schema.paging import Wanted
    from schema.reader import Reader

Rows = tuple[sa.FromClause, sa.ColumnElement[bool], sa.ColumnElement[Any] | None]
"""A table, which of its rows, and the column that names their owner, if they have several."""
Alternatives = Sequence[sa.ColumnElement[bool]]


def cut_of(
    reader: Reader,
    noun: str,
    rows: Rows,
    wanted: Wanted,
    page: Page,
    given: dict[str, Any],
    size: Late = SIZE,
    after: Callable[[int], Late] = late_key,
    among: Alternatives = (),
) -> Cut:
    """A list as it is read: the rows of a page, of all parents where there are several.

    What is looked up in several ways, `among` alternatives, is found once, for the page and its
    total.
    """
    table, test, parent = rows
    dialect = reader.connection.dialect
    keys = keys_of_list(noun, table, given)
    last = [after(index) for index in range(len(keys))]

    def on_page(table: sa.FromClause) -> list[sa.ColumnElement[bool]]:
        its_keys = keys_of_list(noun, table, given)
        return [] if page.cursor is None else [beyond(its_keys, last, page.forward)]

    def own(parent: sa.ColumnElement[Any]) -> sa.Select[*tuple[Any, ...]]:
        inner = table_named(noun).alias()
        order = ordered(keys_of_list(noun, inner, given), page.forward)
        query = sa.select(_rowid(inner)).where(reader.valid(noun, inner), *on_page(inner))
        query = query.where(inner.c[parent.key or ""] == OWNER.c.value)
        return query.order_by(*order).limit(_number(size)).correlate(OWNER)

    level, count = None, None
    if wanted.needs_rows:
        level = reader.level(noun, table)
        for index, key in enumerate(keys):
            level.add(f"key {index}", key.expression)
        beyond_cursor = on_page(table)
        if len(among) > 1 and dialect.name == "sqlite":
            query, total = _found(
                table, among, keys, last if page.cursor is not None else [], page, size
            )
            if wanted.counts:
                level.add("total", total)
        elif parent is None:
            query = sa.select().select_from(table).where(test, *beyond_cursor)
            query = query.order_by(*ordered(keys, page.forward)).limit(_number(size))
        else:
            level.add("parent", parent)
            order = ordered(keys, page.forward)
            if dialect.name == "sqlite" and settled(KEYS, _is_one):
                tests = [reader.valid(noun, table), parent == KEYS.then(operator.itemgetter(0))]
                query = sa.select().select_from(table).where(*tests, *beyond_cursor)
                query = query.order_by(*order).limit(_number(size))
            elif dialect.name == "sqlite":
                query = _nearby(table, parent, own(parent), order)
            else:
                query = _ranked(table, parent, [test, *beyond_cursor], order, size)
        is_counted = wanted.counts and "total" not in level.places
        alone = None if parent is not None or is_counted else newest_edition()
        level.finish(wanted.views, query, dialect, alone)
    if wanted.counts:
        number = sa.func.count()
        of_all = sa.select(number) if parent is None else sa.select(parent, number).group_by(parent)
        count = of_all.select_from(table).where(test)
    counting = None if count is None or reader.is_growing else Statement(count, dialect)
    return Cut(level, count, keys, counting)


def _is_one(owners: Sequence[Any]) -> bool:
    """Whether there is one owner alone, whose rows come in order from an index."""
    return len(owners) == 1


def _found(
    table: sa.FromClause,
    among: Alternatives,
    keys: list[Key],
    last: list[Late],
    page: Page,
    size: Late,
) -> tuple[sa.Select[*tuple[Any, ...]], sa.ColumnElement[int]]:
    """The rows of a page of what is found by alternatives, and how many are found in all."""
    named = [key.expression.label(f"key_{index}") for index, key in enumerate(keys)]
    each = [sa.select(_rowid(table).label("place"), *named).where(test) for test in among]
    found = sa.union_all(*each).cte("found").prefix_with("MATERIALIZED")
    held = [
        Key(key.name, found.c[f"key_{index}"], key.descending) for index, key in enumerate(keys)
    ]
    place = sa.select(found.c.place).order_by(*ordered(held, page.forward)).limit(_number(size))
    if last:
        place = place.where(beyond(held, last, page.forward))
    query = sa.select().select_from(table).where(_rowid(table).in_(place))
    number = sa.select(sa.func.count()).select_from(found).scalar_subquery()
    return query.order_by(*ordered(keys, page.forward)), number


def _ranked(
    table: sa.FromClause,
    parent: sa.ColumnElement[Any],
    tests: list[sa.ColumnElement[bool]],
    order: list[sa.ColumnElement[Any]],
    size: Late,
) -> sa.Select[*tuple[Any, ...]]:
    """The first rows of each parent."""
    rank = sa.func.row_number().over(partition_by=parent, order_by=order)
    ranked = sa.select(table.c.id, table.c.since, rank.label("rank")).where(*tests).subquery()
    same = sa.and_(ranked.c.id == table.c.id, ranked.c.since == table.c.since)
    query = sa.select().select_from(table.join(ranked, same))
    return query.where(ranked.c.rank <= _number(size)).order_by(parent, ranked.c.rank)


def _nearby(
    table: sa.FromClause,
    parent: sa.ColumnElement[Any],
    own: sa.Select[*tuple[Any, ...]],
    order: list[sa.ColumnElement[Any]],
) -> sa.Select[*tuple[Any, ...]]:
    """The same on SQLite, which stops looking for `own` rows where the page of an owner is full."""
    found = _rowid(table).in_(own)
    query = sa.select().select_from(OWNER.join(table, found))
    return query.order_by(parent, *order)


OWNER = sa.func.json_each(bound(KEYS, KeyList())).table_valued("value").alias("owner")
"""The owners of nested pages, on SQLite."""


def _rowid(table: sa.FromClause) -> sa.ColumnElement[int]:
    column: sa.ColumnClause[int] = sa.column("rowid", sa.BigInteger)
    column.table = table
    return column


def _number(size: Late) -> sa.ColumnElement[int]:
    return sa.bindparam(None, size, sa.Integer, unique=True)


def keys_of_list(noun: str, table: sa.FromClause, given: dict[str, Any]) -> list[Key]:
    """The order of a list of a noun; editions run by number."""
    if noun == "Edition":
        return [Key("NUMBER", table.c.number, given.get("direction") is OrderDirection.DESC)]
    return keys_of(nouns()[noun], table, given.get("orderBy"))
