"""Keyset pagination: the keys of an order, and what lies beyond a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
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

    def literal(self, value: Any) -> sa.BindParameter[Any]:
        """A value to compare the key with."""
        return sa.literal(value, self.expression.type)


def keys_of(
    noun: type[Versioned], table: sa.FromClause, order: list[dict[str, Any]] | None
) -> list[OrderKey]:
    """The order of a page, ending in the id, so that it is total."""
    keys: list[OrderKey] = []
    steps: dict[str, bool] = {}
    for step in order or []:
        name = getattr(step["field"], "value", step["field"])
        # Of several steps by one field the first counts.
        steps.setdefault(name, getattr(step["direction"], "value", step["direction"]) == "DESC")
    steps.setdefault("ID", len(steps) == 1 and next(iter(steps.values())))
    for name, descending in steps.items():
        column = order_columns(noun)[name]
        if column in noun.declared.values:
            value = bounds(table, column, noun.declared.values[column].kind)
            bound = value.falling if descending else value.rising
            keys.append(OrderKey(name, bound, descending))
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
    first, beyond = keys[0], _beyond(keys, values, forward)
    if isinstance(first.expression, sa.Column):
        return beyond
    # SQLite seeks in an index of columns by row values, in one of expressions by the first alone.
    bound, is_falling = first.literal(values[0]), first.descending is forward
    return sa.and_(first.expression <= bound if is_falling else first.expression >= bound, beyond)


def _beyond(keys: list[OrderKey], values: list[Any], forward: bool) -> sa.ColumnElement[bool]:
    pairs = [*zip(keys, values, strict=True)]
    directions = {key.descending for key in keys}
    if len(directions) == 1:
        row = sa.tuple_(*(key.expression for key in keys))
        bound = sa.tuple_(*(key.literal(value) for key, value in pairs))
        return row < bound if directions.pop() is forward else row > bound
    cases = []
    for place, (key, value) in enumerate(pairs):
        equal = [prior.expression == prior.literal(each) for prior, each in pairs[:place]]
        is_falling = key.descending is forward
        literal = key.literal(value)
        past = key.expression < literal if is_falling else key.expression > literal
        cases.append(sa.and_(*equal, past))
    return sa.or_(*cases)


def detached(keys: Iterable[OrderKey]) -> list[OrderKey]:
    """Keys of which only names and types are used from here on; what they stood in is let go."""
    return [replace(key, expression=sa.column("k", key.expression.type)) for key in keys]


def ordered(keys: list[OrderKey], forward: bool) -> list[sa.ColumnElement[Any]]:
    """The keys in the direction in which a page is read."""
    return [
        key.expression.desc() if key.descending is forward else key.expression.asc() for key in keys
    ]


def keys_by_columns(
    order: Iterable[str],
    column: Callable[[str], sa.ColumnElement[Any]],
    nullable: Callable[[str], bool],
) -> list[OrderKey]:
    """The keys of an order by columns; `-` stands before one that falls, and null comes first."""
    keys: list[OrderKey] = []
    for step in order:
        name = step.removeprefix("-")
        held = column(name)
        if nullable(name):
            held = sa.func.coalesce(held, _NOTHING)
        keys.append(OrderKey(name.upper(), held, descending=step != name))
    return keys


_NOTHING = sa.literal_column("''", sa.Text())
"""Before all texts, none of which is empty."""


def keys_of_list(noun: str, table: sa.FromClause, arguments: dict[str, Any]) -> list[OrderKey]:
    """The order of a list of a noun; editions run by number."""
    if noun == "Edition":
        descending = arguments.get("direction") is OrderDirection.DESC
        return [OrderKey("NUMBER", table.c.number, descending)]
    return keys_of(nouns()[noun], table, arguments.get("orderBy"))
