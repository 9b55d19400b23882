"""Keyset pagination: the keys of an order, and what lies beyond a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from schema.filtering.expressions import bounds, prefix_key
from schema.filtering.ordering import OrderDirection, order_columns
from schema.model.noun import Versioned
from schema.model.registry import nouns


@dataclass(frozen=True)
class OrderKey:
    """One step of an order: an expression that is never null, and its direction."""

    name: str
    expression: sa.ColumnElement[Any]
    descending: bool


def keys_of(
    noun: type[Versioned], table: sa.FromClause, order: list[dict[str, Any]] | None
) -> list[OrderKey]:
    """The order of a page, ending in the id, so that it is total."""
    keys: list[OrderKey] = []
    steps: dict[str, bool] = {}
    for step in order or []:
        name = getattr(step["field"], "value", step["field"])
        # The first word on a field is the last.
        steps.setdefault(name, getattr(step["direction"], "value", step["direction"]) == "DESC")
    steps.setdefault("ID", len(steps) == 1 and next(iter(steps.values())))
    for name, descending in steps.items():
        column = order_columns(noun)[name]
        if column in noun.declared.values:
            found = bounds(table, column, noun.declared.values[column].kind)
            if descending:
                keys.append(OrderKey(name, found.falling, True))
            else:
                keys.append(OrderKey(name, found.rising, False))
            continue
        if name == "TITLE":
            # The index holds the beginnings of titles; the whole ones order what begins alike.
            keys.append(OrderKey("BEGINNING", prefix_key(table.c.title), descending))
        keys.append(OrderKey(name, table.c[column], descending))
    return keys


def seek_condition(
    keys: list[OrderKey], values: list[Any], forward: bool
) -> sa.ColumnElement[bool]:
    """The rows after (or before) the row with these key values."""
    whole, first = _seek_tests(keys, values, forward), keys[0]
    if isinstance(first.expression, sa.Column):
        return whole
    # SQLite finds its way in an index of columns by row values, in one of expressions by the first.
    value = sa.literal(values[0], first.expression.type)
    down = first.descending is forward
    return sa.and_(first.expression <= value if down else first.expression >= value, whole)


def _seek_tests(keys: list[OrderKey], values: list[Any], forward: bool) -> sa.ColumnElement[bool]:
    downs = {key.descending for key in keys}
    if len(downs) == 1:
        left = sa.tuple_(*(key.expression for key in keys))
        right = sa.tuple_(
            *(
                sa.literal(value, key.expression.type)
                for key, value in zip(keys, values, strict=True)
            )
        )
        return left < right if downs.pop() is forward else left > right
    cases = []
    for index, key in enumerate(keys):
        same = [
            keys[i].expression == sa.literal(values[i], keys[i].expression.type)
            for i in range(index)
        ]
        value = sa.literal(values[index], key.expression.type)
        cases.append(
            sa.and_(
                *same,
                key.expression < value if key.descending is forward else key.expression > value,
            )
        )
    return sa.or_(*cases)


def ordered(keys: list[OrderKey], forward: bool) -> list[sa.ColumnElement[Any]]:
    """The keys in the direction in which a page is read."""
    return [
        key.expression.desc() if key.descending is forward else key.expression.asc() for key in keys
    ]


def keys_of_list(noun: str, table: sa.FromClause, given: dict[str, Any]) -> list[OrderKey]:
    """The order of a list of a noun; editions run by number."""
    if noun == "Edition":
        return [OrderKey("NUMBER", table.c.number, given.get("direction") is OrderDirection.DESC)]
    return keys_of(nouns()[noun], table, given.get("orderBy"))
