"""The executor: runs plans, one SQL statement a list or relation, never one a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLError

from schema.errors import AnswerTooLargeError, PactbookError
from schema.execution.connection import ConnectionBuilder
from schema.execution.run import Outcome, Run
from schema.filtering.cursor import cursor_values, encode, scope_of
from schema.filtering.page import Page, page_of
from schema.graph.catalog import FieldError
from schema.graph.declare import ResolvedField
from schema.model.editions import newest_edition
from schema.model.fields import Relation
from schema.model.registry import nouns_of, prefixes, table_named
from schema.planning.joins import Join, by_id, is_polymorphic
from schema.planning.page_query import Rows
from schema.planning.page_selection import ConnectionSelection, connection_selection
from schema.planning.plan import ListPlan, nested_plan, relation_plan
from schema.planning.projection import RowSource
from schema.planning.relation_page import owned_rows
from schema.planning.selection import SelectedField
from schema.storage.statement import Bindings


@dataclass(frozen=True)
class RowLookup:
    """Rows of one noun, before it is known which columns of them matter."""

    noun: str
    where: tuple[sa.ColumnElement[bool], ...] = ()
    is_key: bool = False
    """Whether it is one row at most."""


@dataclass(frozen=True)
class ListedRows:
    """All rows of a connection, of which its page shows some: what is resolved beside the page."""

    noun: str
    rows: Callable[[], Rows]
    owner: Any = None
    """The record they belong to; None in a root list."""
    where: dict[str, Any] | None = None
    """The `where` of the list."""
    given: dict[str, Any] = field(default_factory=dict)
    """What the rows' conditions are given by name."""


@dataclass(frozen=True)
class ListResult:
    """What a list's statements gave."""

    rows: Sequence[Any]
    objects: list[list[Any]]
    """What each projection made of the rows."""
    counts: Sequence[Any]
    """How many rows there are in all: one row, or one for each owner, with it."""

    @property
    def total(self) -> int | None:
        """The count of a list without owners; None where it was not selected."""
        return self.counts[0][0] if self.counts else None


class Executor(Run):
    """Reads one root field of one operation, at one edition."""

    def at(self, edition: int | None) -> Executor:
        """An executor of the same at another edition; None reads the newest."""
        if edition == self.as_of:
            return self
        bindings, outcome = replace(self.bindings, as_of=edition), Outcome(self.outcome.newest)
        return Executor(self.snapshot, self.root, bindings, self.sizes, outcome)

    async def one(self, lookup: Callable[[], RowLookup]) -> Any:
        """The only row of a lookup, as the root field selects it."""
        plan = self.plan(self.root, "one", lambda: self._lookup_plan(lookup()))
        result = await self.read(plan, self.bindings)
        if self.as_of is None and plan.is_one and self.root.serves_all(("one", True)):
            self.outcome.single_row = plan.source
        return result.objects[0][0] if result.rows else None

    def _lookup_plan(self, lookup: RowLookup) -> ListPlan:
        noun, table = lookup.noun, table_named(lookup.noun)
        query = sa.select().select_from(table)
        query = query.where(self.scope.valid(noun, table), *lookup.where)
        if not lookup.is_key:
            # Of the versions of a record one is valid, so that nothing else is in order.
            first = [column for column in table.primary_key if column.name != "since"]
            query = query.order_by(*first).limit(sa.literal_column("1"))
        source = RowSource(self.scope, noun, table)
        return ListPlan(source.finish([self.root.on(noun)], query, newest_edition()))

    async def by_ids(
        self, ids: Iterable[str], selected: SelectedField, target: str = "Versioned"
    ) -> dict[str, Any]:
        """Rows by their ids, of the nouns that the target stands for; one statement a noun."""
        by_prefix: dict[str, list[Any]] = defaultdict(list)
        for id in dict.fromkeys(ids):
            by_prefix[id.partition("/")[0]].append(id)
        found: dict[str, Any] = {}
        allowed = nouns_of(target)
        for prefix, keys in sorted(by_prefix.items()):
            noun = prefixes().get(prefix)
            if noun and noun.__name__ in allowed:
                found |= await self._related(Join(by_id(noun.__name__), selected, {}), keys)
        numbers = [number for id in by_prefix["edition"] if (number := _edition_number(id))]
        if numbers:
            relation = Relation("Edition", "", by="number", order=("number",), single=True)
            editions = await self._related(Join(relation, selected, {}), numbers)
            found |= {f"edition/{number}": row for number, row in editions.items()}
        return found

    async def read(self, plan: ListPlan, bindings: Bindings) -> ListResult:
        """A list with all that is followed from it, and its count."""
        source = plan.source
        rows, objects = ((), []) if source is None else await self.fetch(source, bindings)
        if rows and source is not None:
            if "newest" in source.places:
                self.outcome.newest = rows[0][source.places["newest"]]
                self.outcome.is_whole = plan.is_whole
            if "total" in source.places:
                return ListResult(rows, objects, [(rows[0][source.places["total"]],)])
        counts: Sequence[Any] = ()
        if plan.count is not None:
            counts = await self.snapshot.fetch(plan.count, plan.count.filled(bindings))
        return ListResult(rows, objects, counts)

    async def fetch(
        self, source: RowSource, bindings: Bindings
    ) -> tuple[Sequence[Any], list[list[Any]]]:
        """The rows of a source, with what each of its projections makes of them."""
        rows = await self.snapshot.fetch(source.statement, source.statement.filled(bindings))
        if not rows:
            return rows, [[] for _ in source.projections]
        joined = [await self._joined(join, rows) for join in source.joins]
        base, as_of = self.bindings.base, self.as_of
        objects = [make(rows, base, as_of, joined) for make in source.projections]
        # What is followed from them may be shared, and they themselves too: they are JSON from now
        # on, and counted wherever they stand.
        return rows, [self.written(each) for each in objects] if joined else objects

    async def _joined(self, join: Join, rows: Sequence[Any]) -> Any:
        """What a join brings for all rows of a source at once: by key, or in the rows' order.

        Only graphql-core can tell which of the rows a mistake belongs to; it is handed the error.
        """
        try:
            return await self._followed(join, rows)
        except (PactbookError, GraphQLError) as error:
            if not self.is_typed or isinstance(error, AnswerTooLargeError):
                raise
            failed = FieldError(error)
            if isinstance(join.declared, ResolvedField):
                return [failed] * len(rows)
            [place] = join.places.values()
            return {row[place]: failed for row in rows}

    async def _followed(self, join: Join, rows: Sequence[Any]) -> Any:
        declared = join.declared
        if isinstance(declared, ResolvedField):
            items = [{name: row[place] for name, place in join.places.items()} for row in rows]
            arguments = self.argument_values(join.field)
            values = await declared.answer(self, items, join.field, arguments)
            return self.serialized(join.field, values)
        [place] = join.places.values()
        keys = [key for key in dict.fromkeys([row[place] for row in rows]) if key is not None]
        if not keys:
            return {}
        if declared.paged:
            return await self._pages(join, keys)
        if is_polymorphic(declared):
            return await self.by_ids(keys, join.field, declared.target)
        return await self._related(join, keys)

    async def _related(self, join: Join, keys: Sequence[Any]) -> dict[Any, Any]:
        """The rows of a relation for all keys, by key: one, or a list."""
        relation = join.relation
        purpose = ("relation", relation.target)
        source = self.plan(join.field, purpose, lambda: relation_plan(self.scope, join))
        rows, [objects] = await self.fetch(source, self.bindings.of(keys))
        parent = source.places["parent"]
        if relation.single:
            # The first row counts, so it is entered last.
            pairs = zip(rows[::-1], objects[::-1], strict=True)
            return {row[parent]: each for row, each in pairs}
        found: dict[Any, list[Any]] = defaultdict(list)
        for row, each in zip(rows, objects, strict=True):
            found[row[parent]].append(each)
        return found

    async def _pages(self, join: Join, owners: Sequence[Any]) -> dict[Any, Any]:
        """The pages of a relation for all owners, by owner; one statement for all rows."""
        noun, selected = join.relation.target, join.field
        page = page_of(self.argument_values(selected), self.sizes)
        selection = connection_selection(selected, noun)
        plan = self.plan(
            selected, "pages", lambda: nested_plan(self.scope, join), self.bindings.of(owners)
        )
        result = await self.read(plan, self.page_bindings(selected.name, plan, page).of(owners))
        of_owner: dict[Any, list[int]] = defaultdict(list)
        parent = plan.source.places["parent"] if plan.source is not None else 0
        for place, row in enumerate(result.rows):
            of_owner[row[parent]].append(place)
        totals = dict(result.counts)
        listed = ListedRows(noun, lambda: owned_rows(self.scope, join))
        resolved = await self.resolve_beside(selection, owners, listed)
        builder = self.connections(selected.name, plan, selection, page, result)
        pages = [
            builder.object(*page.slice(of_owner[owner]), totals.get(owner, 0), resolved[owner])
            for owner in owners
        ]
        return dict(zip(owners, self.written(pages), strict=True))

    def page_bindings(self, list: str, plan: ListPlan, page: Page) -> Bindings:
        """The bindings of a run of a list, with its page."""
        after = cursor_values(page, list, plan.keys, self.as_of)
        return self.bindings.paged(page.size + 1, after)

    def connections(
        self,
        list: str,
        plan: ListPlan,
        selection: ConnectionSelection,
        page: Page,
        result: ListResult,
    ) -> ConnectionBuilder:
        """What makes connections of the rows of a list."""
        scope = scope_of(list, plan.keys)

        def cursor(place: int) -> str:
            row = result.rows[place]
            return encode(scope, [row[each] for each in plan.places], self.as_of)

        nodes = dict(zip(selection.nodes, result.objects, strict=False))
        return ConnectionBuilder(selection, page, nodes, cursor)

    async def resolve_beside(
        self, selection: ConnectionSelection, owners: Sequence[Any], listed: ListedRows
    ) -> dict[Any, dict[str, Any]]:
        """What is worked out beside the pages of a list, by owner and response name."""
        values: dict[Any, dict[str, Any]] = {owner: {} for owner in owners}
        for key, declared in selection.resolved.items():
            selected = selection.fields[key]
            arguments = self.argument_values(selected)
            items = [replace(listed, owner=owner) for owner in owners]
            found = await declared.answer(self, items, selected, arguments)
            for owner, value in zip(owners, self.serialized(selected, found), strict=True):
                values[owner][key] = value
        return values


def _edition_number(id: str) -> int | None:
    number = id.partition("/")[2]
    plain = number.isascii() and number.isdigit() and len(number) < 10
    return int(number) if plain and str(int(number)) == number else None
