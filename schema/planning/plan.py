"""Plans: lists and relations as they are read, each a statement with what it is to be made into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from schema.filtering.keyset import OrderKey, detached
from schema.model.editions import newest_edition
from schema.planning.joins import Join, Select, order_of, related_rows
from schema.planning.page_query import PageQuery
from schema.planning.page_selection import ConnectionSelection, connection_selection
from schema.planning.projection import RowSource
from schema.planning.relation_page import RelationPages
from schema.planning.scope import Scope
from schema.storage.sql import key_in
from schema.storage.statement import KEYS, PreparedStatement


@dataclass(frozen=True)
class ListPlan:
    """One list of a query: the source of its rows, its order, its count."""

    source: RowSource | None
    keys: list[OrderKey] = field(default_factory=list)
    count: PreparedStatement | None = None
    is_whole: bool = True
    """Whether no other statement works out a part of it."""

    @property
    def is_one(self) -> bool:
        """Whether its statement reads all there is, with what is followed from its rows."""
        source = self.source
        is_counted = self.count is None or (source is not None and "total" in source.places)
        return source is not None and not source.joins and is_counted

    @property
    def places(self) -> list[int]:
        """Where in a row the values of its keys stand."""
        assert self.source is not None
        return [self.source.places[f"key {index}"] for index in range(len(self.keys))]


def list_plan(query: PageQuery, selection: ConnectionSelection) -> ListPlan:
    """A list, with what is selected of it."""
    count = query.count() if selection.counts else None
    source = None
    if selection.needs_rows:
        source = RowSource(query.scope, query.noun, query.table)
        _add_keys(source, query.keys, selection)
        if count is not None:
            source.add("total", count.scalar_subquery())
        source.finish(selection.selections, query.page(), newest_edition())
    return _plan(query.scope, source, query.keys, count, selection)


def _add_keys(source: RowSource, keys: Sequence[OrderKey], selection: ConnectionSelection) -> None:
    for index, key in enumerate(keys if selection.needs_keys else ()):
        source.add(f"key {index}", key.expression)


def _plan(
    scope: Scope,
    source: RowSource | None,
    keys: Sequence[OrderKey],
    count: Select | None,
    selection: ConnectionSelection,
) -> ListPlan:
    # What the statements were made of is let go.
    counting = None if count is None else PreparedStatement(count, scope.dialect)
    return ListPlan(source, detached(keys), counting, is_whole=not selection.resolved)


def nested_plan(scope: Scope, join: Join) -> ListPlan:
    """The pages of a relation for the owners that a run has as its KEYS."""
    noun, pages = join.relation.target, RelationPages(scope, join)
    selection = connection_selection(join.field, noun)
    source = None
    if selection.needs_rows:
        page, source = pages.page(), RowSource(scope, noun, pages.table)
        _add_keys(source, pages.keys, selection)
        source.add("parent", pages.parent)
        source.finish(selection.selections, page)
    return _plan(scope, source, pages.keys, pages.count() if selection.counts else None, selection)


def relation_plan(scope: Scope, join: Join) -> RowSource:
    """The rows of a relation for the owners that a run has as its KEYS."""
    table, query, parent = related_rows(scope, join, lambda owner: key_in(owner, KEYS))
    if not join.relation.single:
        query = query.order_by(*order_of(join.relation, lambda name: table.c[name]))
    source = RowSource(scope, join.relation.target, table)
    source.add("parent", parent)
    return source.finish([join.field.on(join.relation.target)], query)
