"""The network: edges are what relationships hold, and weights are counts of records."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from tests.support.contradicting_sources import SEED_EDITION
from tests.support.databases import Store, Stores, of_newest
from tests.support.where_strategy import ACTS, wheres

COUNTS = "counts { noun count unconfirmed forth back together }"
WHOLE = f"""nodeCount unconfirmedNodeCount edgeCount unconfirmedEdgeCount
  nodes {{ id weight unconfirmed degree actor {{ id }} }}
  edges {{ id weight unconfirmed one {{ id }} other {{ id }} {COUNTS}
    records(first: 20) {{ id }} }}"""
QUERY = f"""query ($where: RecordWhere, $as: Standing! = STATE, $first: Int! = 1000, $asOf: AsOf) {{
  network(where: $where, actorsAs: $as, first: $first, asOf: $asOf) {{ {WHOLE} }} }}"""


def network(store: Store, **variables: Any) -> Any:
    """The network of some records."""
    return store.ask(QUERY, **variables)["network"]


def test_states_are_tied_by_what_their_people_do(seed: Store) -> None:
    found = network(seed)
    id = "network-edge/party/poland~party/south-korea"
    edge = next(edge for edge in found["edges"] if edge["id"] == id)
    assert edge["weight"] == 10
    assert {count["noun"]: count["count"] for count in edge["counts"]} == {
        "AGREEMENT": 2,
        "EVENT": 5,
        "PROCUREMENT": 1,
        "STATEMENT": 2,
    }
    sale = next(count for count in edge["counts"] if count["noun"] == "PROCUREMENT")
    assert (sale["forth"], sale["back"], sale["together"]) == (1, 0, 0)
    assert len(edge["records"]) == 10


def test_people_stand_for_themselves_when_asked(seed: Store) -> None:
    found = network(seed, **{"as": "ITSELF"}, where={"nouns": ["EVENT"]})
    question = '?{"actorsAs":"ITSELF","where":{"nouns":["EVENT"]}}'
    assert f"network-edge/official/jacek-siewiera~official/shin-won-sik{question}" in {
        edge["id"] for edge in found["edges"]
    }


@settings(max_examples=15, deadline=None)
@given(where=wheres(ACTS))
def test_weights_are_counts_of_the_records_behind(press: Store, where: dict[str, Any]) -> None:
    found = network(press, where=where)
    assert found["edgeCount"] + found["unconfirmedEdgeCount"] == len(found["edges"])
    assert found["nodeCount"] + found["unconfirmedNodeCount"] == len(found["nodes"])
    assert found["edgeCount"] == sum(edge["weight"] > 0 for edge in found["edges"])
    assert found["nodeCount"] == sum(node["weight"] > 0 for node in found["nodes"])
    behind: dict[str, set[str]] = {node["actor"]["id"]: set() for node in found["nodes"]}
    degree = dict.fromkeys(behind, 0)
    for edge in found["edges"]:
        assert edge["weight"] == sum(count["count"] for count in edge["counts"])
        assert edge["unconfirmed"] == sum(count["unconfirmed"] for count in edge["counts"])
        ids = [record["id"] for record in edge["records"]]
        assert ids == sorted(set(ids))
        assert len(ids) == min(edge["weight"] + edge["unconfirmed"], 20)
        for count in edge["counts"]:
            assert count["count"] <= count["forth"] + count["back"] + count["together"]
        for end in (edge["one"]["id"], edge["other"]["id"]):
            behind[end] |= {*ids}
            degree[end] += edge["weight"] > 0
    for node in found["nodes"]:
        assert node["degree"] == degree[node["actor"]["id"]]
        assert (node["degree"] > 0) == (node["weight"] > 0)
        assert node["weight"] + node["unconfirmed"] == len(behind[node["actor"]["id"]])


def test_an_edge_is_a_relationship(press: Store) -> None:
    states = {"party/poland", "party/south-korea", "party/ukraine"}
    for edge in network(press)["edges"]:
        if {edge["one"]["id"], edge["other"]["id"]} <= states:
            query = "query ($b: [ID!]!) { relationship(between: $b) { ties { totalCount }"
            query += " statistics { total { count unconfirmed } } } }"
            pair = [edge["one"]["id"], edge["other"]["id"]]
            found = press.ask(query, b=pair)["relationship"]
            assert found["ties"]["totalCount"] == edge["weight"] + edge["unconfirmed"]
            total = found["statistics"]["total"]
            assert (total["count"], total["unconfirmed"]) == (edge["weight"], edge["unconfirmed"])


def test_the_heaviest_edges_come_first_and_the_rest_is_counted(press: Store) -> None:
    whole, part = network(press), network(press, first=2)
    assert part["edges"] == whole["edges"][:2]
    weights = [edge["weight"] for edge in whole["edges"]]
    assert weights == sorted(weights, reverse=True)
    assert (part["edgeCount"], part["nodeCount"]) == (whole["edgeCount"], whole["nodeCount"])
    ends = {end["id"] for edge in part["edges"] for end in (edge["one"], edge["other"])}
    assert {node["actor"]["id"] for node in part["nodes"]} == ends


def test_the_network_is_read_as_of_an_edition(seed: Store, press: Store) -> None:
    assert of_newest(network(press, asOf={"edition": SEED_EDITION})) == network(seed)
    assert network(press, asOf={"edition": 1})["edges"] == []


def test_both_databases_draw_the_same(both: tuple[Stores, Stores]) -> None:
    one, other = (network(stores.seed()) for stores in both)
    assert one == other


@pytest.mark.parametrize("first", [-1, 1001])
def test_a_size_out_of_bounds_is_named(seed: Store, first: int) -> None:
    answer = seed.answer(QUERY, first=first)
    assert answer.errors[0].message == f"`first: {first}` is not 0 to 1000 edges."


def test_it_takes_the_same_statements_however_many_edges(seed: Store) -> None:
    query = """query ($first: Int!) { network(first: $first) {
      nodes { actor { title } } edges { weight counts { count } } edgeCount } }"""
    assert len(seed.answer(query, first=1).statements) == 1 + 4 + 1
    assert len(seed.answer(query, first=100).statements) == 1 + 4 + 1
