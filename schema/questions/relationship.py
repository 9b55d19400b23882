"""The relationship of two actors: everything on record between them, and through whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.errors import InputError
from schema.execution.executor import Executor
from schema.execution.pages import noun_connection
from schema.execution.root import AS_OF, root
from schema.execution.views import to_object, to_objects
from schema.graph.arguments import argument, needed, paging
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import nested, plain, reference, resolved, view
from schema.model.bounds import at_most, figures, term
from schema.model.editions import valid
from schema.model.fanout import CIRCLES
from schema.model.noun import Record
from schema.model.registry import nouns_of, prefixes, table_named
from schema.model.traits import Trait, name_with
from schema.model.values import list_of
from schema.planning.selection import SelectedField
from schema.questions.aggregation import CountedRecords
from schema.questions.dimensions import Grouping
from schema.questions.statistics import GROUPED, About, statistics_arguments, statistics_of
from schema.questions.tie_connection import ActorPair, ties_field
from schema.questions.ties import (
    Tied,
    involvements_sharing_records,
    is_busier,
    members,
    tied,
    within,
)
from schema.questions.timeline import ends_of, timeline_arguments, timeline_of
from schema.storage.engine import matches
from schema.storage.sql import key_in
from schema.storage.statement import KEYS
from schema.storage.statement import given as late


@view()
class RelationshipSide:
    """One of the two actors, and those of its circle who appear between the two."""

    id: strawberry.ID = plain("The actor's id.")
    actor: str = reference("Actor", "The actor that was asked for.")
    through: list[str] = reference(
        "Actor",
        "Who takes part in the ties for it: itself, its institutions, officials …",
        bound=figures(term(CIRCLES), number=1),
    )


@view()
class RelationshipDirection:
    """What goes from one of the two to the other."""

    id: strawberry.ID = plain("The ids of both, from whom to whom, with `~` between them.")
    from_actor: str = reference("Actor", "From whom.")
    to_actor: str = reference("Actor", "To whom.")
    procurements: Any = ties_field(
        "What the one supplies, makes or pays for, and the other buys or uses.",
        "procurement",
        "forth",
    )
    statements: Any = ties_field(
        "What the one says about the other, to it, or of it as affected.", "statement", "forth"
    )
    decisions: Any = ties_field(
        "What the one decides or considers that aims at or benefits the other.",
        "decision",
        "forth",
    )
    between: ActorPair


async def _timeline(
    reader: Executor, items: Sequence[Relationship], selected: SelectedField, given: dict[str, Any]
) -> list[TypedObject]:
    return [
        await timeline_of(
            reader, item.between.records, selected, given, item.where, **item.between.late
        )
        for item in items
    ]


async def _statistics(
    reader: Executor, items: Sequence[Relationship], selected: SelectedField, given: dict[str, Any]
) -> list[TypedObject]:
    [item] = items

    def counted() -> tuple[None, list[CountedRecords]]:
        return None, [
            (name, noun, table, sa.and_(wanted, valid(table, reader.edition)))
            for name, noun, table, wanted in item.between.records()
        ]

    abouts = [About(where=item.where)]
    grouping = Grouping.of(given)
    return await statistics_of(reader, selected, counted, grouping, abouts, item.between.late)


async def _ends(
    reader: Executor, items: Sequence[Relationship], selected: SelectedField, given: dict[str, Any]
) -> list[list[TypedObject]]:
    [item] = items
    found = await ends_of(reader, item.between.records, **item.between.late)
    return [await to_objects(reader, "TimelineEntry", found, selected)]


async def _unknowns(
    reader: Executor, items: Sequence[Relationship], selected: SelectedField, given: dict[str, Any]
) -> list[TypedObject]:
    """The silences about the ties: as `unknowns` has them for each record."""
    relation = Record.declared.relations["unknowns"]
    [item] = items

    def silent(claims: sa.FromClause, *_: Any) -> list[sa.ColumnElement[bool]]:
        tests = [matches(claims.c[column], value) for column, value in relation.where]
        return [sa.and_(*tests, key_in(claims.c.record_id, late("ties")))]

    between = item.between
    return [
        await noun_connection(reader, name_with(Trait.CLAIM), silent, given, selected, between.late)
    ]


@view(keeps_where=True)
class Relationship:
    """Everything on record between two actors; each stands for its whole circle."""

    id: strawberry.ID = plain("The ids of both, with `~` between them.")
    sides: list[RelationshipSide] = nested(
        "The two, in the order they were asked for.", bound=at_most(2, weight=0)
    )
    agreements: Any = ties_field("What both agreed together.", "agreement")
    events: Any = ties_field("What both took part in.", "event")
    directions: list[RelationshipDirection] = nested(
        "What goes from the first to the second, and what goes back.", bound=at_most(2, weight=0)
    )
    together: Any = ties_field(
        "What they do on the same side, neither towards the other: both speak, decide, agree, "
        "meet, supply.",
        None,
        "together",
    )
    ties: Any = ties_field("All of it, whatever the noun and the direction.")
    statistics: Any = resolved(
        lambda: types["Statistics"],
        "All of it in numbers: totals, and groups where `by` asks for them.",
        _statistics,
        statistics_arguments,
        bound=GROUPED,
    )
    timeline: Any = resolved(
        lambda: types["TimelineEntryConnection"],
        "All of it in the order of time, what has no date by what places it.",
        _timeline,
        timeline_arguments,
    )
    ends: Any = resolved(
        lambda: list_of(types["TimelineEntry"]),
        "The first and the last record that have a date of their own; none when none has.",
        _ends,
        bound=at_most(2),
    )
    unknowns: Any = resolved(
        lambda: types["ClaimConnection"],
        "What is not known of it: the fields of these records that hold nothing, with the reason.",
        _unknowns,
        lambda: paging("claims"),
    )
    between: ActorPair

    @property
    def where(self) -> dict[str, Any]:
        """What is asked about: both actors."""
        return {"involves": [{"actor": self.between.one}, {"actor": self.between.other}]}


async def _ties(reader: Executor, one: str, other: str) -> list[Tied]:
    """The ties of two circles, looked for from the circle that takes part in less."""

    def circle() -> sa.SelectBase:
        return members(late("actor"), reader.edition)

    def busier() -> sa.SelectBase:
        return is_busier(KEYS, late("others"))

    circles = [
        [row["id"] for row in await reader.rows("circle", circle, actor=each)]
        for each in (one, other)
    ]
    actors, others = sorted(circles, key=len)
    [found] = await reader.rows("busier", busier, actors, others=others)
    if found["is_so"]:
        actors, others = others, actors

    def near() -> sa.SelectBase:
        return involvements_sharing_records(KEYS, late("others"), reader.edition)

    def own() -> sa.SelectBase:
        return within(KEYS, late("actors"), reader.edition)

    met = await reader.columns("beside", near, actors, others=others)
    records = [*dict.fromkeys(met["record_id"])]
    meeting = await reader.columns("within", own, records, actors=actors)
    return tied(met, meeting) if others is circles[0] else tied(meeting, met)


def _side(between: ActorPair) -> RelationshipSide:
    through = {part.actor for tie in between.ties for part in tie.ones}
    return RelationshipSide(
        id=strawberry.ID(between.one), actor=between.one, through=sorted(through)
    )


async def _relationship(reader: Executor, given: dict[str, Any]) -> Any:
    asked = list(given["between"])
    if len(asked) != 2 or asked[0] == asked[1]:
        raise InputError(
            f"`between` holds {', '.join(map(repr, asked)) or 'nobody'}. Give two different ids, "
            'such as `["party/poland", "party/south-korea"]`.'
        )
    for id in asked:
        noun = prefixes().get(str(id).partition("/")[0])
        if noun is None or noun.__name__ not in nouns_of("Actor"):
            raise InputError(f"'{id}' is no party and no official.")
    one, other = asked
    if not await _known(reader, asked):
        return None

    between = ActorPair(one, other, await _ties(reader, one, other))
    sides = [_side(way) for way in (between, between.turned)]
    directions = [
        RelationshipDirection(
            id=strawberry.ID(f"{way.one}~{way.other}"),
            from_actor=way.one,
            to_actor=way.other,
            between=way,
        )
        for way in (between, between.turned)
    ]
    found = Relationship(
        id=strawberry.ID(f"{one}~{other}"), sides=sides, directions=directions, between=between
    )
    return await to_object(reader, "Relationship", found, reader.root)


async def _known(reader: Executor, actors: list[str]) -> bool:
    """Whether both are on record at the edition that is read."""

    def known() -> sa.SelectBase:
        tables = [table_named(name) for name in sorted(nouns_of("Actor"))]
        each = [
            sa.select(table.c.id).where(key_in(table.c.id, KEYS), valid(table, reader.edition))
            for table in tables
        ]
        return sa.union_all(*each)

    return len(await reader.rows("known", known, actors)) == len(actors)


def fields() -> dict[str, Any]:
    """The root field of a relationship."""
    between = argument(
        list_of(strawberry.ID), "Two parties or officials, such as `party/poland`, by their ids."
    )
    return {
        "relationship": root(
            "relationship",
            types["Relationship"] | None,
            "What is between two actors: agreements, purchases each way, what each says of the "
            "other, events, decisions, one timeline, numbers, and what is not known. A state "
            "stands for its institutions, officials and companies, and each tie says through "
            "whom. Null when one of them is not on record. Six statements, and for each list "
            "that is asked for two, and one for each noun it shows.",
            {"between": needed(between), "as_of": AS_OF},
            _relationship,
        )
    }
