"""Connections: a page of a root list, or of a relation for many records at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from schema.execution.executor import Executor
from schema.execution.noun_connection import ConnectionBuilder
from schema.filtering.cursor import cursor_values
from schema.filtering.keyset import OrderKey
from schema.filtering.page import Page, direction_of, page_of
from schema.model.registry import table_named
from schema.planning.joins import Join
from schema.planning.page_query import Alternatives, PageQuery, Rows, owned_rows
from schema.planning.page_selection import ConnectionSelection, connection_selection
from schema.planning.plan import ListPlan, list_plan, nested_plan
from schema.planning.scope import Scope
from schema.planning.selection import FieldGroup, field_name
from schema.storage.statement import KEYS, SIZE, Bindings, after_key

Conditions = Callable[[sa.FromClause, dict[str, Any], Any], Sequence[sa.ColumnElement[bool]]]
"""Which rows of a table a list holds, by the arguments of its field and the edition: conditions of
which at most one holds for a row."""


@dataclass(frozen=True)
class Owned:
    """The rows of a connection before they are paged; by owner where there are several."""

    rows: Callable[[], Rows]
    is_nested: bool
    where: dict[str, Any] | None = None
    """The `where` that the list was asked with."""
    late: dict[str, Any] = field(default_factory=dict)
    """What the rows are given by name."""


async def noun_connection(
    reader: Executor,
    noun: str,
    conditions: Conditions,
    given: dict[str, Any],
    details: FieldGroup | None = None,
    late: dict[str, Any] | None = None,
) -> Any:
    """The page that the root field asks for with its arguments.

    Or the page that a field of a view asks for, by its details; `late` is then what its
    conditions are given by name.
    """
    is_root = details is None
    details = reader.asked.root if details is None else details
    page = page_of(given, reader.sizes)
    wanted = connection_selection(reader.asked, noun, details)

    told = reader.asked.declared("Query", details) if is_root else {}

    def alternatives() -> Alternatives:
        table = table_named(noun)
        tests = conditions(table, told, reader.edition)
        return [sa.and_(reader.scope.valid(noun, table), test) for test in tests]

    def listed_rows() -> Rows:
        return table_named(noun), sa.or_(*alternatives()), None

    def build(scope: Scope) -> ListPlan:
        rows, direction = listed_rows(), direction_of(given)
        cutting = PageQuery(scope, noun, rows, direction, told, among=alternatives())
        return list_plan(cutting, wanted)

    def reading(cut: ListPlan) -> Bindings:
        return _read(reader, page, name, cut.keys).of((), dict(late or {}))

    name = field_name(details)
    cut, rows, made, counted = await reader.whole(("page", id(details)), build, reading)
    total = counted[0][0] if counted else None
    shown = ConnectionBuilder(reader, wanted, cut, page, name, rows, made)
    row = shown.object(range(len(rows)), total)
    if wanted.worked_out:
        owned = Owned(listed_rows, is_nested=False, where=given.get("where"), late=late or {})
        await _work_out(reader, wanted, {None: row}, owned)
    return row


async def nested_connections(reader: Executor, link: Join, owners: Sequence[Any]) -> dict[Any, Any]:
    """The pages of a relation for all owners, by owner; one statement for all rows."""
    noun, name = link.relation.target, field_name(link.details)
    page = page_of(reader.arguments(link.owner, link.details), reader.sizes)
    wanted = connection_selection(reader.asked, noun, link.details)
    rows: Sequence[Any] = ()
    counted: Sequence[Any] = ()
    made: list[list[Any]] = []
    cut = reader.built(
        ("nested", link.owner, id(link.details)),
        lambda: nested_plan(reader.scope, link, KEYS, SIZE, after_key),
        reader.reading.of(owners),
    )
    reading = _read(reader, page, name, cut.keys).of(owners)
    if cut.level is not None and owners:
        rows, made = await reader.fetch(cut.level, reading)
    if cut.counting is not None and owners:
        filled = cut.counting.filled(reading)
        counted = await reader.connection.fetch(cut.counting, filled)
    found: dict[Any, list[int]] = defaultdict(list)
    parent = cut.level.places["parent"] if cut.level is not None else 0
    for index, row in enumerate(rows):
        found[row[parent]].append(index)
    totals = dict(counted)
    told = ConnectionBuilder(reader, wanted, cut, page, name, rows, made)
    pages = {owner: told.object(found.get(owner, ()), totals.get(owner, 0)) for owner in owners}
    if wanted.worked_out and owners:
        owned = Owned(lambda: owned_rows(reader.scope, link, KEYS), is_nested=True)
        await _work_out(reader, wanted, pages, owned)
    return dict(zip(pages, reader.written([*pages.values()]), strict=True))


async def _work_out(
    reader: Executor, wanted: ConnectionSelection, pages: dict[Any, Any], rows: Owned
) -> None:
    """Has the fields worked out that a connection has beside its page."""
    made = f"{wanted.noun}Connection"
    for key, declared in wanted.worked_out.items():
        details = wanted.fields[key]
        arguments = reader.arguments(made, details)
        items = [(owner, wanted.noun, rows) for owner in pages]
        found = await declared.answer(reader, items, details, arguments)
        if not reader.asked.is_typed:
            found = reader.told(made, details, found)
        for page, value in zip(pages.values(), found, strict=True):
            (page.values if reader.asked.is_typed else page)[key] = value


def _read(reader: Executor, page: Page, name: str, keys: list[OrderKey]) -> Bindings:
    """What a page adds to a reading."""
    after = cursor_values(page, name, keys, reader.as_of)
    return reader.reading.paged(page.size + 1, after)
