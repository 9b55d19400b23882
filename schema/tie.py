"""Ties of two actors as answers: each record with who of either side takes part in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.across import record_noun, record_nouns
from schema.asked import Details, named, table_named
from schema.connection import Key
from schema.dating import Chosen
from schema.graph import Row, paging, types
from schema.reader import Reader
from schema.showing import Keyset, Listing, connection, needs_items
from schema.ties import taking_part
from schema.view import answered, fact, point, view


@view(listed_as="ties between two actors")
class Tie:
    """A record that ties two actors, and who of either side takes part in it."""

    id: strawberry.ID = fact("The record's id and the two actors', with `~` between them.")
    record: str = point("Record", "The record.")
    noun: record_noun() = fact("What noun the record is.")  # type: ignore[valid-type]  # made at run time
    one: list[str] = point("Involvement", "Who takes part for the side named first, and as what.")
    other: list[str] = point("Involvement", "Who takes part for the side named second.")


@dataclass(frozen=True)
class Between:
    """Two actors and the ties between their circles, from the first to the second."""

    one: str
    other: str
    ties: sa.Subquery

    @property
    def turned(self) -> Between:
        """The same, seen from the second."""
        swapped = sa.select(
            self.ties.c.record_id,
            self.ties.c.noun,
            self.ties.c.back.label("forth"),
            self.ties.c.forth.label("back"),
            self.ties.c.together,
        ).subquery()
        return Between(self.other, self.one, swapped)

    def records(self) -> list[Chosen]:
        """The records of the ties, of each noun that ties."""
        return [
            (name, noun, table := table_named(noun.__name__), self._holds(table))
            for name, noun in record_nouns().items()
            if noun.placed_by
        ]

    def _holds(self, table: sa.Table) -> sa.ColumnElement[bool]:
        return table.c.id.in_(sa.select(self.ties.c.record_id))


async def _page(
    reader: Reader, between: Between, wanted: Sequence[Any], details: Details, given: dict[str, Any]
) -> Row:
    """A page of ties by record id, with those who take part; three statements and the total's."""
    ties = between.ties
    keyset = Keyset.of(reader, named(details), [Key("ID", ties.c.record_id, False)], given)
    found: Sequence[Any] = ()
    if needs_items(reader, "Tie", details):
        query = keyset.cut(sa.select(ties.c.record_id, ties.c.noun).where(*wanted))
        found = (await reader.connection.execute(query)).mappings().all()
    kept, cursors, more = keyset.taken(found)
    ids = [row["record_id"] for row in kept]
    one = await _taking(reader, ids, between.one)
    other = await _taking(reader, ids, between.other)
    choices: type[Enum] = record_noun()
    items = [
        Tie(
            id=strawberry.ID(f"{row['record_id']}~{between.one}~{between.other}"),
            record=row["record_id"],
            noun=choices[row["noun"].upper()],
            one=one[row["record_id"]],
            other=other[row["record_id"]],
        )
        for row in kept
    ]

    async def total() -> int:
        query = sa.select(sa.func.count()).select_from(ties).where(*wanted)
        return int((await reader.connection.execute(query)).scalar_one())

    listing = Listing(items, cursors, keyset.page, more, total)
    return await connection(reader, "Tie", listing, details)


async def _taking(reader: Reader, records: list[str], actor: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    if records:
        query = taking_part(records, actor, reader.as_of)
        for row in (await reader.connection.execute(query)).mappings():
            found[row["record_id"]].append(row["id"])
    return found


def ties_field(description: str, noun: str | None = None, way: str | None = None) -> Any:
    """A field with the ties of one noun, in one direction; of all that are left when None."""

    async def answer(
        reader: Reader, items: Sequence[Any], details: Details, given: dict[str, Any]
    ) -> list[Row]:
        rows = []
        for item in items:
            columns = item.between.ties.c
            wanted = [columns.noun == noun] if noun else []
            wanted += [columns[way] == 1] if way else []
            rows.append(await _page(reader, item.between, wanted, details, given))
        return rows

    return answered(lambda: types["TieConnection"], description, answer, lambda: paging("ties"))
