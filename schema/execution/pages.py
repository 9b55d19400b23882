"""Lists of records: a page that a root field asks for, or a field of a view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from schema.execution.executor import Executor, ListedRows
from schema.filtering.page import direction_of, page_of
from schema.model.registry import table_named
from schema.planning.page_query import Alternatives, PageQuery, Rows
from schema.planning.page_selection import connection_selection
from schema.planning.plan import ListPlan, list_plan
from schema.planning.selection import SelectedField

Conditions = Callable[[sa.FromClause, dict[str, Any], Any], Sequence[sa.ColumnElement[bool]]]
"""Which rows of a table a list holds, by the arguments of its field and the edition: conditions of
which at most one holds for a row."""


async def noun_connection(
    reader: Executor,
    noun: str,
    conditions: Conditions,
    arguments: dict[str, Any],
    selected: SelectedField | None = None,
    given: dict[str, Any] | None = None,
) -> Any:
    """The page that the root field asks for with its arguments.

    Or the page that a selected field of a view asks for; `given` is then what its conditions are
    given by name when they run.
    """
    field = selected or reader.root
    page = page_of(arguments, reader.sizes)
    selection = connection_selection(field, noun)
    parameters = field.arguments if selected is None else {}

    def alternatives() -> Alternatives:
        table = table_named(noun)
        tests = conditions(table, parameters, reader.edition)
        return [sa.and_(reader.scope.valid(noun, table), test) for test in tests]

    def rows_of_list() -> Rows:
        return table_named(noun), sa.or_(*alternatives()), None

    def build() -> ListPlan:
        direction = direction_of(arguments)
        query = PageQuery(
            reader.scope, noun, rows_of_list(), direction, parameters, among=alternatives()
        )
        return list_plan(query, selection)

    plan = reader.plan(field, "page", build)
    bindings = reader.page_bindings(field.name, plan, page).of((), dict(given or {}))
    result = await reader.read(plan, bindings)
    places, has_more = page.slice(range(len(result.rows)))
    where = arguments.get("where")
    listed = ListedRows(noun, rows_of_list, where=where, given=given or {})
    resolved = await reader.resolve_beside(selection, [None], listed)
    builder = reader.connections(field.name, plan, selection, page, result)
    return builder.object(places, has_more, result.total, resolved[None])
