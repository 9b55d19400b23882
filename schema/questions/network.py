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
from schema.filtering.record_where import matching_records, record_where
from schema.graph.arguments import argument
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import nested, plain, reference, resolved, view
from schema.model.bounds import at_most, by_argument, listed
from schema.model.editions import valid
from schema.model.ids import dependent
from schema.model.record_choices import record_noun, record_nouns
from schema.model.registry import table_with
from schema.model.traits import Trait
from schema.model.values import CodepointText, list_of
from schema.planning.selection import SelectedField
from schema.questions.dimensions import ACTORS_AS
from schema.questions.edges import (
    counts_by_noun,
    heaviest_edges,
    node_and_edge_count,
    node_weights,
)
from schema.questions.ties import DIRECTIONS, ties_among
from schema.storage.sql import key_in
from schema.storage.statement import KEYS, bound_parameter, given

EDGES_CEILING = 1000
FIRST = 100
"""How many edges are shown when a query does not say."""
RECORDS_CEILING = 20


@view()
class EdgeCount:
    """How many records of one noun tie two actors, and which way."""

    noun: record_noun() = plain("The noun of the records.")  # type: ignore[valid-type]  # made at run time
    count: int = plain("How many records there are that are asserted or reported.")
    unconfirmed: int = plain(
        "How many more are alleged, planned or possible only, or their part in them is; they are "
        "counted in no direction."
    )
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

    id: strawberry.ID = plain(
        "The actor and what the network was asked, such as `network-node/party/poland?{…}`."
    )
    actor: str = reference("Actor", "The actor: a state, or whoever stands for itself.")
    weight: int = plain("How many records that are asserted or reported tie it to anybody.")
    unconfirmed: int = plain("How many more tie it by what is alleged, planned or possible only.")
    degree: int = plain("How many others it is tied to by records that are confirmed.")


@view()
class NetworkEdge:
    """Two actors that records tie together; `one` is the first of the two by id.

    An edge of what is alleged, planned or possible only is shown too, with the weight 0.
    """

    id: strawberry.ID = plain(
        "Both actors and what the network was asked: `network-edge/<one>~<other>?{…}`."
    )
    one: str = reference("Actor", "The one end.")
    other: str = reference("Actor", "The other end.")
    weight: int = plain("How many records that are asserted or reported tie them.")
    unconfirmed: int = plain(
        "How many more tie them by what is alleged, planned or possible only: the record is, or "
        "the part that one of the two has in it."
    )
    counts: list[EdgeCount] = nested(
        "The records by noun and direction.",
        bound=at_most(len(record_nouns()), weight=0, reason="One for each noun."),
    )
    records: Any = resolved(
        lambda: list_of(types["Record"]),
        "The first records behind it, by id, confirmed or not, at most "
        f"{RECORDS_CEILING}; `relationship` has all.",
        _records,
        lambda: {"first": (argument(int, "How many records an edge."), 5)},
        bound=by_argument("first", RECORDS_CEILING),
    )


@view(keeps_where=True)
class Network:
    """Actors and what ties them: the heaviest edges, and the actors at their ends."""

    id: strawberry.ID = plain(
        'What was asked: `network`, `network?{"first":10}`, or where it is long a digest of it.'
    )
    nodes: list[NetworkNode] = nested(
        "The actors at the ends of the edges, the heaviest first.",
        bound=listed("page", times=2, is_owned=True, reason="The ends of the edges."),
    )
    edges: list[NetworkEdge] = nested(
        "The edges, the heaviest first.",
        bound=listed("page", is_owned=True, reason="As many as `first` asks for."),
    )
    node_count: int = plain(
        "How many actors are tied by what is confirmed, in all, those beyond `first` included."
    )
    unconfirmed_node_count: int = plain("How many more actors are tied by what is unconfirmed.")
    edge_count: int = plain("How many edges are confirmed, in all, those beyond `first` included.")
    unconfirmed_edge_count: int = plain("How many more edges have the weight 0.")
    where: Any = None


def _ties(reader: Executor) -> sa.Subquery:
    """The ties by the records that the `where` of the network matches at the edition."""
    arguments = reader.root.arguments
    selects = [
        sa.select(
            sa.literal(name, CodepointText).label("noun"), table.c.id, table.c.factuality
        ).where(condition, valid(table, reader.edition))
        for name, _, table, condition in matching_records(arguments.get("where"), reader.edition)
    ]
    parties = table_with(Trait.PARTY).c
    nobody = sa.cast(sa.null(), CodepointText).label("noun")
    none = sa.select(nobody, parties.id, parties.factuality)
    records = sa.union_all(*(selects or [none.where(sa.false())])).subquery()
    return ties_among(records, arguments["actorsAs"], reader.edition)


async def _network(reader: Executor, arguments: dict[str, Any]) -> Any:
    first = arguments["first"]
    if not 0 <= first <= EDGES_CEILING:
        raise InputError(f"`first: {first}` is not 0 to {EDGES_CEILING} edges.")

    edges = await reader.rows("network", lambda: heaviest_edges(_ties(reader)), first=first)
    actors = _ends((edge["one"], edge["other"]) for edge in edges)
    nodes = await reader.rows("network nodes", lambda: node_weights(_ties(reader)), actors)
    counts = await _edge_counts(reader, actors)
    [totals] = await reader.rows("network counts", lambda: node_and_edge_count(_ties(reader)))
    # What the actors and their ties weigh does not hang on how many of them are shown.
    where = {
        name: test for name, test in (arguments.get("where") or {}).items() if test is not None
    }
    standing = arguments["actorsAs"]
    question = {
        "actorsAs": None if standing == ACTORS_AS[1] else standing,
        "where": where or None,
    }
    network = Network(
        id=strawberry.ID(dependent("network", first=None if first == FIRST else first, **question)),
        nodes=[
            NetworkNode(
                id=strawberry.ID(dependent(f"network-node/{node['actor']}", **question)), **node
            )
            for node in sorted(nodes, key=lambda node: (-node["weight"], node["actor"]))
        ],
        edges=[
            NetworkEdge(
                id=strawberry.ID(
                    dependent(f"network-edge/{edge['one']}~{edge['other']}", **question)
                ),
                counts=counts[edge["one"], edge["other"]],
                **edge,
            )
            for edge in edges
        ],
        where=arguments.get("where"),
        **totals,
    )
    return await to_object(reader, "Network", network, reader.root)


async def _edge_counts(
    reader: Executor, actors: list[str]
) -> dict[tuple[str, str], list[EdgeCount]]:
    """The records of the edges among actors, counted by noun and direction."""
    nouns: type[Enum] = record_noun()
    counts: dict[tuple[str, str], list[EdgeCount]] = defaultdict(list)
    rows = await reader.rows("network edges", lambda: counts_by_noun(_ties(reader)), actors)
    for row in rows:
        directions = {name: int(row[name]) for name in DIRECTIONS}
        count = EdgeCount(
            noun=nouns[row["noun"]],
            count=row["count"],
            unconfirmed=row["unconfirmed"],
            **directions,
        )
        counts[row["one"], row["other"]].append(count)
    return counts


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
                "first": (count, FIRST),
                "as_of": AS_OF,
            },
            _network,
            by_argument("first", EDGES_CEILING),
        )
    }
