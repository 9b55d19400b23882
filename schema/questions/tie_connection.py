"""Ties of two actors as answers: each record with who of either side takes part in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

import strawberry

from schema.execution.derived import BY_ID, Row, SequenceRelation, sequence_connections
from schema.execution.executor import Executor
from schema.filtering.record_where import Chosen
from schema.graph.arguments import paging
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import plain, reference, resolved, view
from schema.model.bounds import figures, term
from schema.model.fanout import parts
from schema.model.record_choices import record_noun, record_nouns
from schema.model.registry import table_named
from schema.model.traits import Trait, name_with
from schema.planning.selection import SelectedField
from schema.questions.ties import TieRow
from schema.storage.sql import key_in
from schema.storage.statement import given

INVOLVED = figures(
    term(parts()[name_with(Trait.INVOLVEMENT)]), reason="Those who take part in one record."
)
"""At most all that take part in a record."""


@view(listed_as="ties between two actors")
class Tie:
    """A record that ties two actors, and who of either side takes part in it."""

    id: strawberry.ID = plain(
        "The record and the two actors, `tie/<record>?between=<one>~<other>`."
    )
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
    ties: Sequence[TieRow]

    @cached_property
    def reverse(self) -> ActorPair:
        """The same, seen from the second."""
        return ActorPair(self.other, self.one, [tie.reverse for tie in self.ties])

    @property
    def doubted(self) -> list[str]:
        """The records in which nobody is confirmed to take part on either side."""
        return [tie.record for tie in self.ties if tie.is_doubted]

    @property
    def members(self) -> list[Row]:
        """Who takes part in the ties for the first, by id."""
        return [{"id": id} for id in sorted({each.actor for tie in self.ties for each in tie.ones})]

    @property
    def bindings(self) -> dict[str, Any]:
        """What statements about the ties are given by name."""
        return {"ties": [tie.record for tie in self.ties]}

    def records(self) -> list[Chosen]:
        """The records of the ties, of each noun that ties, for a statement."""
        return [
            (name, noun, table := table_named(noun.__name__), key_in(table.c.id, given("ties")))
            for name, noun in record_nouns().items()
            if noun.happens
        ]

    def view(self, tie: TieRow) -> Tie:
        """One of the ties as a view."""
        nouns: type[Enum] = record_noun()
        return Tie(
            id=strawberry.ID(f"tie/{tie.record}?between={self.one}~{self.other}"),
            record=tie.record,
            noun=nouns[tie.noun.upper()],
            one=[involvement.id for involvement in tie.ones],
            other=[involvement.id for involvement in tie.others],
        )


def ties_field(description: str, noun: str | None = None, direction: str | None = None) -> Any:
    """A field with the ties of one noun, in one direction; of all that are left when None."""

    async def answer(
        reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
    ) -> list[TypedObject]:
        lists = [rows(item.between) for item in items]
        return await sequence_connections(reader, relation, lists, selected, arguments)

    def rows(between: ActorPair) -> list[Row]:
        return [
            {"id": tie.record, "tie": tie, "between": between}
            for tie in between.ties
            if noun in (None, tie.noun) and (direction is None or direction in tie.directions)
        ]

    relation = SequenceRelation(
        "Tie", [BY_ID], lambda rows: [row["between"].view(row["tie"]) for row in rows]
    )

    return resolved(lambda: types["TieConnection"], description, answer, lambda: paging("ties"))
