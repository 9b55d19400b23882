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


@cache
def declare_indexes() -> None:
    """Gives the table of each noun its indexes, which only migrations ask for."""
    for noun in nouns().values():
        _keep_one_valid(table_of(noun))
        for columns in _links(noun):
            _serve_link(table_of(noun), columns)
        if issubclass(noun, Titled):
            _serve_list(noun)


def _keep_one_valid(table: sa.Table) -> None:
    """Of the versions of a record one at most is valid."""
    valid = sa.text("until IS NULL")
    name = f"uq_{table.name}_current"
    sa.Index(name, table.c.id, unique=True, sqlite_where=valid, postgresql_where=valid)


def _links(noun: type[Versioned]) -> list[tuple[str, ...]]:
    """The columns by which other records, and filters of other nouns, find rows of this one."""
    columns = table_of(noun).c
    found = {*noun.found_by}
    for other in nouns().values():
        for relation in other.declared.relations.values():
            if relation.target == noun.__name__ and relation.by not in ("id", "since"):
                found.add((relation.by, "id") if relation.paged else (relation.by,))
            if relation.through and relation.through[0] == noun.__name__:
                found.add(relation.through[1:])
    for relation in noun.declared.relations.values():
        if relation.single and relation.by == "id" and relation.key in columns:
            found.add((relation.key,))
    for relation in references(noun).values():
        if columns[relation.key].nullable:
            # Of the records that lack a link there can be many, and a page wants them by id.
            found.add((relation.key, "id"))
    return sorted(
        each
        for each in found
        if not any(each != longer and each == longer[: len(each)] for longer in found)
    )


def _serve_link(table: sa.Table, names: tuple[str, ...]) -> None:
    columns = [table.c[name] for name in names]
    optional = [
        column.is_not(None) for column in columns[1:] if column.nullable and column.name != "until"
    ]
    _index(table, "_".join(names), columns, sa.and_(*optional) if optional else None)


def _serve_list(noun: type[Versioned]) -> None:
    """The indexes of the list of a noun, each ending in the id, by which pages are cut."""
    table = table_of(noun)
    _index(table, "since_id", [table.c.since, table.c.id])
    for name in filtered_columns(noun):
        if name != "id":
            column = table.c[name]
            indexed = prefix_key(column) if isinstance(column.type, sa.Text) else column
            _index(table, f"{name}_id", [indexed, table.c.id])
    for name, value in noun.declared.values.items():
        found = bounds(table, name, value.kind)
        _index(table, f"{name}_rising", [found.rising, table.c.id])
        _index(table, f"{name}_falling", [found.falling, table.c.id])
        # PostgreSQL wants brackets around all that is no function.
        _index(table, f"{name}_begin", [Grouping(found.begin)])
        _index(table, f"{name}_end", [Grouping(found.end)])
        _index(
            table, f"{name}_lasting", [Grouping(found.end), Grouping(found.begin)], found.is_wide
        )
        if value.kind is Money:
            currency = table.c[f"{name}_currency"]
            _index(table, f"{name}_currency", [currency, table.c.id])
    _serve_pages(noun)


def _serve_pages(noun: type[Versioned]) -> None:
    """The indexes of what is asked most: the records of one kind that are dated in a span."""
    table = table_of(noun)
    for date in noun.dated_by[:1]:
        found = bounds(table, date, PartialDate)
        for name in filtered_columns(noun):
            if isinstance(table.c[name].type, sa.Enum) and name != "title_origin":
                kind, begin, end = table.c[name], Grouping(found.begin), Grouping(found.end)
                _index(table, f"{name}_{date}_begin", [kind, begin, table.c.until])
                lasting = [kind, end, begin, table.c.until]
                _index(table, f"{name}_{date}_lasting", lasting, found.is_wide)


def _index(
    table: sa.Table,
    name: str,
    columns: Sequence[sa.ColumnElement[Any]],
    where: sa.ColumnElement[bool] | None = None,
) -> None:
    sa.Index(f"ix_{table.name}_{name}", *columns, sqlite_where=where, postgresql_where=where)
