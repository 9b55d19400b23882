"""The indexes that filters, orders and pages are served by, declared from the fields."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import Grouping

from schema.filtering.expressions import bounds, filtered_columns, prefix_key
from schema.model.noun import Titled, Versioned
from schema.model.reflection import references
from schema.model.registry import nouns, table_of
from schema.model.values import Money, PartialDate

GENERAL = frozenset({"title_origin", "factuality"})
"""Choices that all nouns have, by which nobody asks for a span of days."""


@cache
def declare_indexes() -> None:
    """Gives the table of each noun its indexes, which only migrations ask for."""
    for noun in nouns().values():
        _declare_uniqueness(table_of(noun))
        for columns in _link_columns(noun):
            _index_links(table_of(noun), columns)
        if issubclass(noun, Titled):
            _index_list(noun)


def _declare_uniqueness(table: sa.Table) -> None:
    """Of the versions of a record one at most is valid."""
    valid = sa.text("until IS NULL")
    name = f"uq_{table.name}_current"
    sa.Index(name, table.c.id, unique=True, sqlite_where=valid, postgresql_where=valid)


def _link_columns(noun: type[Versioned]) -> list[tuple[str, ...]]:
    """The columns by which other records, and filters of other nouns, find rows of this one."""
    columns = table_of(noun).c
    lookups = {*noun.found_by}
    for other in nouns().values():
        for relation in other.declared.relations.values():
            if relation.target == noun.__name__ and relation.by not in ("id", "since"):
                lookups.add((relation.by, "id") if relation.indexed else (relation.by,))
            if relation.through and relation.through[0] == noun.__name__:
                lookups.add(relation.through[1:])
    for relation in noun.declared.relations.values():
        if relation.single and relation.by == "id" and relation.key in columns:
            lookups.add((relation.key,))
    for relation in references(noun).values():
        if columns[relation.key].nullable:
            # Of the records that lack a link there can be many, and a page wants them by id.
            lookups.add((relation.key, "id"))
    return sorted(
        names
        for names in lookups
        if not any(names != longer and names == longer[: len(names)] for longer in lookups)
    )


def _index_links(table: sa.Table, names: tuple[str, ...]) -> None:
    columns = [table.c[name] for name in names]
    optional = [
        column.is_not(None) for column in columns[1:] if column.nullable and column.name != "until"
    ]
    _index(table, "_".join(names), columns, sa.and_(*optional) if optional else None)


def _index_list(noun: type[Versioned]) -> None:
    """The indexes of the list of a noun, each ending in the id, by which pages are cut."""
    table = table_of(noun)
    _index(table, "since_id", [table.c.since, table.c.id])
    for name in filtered_columns(noun):
        if name != "id":
            column = table.c[name]
            indexed = prefix_key(column) if isinstance(column.type, sa.Text) else column
            _index(table, f"{name}_id", [indexed, table.c.id])
    for name, value in noun.declared.values.items():
        field = bounds(table, name, value.kind)
        _index(table, f"{name}_rising", [field.rising, table.c.id])
        _index(table, f"{name}_falling", [field.falling, table.c.id])
        # PostgreSQL wants brackets around all that is no function.
        begin, end = Grouping(field.begin), Grouping(field.end)
        _index(table, f"{name}_begin", [begin])
        _index(table, f"{name}_end", [end])
        _index(table, f"{name}_lasting", [end, begin], field.is_wide)
        if value.kind is Money:
            currency = table.c[f"{name}_currency"]
            _index(table, f"{name}_currency", [currency, table.c.id])
    _index_kinds_by_date(noun)


def _index_kinds_by_date(noun: type[Versioned]) -> None:
    """The indexes of the most frequent lists: records of one kind that are dated in a span."""
    table = table_of(noun)
    for date in noun.dated_by[:1]:
        field = bounds(table, date, PartialDate)
        begin, end = Grouping(field.begin), Grouping(field.end)
        for name in filtered_columns(noun):
            if isinstance(table.c[name].type, sa.Enum) and name not in GENERAL:
                kind = table.c[name]
                _index(table, f"{name}_{date}_begin", [kind, begin, table.c.until])
                lasting = [kind, end, begin, table.c.until]
                _index(table, f"{name}_{date}_lasting", lasting, field.is_wide)


def _index(
    table: sa.Table,
    name: str,
    columns: Sequence[sa.ColumnElement[Any]],
    where: sa.ColumnElement[bool] | None = None,
) -> None:
    sa.Index(f"ix_{table.name}_{name}", *columns, sqlite_where=where, postgresql_where=where)
