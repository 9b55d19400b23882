"""Plans: lists and relations as they are read, of the statements of their pages and their levels.

It alone knows both, so that what the database tells of a page needs no level, and no level a page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

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
from schema.storage.statement import Parameter, PreparedStatement


@dataclass(frozen=True)
class ListPlan:
    """One list of a query, ready to be read: its level, its count, its order."""

    level: RowSource | None
    keys: list[OrderKey] = field(default_factory=list)
    counting: PreparedStatement | None = None
    is_whole: bool = True
    """Whether no other statement works out a part of it."""

    @property
    def is_one(self) -> bool:
        """Whether its statement reads all there is, with what is followed from its rows."""
        level = self.level
        is_counted = self.counting is None or (level is not None and "total" in level.places)
        return level is not None and not level.links and is_counted

    @property
    def places(self) -> list[int]:
        """Where in a row the values of its keys stand."""
        assert self.level is not None
        return [self.level.places[f"key {index}"] for index in range(len(self.keys))]


def list_plan(cutting: PageQuery, wanted: ConnectionSelection) -> ListPlan:
    """A list as it is read, with what is wanted of it."""
    scope, keys = cutting.scope, cutting.keys
    table, _, parent = cutting.rows
    count = cutting.count() if wanted.counts else None
    level = None
    if wanted.needs_rows:
        level = RowSource(scope, cutting.noun, table)
        for index, key in enumerate(keys if wanted.needs_keys else ()):
            level.add(f"key {index}", key.expression)
        if parent is not None:
            level.add("parent", parent)
        elif count is not None:
            level.add("total", count.scalar_subquery())
        alone = newest_edition() if parent is None else None
        level.finish(wanted.views, cutting.page(), alone)
    is_whole = not wanted.worked_out
    # What the statements were made of is let go; of the keys only names and types are used.
    keys = [replace(key, expression=sa.column("k", key.expression.type)) for key in keys]
    counting = None if count is None else PreparedStatement(count, scope.dialect)
    return ListPlan(level, keys, counting, is_whole)


def nested_plan(
    scope: Scope, link: Join, keys: Any, size: Parameter, after: Callable[[int], Parameter]
) -> ListPlan:
    """The pages of a relation for some owners."""
    noun = link.relation.target
    direction = direction_of(scope.selection.declared(link.owner, link.details))
    rows = owned_rows(scope, link, keys)
    cutting = PageQuery(scope, noun, rows, direction, {}, size, after)
    return list_plan(cutting, connection_selection(scope.selection, noun, link.details))


def row_source_of(scope: Scope, link: Join, keys: Any) -> RowSource:
    """The level of a relation for some owners."""
    table, query, parent = related_rows(scope, link, lambda owner: key_in(owner, keys))
    level = RowSource(scope, link.relation.target, table)
    level.add("parent", parent)
    return level.finish([scope.selection.view(link.relation.target, link.details)], query)
