"""Plans: lists and relations as they are read, each a statement with what it is to be made into."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from schema.filtering.keyset import OrderKey
from schema.filtering.page import direction_of
from schema.model.editions import newest_edition
from schema.planning.joins import Join, related_rows
from schema.planning.page_query import PageQuery, owned_rows
from schema.planning.page_selection import ConnectionSelection, connection_selection
from schema.planning.projection import RowSource
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
    scope, keys = query.scope, query.keys
    table, _, parent = query.rows
    count = query.count() if selection.counts else None
    source = None
    if selection.needs_rows:
        source = RowSource(scope, query.noun, table)
        for index, key in enumerate(keys if selection.needs_keys else ()):
            source.add(f"key {index}", key.expression)
        if parent is not None:
            source.add("parent", parent)
        elif count is not None:
            source.add("total", count.scalar_subquery())
        newest = newest_edition() if parent is None else None
        source.finish(selection.selections, query.page(), newest)
    # What the statements were made of is let go; of the keys only names and types are used.
    keys = [replace(key, expression=sa.column("k", key.expression.type)) for key in keys]
    counting = None if count is None else PreparedStatement(count, scope.dialect)
    return ListPlan(source, keys, counting, is_whole=not selection.resolved)


def nested_plan(scope: Scope, join: Join) -> ListPlan:
    """The pages of a relation for the owners that a run has as its KEYS."""
    noun = join.relation.target
    rows = owned_rows(scope, join, KEYS)
    query = PageQuery(scope, noun, rows, direction_of(join.field.arguments), {})
    return list_plan(query, connection_selection(join.field, noun))


def relation_plan(scope: Scope, join: Join) -> RowSource:
    """The rows of a relation for the owners that a run has as its KEYS."""
    table, query, parent = related_rows(scope, join, lambda owner: key_in(owner, KEYS))
    source = RowSource(scope, join.relation.target, table)
    source.add("parent", parent)
    return source.finish([join.field.on(join.relation.target)], query)
