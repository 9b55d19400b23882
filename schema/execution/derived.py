"""Derived relations: lists of views that a statement derives from the record, page by page."""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from schema.execution.connection import ConnectionBuilder
from schema.execution.executor import Executor
from schema.execution.views import field_values, to_objects
from schema.filtering.cursor import cursor_values, encode, scope_of
from schema.filtering.keyset import OrderKey, ordered, seek_condition
from schema.filtering.page import Page, page_of
from schema.planning.page_selection import ConnectionSelection, connection_selection
from schema.planning.selection import SelectedField
from schema.storage.statement import SIZE, MappedStatement, after_key

Select = sa.Select[*tuple[Any, ...]]
Row = dict[str, Any]


@dataclass(frozen=True)
class DerivedRelation:
    """What a list holds, and in which order."""

    view: str
    """The type of what it holds."""
    select: Callable[[], tuple[Select, list[OrderKey]]]
    """Its rows, and the keys of their order; what differs from run to run is a parameter."""
    views: Callable[[list[Row]], Sequence[Any]]
    """The views of the rows of a page."""
    purpose: Hashable = ""
    """What else its statements depend on, such as how many words are searched for."""
    scope: str = ""
    """What its cursors belong to; the field that selects it when left out."""
    count: Callable[[], Select] | None = None
    """Counts its rows as `number`, where that takes less than reading them."""
    whole: Any = None
    """The view that holds the connection's own fields, where it has any."""


@dataclass(frozen=True)
class SequenceRelation:
    """The same of rows that have been read already."""

    view: str
    rows: Sequence[Row]
    """In the order of their key."""
    key: OrderKey
    views: Callable[[list[Row]], Sequence[Any]]
    whole: Any = None


@dataclass(frozen=True)
class DerivedPlan:
    """A page of a derived relation as it is read."""

    view: str
    statement: MappedStatement
    keys: list[OrderKey]


async def derived_connection(
    reader: Executor,
    relation: DerivedRelation,
    selected: SelectedField,
    arguments: dict[str, Any],
    **given: Any,
) -> Any:
    """A page of a derived relation: one statement, and one for the total where it is selected.

    `given` is what its statements are given by name.
    """
    page, scope = page_of(arguments, reader.sizes), relation.scope or selected.name
    selection = connection_selection(selected, relation.view)
    rows, keys = [], list[OrderKey]()
    if selection.needs_rows:
        plan = reader.plan(
            selected, ("page", relation.purpose), lambda: _page_plan(reader, relation, page)
        )
        keys = plan.keys
        after = cursor_values(page, scope, keys, reader.as_of)
        bindings = reader.bindings.paged(page.size + 1, after).of((), given)
        statement = plan.statement
        found = await reader.snapshot.fetch(statement, statement.filled(bindings))
        rows = statement.named(found)
    taken, has_more = page.slice(rows)
    cursors = scope_of(scope, keys)

    def cursor(place: int) -> str:
        values = [taken[place][f"k_{index}"] for index in range(len(keys))]
        return encode(cursors, values, reader.as_of)

    total = None
    if selection.counts:
        purpose = ("total", relation.purpose)
        count = relation.count or (lambda: _counted(relation))
        [row] = await reader.rows(purpose, count, selected=selected, **given)
        total = int(row["number"])
    views = relation.views([*taken])
    return await _connection(reader, selection, page, views, cursor, has_more, total, relation)


def _page_plan(reader: Executor, relation: DerivedRelation, page: Page) -> DerivedPlan:
    """The statement for all pages in one direction, the first ones or those after a cursor."""
    query, keys = relation.select()
    if page.cursor is not None:
        last = [after_key(index) for index in range(len(keys))]
        query = query.where(seek_condition(keys, last, page.forward))
    labelled = [key.expression.label(f"k_{index}") for index, key in enumerate(keys)]
    query = query.add_columns(*labelled).order_by(*ordered(keys, page.forward))
    query = query.limit(sa.bindparam(None, SIZE, sa.Integer, unique=True))
    # Of the keys only names and types are used from here on.
    kept = [replace(key, expression=sa.column("k", key.expression.type)) for key in keys]
    return DerivedPlan(relation.view, MappedStatement(query, reader.snapshot.dialect), kept)


def _counted(relation: DerivedRelation) -> Select:
    rows, _ = relation.select()
    return sa.select(sa.func.count().label("number")).select_from(rows.subquery())


async def sequence_connection(
    reader: Executor,
    relation: SequenceRelation,
    selected: SelectedField,
    arguments: dict[str, Any],
) -> Any:
    """A page of rows that have been read already."""
    rows, key = relation.rows, relation.key
    page, name = page_of(arguments, reader.sizes), str(key.expression.key)
    after = cursor_values(page, selected.name, [key], reader.as_of)
    following = rows if page.forward else rows[::-1]
    if after:
        is_beyond = operator.gt if page.forward else operator.lt
        following = [row for row in following if is_beyond(row[name], after[0])]
    taken, has_more = page.slice(following[: page.size + 1])
    scope = scope_of(selected.name, [key])
    selection = connection_selection(selected, relation.view)

    def cursor(place: int) -> str:
        return encode(scope, [taken[place][name]], reader.as_of)

    views = relation.views([*taken])
    return await _connection(reader, selection, page, views, cursor, has_more, len(rows), relation)


async def _connection(
    reader: Executor,
    selection: ConnectionSelection,
    page: Page,
    views: Sequence[Any],
    cursor: Callable[[int], str],
    has_more: bool,
    total: int | None,
    relation: DerivedRelation | SequenceRelation,
) -> Any:
    nodes = {
        field: await to_objects(reader, relation.view, views, field) for field in selection.nodes
    }
    beside = {
        key: (await field_values(reader, [relation.whole], field))[0]
        for key, field in selection.beside.items()
    }
    builder = ConnectionBuilder(selection, page, nodes, cursor)
    return builder.object(range(len(views)), has_more, total, beside)
