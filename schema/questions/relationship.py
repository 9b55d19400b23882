"""The relationship of two actors: everything on record between them, and through whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.errors import InputError
from schema.execution.derived import BY_ID, Row, records_field
from schema.execution.executor import Executor
from schema.execution.pages import noun_connection
from schema.execution.root import AS_OF, root
from schema.execution.views import to_object, to_objects
from schema.graph.arguments import argument, needed, paging
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import nested, plain, reference, resolved, view
from schema.model.bounds import at_most, page_of, term
from schema.model.fanout import CIRCLES
from schema.model.noun import Record
from schema.model.traits import Trait, name_with
from schema.model.values import list_of
from schema.planning.selection import SelectedField
from schema.questions.aggregation import valid_records
from schema.questions.circles import are_on_record, is_actor, ties_of
from schema.questions.dimensions import Grouping
from schema.questions.statistics import GROUPED, Population, statistics_arguments, statistics_of
from schema.questions.tie_connection import ActorPair, ties_field
from schema.questions.timeline import ends_of, timeline_arguments, timeline_of
from schema.storage.engine import matches
from schema.storage.sql import key_in
from schema.storage.statement import given


@view()
class RelationshipSide:
    """One of the two actors, and those of its circle who appear between the two."""

    id: strawberry.ID = plain(
        "The ids of both, this one first: `relationship-side/party/poland~party/south-korea`."
    )
    actor: str = reference("Actor", "The actor that was asked for.")
    through: Any = records_field(
        "Actor",
        "actors",
        "Who takes part in the ties for it: itself, its institutions, officials …",
        "members",
        [BY_ID],
        page_of(term(CIRCLES), number=1),
    )
    members: Sequence[Row]


@view()
class RelationshipDirection:
    """What goes from one of the two to the other."""

    id: strawberry.ID = plain(
        "The ids of both, from whom to whom: `relationship-direction/<one>~<other>`."
    )
    from_actor: str = reference("Actor", "From whom.")
    to_actor: str = reference("Actor", "To whom.")
    procurements: Any = ties_field(
        "What the one supplies, makes or pays for, and the other buys or uses.",
        noun="procurement",
        direction="forth",
    )
    statements: Any = ties_field(
        "What the one says about the other, to it, or of it as affected.",
        noun="statement",
        direction="forth",
    )
    decisions: Any = ties_field(
        "What the one decides or considers that aims at or benefits the other.",
        noun="decision",
        direction="forth",
    )
    between: ActorPair


async def _timeline(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> list[TypedObject]:
    [item] = items
    records, bindings = item.between.records, item.between.bindings
    return [await timeline_of(reader, records, selected, arguments, item.where, **bindings)]


async def _statistics(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> list[TypedObject]:
    [item] = items
    return await statistics_of(
        reader,
        selected,
        lambda: (None, valid_records(item.between.records(), reader.edition)),
        Grouping.of(arguments),
        [Population(where=item.where)],
        {**item.between.bindings, "doubted": item.between.doubted},
        given("doubted"),
    )


async def _ends(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> list[list[TypedObject]]:
    [item] = items
    entries = await ends_of(reader, item.between.records, **item.between.bindings)
    return [await to_objects(reader, "TimelineEntry", entries, selected)]


async def _unknowns(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> list[TypedObject]:
    """The silences about the ties: as `unknowns` has them for each record."""
    relation = Record.declared.relations["unknowns"]
    [item] = items

    def silences(claims: sa.FromClause, *_: Any) -> list[sa.ColumnElement[bool]]:
        tests = [matches(claims.c[column], value) for column, value in relation.where]
        return [sa.and_(*tests, key_in(claims.c.record_id, given("ties")))]

    claim, bindings = name_with(Trait.CLAIM), item.between.bindings
    return [await noun_connection(reader, claim, silences, arguments, selected, bindings)]


@view(keeps_where=True)
class Relationship:
    """Everything on record between two actors; each stands for its whole circle."""

    id: strawberry.ID = plain(
        "The ids of both, in the order they were asked for: `relationship/<one>~<other>`."
    )
    sides: list[RelationshipSide] = nested(
        "The two, in the order they were asked for.",
        bound=at_most(2, weight=0, reason="Those two."),
    )
    agreements: Any = ties_field("What both agreed together.", noun="agreement")
    events: Any = ties_field("What both took part in.", noun="event")
    directions: list[RelationshipDirection] = nested(
        "What goes from the first to the second, and what goes back.",
        bound=at_most(2, weight=0, reason="There and back."),
    )
    together: Any = ties_field(
        "What they do on the same side, neither towards the other: both speak, decide, agree, "
        "meet, supply.",
        direction="together",
    )
    ties: Any = ties_field("All of it, whatever the noun and the direction.")
    statistics: Any = resolved(
        lambda: types["Statistics"],
        "All of it in numbers: totals, and groups where `by` asks for them. A record whose tie is "
        "alleged, planned or possible only is `unconfirmed`, as one that is so itself.",
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
        bound=at_most(2, reason="The first and the last."),
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


async def _relationship(reader: Executor, arguments: dict[str, Any]) -> Any:
    actors = list(arguments["between"])
    if len(actors) != 2 or actors[0] == actors[1]:
        raise InputError(
            f"`between` holds {', '.join(map(repr, actors)) or 'nobody'}. Give two different ids, "
            'such as `["party/poland", "party/south-korea"]`.'
        )
    for id in actors:
        if not is_actor(str(id)):
            raise InputError(f"'{id}' is no party and no official.")
    one, other = actors
    if not await are_on_record(reader, actors):
        return None

    between = ActorPair(one, other, await ties_of(reader, one, other))
    pairs = (between, between.reverse)
    sides = [
        RelationshipSide(
            id=strawberry.ID(f"relationship-side/{pair.one}~{pair.other}"),
            actor=pair.one,
            members=pair.members,
        )
        for pair in pairs
    ]
    directions = [
        RelationshipDirection(
            id=strawberry.ID(f"relationship-direction/{pair.one}~{pair.other}"),
            from_actor=pair.one,
            to_actor=pair.other,
            between=pair,
        )
        for pair in pairs
    ]
    relationship = Relationship(
        id=strawberry.ID(f"relationship/{one}~{other}"),
        sides=sides,
        directions=directions,
        between=between,
    )
    return await to_object(reader, "Relationship", relationship, reader.root)


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
            "whom. Null when one of them is not on record. Seven statements, six where no group "
            "belongs to both, and for each list that is asked for two, and one for each noun it "
            "shows.",
            {"between": needed(between), "as_of": AS_OF},
            _relationship,
            is_found=True,
        )
    }
