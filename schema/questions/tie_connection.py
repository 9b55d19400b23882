"""Ties of two actors as answers: each record with who of either side takes part in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.execution.derived import SequenceRelation, sequence_connection
from schema.execution.executor import Executor
from schema.filtering.keyset import OrderKey
from schema.filtering.record_where import Chosen, record_noun, record_nouns
from schema.graph.arguments import paging
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import plain, reference, resolved, view
from schema.model.bounds import figures, term
from schema.model.fanout import parts
from schema.model.registry import table_named
from schema.model.traits import Trait, name_with
from schema.model.values import CodepointText
from schema.planning.selection import SelectedField
from schema.questions.ties import Tied
from schema.storage.sql import key_in
from schema.storage.statement import given

INVOLVED = figures(term(parts()[name_with(Trait.INVOLVEMENT)]))
"""At most all that take part in a record."""


@view(listed_as="ties between two actors")
class Tie:
    """A record that ties two actors, and who of either side takes part in it."""

    id: strawberry.ID = plain("The record's id and the two actors', with `~` between them.")
    record: str = reference("Record", "The record.")
    noun: record_noun() = plain("What noun the record is.")  # type: ignore[valid-type]  # made at run time
    one: list[str] = reference(
        name_with(Trait.INVOLVEMENT),
        "Who takes part for the side named first, and as what.",
        bound=INVOLVED,
    )
    other: list[str] = reference(
        name_with(Trait.INVOLVEMENT), "Who takes part for the side named second.", bound=INVOLVED
    )


@dataclass(frozen=True)
class ActorPair:
    """Two actors and the ties between their circles, from the first to the second, by id."""

    one: str
    other: str
    ties: Sequence[Tied]

    @cached_property
    def turned(self) -> ActorPair:
        """The same, seen from the second."""
        return ActorPair(self.other, self.one, [tie.turned for tie in self.ties])

    @property
    def late(self) -> dict[str, Any]:
        """What statements about the ties are given by name."""
        return {"ties": [tie.record for tie in self.ties]}

    def records(self) -> list[Chosen]:
        """The records of the ties, of each noun that ties, for a statement."""
        return [
            (name, noun, table := table_named(noun.__name__), key_in(table.c.id, given("ties")))
            for name, noun in record_nouns().items()
            if noun.happens
        ]


async def _page(
    reader: Executor,
    between: ActorPair,
    ties: Sequence[Tied],
    selected: SelectedField,
    arguments: dict[str, Any],
) -> Any:
    """A page of ties by record id."""
    choices: type[Enum] = record_noun()

    def views(rows: Sequence[dict[str, Any]]) -> list[Tie]:
        return [
            Tie(
                id=strawberry.ID(f"{tie.record}~{between.one}~{between.other}"),
                record=tie.record,
                noun=choices[tie.noun.upper()],
                one=[part.id for part in tie.ones],
                other=[part.id for part in tie.others],
            )
            for tie in (row["tie"] for row in rows)
        ]

    key = OrderKey("ID", sa.column("id", CodepointText), False)
    rows = [{"id": tie.record, "tie": tie} for tie in ties]
    relation = SequenceRelation("Tie", rows, key, views)
    return await sequence_connection(reader, relation, selected, arguments)


def ties_field(description: str, noun: str | None = None, way: str | None = None) -> Any:
    """A field with the ties of one noun, in one direction; of all that are left when None."""

    async def answer(
        reader: Executor, items: Sequence[Any], selected: SelectedField, given: dict[str, Any]
    ) -> list[TypedObject]:
        return [
            await _page(reader, item.between, wanted(item.between.ties), selected, given)
            for item in items
        ]

    def wanted(ties: Sequence[Tied]) -> list[Tied]:
        return [
            tie
            for tie in ties
            if (noun is None or tie.noun == noun) and (way is None or way in tie.ways)
        ]

    return resolved(lambda: types["TieConnection"], description, answer, lambda: paging("ties"))
