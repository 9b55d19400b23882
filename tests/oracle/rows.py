"""The rows of a small database, read once into memory."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cached_property
from typing import Any

import sqlalchemy as sa

import schema
from schema.model.amounts import SCALE, Amount
from schema.model.registry import nouns, table_of

Row = dict[str, Any]
"""One row of a table, by column."""


class Rows:
    """Every row of every noun, edition and log entry, found by the value of a column."""

    def __init__(self, connection: sa.Connection) -> None:
        self.of: dict[str, list[Row]] = {}
        editions: Any = schema.Edition
        log: Any = schema.ChangeEntry
        tables = {name: table_of(noun) for name, noun in nouns().items()}
        tables |= {"Edition": editions.__table__, "Change": log.__table__}
        for name, table in tables.items():
            read = {column.name: _reading(column.type) for column in table.columns}
            found = connection.execute(sa.text(f'SELECT * FROM "{table.name}"')).mappings()
            self.of[name] = [
                {key: value if value is None else read[key](value) for key, value in row.items()}
                for row in found
            ]
        self._by: dict[tuple[str, str], dict[Any, list[Row]]] = {}

    def by(self, noun: str, column: str, value: Any) -> list[Row]:
        """The rows of a noun, in all versions, that hold a value in a column."""
        if (noun, column) not in self._by:
            found = self._by[noun, column] = defaultdict(list)
            for row in self.of[noun]:
                found[row[column]].append(row)
        return self._by[noun, column].get(value, [])

    @cached_property
    def newest(self) -> int:
        """The number of the newest edition; 0 where there is none."""
        return max((row["number"] for row in self.of["Edition"]), default=0)

    @cached_property
    def instants(self) -> list[tuple[datetime.datetime, int]]:
        """When each edition was published, in UTC."""
        return [(row["published_at"], row["number"]) for row in self.of["Edition"]]


def is_valid(noun: str, row: Row, as_of: int | None) -> bool:
    """Whether a row counts now (None) or as of an edition."""
    if noun == "Edition":
        return as_of is None or bool(row["number"] <= as_of)
    if as_of is None:
        return row["until"] is None
    return bool(row["since"] <= as_of and (row["until"] is None or row["until"] > as_of))


def valid(noun: str, rows: Iterable[Row], as_of: int | None) -> list[Row]:
    """The rows that count now (None) or as of an edition."""
    return [row for row in rows if is_valid(noun, row, as_of)]


def _reading(kind: Any) -> Callable[[Any], Any]:
    """What SQLite keeps as text or number becomes what the column means; PostgreSQL gives it."""
    if isinstance(kind, Amount):
        return lambda value: Decimal(value) / SCALE
    if isinstance(kind, sa.Boolean):
        return bool
    if isinstance(kind, sa.Date):
        return lambda value: (
            value if isinstance(value, datetime.date) else datetime.date.fromisoformat(value)
        )
    if isinstance(kind, sa.DateTime) or "DateTime" in type(kind).__name__:
        return _instant
    return lambda value: value


def _instant(value: Any) -> datetime.datetime:
    told = value if isinstance(value, datetime.datetime) else datetime.datetime.fromisoformat(value)
    if told.tzinfo is None:
        return told.replace(tzinfo=datetime.UTC)
    return told.astimezone(datetime.UTC)
