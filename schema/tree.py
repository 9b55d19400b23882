"""Trees: all levels of a list in one statement, for a database that a round trip leads to.

Each level is a common table expression that finds its owners in the one above; the rows come back
as JSON, a text a level, and become objects by the same code as rows of statements of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from schema.asked import named
from schema.connection import Key, cursor_values, page_of
from schema.declaration import Relation
from schema.edition import newest_edition
from schema.following import Link
from schema.graph import catalog
from schema.level import Level
from schema.noun import nouns, nouns_of, prefix_of
from schema.prepared import Late, Reading, Statement
from schema.telling import MOST_IN_ALL
from schema.view import Answered

if TYPE_CHECKING:
    from schema.reader import Reader

MOST = 64
"""How many levels one statement may read; what is wider is read level by level."""
ARGUMENTS = 100
"""How many arguments a function of PostgreSQL takes."""


@dataclass(frozen=True)
class Cut:
    """One list of a query, ready to be read: its level, its count, its order."""

    level: Level | None
    count: sa.Select[*tuple[Any, ...]] | None = None
    keys: list[Key] = field(default_factory=list)
    counting: Statement | None = None
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


@dataclass
class Branch:
    """What one link brings, and where among the results of the tree it stands."""

    cut: Cut
    rows: int | None = None
    counted: int | None = None
    nouns: list[Branch] = field(default_factory=list)
    """For a link that leads to several nouns: one for each."""


class TooWideError(Exception):
    """A query asks for more than one statement should read."""


def is_wide(reader: Reader, links: Sequence[Link]) -> bool:
    """Whether more relations are followed than a tree can hold, those told in rows included.

    To find that out by writing it takes a hundred times as long.
    """
    count, open_links = 0, [*links]
    while open_links and count <= MOST + MOST_IN_ALL:
        link = open_links.pop()
        relation = link.declared
        if isinstance(relation, Answered):
            continue
        count += 1
        if relation.paged or reader.is_polymorphic(relation):
            continue
        for details in reader.asked.subfields(relation.target, link.details).values():
            declared = catalog[relation.target].get(named(details))
            if isinstance(declared, Relation):
                open_links.append(Link(declared, details, relation.target, {}))
    return count > MOST + MOST_IN_ALL


class Tree:
    """The statement for a list and for all that is followed from its rows."""

    def __init__(self, reader: Reader, build: Callable[[], Cut]) -> None:
        self.reader = reader
        self.branches: dict[int, Branch] = {}
        self.is_whole = True
        """Whether nothing is left that other statements work out."""
        self.pages: list[tuple[Link, list[Key]]] = []
        self._tables: list[sa.CTE] = []
        self.root = self._cut(build())
        texts = [self._text(table).label(f"t{at}") for at, table in enumerate(self._tables)]
        self.statement = Statement(sa.select(newest_edition(), *texts), reader.connection.dialect)
        del self.reader, self._tables

    def _text(self, table: sa.CTE) -> sa.ColumnElement[Any]:
        if len(table.c) > ARGUMENTS:
            raise TooWideError
        rows = sa.func.json_agg(sa.func.json_build_array(*table.c))
        return sa.cast(sa.select(rows).select_from(table).scalar_subquery(), sa.Text)

    def _add(self, select: sa.Select[*tuple[Any, ...]]) -> int:
        if len(self._tables) >= MOST:
            raise TooWideError
        self._tables.append(select.cte(f"l{len(self._tables)}"))
        return len(self._tables) - 1

    def _cut(self, cut: Cut) -> Branch:
        branch = Branch(cut)
        self.is_whole = self.is_whole and cut.is_whole
        if cut.level is not None:
            branch.rows = self._level(cut.level)
        if cut.count is not None:
            branch.counted = self._add(cut.count)
        return branch

    def _level(self, level: Level) -> int:
        place = self._add(level.select)
        above = self._tables[place]
        for link in level.links:
            if isinstance(link.declared, Answered):
                self.is_whole = False
                continue
            [key] = link.places
            self.branches[id(link)] = self._followed(link, above.c[f"c_{key}"])
        return place

    def _followed(self, link: Link, key: sa.ColumnElement[Any]) -> Branch:
        reader, relation = self.reader, link.relation
        if relation.paged:
            at = len(self.pages)
            self.pages.append((link, []))
            cut = reader.pages.cut_nested(link, sa.select(key), _size(at), _after(at))
            self.pages[at] = (link, cut.keys)
            return self._cut(cut)
        if not reader.is_polymorphic(relation):
            return self._cut(Cut(reader.level_of(link, sa.select(key))))
        branch = Branch(Cut(None))
        for name in sorted(nouns_of(relation.target)):
            one = Link(reader.by_id(name), link.details, name, {})
            prefix = sa.func.split_part(key, "/", 1) == prefix_of(nouns()[name])
            found = self._cut(Cut(reader.level_of(one, sa.select(key).where(prefix))))
            branch.nouns.append(found)
        return branch

    def _reading(self, reader: Reader, reading: Reading) -> Reading:
        """What the pages inside the tree add to a reading."""
        given = dict(reading.given)
        for at, (link, keys) in enumerate(self.pages):
            page = page_of(reader.arguments(link.owner, link.details), reader.pages.sizes)
            after = cursor_values(page, named(link.details), keys, reader.as_of)
            given |= {f"size {at}": page.size + 1, f"after {at}": after}
        return replace(reading, given=given)

    async def read(self, reader: Reader, reading: Reading) -> tuple[int, list[Any]]:
        """The newest edition, and the rows of each level."""
        values = self.statement.filled(self._reading(reader, reading))
        [[newest, *texts]] = await reader.connection.fetch(self.statement, values)
        return newest or 0, [() if text is None else orjson.loads(text) for text in texts]


def _size(at: int) -> Late:
    return Late(lambda reading: reading.given[f"size {at}"])


def _after(at: int) -> Callable[[int], Late]:
    return lambda index: Late(lambda reading: reading.given[f"after {at}"][index])
