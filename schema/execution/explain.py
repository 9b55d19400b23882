"""Explaining: the plan of an operation as text, with what its statements did in one run."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import print_ast

from schema.execution.context import Context
from schema.execution.derived import DerivedPlan
from schema.execution.operation import OperationPlan
from schema.planning.plan import ListPlan
from schema.planning.projection import RowSource
from schema.planning.selection import SelectedField, SelectionSet
from schema.storage.snapshot import Snapshot
from schema.storage.statement import MappedStatement, PreparedStatement

INDENT = "  "
CHARACTERS = 80
"""How much of a parameter's value is shown."""


@dataclass
class Executions:
    """What one statement did in a run."""

    count: int = 0
    rows: int = 0
    seconds: float = 0.0
    values: Sequence[Any] = ()
    """The parameters of its last execution."""


@dataclass
class RecordingSnapshot:
    """A snapshot that notes what each statement does."""

    snapshot: Snapshot
    executions: dict[PreparedStatement, Executions] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.snapshot, name)

    async def fetch(self, statement: PreparedStatement, values: Sequence[Any]) -> Sequence[Any]:
        """The rows of a statement, noted."""
        noted = self.executions.setdefault(statement, Executions())
        started = time.perf_counter()
        rows = await self.snapshot.fetch(statement, values)
        noted.seconds += time.perf_counter() - started
        noted.count, noted.rows, noted.values = noted.count + 1, noted.rows + len(rows), values
        return rows


async def explain(
    operation: OperationPlan, context: Context, variables: dict[str, Any], *, is_brief: bool = False
) -> list[str]:
    """The lines that tell how an operation is read; it is run once for that.

    NeedsGraphQLCoreError, InputError or GraphQLError where graphql-core would answer it. In brief,
    they show neither SQL nor times.
    """
    recording: Any = RecordingSnapshot(await context.waiting())
    context.snapshot = recording
    shape = operation.shape(variables, context.snapshots.kind)
    data = operation.run(context, variables, shape)
    if not isinstance(data, dict):
        await data
    report = _Report(recording.executions, is_brief)
    for key, root in shape.roots.items():
        if isinstance(root, SelectedField):
            report.field(key, root, 0)
    return report.lines


@dataclass
class _Report:
    executions: dict[PreparedStatement, Executions]
    is_brief: bool
    lines: list[str] = field(default_factory=list)

    def add(self, depth: int, line: str) -> None:
        """One more line."""
        self.lines.append(INDENT * depth + line)

    def field(self, key: str, selected: SelectedField, depth: int) -> None:
        """A field, its plans, and the fields below it that have plans of their own."""
        name = selected.name if key == selected.name else f"{key}: {selected.name}"
        arguments = ", ".join(print_ast(each) for each in selected.nodes[0].node.arguments or ())
        self.add(depth, f"{name}({arguments})" if arguments else name)
        for purpose, cache in selected.plans.items():
            for _, plan in cache.built:
                self.plan(purpose[0] if isinstance(purpose, tuple) else purpose, plan, depth + 1)
        for key, below in fields_below(selected):
            if is_planned(below):
                self.field(key, below, depth + 1)

    def plan(self, purpose: Any, plan: Any, depth: int) -> None:
        """One plan of a field."""
        if isinstance(plan, RowSource):
            self.source(plan, depth)
        elif isinstance(plan, ListPlan):
            if plan.source is not None:
                self.source(plan.source, depth)
            if plan.count is not None:
                is_column = plan.source is not None and "total" in plan.source.places
                self.statement("count", plan.count, depth, is_idle=is_column)
        elif isinstance(plan, DerivedPlan):
            self.statement(f"page of {plan.view}, as columns for Python", plan.statement, depth)
        elif isinstance(plan, MappedStatement):
            name = purpose if isinstance(purpose, str) else purpose[0]
            self.statement(f"{name}, as columns for Python", plan, depth)

    def source(self, source: RowSource, depth: int) -> None:
        """The rows of a noun, and who makes their objects."""
        self.statement(f"rows of {source.noun}", source.statement, depth)
        for selection in source.selections:
            self.add(depth + 1, f"{selection.type} {_makers(source, selection)}")

    def statement(
        self, title: str, statement: PreparedStatement, depth: int, *, is_idle: bool = False
    ) -> None:
        """A statement, and what it did."""
        done = self.executions.get(statement)
        if done is None:
            self.add(depth, f"{title}: {'a column of the rows' if is_idle else 'not executed'}")
            return
        times = "once" if done.count == 1 else f"{done.count} times"
        took = "" if self.is_brief else f", {done.seconds * 1000:.1f} ms"
        self.add(depth, f"{title}: executed {times}, {done.rows} rows{took}")
        if self.is_brief:
            return
        for line in statement.text.splitlines():
            self.add(depth + 2, line.strip())
        for place, value in enumerate(done.values, 1):
            self.add(depth + 2, f"parameter {place}: {str(value)[:CHARACTERS]!r}")


def _makers(source: RowSource, selection: SelectionSet) -> str:
    """Which of the fields of a selection set the database writes, and which Python makes."""
    if selection in source.json:
        return f"as JSON by the database: {', '.join(selection.fields)}"
    joins = {join.field for join in source.joins}
    by_database = [key for key, field in selection.fields.items() if field in source.json]
    joined = [key for key, field in selection.fields.items() if field in joins]
    columns = [key for key in selection.fields if key not in by_database and key not in joined]
    parts = ((columns, ""), (by_database, "JSON by the database: "), (joined, "joined: "))
    made = "; ".join(title + ", ".join(keys) for keys, title in parts if keys)
    return f"by Python: {made}"


def fields_below(selected: SelectedField) -> Iterator[tuple[str, SelectedField]]:
    """The fields of all selection sets below a field that were collected, by response name."""
    for selection in selected.selections.values():
        yield from selection.fields.items()


def is_planned(selected: SelectedField) -> bool:
    """Whether a field, or one below it, has a statement of its own."""
    plans = [plan for cache in selected.plans.values() for _, plan in cache.built]
    if any(
        isinstance(plan, RowSource | ListPlan | DerivedPlan | PreparedStatement) for plan in plans
    ):
        return True
    return any(is_planned(below) for _, below in fields_below(selected))
