"""Expressions: the forms in which filters and orders name columns, as their indexes have them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from schema.model.noun import Versioned
from schema.model.reflection import plain_columns
from schema.model.traits import Trait
from schema.model.values import CodepointText, PartialDate
from schema.storage.sql import key_in
from schema.storage.statement import bound_parameter, constrain, then

PREFIX_LENGTH = 60
"""How many characters of a text its index holds: PostgreSQL refuses rows of over 2,700 bytes."""
LAST_CHARACTER = "\U0010ffff"


def prefix_key(text: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """What an index holds of a text; planners match the index by this very expression."""
    start = sa.literal_column("1", sa.BigInteger)
    length = sa.literal_column(str(PREFIX_LENGTH), sa.BigInteger)
    return sa.func.substr(text, start, length, type_=CodepointText)


def is_known(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether a column holds anything, as the expression of its index."""
    is_worded = isinstance(column.type, sa.Text) and not column.foreign_keys
    return (prefix_key(column) if is_worded else column).is_not(None)


def equals(column: sa.ColumnElement[Any], text: Any) -> sa.ColumnElement[bool]:
    """Whether a column holds a text, to the character."""
    # If it read that the column equals a text, SQLite would not use the index of its prefix.
    rest = then(text, lambda value: value[PREFIX_LENGTH:])
    same_rest = sa.func.substr(column, PREFIX_LENGTH + 1) == bound_parameter(rest, CodepointText)
    return sa.and_(prefix_key(column) == then(text, _prefix), same_rest)


def is_one_of(column: sa.ColumnElement[Any], texts: Any) -> sa.ColumnElement[bool]:
    """Whether a column holds one of several texts."""
    prefixes = then(texts, lambda values: [then(value, _prefix) for value in values])
    return sa.and_(key_in(prefix_key(column), prefixes), key_in(column, texts))


def starts_with(column: sa.ColumnElement[Any], text: Any) -> sa.ColumnElement[bool]:
    """Whether what a column holds begins with a text, to the character."""
    prefix = prefix_key(column)
    last = then(text, lambda value: _prefix(value).ljust(PREFIX_LENGTH, LAST_CHARACTER))
    length = bound_parameter(then(text, len), sa.Integer)
    return sa.and_(
        prefix >= then(text, _prefix),
        prefix <= last,
        sa.func.substr(column, 1, length) == bound_parameter(text, CodepointText),
    )


def _prefix(text: str) -> str:
    return text[:PREFIX_LENGTH]


def contains(column: sa.ColumnElement[Any], part: Any) -> sa.ColumnElement[bool]:
    """Whether a text holds another, to the character, alike on both databases."""
    if not constrain(part, bool):
        return column.is_not(None)
    without = sa.func.replace(column, bound_parameter(part, sa.Text), "")
    return sa.func.coalesce(without != column, sa.false())


@dataclass(frozen=True)
class Bounds:
    """The bounds of a value object, open ends filled in, as orders and spans compare them."""

    low: sa.ColumnElement[Any]
    high: sa.ColumnElement[Any]
    least: Any
    """Before all that can be."""
    most: Any
    """After all that can be."""

    @property
    def is_bounded(self) -> sa.ColumnElement[bool]:
        """Whether there is a bound at all."""
        return sa.or_(self.low.is_not(None), self.high.is_not(None))

    @property
    def is_unbounded(self) -> sa.ColumnElement[bool]:
        """Whether there is none, in terms that the index of `rising` serves."""
        return sa.and_(self.rising == self.most, sa.not_(self.is_bounded))

    @property
    def rising(self) -> sa.ColumnElement[Any]:
        """The lower bound, last where there is none."""
        return _without_open_end(self.low, self.most)

    @property
    def falling(self) -> sa.ColumnElement[Any]:
        """The lower bound, first where there is none, which is last from the greatest down."""
        return _without_open_end(self.low, self.least)

    @property
    def begin(self) -> sa.ColumnElement[Any]:
        """The lower bound, open where only the upper one is known."""
        return sa.case((self.high.is_(None), self.low), else_=self.falling)

    @property
    def end(self) -> sa.ColumnElement[Any]:
        """The upper bound, open where only the lower one is known."""
        return sa.case(
            (self.low.is_(None), self.high), else_=_without_open_end(self.high, self.most)
        )

    @property
    def is_wide(self) -> sa.ColumnElement[bool]:
        """Whether it may lie at more than one point, as the expression of a partial index."""
        return self.begin != self.end

    def overlaps(self, start: Any, end: Any) -> list[sa.ColumnElement[bool]]:
        """Whether it may lie between two points, as conditions of which at most one holds.

        Either end may be None, for no bound. What begins in between is found by where it begins,
        and what lasts until then from before, of which there is less, by where it ends.
        """
        begin, until = (sa.type_coerce(bound, _kind(self.most)) for bound in (self.begin, self.end))
        if start is None or end is None:
            tests = [until >= start] if start is not None else []
            return [sa.and_(*tests, *([begin <= end] if end is not None else []))]
        lasting = sa.and_(self.is_wide, until >= start, begin < start, begin <= end)
        return [sa.and_(begin >= start, begin <= end), lasting]


def _kind(far: Any) -> Any:
    return sa.Date() if isinstance(far, datetime.date) else sa.BigInteger()


def _without_open_end(bound: sa.ColumnElement[Any], far: Any) -> sa.ColumnElement[Any]:
    """A bound, or one far beyond all others; a literal, as planners match the index by it."""
    literal = f"'{far}'" if isinstance(far, datetime.date) else str(far)
    return sa.func.coalesce(bound, sa.literal_column(literal), type_=_kind(far))


def bounds(table: sa.FromClause, name: str, kind: Any) -> Bounds:
    """The bounds of a value object by the name of its field."""
    if kind is PartialDate:
        low, high = table.c[f"{name}_earliest"], table.c[f"{name}_latest"]
        return Bounds(low, high, datetime.date.min, datetime.date.max)
    low, high = table.c[f"{name}_minimum"], table.c[f"{name}_maximum"]
    return Bounds(low, high, -(2**62), 2**62)


def filtered_columns(noun: type[Versioned]) -> list[str]:
    """The columns that a `where` tests: a source's whole text is left to the search of words."""
    return [
        name for name in plain_columns(noun) if name != "text" or noun.trait is not Trait.SOURCE
    ]
