"""A run of a root field: its bindings, the plans that serve them, and the rows of statements."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import sqlalchemy as sa

from schema.execution.json_writer import Writer
from schema.execution.serialize import serializer
from schema.filtering.page import PageSize
from schema.planning.projection import RowSource
from schema.planning.scope import Scope
from schema.planning.selection import SelectedField
from schema.storage.snapshot import Snapshot
from schema.storage.statement import Bindings, MappedStatement

T = TypeVar("T")


@dataclass
class Outcome:
    """What reading a root field has shown, for the runs to come."""

    newest: int | None = None
    """The newest edition, once it is known."""
    is_whole: bool = False
    """Whether all was read by one statement."""
    single_row: RowSource | None = None
    """The source whose one row is the answer, whatever the variables hold."""


class Run:
    """One run of a root field: what it is bound to, its plans and its statements."""

    def __init__(
        self,
        snapshot: Snapshot,
        root: SelectedField,
        bindings: Bindings,
        sizes: PageSize,
        outcome: Outcome,
    ) -> None:
        self.snapshot, self.root, self.bindings, self.sizes = snapshot, root, bindings, sizes
        self.as_of, self.outcome = bindings.as_of, outcome
        self.is_typed = root.operation.is_typed

    @property
    def number(self) -> int:
        """The number of the edition being read, where not one statement is to find it."""
        return self.as_of if self.as_of is not None else self.outcome.newest or 0

    @property
    def edition(self) -> Any:
        """The edition for statements that serve others too; None reads the newest."""
        return self.scope.edition

    @cached_property
    def scope(self) -> Scope:
        """What plans may know of the run; made where one is built."""
        operation, dialect = self.root.operation, self.snapshot.dialect
        return Scope(operation, dialect, self.sizes, is_newest=self.as_of is None)

    def argument_values(self, selected: SelectedField) -> dict[str, Any]:
        """The arguments of a field, defaults filled in."""
        return selected.argument_values(self.bindings)

    def plan(
        self,
        selected: SelectedField,
        purpose: Hashable,
        build: Callable[[], T],
        bindings: Bindings | None = None,
    ) -> T:
        """The plan of a field for a purpose, at this edition or at the newest; built once."""
        return selected.plan((purpose, self.as_of is None), bindings or self.bindings, build)

    def serialized(self, selected: SelectedField, values: Sequence[Any]) -> Sequence[Any]:
        """Values of a field that were worked out in Python, as JSON has them."""
        if self.is_typed:
            return values
        return self.plan(selected, "serializer", lambda: serializer(selected))(values)

    def written(self, values: list[Any]) -> list[Any]:
        """Objects of the answer that may stand in it more than once, as JSON of a bounded size."""
        return values if self.is_typed else Writer(self.snapshot.budget.most).all(values)

    async def rows(
        self,
        purpose: Hashable,
        build: Callable[[], sa.SelectBase],
        keys: Sequence[Any] = (),
        selected: SelectedField | None = None,
        **given: Any,
    ) -> list[dict[str, Any]]:
        """The rows of a statement that is built once for a purpose of a field, or of the root.

        What differs from run to run is a parameter in it: arguments as `SelectedField.arguments`
        has them, `edition`, KEYS, and what is given by name.
        """
        statement, rows = await self._rows(purpose, build, keys, selected, given)
        return statement.named(rows)

    async def columns(
        self,
        purpose: Hashable,
        build: Callable[[], sa.SelectBase],
        keys: Sequence[Any] = (),
        selected: SelectedField | None = None,
        **given: Any,
    ) -> dict[str, list[Any]]:
        """The same by columns, for rows that are many and become objects column by column."""
        statement, rows = await self._rows(purpose, build, keys, selected, given)
        return statement.columns(rows)

    async def _rows(
        self,
        purpose: Hashable,
        build: Callable[[], sa.SelectBase],
        keys: Sequence[Any],
        selected: SelectedField | None,
        given: dict[str, Any],
    ) -> tuple[MappedStatement, Sequence[Any]]:
        dialect = self.snapshot.dialect
        statement: MappedStatement = self.plan(
            selected or self.root, purpose, lambda: MappedStatement(build(), dialect)
        )
        bindings = self.bindings.of(keys, given)
        return statement, await self.snapshot.fetch(statement, statement.filled(bindings))
