"""Connections: a page of a root list, or of a relation for many records at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.asked import Details, Fields, Level, View, named, table_named
from schema.connection import (
    Key,
    Page,
    PageSize,
    after_cursor,
    encode,
    keys_of,
    ordered,
    page_of,
)
from schema.database import key_in
from schema.declaration import Relation
from schema.graph import Row, catalog
from schema.noun import nouns
from schema.view import Answered, Shown

if TYPE_CHECKING:
    from schema.reader import Made, Reader


class Pages:
    """Reads pages for a reader."""

    def __init__(self, reader: Reader, sizes: PageSize) -> None:
        self.reader, self.sizes = reader, sizes

    async def root(
        self,
        noun: str,
        where: Iterable[sa.ColumnElement[bool]],
        arguments: dict[str, Any],
        details: Details | None = None,
    ) -> Row:
        """The page that the root field, or a field of a view, asks for."""
        reader, table = self.reader, table_named(noun)
        conditions = [reader.valid(noun, table), *where]
        details = reader.asked.root if details is None else details
        asked = _Asked(reader, noun, details)
        page = page_of(arguments, self.sizes)
        keys = keys_of_list(noun, table, arguments.get("orderBy"))
        scope, rows, total = named(details), list["Made"](), None
        query = sa.select().select_from(table).where(*conditions)
        after = after_cursor(page, scope, keys, reader.as_of)
        if asked.needs_rows:
            level = asked.level(table, keys)
            query = query.where(*after).order_by(*ordered(keys, page.forward))
            rows = await reader.run(level, query.limit(page.size + 1))
        if asked.counts:
            count = sa.select(sa.func.count()).select_from(table).where(*conditions)
            total = (await reader.connection.execute(count)).scalar_one()
        row = asked.row(rows, page, keys, scope, total, reader.as_of)
        await asked.work_out(
            {None: row}, Owned(table, sa.and_(*conditions), None, arguments.get("where"))
        )
        return row

    async def nested(
        self,
        relation: Relation,
        owners: Sequence[Any],
        details: Details,
        arguments: dict[str, Any],
    ) -> dict[Any, Row]:
        """The pages of a relation for all owners, by owner; one statement for all rows."""
        reader, noun = self.reader, relation.target
        table = table_named(noun).alias()
        parent = table.c[relation.by]
        conditions = [reader.valid(noun, table), key_in(parent, owners)]
        asked = _Asked(reader, noun, details)
        page = page_of(arguments, self.sizes)
        keys = keys_of_list(noun, table, None)
        scope = named(details)
        after = after_cursor(page, scope, keys, reader.as_of)
        found: dict[Any, list[Made]] = defaultdict(list)
        if asked.needs_rows:
            rank = sa.func.row_number().over(
                partition_by=parent, order_by=ordered(keys, page.forward)
            )
            ranked = (
                sa.select(table.c.id, table.c.since, rank.label("rank"))
                .where(*conditions, *after)
                .subquery()
            )
            same = sa.and_(ranked.c.id == table.c.id, ranked.c.since == table.c.since)
            query = sa.select().select_from(table.join(ranked, same))
            query = query.where(ranked.c.rank <= page.size + 1).order_by(parent, ranked.c.rank)
            for raw, made in await reader.run(asked.level(table, keys), query, {"parent": parent}):
                found[raw["parent"]].append((raw, made))
        totals: dict[Any, int] = {}
        if asked.counts:
            count = sa.select(parent, sa.func.count()).where(*conditions).group_by(parent)
            counted = (await reader.connection.execute(count)).all()
            totals = {owner: number for owner, number in counted}  # noqa: C416  # rows are no pairs
        pages = {
            owner: asked.row(found[owner], page, keys, scope, totals.get(owner, 0), reader.as_of)
            for owner in owners
        }
        await asked.work_out(pages, Owned(table, sa.and_(*conditions), parent))
        return pages


@dataclass(frozen=True)
class Owned:
    """The rows of a connection before they are paged; by owner where there are several."""

    table: sa.FromClause
    wanted: sa.ColumnElement[bool]
    parent: sa.ColumnElement[Any] | None = None
    where: dict[str, Any] | None = None
    """The `where` that the list was asked with."""


class _Asked:
    """What a query asks of a connection: which views of its rows, and whether to count them."""

    def __init__(self, reader: Reader, noun: str, details: Details) -> None:
        self.reader, self.noun = reader, noun
        self.fields: Fields = reader.asked.subfields(f"{noun}Connection", details)
        names = {named(found) for found in self.fields.values()}
        self.needs_rows = bool(names & {"nodes", "edges", "pageInfo"})
        self.counts = "totalCount" in names
        self.views: list[View] = []
        self.edges: dict[str, Fields] = {}
        for key, found in self.fields.items():
            if named(found) == "nodes":
                self.views.append(reader.asked.view(noun, found))
            elif named(found) == "edges":
                self.edges[key] = reader.asked.subfields(f"{noun}Edge", found)
                nodes = [inner for inner in self.edges[key].values() if named(inner) == "node"]
                self.views += [reader.asked.view(noun, inner) for inner in nodes]

    def level(self, table: sa.FromClause, keys: list[Key]) -> Level:
        """The level of the rows, with the columns of the order, which make the cursors."""
        level = self.reader.level(self.noun, table, self.views)
        for index, key in enumerate(keys):
            level.columns[f"key {index}"] = key.expression.label(f"k_{index}")
        return level

    def row(
        self,
        rows: list[Made],
        page: Page,
        keys: list[Key],
        scope: str,
        total: int | None,
        edition: int | None,
    ) -> Row:
        """The connection as an object of the answer."""
        more = len(rows) > page.size
        rows = rows[: page.size] if page.forward else rows[: page.size][::-1]
        cursors = [
            encode(scope, keys, [raw[f"k_{index}"] for index in range(len(keys))], edition)
            for raw, _ in rows
        ]
        facts = page.facts(cursors, more)
        views = iter(range(len(self.views)))
        values: dict[str, Any] = {}
        for key, details in self.fields.items():
            name = named(details)
            if name == "nodes":
                view = next(views)
                values[key] = [made[view] for _, made in rows]
            elif name == "edges":
                values[key] = self._edges(self.edges[key], rows, cursors, views)
            elif name == "pageInfo":
                asked = self.reader.asked.subfields("PageInfo", details)
                told = {below: facts.get(named(found)) for below, found in asked.items()}
                values[key] = Row("PageInfo", told)
            elif name == "totalCount":
                values[key] = total
        return Row(f"{self.noun}Connection", values)

    async def work_out(self, pages: dict[Any, Row], rows: Owned) -> None:
        """Has the fields worked out that a connection has beside its page."""
        made = f"{self.noun}Connection"
        for key, details in self.fields.items():
            field = catalog.get(made, {}).get(named(details))
            if isinstance(field, Shown) and isinstance(field.declared, Answered):
                arguments = self.reader.asked.arguments(made, details)
                items = [(owner, self.noun, rows) for owner in pages]
                found = await field.declared.answer(self.reader, items, details, arguments)
                for page, value in zip(pages.values(), found, strict=True):
                    page.values[key] = value

    def _edges(
        self, asked: Fields, rows: list[Made], cursors: list[str], views: Iterable[int]
    ) -> list[Row]:
        edges = [Row(f"{self.noun}Edge", {}) for _ in rows]
        for below, details in asked.items():
            view = next(iter(views)) if named(details) == "node" else None
            for index, (_, made) in enumerate(rows):
                edges[index].values[below] = cursors[index] if view is None else made[view]
        return edges


def keys_of_list(noun: str, table: sa.FromClause, order: list[dict[str, Any]] | None) -> list[Key]:
    """The order of a list of a noun; editions run by number."""
    if noun == "Edition":
        return [Key("NUMBER", table.c.number, bool(order))]
    return keys_of(nouns()[noun], table, order)
