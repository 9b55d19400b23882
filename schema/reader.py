"""The reader: turns what a query asks for into one SQL statement a level, never one a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from schema.asked import Asked, Details, Followed, Level, View, identity, table_named
from schema.connection import PageSize
from schema.database import key_in
from schema.declaration import Relation
from schema.edition import valid
from schema.errors import UnknownFieldError
from schema.graph import INTERFACES, Row, catalog
from schema.noun import camel, nouns_of, prefixes
from schema.paging import Pages
from schema.view import Answered, Shown

POLYMORPHIC = frozenset(kind.__name__ for kind in INTERFACES)
UNCLAIMED = frozenset({"id", "url", "edition", "history", "claims", "unknowns", "conflicts"})
"""Fields of which no source says anything, because they are the tracker's own."""

Made = tuple[Any, list[Row]]
"""A row of the database, and what each view made of it."""


@dataclass(frozen=True)
class Selection:
    """Rows of one noun, before anybody has asked which columns of them matter."""

    noun: str
    where: tuple[sa.ColumnElement[bool], ...] = ()


class Reader:
    """Reads one root field of one operation, at one edition."""

    def __init__(
        self,
        connection: AsyncConnection,
        asked: Asked,
        as_of: int | None,
        base_url: str,
        sizes: PageSize,
    ) -> None:
        self.connection, self.asked, self.as_of = connection, asked, as_of
        self.base_url = base_url
        self.pages = Pages(self, sizes)

    def level(self, noun: str, table: sa.FromClause, views: list[View]) -> Level:
        """A level at the edition that is being read."""
        return Level(noun, table, views, self.as_of, self.base_url)

    def valid(self, noun: str, table: sa.FromClause) -> sa.ColumnElement[bool]:
        """The rows of a noun that the edition being read holds."""
        if noun == "Edition":
            return sa.true() if self.as_of is None else table.c.number <= self.as_of
        return valid(table, self.as_of)

    async def one(self, selection: Selection) -> Row | None:
        """The only row of a selection, as the root field asks for it."""
        table = table_named(selection.noun)
        level = self.level(
            selection.noun, table, [self.asked.view(selection.noun, self.asked.root)]
        )
        query = sa.select().select_from(table)
        query = query.where(self.valid(selection.noun, table), *selection.where)
        rows = await self.run(level, query.order_by(*table.primary_key).limit(1))
        return rows[0][1][0] if rows else None

    async def by_ids(
        self, ids: Sequence[str], details: Details, target: str = "Versioned"
    ) -> dict[str, Row]:
        """Rows by their ids, of the nouns that the target stands for; one statement a noun."""
        found: dict[str, Row] = {}
        by_noun: dict[str, list[str]] = defaultdict(list)
        allowed = nouns_of(target)
        for id in dict.fromkeys(ids):
            known = prefixes().get(id.partition("/")[0])
            if known and known.__name__ in allowed:
                by_noun[known.__name__].append(id)
        for noun, keys in sorted(by_noun.items()):
            found |= await self._by_key(Relation(noun, "", by="id"), keys, details)
        numbers = [number for number in map(_edition_number, ids) if number is not None]
        if numbers:
            relation = Relation("Edition", "", by="number", order=("number",))
            editions = await self._by_key(relation, numbers, details)
            found |= {f"edition/{number}": row for number, row in editions.items()}
        return found

    async def _by_key(self, relation: Relation, keys: Sequence[Any], details: Details) -> Any:
        view = self.asked.view(relation.target, details)
        table = table_named(relation.target).alias()
        rows = await self.related(relation, table, view, keys)
        return {key: made[0] for key, made in rows.items()}

    async def run(
        self,
        level: Level,
        query: sa.Select[Any],
        extra: dict[str, sa.ColumnElement[Any]] | None = None,
    ) -> list[Made]:
        """The rows of a statement with only the columns its views need, each with its views."""
        shapes = [level.shape(view) for view in level.views]
        own = [column.label(name) for name, column in (extra or {}).items()]
        columns = [*level.columns.values(), *own] or [sa.literal(1).label("one")]
        found = (await self.connection.execute(query.add_columns(*columns))).mappings().all()
        rows: list[Made] = [
            (
                raw,
                [
                    Row(view.type, {key: shape(raw) for key, shape in plain.items()})
                    for view, (plain, _) in zip(level.views, shapes, strict=True)
                ],
            )
            for raw in found
        ]
        for index, (_, followed) in enumerate(shapes):
            owners = [(raw, made[index]) for raw, made in rows]
            for link in followed:
                await self._follow(level, owners, link)
        return rows

    async def _follow(self, level: Level, owners: list[tuple[Any, Row]], link: Followed) -> None:
        """Fetches a relation for all rows of a level at once and hands each row its part."""
        relation = link.relation
        if isinstance(relation, Answered):
            await self._work_out(owners, link, relation)
            return
        label = f"c_{relation.key}"
        keys = list(dict.fromkeys(raw[label] for raw, _ in owners if raw[label] is not None))
        arguments = self.asked.arguments(link.owner, link.details)
        found: dict[Any, Any]
        if relation.paged:
            found = await self.pages.nested(relation, keys, link.details, arguments)
        elif relation.target in POLYMORPHIC:
            found = await self.by_ids(keys, link.details, relation.target)
        else:
            table = self._table(relation, level)
            view = self.asked.view(relation.target, link.details)
            narrowed = self._narrowed(relation, table, arguments, link.owner)
            found = await self.related(relation, table, view, keys, narrowed)
            if relation.single:
                found = {key: made[0] for key, made in found.items()}
        for raw, row in owners:
            row.values[link.key] = found.get(raw[label], None if relation.single else [])

    async def _work_out(
        self, owners: list[tuple[Any, Row]], link: Followed, declared: Answered
    ) -> None:
        """Has a field worked out for all rows of a level at once."""
        names = (*identity(link.owner), *declared.needs)
        items = [{name: raw[f"c_{name}"] for name in names} for raw, _ in owners]
        arguments = self.asked.arguments(link.owner, link.details)
        values = await declared.answer(self, items, link.details, arguments) if items else []
        for (_, row), value in zip(owners, values, strict=True):
            row.values[link.key] = value

    def _table(self, relation: Relation, level: Level) -> sa.FromClause:
        """The table of a relation: a conflict is read off claims, a revision off its record."""
        of = {"Conflict": "Claim", "Revision": level.noun}.get(relation.target, relation.target)
        return table_named(of).alias()

    async def related(
        self,
        relation: Relation,
        table: sa.FromClause,
        view: View,
        keys: Sequence[Any],
        narrowed: Sequence[sa.ColumnElement[bool]] = (),
    ) -> dict[Any, list[Row]]:
        """The rows of a relation for all keys, by key."""
        level = self.level(relation.target, table, [view])
        query = sa.select().select_from(table).where(*narrowed)
        parent: sa.ColumnElement[Any] = table.c[relation.by]
        if relation.through:
            link_noun, near, far = relation.through
            link = table_named(link_noun).alias()
            pairs = sa.select(link.c[near], link.c[far]).distinct()
            chosen = pairs.where(self.valid(link_noun, link), key_in(link.c[near], keys))
            pair = chosen.subquery()
            query = query.join(pair, pair.c[far] == parent)
            parent = pair.c[near]
        else:
            query = query.where(key_in(parent, keys))
        if not relation.every_version:
            query = query.where(self.valid(relation.target, table))
        elif self.as_of is not None:
            query = query.where(table.c.since <= self.as_of)
        rows = await self.run(level, query.order_by(*_order(relation, table)), {"parent": parent})
        found: dict[Any, list[Row]] = defaultdict(list)
        for raw, made in rows:
            found[raw["parent"]].append(made[0])
        return dict(found)

    def _narrowed(
        self, relation: Relation, table: sa.FromClause, arguments: dict[str, Any], owner: str
    ) -> list[sa.ColumnElement[bool]]:
        """What the relation declares, and what the query's arguments add."""
        found = [matches(table.c[column], value) for column, value in relation.where]
        found += [table.c[column].is_not(None) for column in relation.present]
        for narrow in relation.narrow:
            value, column = arguments.get(camel(narrow.name)), table.c[narrow.column]
            if value is None or value is False:
                continue
            worked_out = {
                name for name, field in catalog[owner].items() if isinstance(field, Shown)
            }
            choices = catalog[owner].keys() - UNCLAIMED - worked_out
            if narrow.kind is bool:
                found.append(column.is_(None))
            elif value in choices:
                found.append(column == value)
            else:
                raise UnknownFieldError(owner, value, choices)
        return found


def matches(column: sa.ColumnElement[Any], value: Any) -> sa.ColumnElement[bool]:
    """A column that equals a value, or one of a tuple of them."""
    if isinstance(value, tuple):
        return column.in_(value)
    return column.is_(value) if isinstance(value, bool) else column == value


def _order(relation: Relation, table: sa.FromClause) -> list[sa.ColumnElement[Any]]:
    if relation.target == "Edition":
        return [table.c.number]
    return [
        table.c[name[1:]].desc() if name.startswith("-") else table.c[name].asc().nulls_first()
        for name in relation.order
    ]


def _edition_number(id: str) -> int | None:
    noun, _, number = id.partition("/")
    plain = noun == "edition" and number.isascii() and number.isdigit() and len(number) < 10
    return int(number) if plain and str(int(number)) == number else None
