"""Trees: all levels of a list in one statement, for a database that a round trip leads to.

Each level is a common table expression that finds its owners in the one above; the rows come back
as JSON, a text a level, and become objects by the same code as rows of statements of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from schema.filtering.keyset import OrderKey
from schema.graph.catalog import catalog
from schema.graph.declare import ResolvedField
from schema.model.editions import newest_edition
from schema.model.fields import Relation
from schema.model.registry import nouns, nouns_of, prefix_of
from schema.planning.joins import Join, by_id, is_polymorphic
from schema.planning.json_object import MOST_IN_ALL
from schema.planning.plan import ListPlan, PlanNode, nested_plan, row_source_of
from schema.planning.projection import RowSource
from schema.planning.scope import Scope
from schema.planning.selection import Selection, field_name
from schema.storage.statement import Parameter, PreparedStatement

MOST = 64
"""How many levels one statement may read; what is wider is read level by level."""
ARGUMENTS = 100
"""How many arguments a function of PostgreSQL takes."""


def cte_plan(scope: Scope, build: Callable[[Scope], ListPlan], cut: ListPlan) -> CtePlan | None:
    """The tree of a list that is also read level by level; None where it is too wide."""
    if cut.level is not None and _is_wide(scope.selection, cut.level.links):
        return None
    try:
        return CtePlan(replace(scope, is_growing=True), build)
    except TooWideError:
        return None


class TooWideError(Exception):
    """A query asks for more than one statement should read."""


def _is_wide(selection: Selection, links: Sequence[Join]) -> bool:
    """Whether more relations are followed than a tree can hold, those told in rows included.

    To find that out by writing it takes a hundred times as long.
    """
    count, open_links = 0, [*links]
    while open_links and count <= MOST + MOST_IN_ALL:
        link = open_links.pop()
        relation = link.declared
        if isinstance(relation, ResolvedField):
            continue
        count += 1
        if relation.paged or is_polymorphic(relation):
            continue
        for details in selection.subfields(relation.target, link.details).values():
            declared = catalog[relation.target].get(field_name(details))
            if isinstance(declared, Relation):
                open_links.append(Join(declared, details, relation.target, {}))
    return count > MOST + MOST_IN_ALL


class CtePlan:
    """The statement for a list and for all that is followed from its rows."""

    def __init__(self, scope: Scope, build: Callable[[Scope], ListPlan]) -> None:
        self.scope = scope
        self.branches: dict[int, PlanNode] = {}
        self.is_whole = True
        """Whether nothing is left that other statements work out."""
        self.pages: list[tuple[Join, list[OrderKey]]] = []
        self._tables: list[sa.CTE] = []
        self.root = self._cut(build(scope))
        texts = [self._text(table).label(f"t{at}") for at, table in enumerate(self._tables)]
        self.statement = PreparedStatement(sa.select(newest_edition(), *texts), scope.dialect)
        del self.scope, self._tables

    def _text(self, table: sa.CTE) -> sa.ColumnElement[Any]:
        if len(table.c) > ARGUMENTS:
            raise TooWideError
        # They come in the order of their level, as tests hold: nothing here could sort them.
        rows = sa.func.json_agg(sa.func.json_build_array(*table.c))
        return sa.cast(sa.select(rows).select_from(table).scalar_subquery(), sa.Text)

    def _add(self, select: sa.Select[*tuple[Any, ...]]) -> int:
        if len(self._tables) >= MOST:
            raise TooWideError
        self._tables.append(select.cte(f"l{len(self._tables)}"))
        return len(self._tables) - 1

    def _cut(self, cut: ListPlan) -> PlanNode:
        branch = PlanNode(cut)
        self.is_whole = self.is_whole and cut.is_whole
        if cut.level is not None:
            branch.rows = self._level(cut.level)
        if cut.count is not None:
            branch.counted = self._add(cut.count)
        return branch

    def _level(self, level: RowSource) -> int:
        place = self._add(level.select)
        above = self._tables[place]
        for link in level.links:
            if isinstance(link.declared, ResolvedField):
                self.is_whole = False
                continue
            [key] = link.places
            self.branches[id(link)] = self._followed(link, above.c[f"c_{key}"])
        return place

    def _followed(self, link: Join, key: sa.ColumnElement[Any]) -> PlanNode:
        scope, relation = self.scope, link.relation
        if relation.paged:
            at = len(self.pages)
            self.pages.append((link, []))
            cut = nested_plan(scope, link, sa.select(key), _size(at), _after(at))
            self.pages[at] = (link, cut.keys)
            return self._cut(cut)
        if not is_polymorphic(relation):
            return self._cut(ListPlan(row_source_of(scope, link, sa.select(key))))
        branch = PlanNode(ListPlan(None))
        for name in sorted(nouns_of(relation.target)):
            one = Join(by_id(name), link.details, name, {})
            prefix = sa.func.split_part(key, "/", 1) == prefix_of(nouns()[name])
            found = self._cut(ListPlan(row_source_of(scope, one, sa.select(key).where(prefix))))
            branch.nouns.append(found)
        return branch


def _size(at: int) -> Parameter:
    return Parameter(lambda reading: reading.given[f"size {at}"])


def _after(at: int) -> Callable[[int], Parameter]:
    return lambda index: Parameter(lambda reading: reading.given[f"after {at}"][index])
