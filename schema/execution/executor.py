"""The reader: turns what a query asks for into one SQL statement a level, never one a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLError

from schema.errors import AnswerTooLargeError, PactbookError
from schema.execution.json_writer import Writer
from schema.execution.serialize import Finish, serializer
from schema.filtering.page import PageSize
from schema.graph.catalog import FieldError
from schema.graph.declare import ResolvedField
from schema.model.editions import newest_edition
from schema.model.fields import Relation
from schema.model.registry import nouns_of, prefixes, table_named
from schema.planning.joins import Join, by_id, is_polymorphic
from schema.planning.plan import ListPlan, row_source_of
from schema.planning.projection import RowSource
from schema.planning.scope import Scope
from schema.planning.selection import FieldGroup, Selection
from schema.storage.snapshot import Snapshot
from schema.storage.statement import KEYS, Bindings, MappedStatement

Fetched = tuple[Sequence[Any], list[list[Any]]]
"""The rows of a level, and what each view made of them."""

Nested = Callable[["Executor", Join, Sequence[Any]], Awaitable[dict[Any, Any]]]
"""Reads the pages of a relation for several owners, by owner."""


@dataclass(frozen=True)
class RowLookup:
    """Rows of one noun, before anybody has asked which columns of them matter."""

    noun: str
    where: tuple[sa.ColumnElement[bool], ...] = ()
    is_key: bool = False
    """Whether it is one row at most."""


class Executor:
    """Reads one root field of one operation, at one edition."""

    def __init__(
        self,
        connection: Snapshot,
        asked: Selection,
        reading: Bindings,
        sizes: PageSize,
        nested: Nested,
        newest: int | None = None,
    ) -> None:
        self.connection, self.asked, self.reading = connection, asked, reading
        self.as_of = reading.as_of
        self.sizes, self.nested = sizes, nested
        self.newest = newest
        """The newest edition, once it is known."""
        self.is_whole = False
        """Whether all was read by one statement."""
        self.only: RowSource | None = None
        """The level whose one row is the answer, whatever the variables hold."""

    @property
    def number(self) -> int:
        """The number of the edition being read, where not one statement is to find it."""
        return self.as_of if self.as_of is not None else self.newest or 0

    @property
    def edition(self) -> Any:
        """The edition for statements that serve others too; None reads the newest."""
        return self.scope.edition

    @cached_property
    def scope(self) -> Scope:
        """What plans may know of it; made where one is built."""
        dialect = self.connection.dialect
        return Scope(self.asked, dialect, self.sizes, is_newest=self.as_of is None)

    def at(self, edition: int | None) -> Executor:
        """A reader of the same at another edition; None reads the newest."""
        if edition == self.as_of:
            return self
        reading = replace(self.reading, as_of=edition)
        return Executor(self.connection, self.asked, reading, self.sizes, self.nested, self.newest)

    def arguments(self, type: str, details: FieldGroup) -> dict[str, Any]:
        """The arguments of a field, defaults filled in."""
        return self.asked.arguments(type, details, self.reading)

    def built(
        self, key: tuple[Any, ...], build: Callable[[], Any], reading: Bindings | None = None
    ) -> Any:
        """What serves a place of the query at this edition or at the newest, built once."""
        return self.asked.built((*key, self.as_of is None), reading or self.reading, build)

    def told(self, type: str, details: FieldGroup, values: Sequence[Any]) -> list[Any]:
        """Values of a field that were worked out in Python, as JSON has them."""
        place = ("told", type, id(details))
        finish: Finish = self.built(place, lambda: serializer(self.asked, type, details))
        return finish(values)

    async def rows(
        self,
        place: tuple[Any, ...],
        build: Callable[[], sa.SelectBase],
        keys: Sequence[Any] = (),
        page: Bindings | None = None,
        **given: Any,
    ) -> list[dict[str, Any]]:
        """The rows of a statement that is built once for a place of the query.

        What differs from reading to reading is late in it: arguments as `asked.declared` has them,
        `edition`, KEYS, and what is given by name.
        """
        statement, rows = await self._rows(place, build, keys, page, given)
        return statement.named(rows)

    async def columns(
        self,
        place: tuple[Any, ...],
        build: Callable[[], sa.SelectBase],
        keys: Sequence[Any] = (),
        **given: Any,
    ) -> dict[str, list[Any]]:
        """The same by columns, for rows that are many and become objects column by column."""
        statement, rows = await self._rows(place, build, keys, None, given)
        return statement.columns(rows)

    async def _rows(
        self,
        place: tuple[Any, ...],
        build: Callable[[], sa.SelectBase],
        keys: Sequence[Any],
        page: Bindings | None,
        given: dict[str, Any],
    ) -> tuple[MappedStatement, Sequence[Any]]:
        dialect = self.connection.dialect
        statement: MappedStatement = self.built(place, lambda: MappedStatement(build(), dialect))
        reading = (page or self.reading).of(keys, given)
        return statement, await self.connection.fetch(statement, statement.filled(reading))

    async def one(self, select: Callable[[], RowLookup]) -> Any:
        """The only row of a selection, as the root field asks for it."""

        def build(scope: Scope) -> ListPlan:
            selection = select()
            noun, table = selection.noun, table_named(selection.noun)
            query = sa.select().select_from(table)
            query = query.where(scope.valid(noun, table), *selection.where)
            if not selection.is_key:
                # Of the versions of a record one is valid, so that nothing else is in order.
                first = [column for column in table.primary_key if column.name != "since"]
                query = query.order_by(*first).limit(sa.literal_column("1"))
            views = [self.asked.view(noun, self.asked.root)]
            return ListPlan(RowSource(scope, noun, table).finish(views, query, newest_edition()))

        cut, _, made, _ = await self.whole(("one",), build, lambda cut: self.reading)
        if self.as_of is None and cut.is_one and self.asked.serves_all(("one", True)):
            self.only = cut.level
        return made[0][0] if made[0] else None

    async def by_ids(
        self, ids: Sequence[str], details: FieldGroup, target: str = "Versioned"
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
                found |= await self._by_key(by_id(noun.__name__), keys, details)
        numbers = [number for id in by_prefix["edition"] if (number := _edition_number(id))]
        if numbers:
            relation = Relation("Edition", "", by="number", order=("number",), single=True)
            editions = await self._by_key(relation, numbers, details)
            found |= {f"edition/{number}": row for number, row in editions.items()}
        return found

    async def _by_key(self, relation: Relation, keys: Sequence[Any], details: FieldGroup) -> Any:
        link = Join(relation, details, relation.target, {})
        return await self.related(link, keys)

    async def whole(
        self,
        place: tuple[Any, ...],
        build: Callable[[Scope], ListPlan],
        page: Callable[[ListPlan], Bindings],
    ) -> tuple[ListPlan, Sequence[Any], list[list[Any]], Sequence[Any]]:
        """A list with all that is followed from it: its rows, what views make of them, its count.

        Where the database is far, one statement reads it all; else each level has its own.
        """
        cut: ListPlan = self.built(place, lambda: build(self.scope))
        reading = page(cut)  # which a bad cursor stops, whatever else is asked
        rows, made = await self.fetch(cut.level, reading) if cut.level else ((), [])
        if rows and cut.level is not None and "newest" in cut.level.places:
            self.newest, self.is_whole = rows[0][cut.level.places["newest"]], cut.is_whole
        counted: Sequence[Any] = ()
        if rows and cut.level is not None and "total" in cut.level.places:
            counted = [(rows[0][cut.level.places["total"]],)]
        elif cut.counting is not None:
            counted = await self.connection.fetch(cut.counting, cut.counting.filled(reading))
        return cut, rows, made, counted

    async def fetch(self, level: RowSource, reading: Bindings) -> Fetched:
        """The rows of a level, with what each view makes of them."""
        rows = await self.connection.fetch(level.statement, level.statement.filled(reading))
        return rows, await self.made(level, rows)

    async def made(self, level: RowSource, rows: Sequence[Any]) -> list[list[Any]]:
        """What each view makes of rows."""
        if not rows:
            return [[] for _ in level.shapes]
        links = [await self._follow(link, rows) for link in level.links]
        base, as_of = self.reading.base, self.as_of
        made = [shape(rows, base, as_of, links) for shape in level.shapes]
        # What is followed from them may be shared, and they themselves too: they are JSON from now
        # on, and counted wherever they stand.
        return [self.written(each) for each in made] if links else made

    def written(self, values: list[Any]) -> list[Any]:
        """Objects of the answer that may stand in it more than once, as JSON of a bounded size."""
        return values if self.asked.is_typed else Writer(self.connection.budget.most).all(values)

    async def _follow(self, link: Join, rows: Sequence[Any]) -> Any:
        """What a link brings for all rows of a level at once: by key, or in the rows' order.

        Only graphql-core can tell which of the rows a mistake belongs to; it is handed the error.
        """
        try:
            return await self._brought(link, rows)
        except (PactbookError, GraphQLError) as error:
            if not self.asked.is_typed or isinstance(error, AnswerTooLargeError):
                raise
            failed = FieldError(error)
            if isinstance(link.declared, ResolvedField):
                return [failed] * len(rows)
            [place] = link.places.values()
            return {row[place]: failed for row in rows}

    async def _brought(self, link: Join, rows: Sequence[Any]) -> Any:
        declared = link.declared
        if isinstance(declared, ResolvedField):
            items = [
                {name: row[place] for name, place in link.places.items()} for row in rows
            ]  # what is worked out is handed the columns it needs
            arguments = self.arguments(link.owner, link.details)
            found = await declared.answer(self, items, link.details, arguments)
            is_typed = self.asked.is_typed
            return found if is_typed else self.told(link.owner, link.details, found)
        [place] = link.places.values()
        keys = [key for key in dict.fromkeys([row[place] for row in rows]) if key is not None]
        if declared.paged:
            return await self.nested(self, link, keys)
        if not keys:
            return {}
        if is_polymorphic(declared):
            return await self.by_ids(keys, link.details, declared.target)
        return await self.related(link, keys)

    async def related(self, link: Join, keys: Sequence[Any]) -> dict[Any, Any]:
        """The rows of a relation for all keys, by key: one, or a list."""
        relation = link.relation
        place = ("related", relation.target, link.owner, id(link.details))
        level = self.built(place, lambda: row_source_of(self.scope, link, KEYS))
        rows, [made] = await self.fetch(level, self.reading.of(keys))
        return _by_parent(relation, level, rows, made)


def _by_parent(
    relation: Relation, level: RowSource, rows: Sequence[Any], made: Sequence[Any]
) -> dict[Any, Any]:
    """What was made of rows by the owner they belong to: one, or a list."""
    parent = level.places["parent"]
    if relation.single:
        # The first row counts, so it is entered last.
        return {row[parent]: each for row, each in zip(rows[::-1], made[::-1], strict=True)}
    found: dict[Any, list[Any]] = defaultdict(list)
    for row, each in zip(rows, made, strict=True):
        found[row[parent]].append(each)
    return found


def _edition_number(id: str) -> int | None:
    number = id.partition("/")[2]
    plain = number.isascii() and number.isdigit() and len(number) < 10
    return int(number) if plain and str(int(number)) == number else None
