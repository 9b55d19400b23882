"""The network: who is tied to whom, how often, which way, and by which records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
    """The first records of edges: one statement for all edges, and one for each noun."""
    first = arguments["first"]
    if not 0 <= first <= RECORDS_CEILING:
        raise InputError(f"`first: {first}` is not 0 to {RECORDS_CEILING} records an edge.")

    def first_records() -> sa.Select[*tuple[Any, ...]]:
        ties = _ties(reader)
        place = sa.func.row_number().over(
            partition_by=[ties.c.one, ties.c.other], order_by=ties.c.record_id
        )
        ranked = sa.select(ties, place.label("place")).where(key_in(ties.c.one, KEYS)).subquery()
        limit = bound_parameter(given("first"), sa.Integer())
        return sa.select(ranked.c.one, ranked.c.other, ranked.c.record_id).where(
            ranked.c.place <= limit, key_in(ranked.c.other, KEYS)
        )

    actors = _ends((item.one, item.other) for item in items)
    ids: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in await reader.rows("network records", first_records, actors, first=first):
        ids[row["one"], row["other"]].append(row["record_id"])
    lists = [sorted(ids[item.one, item.other]) for item in items]
    records = await reader.by_ids([id for each in lists for id in each], selected, "Record")
    return [[records[id] for id in each] for each in lists]


def _ends(edges: Iterable[tuple[str, str]]) -> list[str]:
    """The actors at the ends of edges."""
    return sorted({actor for edge in edges for actor in edge})


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


def _ties(reader: Executor) -> sa.Subquery:
    """The ties by the records that the `where` of the network matches at the edition."""
    arguments = reader.root.arguments
    selects = [
        sa.select(sa.literal(name, CodepointText).label("noun"), table.c.id).where(
            condition, valid(table, reader.edition)
        )
        for name, _, table, condition in matching_records(arguments.get("where"), reader.edition)
    ]
    none = sa.select(sa.cast(sa.null(), CodepointText).label("noun"), table_with(Trait.PARTY).c.id)
    records = sa.union_all(*(selects or [none.where(sa.false())])).subquery()
    return ties_among(records, arguments["actorsAs"], reader.edition)


async def _network(reader: Executor, arguments: dict[str, Any]) -> Any:
    first = arguments["first"]
    if not 0 <= first <= EDGES_CEILING:
        raise InputError(f"`first: {first}` is not 0 to {EDGES_CEILING} edges.")

    edges = await reader.rows("network", lambda: _heaviest_edges(_ties(reader)), first=first)
    actors = _ends((edge["one"], edge["other"]) for edge in edges)
    nodes = await reader.rows("network nodes", lambda: _node_weights(_ties(reader)), actors)
    counts = await _edge_counts(reader, actors)
    [totals] = await reader.rows("network counts", lambda: _node_and_edge_count(_ties(reader)))
    network = Network(
        id=strawberry.ID("network"),
        nodes=[
            NetworkNode(id=strawberry.ID(node["actor"]), **node)
            for node in sorted(nodes, key=lambda node: (-node["weight"], node["actor"]))
        ],
        edges=[
            NetworkEdge(
                id=strawberry.ID(f"{edge['one']}~{edge['other']}"),
                counts=counts[edge["one"], edge["other"]],
                **edge,
            )
            for edge in edges
        ],
        where=arguments.get("where"),
        node_count=totals["nodes"],
        edge_count=totals["edges"],
    )
    return await to_object(reader, "Network", network, reader.root)


def _edges(ties: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    """Every two actors that are tied, with how many records tie them."""
    weight = sa.func.count().label("weight")
    return sa.select(ties.c.one, ties.c.other, weight).group_by(ties.c.one, ties.c.other)


def _heaviest_edges(ties: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    """The first edges by how many records tie their ends."""
    first = bound_parameter(given("first"), sa.Integer())
    return _edges(ties).order_by(sa.desc("weight"), ties.c.one, ties.c.other).limit(first)


def _node_and_edge_count(ties: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    """How many actors are tied, and how many two of them."""
    nodes = sa.union(sa.select(ties.c.one.label("actor")), sa.select(ties.c.other)).subquery()
    count, edges = sa.func.count(), _edges(ties).subquery()
    return sa.select(
        sa.select(count).select_from(nodes).scalar_subquery().label("nodes"),
        sa.select(count).select_from(edges).scalar_subquery().label("edges"),
    )


def _node_weights(ties: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    """The actors with all that ties them, edges that are not shown included."""
    ends = sa.union_all(
        sa.select(ties.c.one.label("actor"), ties.c.other.label("other"), ties.c.record_id),
        sa.select(ties.c.other, ties.c.one, ties.c.record_id),
    ).subquery()
    return (
        sa.select(
            ends.c.actor,
            sa.func.count(ends.c.record_id.distinct()).label("weight"),
            sa.func.count(ends.c.other.distinct()).label("degree"),
        )
        .where(key_in(ends.c.actor, KEYS))
        .group_by(ends.c.actor)
    )


async def _edge_counts(
    reader: Executor, actors: list[str]
) -> dict[tuple[str, str], list[EdgeCount]]:
    """The records of the edges among actors, counted by noun and direction."""
    nouns: type[Enum] = record_noun()
    counts: dict[tuple[str, str], list[EdgeCount]] = defaultdict(list)
    rows = await reader.rows("network edges", lambda: _counts_by_noun(_ties(reader)), actors)
    for row in rows:
        directions = {name: int(row[name]) for name in DIRECTIONS}
        count = EdgeCount(noun=nouns[row["noun"]], count=row["count"], **directions)
        counts[row["one"], row["other"]].append(count)
    return counts


def _counts_by_noun(ties: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            ties.c.one,
            ties.c.other,
            ties.c.noun,
            sa.func.count().label("count"),
            *(sa.func.sum(ties.c[name]).label(name) for name in DIRECTIONS),
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
