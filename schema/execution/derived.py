"""Derived relations: lists of views that a statement derives from the record, page by page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from schema.execution.connection import ConnectionBuilder
from schema.execution.executor import Executor, ListedRows
from schema.execution.views import field_values, to_objects
from schema.filtering.cursor import cursor_values, encode, scope_of
from schema.filtering.keyset import OrderKey, detached, ordered, seek_condition
from schema.filtering.page import Page, page_of
from schema.graph.arguments import paging
from schema.graph.catalog import types
from schema.graph.declare import resolved, views
from schema.model.bounds import Bound
from schema.model.registry import table_named
from schema.model.values import CodepointText
from schema.planning.page_query import Rows, size_of
from schema.planning.page_selection import ConnectionSelection, connection_selection
from schema.planning.selection import SelectedField
from schema.storage.sql import key_in
from schema.storage.statement import KEYS, SIZE, MappedStatement, after_key, constrain, given

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
    owner: sa.ColumnElement[Any] | None = None
    """What names the owner of a row, where several have a page; its rows are those of KEYS."""


@dataclass(frozen=True)
class SequenceRelation:
    """The same of rows that have been read already."""

    view: str
    """The type of what it holds: a view, or a noun whose records are read by the rows' ids."""
    keys: Sequence[OrderKey]
    """What the rows are in order by, from the least on; each names a value of theirs."""
    views: Callable[[list[Row]], Sequence[Any]]


@dataclass(frozen=True)
class DerivedPlan:
    """A page of a derived relation as it is read."""

    view: str
    statement: MappedStatement
    keys: list[OrderKey]


@dataclass(frozen=True)
class PageRows:
    """What stands on the page of one owner."""

    rows: Sequence[Row]
    has_more: bool
    total: int | None
    beside: Mapping[str, Any]


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
    [page] = await derived_connections(reader, relation, selected, arguments, [None], **given)
    return page


async def derived_connections(
    reader: Executor,
    relation: DerivedRelation,
    selected: SelectedField,
    arguments: dict[str, Any],
    owners: Sequence[Any],
    **given: Any,
) -> list[Any]:
    """The pages that owners have of a derived relation; as many statements as for one."""
    page, scope = page_of(arguments, reader.sizes), relation.scope or selected.name
    selection = connection_selection(selected, relation.view)
    found, keys = defaultdict[Any, list[Row]](list), list[OrderKey]()
    if selection.needs_rows:
        plan = reader.plan(
            selected,
            ("page", relation.purpose),
            lambda: _page_plan(reader, relation, page),
            reader.bindings.of(owners),
        )
        keys, statement = plan.keys, plan.statement
        after = cursor_values(page, scope, keys, reader.as_of)
        bindings = reader.bindings.paged(page.size + 1, after).of(owners, given)
        fetched = await reader.snapshot.fetch(statement, statement.filled(bindings))
        for row in statement.named(fetched):
            found[row.get("owned_by")].append(row)
    totals: dict[Any, int] = {}
    if selection.counts:
        purpose = ("total", relation.purpose)
        count = relation.count or (lambda: _counted(relation))
        rows = await reader.rows(purpose, count, owners, selected=selected, **given)
        totals = {row.get("owned_by"): int(row["number"]) for row in rows}
    beside = await _beside(reader, relation, selection, owners, given)
    pages = [
        PageRows(*page.slice(found[owner]), totals.get(owner, 0), beside[owner]) for owner in owners
    ]
    return await _connections(reader, relation, selection, page, pages, scope_of(scope, keys), keys)


def _page_plan(reader: Executor, relation: DerivedRelation, page: Page) -> DerivedPlan:
    """The statement for all pages in one direction, the first ones or those after a cursor."""
    query, keys = relation.select()
    if page.cursor is not None:
        last = [after_key(index) for index in range(len(keys))]
        query = query.where(seek_condition(keys, last, page.forward))
    labelled = [key.expression.label(f"k_{index}") for index, key in enumerate(keys)]
    query, order = query.add_columns(*labelled), ordered(keys, page.forward)
    size = size_of(SIZE)
    owner = relation.owner
    if owner is not None:
        query = query.add_columns(owner.label("owned_by"))
    if owner is None or constrain(KEYS, lambda owners: len(owners) == 1):
        query = query.order_by(*order).limit(size)
    else:
        rank = sa.func.row_number().over(partition_by=owner, order_by=order)
        ranked = query.add_columns(rank.label("rank")).subquery()
        query = sa.select(ranked).where(ranked.c.rank <= size)
        query = query.order_by(ranked.c.owned_by, ranked.c.rank)
    statement = MappedStatement(query, reader.snapshot.dialect)
    return DerivedPlan(relation.view, statement, detached(keys))


def _counted(relation: DerivedRelation) -> Select:
    rows, _ = relation.select()
    number = sa.func.count().label("number")
    if relation.owner is None:
        return sa.select(number).select_from(rows.subquery())
    owner = relation.owner.label("owned_by")
    return rows.with_only_columns(owner, number).group_by(relation.owner)


async def _beside(
    reader: Executor,
    relation: DerivedRelation,
    selection: ConnectionSelection,
    owners: Sequence[Any],
    given: dict[str, Any],
) -> dict[Any, dict[str, Any]]:
    """What stands beside the pages, by owner and response name."""
    if relation.whole is not None:
        beside = {
            key: (await field_values(reader, [relation.whole], field))[0]
            for key, field in selection.beside.items()
        }
        return dict.fromkeys(owners, beside)

    def rows() -> Rows:
        table, (found, _) = table_named(relation.view), relation.select()
        assert relation.owner is not None, "lists of records belong to an owner"
        own = found.add_columns(relation.owner.label("owned_by")).subquery()
        of_page = sa.select(*table.c, own.c.owned_by).join(own, own.c.id == table.c.id)
        valid = of_page.where(reader.scope.valid(relation.view, table)).subquery()
        return valid, sa.true(), valid.c.owned_by

    listed = ListedRows(relation.view, rows, given=given)
    return await reader.resolve_beside(selection, owners, listed)


async def sequence_connections(
    reader: Executor,
    relation: SequenceRelation,
    lists: Sequence[Sequence[Row]],
    selected: SelectedField,
    arguments: dict[str, Any],
) -> list[Any]:
    """Pages of rows that have been read already, one of each list."""
    page, keys = page_of(arguments, reader.sizes), [*relation.keys]
    names = [key.name.lower() for key in keys]
    after = tuple(cursor_values(page, selected.name, keys, reader.as_of))
    selection = connection_selection(selected, relation.view)
    pages: list[PageRows] = []
    for rows in lists:
        following = rows if page.forward else rows[::-1]
        if after:
            places = ((tuple(row[name] for name in names), row) for row in following)
            following = [row for at, row in places if (at > after if page.forward else at < after)]
        taken, has_more = page.slice(following[: page.size + 1])
        beside: Mapping[str, Any] = {}
        if selection.resolved:
            listed = _listed(reader, relation.view, [row["id"] for row in rows])
            beside = (await reader.resolve_beside(selection, [None], listed))[None]
        pages.append(PageRows(taken, has_more, len(rows), beside))
    return await _connections(
        reader, relation, selection, page, pages, scope_of(selected.name, keys), keys
    )


def _listed(reader: Executor, noun: str, ids: Sequence[str]) -> ListedRows:
    """All records of a list by their ids, for what is worked out beside its page."""

    def rows() -> Rows:
        table = table_named(noun)
        among = key_in(table.c.id, given("ids"))
        return table, sa.and_(reader.scope.valid(noun, table), among), None

    return ListedRows(noun, rows, given={"ids": ids})


async def _connections(
    reader: Executor,
    relation: DerivedRelation | SequenceRelation,
    selection: ConnectionSelection,
    page: Page,
    pages: Sequence[PageRows],
    scope: str,
    keys: Sequence[OrderKey],
) -> list[Any]:
    rows = [row for each in pages for row in each.rows]
    shown = relation.views(rows)
    nodes = {field: await _nodes(reader, relation.view, shown, field) for field in selection.nodes}
    is_read = isinstance(relation, SequenceRelation)
    names = [key.name.lower() if is_read else f"k_{place}" for place, key in enumerate(keys)]

    def cursor(place: int) -> str:
        return encode(scope, [rows[place][name] for name in names], reader.as_of)

    builder, made, begin = ConnectionBuilder(selection, page, nodes, cursor), list[Any](), 0
    for each in pages:
        places = range(begin, begin + len(each.rows))
        made.append(builder.object(places, each.has_more, each.total, each.beside))
        begin = places.stop
    return made


async def _nodes(
    reader: Executor, type: str, shown: Sequence[Any], field: SelectedField
) -> list[Any]:
    """The objects of views, or of records by their ids."""
    if type in views:
        return await to_objects(reader, type, shown, field)
    records = await reader.by_ids(shown, field, type)
    return [records[id] for id in shown]


def rising(name: str, kind: Any = CodepointText) -> OrderKey:
    """A key of a sequence, by the name of its value in the rows."""
    return OrderKey(name.upper(), sa.column(name, kind), descending=False)


BY_ID = rising("id")
"""The key of a sequence that is in the order of ids."""


def records_field(
    noun: str, what: str, description: str, rows: str, keys: Sequence[OrderKey], bound: Bound
) -> Any:
    """A field of a view with a page of records, of the rows that it holds in an attribute."""
    relation = SequenceRelation(noun, keys, lambda rows: [row["id"] for row in rows])

    async def answer(
        reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
    ) -> list[Any]:
        lists = [getattr(item, rows) for item in items]
        return await sequence_connections(reader, relation, lists, selected, arguments)

    kind = f"{noun}Connection"
    return resolved(lambda: types[kind], description, answer, lambda: paging(what), bound=bound)
