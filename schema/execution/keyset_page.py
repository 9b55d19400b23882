"""One page of what a question answers, by keyset."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from schema.execution.executor import Executor
from schema.filtering.cursor import cursor_values, encode, scope_of
from schema.filtering.keyset import OrderKey, ordered, seek_condition
from schema.filtering.page import Page, page_of
from schema.storage.statement import SIZE, Bindings, after_key


@dataclass
class KeysetPage:
    """One page of an ordered statement, cut by its keys, which the rows carry as `k_0`, `k_1` …"""

    scope: str
    keys: list[OrderKey]
    page: Page
    as_of: int | None

    @classmethod
    def of(
        cls, reader: Executor, scope: str, keys: list[OrderKey], arguments: dict[str, Any]
    ) -> KeysetPage:
        """The page that the arguments of a connection ask for."""
        return cls(scope, keys, page_of(arguments, reader.sizes), reader.as_of)

    def sliced(self, rows: Sequence[dict[str, Any]], name: str) -> list[dict[str, Any]]:
        """The rows of the page and one more, of rows that are read already, in the keys' order."""
        after = cursor_values(self.page, self.scope, self.keys, self.as_of)
        following = rows if self.page.forward else rows[::-1]
        if after:
            [last] = after
            is_beyond = operator.gt if self.page.forward else operator.lt
            following = [row for row in following if is_beyond(row[name], last)]
        return [{**row, "k_0": row[name]} for row in following[: self.page.size + 1]]

    def reading(self, reading: Bindings) -> Bindings:
        """What the page adds to a reading of a statement that was prepared for such pages."""
        after = cursor_values(self.page, self.scope, self.keys, self.as_of)
        return replace(reading, size=self.page.size + 1, after=after)

    def prepared(
        self, query: sa.Select[*tuple[Any, ...]], keys: list[OrderKey]
    ) -> sa.Select[*tuple[Any, ...]]:
        """The statement for all pages in this direction, the first ones or those after a cursor."""
        if self.page.cursor is not None:
            query = query.where(
                seek_condition(keys, [after_key(at) for at in range(len(keys))], self.page.forward)
            )
        labelled = [key.expression.label(f"k_{index}") for index, key in enumerate(keys)]
        query = query.add_columns(*labelled).order_by(*ordered(keys, self.page.forward))
        return query.limit(sa.bindparam(None, SIZE, sa.Integer, unique=True))

    def taken(self, rows: Sequence[Any]) -> tuple[list[Any], list[str], bool]:
        """The rows of the page in the order of the list, their cursors, and whether more follow."""
        more = len(rows) > self.page.size
        kept = list(rows[: self.page.size])
        kept = kept if self.page.forward else kept[::-1]
        width = range(len(self.keys))
        scope = scope_of(self.scope, self.keys)
        cursors = [
            encode(scope, [row[f"k_{index}"] for index in width], self.as_of) for row in kept
        ]
        return kept, cursors, more
