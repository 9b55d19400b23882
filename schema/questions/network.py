"""The network: who is tied to whom, how often, which way, and by which records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.errors import InputError
from schema.execution.executor import Executor
from schema.execution.root import AS_OF, root
from schema.execution.views import to_object
from schema.filtering.record_where import matching_records, record_noun, record_nouns, record_where
from schema.graph.arguments import argument
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import nested, plain, reference, resolved, view
from schema.model.bounds import at_most, by_argument, listed
from schema.model.editions import valid
from schema.model.registry import table_with
from schema.model.traits import Trait
from schema.model.values import CodepointText, list_of
from schema.planning.selection import SelectedField
from schema.questions.dimensions import ACTORS_AS
from schema.questions.ties import DIRECTIONS, ties_among
from schema.storage.sql import key_in
from schema.storage.statement import KEYS, bound_parameter, given

EDGES_CEILING = 1000
RECORDS_CEILING = 20


@view()
class EdgeCount:
    """How many records of one noun tie two actors, and which way."""

    noun: record_noun() = plain("The noun of the records.")  # type: ignore[valid-type]  # made at run time
    count: int = plain("How many records there are.")
    forth: int = plain(
        "How many go from `one` to `other`: it sells, speaks of, gives to, decides on, visits."
    )
    back: int = plain("How many go from `other` to `one`.")
    together: int = plain("How many go neither way: both agree, meet, speak or decide together.")


async def _records(
    reader: Executor,
    items: Sequence[NetworkEdge],
    selected: SelectedField,
    arguments: dict[str, Any],
) -> list[list[TypedObject]]:
    """The records behind edges: one statement for all edges, and one for each noun."""
    first = arguments["first"]
    if not 0 <= first <= RECORDS_CEILING:
        raise InputError(f"`first: {first}` is not 0 to {RECORDS_CEILING} records an edge.")

    def build() -> sa.Select[*tuple[Any, ...]]:
        ties = items[0].ties()
        place = sa.func.row_number().over(
            partition_by=[ties.c.one, ties.c.other], order_by=ties.c.record_id
        )
        ranked = sa.select(ties, place.label("place")).where(key_in(ties.c.one, KEYS)).subquery()
        most = bound_parameter(given("first"), sa.Integer())
        return sa.select(ranked.c.one, ranked.c.other, ranked.c.record_id).where(
            ranked.c.place <= most, key_in(ranked.c.other, KEYS)
        )

    ends = sorted({end for item in items for end in (item.one, item.other)})
    behind: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in await reader.rows("network records", build, ends, first=first):
        behind[row["one"], row["other"]].append(row["record_id"])
    ids = [id for item in items for id in behind[item.one, item.other]]
    found = await reader.by_ids(ids, selected, "Record")
    return [[found[id] for id in sorted(behind[item.one, item.other])] for item in items]


@view()
class NetworkNode:
    """An actor in the network."""

    id: strawberry.ID = plain("The actor's id.")
    actor: str = reference("Actor", "The actor: a state, or whoever stands for itself.")
    weight: int = plain("How many records tie it to anybody.")
    degree: int = plain("How many others it is tied to.")


@view()
class NetworkEdge:
    """Two actors that records tie together; `one` is the first of the two by id."""

    id: strawberry.ID = plain("The ids of both, with `~` between them.")
    one: str = reference("Actor", "The one end.")
    other: str = reference("Actor", "The other end.")
    weight: int = plain("How many records tie them.")
    counts: list[EdgeCount] = nested(
        "The records by noun and direction.", bound=at_most(len(record_nouns()), weight=0)
    )
    records: Any = resolved(
        lambda: list_of(types["Record"]),
        f"The first records behind it, by id, at most {RECORDS_CEILING}; `relationship` has all.",
        _records,
        lambda: {"first": (argument(int, "How many records an edge."), 5)},
        bound=by_argument("first", RECORDS_CEILING),
    )
    ties: Any = None


@view(keeps_where=True)
class Network:
    """Actors and what ties them: the heaviest edges, and the actors at their ends."""

    id: strawberry.ID = plain(
        "`network`, or `network@2` as of edition 2: a cache keeps the newest answer."
    )
    nodes: list[NetworkNode] = nested(
        "The actors at the ends of the edges, the heaviest first.",
        bound=listed("page", times=2, is_owned=True),
    )
    edges: list[NetworkEdge] = nested(
        "The edges, the heaviest first.", bound=listed("page", is_owned=True)
    )
    node_count: int = plain("How many actors there are in all, those beyond `first` included.")
    edge_count: int = plain("How many edges there are in all, those beyond `first` included.")
    where: Any = None


def records_of(reader: Executor, where: dict[str, Any] | None) -> sa.Subquery:
    """The records that a `where` chooses, valid at the edition: noun and id."""
    selects = [
        sa.select(sa.literal(name, CodepointText).label("noun"), table.c.id).where(
            wanted, valid(table, reader.edition)
        )
        for name, _, table, wanted in matching_records(where, reader.edition)
    ]
    none = sa.select(sa.cast(sa.null(), CodepointText).label("noun"), table_with(Trait.PARTY).c.id)
    return sa.union_all(*(selects or [none.where(sa.false())])).subquery()


Ties = Callable[[], sa.Subquery]
"""What ties actors, for a statement that is built."""


async def _network(reader: Executor, asked: dict[str, Any]) -> Any:
    first = asked["first"]
    if not 0 <= first <= EDGES_CEILING:
        raise InputError(f"`first: {first}` is not 0 to {EDGES_CEILING} edges.")

    def ties() -> sa.Subquery:
        told = reader.root.arguments
        records = records_of(reader, told.get("where"))
        return ties_among(records, told["actorsAs"], reader.edition)

    edges = await reader.rows("network", lambda: _heaviest(ties()), first=first)
    ends = sorted({end for edge in edges for end in (edge["one"], edge["other"])})
    network = Network(
        id=strawberry.ID("network"),
        nodes=await _nodes(reader, ties, ends),
        edges=await _edges(reader, ties, edges, ends),
        where=asked.get("where"),
        node_count=0,
        edge_count=0,
    )
    [counts] = await reader.rows("network counts", lambda: _counted(ties()))
    network.node_count, network.edge_count = counts["nodes"], counts["edges"]
    return await to_object(reader, "Network", network, reader.root)


def _pairs(ties: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    """Every two that are tied, with how many records tie them."""
    weight = sa.func.count().label("weight")
    return sa.select(ties.c.one, ties.c.other, weight).group_by(ties.c.one, ties.c.other)


def _heaviest(ties: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    """The first of them by how many records tie them."""
    first = bound_parameter(given("first"), sa.Integer())
    return _pairs(ties).order_by(sa.desc("weight"), ties.c.one, ties.c.other).limit(first)


def _counted(ties: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    """How many actors are tied, and how many two of them."""
    both = sa.union(sa.select(ties.c.one.label("actor")), sa.select(ties.c.other)).subquery()
    number, each = sa.func.count(), _pairs(ties).subquery()
    return sa.select(
        sa.select(number).select_from(both).scalar_subquery().label("nodes"),
        sa.select(number).select_from(each).scalar_subquery().label("edges"),
    )


async def _nodes(reader: Executor, ties: Ties, ends: list[str]) -> list[NetworkNode]:
    """The actors with all that ties them, edges that are not shown included."""
    rows = await reader.rows("network nodes", lambda: _weighed(ties()), ends)
    found = [
        NetworkNode(
            id=strawberry.ID(row["actor"]),
            actor=row["actor"],
            weight=row["weight"],
            degree=row["degree"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda node: (-node.weight, node.id))


def _weighed(ties: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    ways = sa.union_all(
        sa.select(ties.c.one.label("actor"), ties.c.other.label("other"), ties.c.record_id),
        sa.select(ties.c.other, ties.c.one, ties.c.record_id),
    ).subquery()
    return (
        sa.select(
            ways.c.actor,
            sa.func.count(ways.c.record_id.distinct()).label("weight"),
            sa.func.count(ways.c.other.distinct()).label("degree"),
        )
        .where(key_in(ways.c.actor, KEYS))
        .group_by(ways.c.actor)
    )


async def _edges(
    reader: Executor, ties: Ties, edges: Sequence[Any], ends: list[str]
) -> list[NetworkEdge]:
    """The edges with their records counted by noun and direction."""
    nouns: type[Enum] = record_noun()
    counts: dict[tuple[str, str], list[EdgeCount]] = defaultdict(list)
    for row in await reader.rows("network edges", lambda: _by_noun(ties()), ends):
        ways = {way: int(row[way]) for way in DIRECTIONS}
        each = EdgeCount(noun=nouns[row["noun"]], count=row["count"], **ways)
        counts[row["one"], row["other"]].append(each)
    return [
        NetworkEdge(
            id=strawberry.ID(f"{edge['one']}~{edge['other']}"),
            one=edge["one"],
            other=edge["other"],
            weight=edge["weight"],
            counts=counts[edge["one"], edge["other"]],
            ties=ties,
        )
        for edge in edges
    ]


def _by_noun(ties: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            ties.c.one,
            ties.c.other,
            ties.c.noun,
            sa.func.count().label("count"),
            *(sa.func.sum(ties.c[way]).label(way) for way in DIRECTIONS),
        )
        .where(key_in(ties.c.one, KEYS), key_in(ties.c.other, KEYS))
        .group_by(ties.c.one, ties.c.other, ties.c.noun)
        .order_by(ties.c.noun)
    )


def fields() -> dict[str, Any]:
    """The root field of the network."""
    where = argument(record_where() | None, "Which records tie; all when left out.")
    count = argument(int, f"How many edges, the heaviest first; at most {EDGES_CEILING}.")
    return {
        "network": root(
            "network",
            types["Network"] | None,
            "Who is tied to whom by records, for a picture: actors as nodes, ties as edges "
            "weighted by records, by noun and by direction. A target of words or measures is tied "
            "to who speaks or decides, and not to other targets. Four statements, and two for the "
            "actors.",
            {
                "where": (where, strawberry.UNSET),
                "actors_as": ACTORS_AS,
                "first": (count, 100),
                "as_of": AS_OF,
            },
            _network,
            by_argument("first", EDGES_CEILING),
        )
    }
