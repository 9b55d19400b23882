"""What is alleged, planned or possible only: said so wherever it is shown, and counted apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.databases import Store
from tests.support.dossier_factory import Data, make, record
from tests.support.where_strategy import ACTS, wheres

TEXT = """Alfa and Bravo may hold an exercise. They meet in May, and Charlie reportedly joins them.
Alfa ordered 12 drones for $5 million and plans to buy 20 drones; Bravo will deliver in mid-2026.
Alfa denied 30 drones. Production is to begin in 2027. Sails and masts will cost ₩70 together.
"""
CONFIRMED = ["ASSERTED", "REPORTED"]
UNCONFIRMED = ["ALLEGED", "PLANNED", "HYPOTHETICAL"]
FIGURES = """count unconfirmed withoutMoney unsummed money { currency count minimum shared }
  quantity { count minimum without } dates { count earliest }"""


def parties() -> Data:
    """Three states."""
    kind = {"value": "STATE", "basis": "For the test."}
    names = ("alfa", "bravo", "charlie")
    found = [record(f"party/{name}", name.title(), kind=kind) for name in names]
    return found[0] | found[1] | found[2]


def part(
    actor: str, factuality: str = "ASSERTED", quote: str = "Alfa and Bravo may hold an exercise"
) -> Data:
    """Somebody's part in a record."""
    return {"actor": f"party/{actor}", "quote": quote, "factuality": factuality}


def exercise(factuality: str = "HYPOTHETICAL") -> Data:
    """An exercise of two states, as sure as that throughout."""
    return record(
        "event/exercise",
        "Exercise",
        kind={"value": "EXERCISE", "quote": "may hold an exercise", "factuality": factuality},
        participants=[part("alfa", factuality), part("bravo", factuality)],
    )


def publish(store: Store, folder: Path, records: Data, source: str = "first") -> None:
    store.publish(make(folder / source, records, source=f"source/{source}", text=TEXT))


def totals(store: Store, where: str = "{nouns: [EVENT]}") -> Any:
    return store.ask(f"{{ statistics(where: {where}) {{ total {{ {FIGURES} }} }} }}")["statistics"][
        "total"
    ]


NETWORK = """{ network { nodeCount unconfirmedNodeCount edgeCount unconfirmedEdgeCount
  nodes { id weight unconfirmed degree }
  edges { id weight unconfirmed counts { noun count unconfirmed forth back together } } } }"""
BETWEEN = """{ relationship(between: ["party/alfa", "party/bravo"]) {
  ties { totalCount nodes { record { id factuality } one { factuality } } }
  statistics(by: [NOUN]) { total { count unconfirmed } repeatCount unconfirmedRepeatCount
    groups { figures { count unconfirmed } } } } }"""


def test_what_may_be_is_no_event_no_tie_and_one_unconfirmed(empty: Store, tmp_path: Path) -> None:
    publish(empty, tmp_path, parties() | exercise())
    total = totals(empty)
    assert (total["count"], total["unconfirmed"]) == (0, 1)
    network = empty.ask(NETWORK)["network"]
    assert network == {
        "nodeCount": 0,
        "unconfirmedNodeCount": 2,
        "edgeCount": 0,
        "unconfirmedEdgeCount": 1,
        "nodes": [
            {"id": f"network-node/party/{name}", "weight": 0, "unconfirmed": 1, "degree": 0}
            for name in ("alfa", "bravo")
        ],
        "edges": [
            {
                "id": "network-edge/party/alfa~party/bravo",
                "weight": 0,
                "unconfirmed": 1,
                "counts": [
                    {
                        "noun": "EVENT",
                        "count": 0,
                        "unconfirmed": 1,
                        **dict.fromkeys(("forth", "back", "together"), 0),
                    }
                ],
            }
        ],
    }
    found = empty.ask(BETWEEN)["relationship"]
    assert found["ties"]["totalCount"] == 1
    assert found["ties"]["nodes"][0]["record"]["factuality"] == "HYPOTHETICAL"
    assert found["statistics"]["total"] == {"count": 0, "unconfirmed": 1}
    assert found["statistics"]["groups"] == [{"figures": {"count": 0, "unconfirmed": 1}}]
    assert not empty.check().findings


@pytest.mark.parametrize("factuality", CONFIRMED)
def test_what_is_asserted_or_reported_counts(empty: Store, tmp_path: Path, factuality: str) -> None:
    publish(empty, tmp_path, parties() | exercise(factuality))
    total = totals(empty)
    assert (total["count"], total["unconfirmed"]) == (1, 0)
    [edge] = empty.ask(NETWORK)["network"]["edges"]
    assert (edge["weight"], edge["unconfirmed"], edge["counts"][0]["together"]) == (1, 0, 1)


def test_a_part_that_is_only_alleged_ties_nobody(empty: Store, tmp_path: Path) -> None:
    meeting = exercise("ASSERTED")
    meeting["event/exercise"]["participants"] = [
        part("alfa"),
        part("bravo", "ALLEGED"),
        part("charlie", "REPORTED", "Charlie reportedly joins"),
    ]
    publish(empty, tmp_path, parties() | meeting)
    assert totals(empty)["count"] == 1
    network = empty.ask(NETWORK)["network"]
    weights = {edge["id"]: (edge["weight"], edge["unconfirmed"]) for edge in network["edges"]}
    assert weights == {
        "network-edge/party/alfa~party/charlie": (1, 0),
        "network-edge/party/alfa~party/bravo": (0, 1),
        "network-edge/party/bravo~party/charlie": (0, 1),
    }
    assert {node["id"]: (node["weight"], node["degree"]) for node in network["nodes"]} == {
        "network-node/party/alfa": (1, 1),
        "network-node/party/charlie": (1, 1),
        "network-node/party/bravo": (0, 0),
    }
    found = empty.ask(BETWEEN)["relationship"]["statistics"]["total"]
    assert found == {"count": 0, "unconfirmed": 1}


def drones(**fields: Any) -> Data:
    return record("procurement/drones", "Drones", **fields)


def number(least: int, factuality: str = "ASSERTED") -> Data:
    quote = f"{least} drones"
    value = {"minimum": least, "maximum": least}
    return {"value": value, "quote": quote, "factuality": factuality}


def test_a_planned_number_of_an_asserted_purchase_is_not_added(
    empty: Store, tmp_path: Path
) -> None:
    value = {"minimum": "5000000", "maximum": "5000000", "currency": "USD"}
    known = {"value": value, "quote": "$5 million"}
    publish(empty, tmp_path, drones(quantity=number(20, "PLANNED"), value=known))
    total = totals(empty, "{nouns: [PROCUREMENT]}")
    assert (total["count"], total["unconfirmed"]) == (1, 0)
    assert total["quantity"] == {"count": 0, "minimum": 0, "without": 1}
    assert total["money"] == [{"currency": "USD", "count": 1, "minimum": "5000000", "shared": 0}]
    publish(empty, tmp_path, drones(quantity=number(12), value="NOT_STATED"), "second")
    assert totals(empty, "{nouns: [PROCUREMENT]}")["quantity"]["minimum"] == 12
    assert not empty.check().findings


def test_a_planned_purchase_adds_nothing_and_shares_nothing(empty: Store, tmp_path: Path) -> None:
    def shared(factuality: str) -> Data:
        value = {
            "minimum": "70",
            "maximum": "70",
            "currency": "KRW",
            "scope": "SHARED",
            "share": "rigging",
        }
        quote = "Sails and masts will cost ₩70 together"
        return {"value": value, "quote": quote, "factuality": factuality}

    records = record("procurement/masts", "Masts", value=shared("PLANNED"))
    records |= record("procurement/sails", "Sails", value=shared("REPORTED"))
    publish(empty, tmp_path, records)
    total = totals(empty, "{nouns: [PROCUREMENT]}")
    assert (total["count"], total["unconfirmed"], total["withoutMoney"]) == (1, 1, 0)
    assert total["money"] == [{"currency": "KRW", "count": 1, "minimum": "70", "shared": 0}]


def planned(value: Any, quote: str) -> Data:
    return {"value": value, "quote": quote, "factuality": "PLANNED"}


PARTS = """{ procurement(by: {slug: "drones"}) {
  factuality milestones { stage factuality hedges { nodes { elementField factuality } } }
  deliveries {
    nodes {
      title deliveredOn { edtf } factuality hedges { nodes { elementField factuality
      passages { exact } } }
    }
  }
  buyers { factuality }
  hedges { nodes { field elementField factuality passages { exact } } }
} }"""


def test_what_is_planned_says_so_on_each_part(empty: Store, tmp_path: Path) -> None:
    begins, delivers = "Production is to begin in 2027", "Bravo will deliver in mid-2026"
    records = parties() | drones(
        quantity=number(12),
        buyers=[part("alfa", "ALLEGED", "Alfa ordered 12 drones")],
        milestones=[
            {
                "quote": begins,
                "factuality": "PLANNED",
                "stage": planned("IN_PRODUCTION", begins),
                "reached_on": planned({"edtf": "2027"}, begins),
            }
        ],
        deliveries=[
            {
                "quote": delivers,
                "factuality": "PLANNED",
                "key": "first",
                "delivered_on": planned({"edtf": "2026-04/2026-09"}, "mid-2026"),
                **dict.fromkeys(("delivered", "item"), "NOT_STATED"),
            }
        ],
    )
    publish(empty, tmp_path, records)
    found = empty.ask(PARTS)["procurement"]
    assert found["factuality"] == "ASSERTED"
    [milestone], [buyer] = found["milestones"], found["buyers"]
    [delivery] = found["deliveries"]["nodes"]
    assert (milestone["stage"], milestone["factuality"]) == ("IN_PRODUCTION", "PLANNED")
    assert {each["elementField"] for each in milestone["hedges"]["nodes"]} == {
        "STAGE",
        "REACHED_ON",
    }
    assert (delivery["factuality"], buyer["factuality"]) == ("PLANNED", "ALLEGED")
    assert delivery["title"] == "mid-2026: from April 2026 to September 2026"
    assert delivery["hedges"]["nodes"] == [
        {
            "elementField": "DELIVERED_ON",
            "factuality": "PLANNED",
            "passages": [{"exact": "mid-2026"}],
        }
    ]
    assert {(each["field"], each["elementField"]) for each in found["hedges"]["nodes"]} >= {
        ("BUYERS", None),
        ("MILESTONES", "STAGE"),
        ("DELIVERIES", "DELIVERED_ON"),
    }
    query = "{ milestones(where: {factuality: {eq: PLANNED}}) { nodes { stage } } }"
    assert empty.ask(query)["milestones"]["nodes"] == [{"stage": "IN_PRODUCTION"}]


def test_every_where_can_ask_for_factuality(empty: Store, tmp_path: Path) -> None:
    publish(empty, tmp_path, parties() | exercise())
    query = """query ($f: [Factuality!]) {
      statistics(where: {factualities: $f, nouns: [EVENT]}) { total { count unconfirmed } }
      network(where: {factualities: $f}) { edges { id } }
      timeline(where: {factualities: $f}) { nodes { record { id } } } }"""
    found = empty.ask(query, f=CONFIRMED)
    assert found["statistics"]["total"] == {"count": 0, "unconfirmed": 0}
    assert found["network"]["edges"] == found["timeline"]["nodes"] == []
    found = empty.ask(query, f=UNCONFIRMED)
    assert found["statistics"]["total"] == {"count": 0, "unconfirmed": 1}
    assert len(found["network"]["edges"]) == len(found["timeline"]["nodes"]) == 1


def test_a_denial_counts_nowhere(empty: Store, tmp_path: Path) -> None:
    publish(empty, tmp_path, parties() | drones(quantity=number(30, "DENIED")))
    total = totals(empty, "{nouns: [PROCUREMENT]}")
    assert (total["count"], total["quantity"]["count"]) == (1, 0)
    denied = exercise()
    denied["event/exercise"]["participants"].append(
        part("charlie", "DENIED", "Charlie reportedly joins")
    )
    publish(empty, tmp_path, denied, "second")
    assert [edge["id"] for edge in empty.ask(NETWORK)["network"]["edges"]] == [
        "network-edge/party/alfa~party/bravo"
    ]


def test_groups_by_factuality_tell_the_two_numbers_apart(empty: Store, tmp_path: Path) -> None:
    meeting = record("event/meeting", "Meeting", kind={"value": "MEETING", "quote": "They meet"})
    publish(empty, tmp_path, parties() | exercise("PLANNED") | meeting)
    query = """{ statistics(where: {nouns: [EVENT]}, by: [FACTUALITY]) {
      groups { keys { value } figures { count unconfirmed } } } }"""
    groups = empty.ask(query)["statistics"]["groups"]
    assert {each["keys"][0]["value"]: each["figures"] for each in groups} == {
        "ASSERTED": {"count": 1, "unconfirmed": 0},
        "PLANNED": {"count": 0, "unconfirmed": 1},
    }


@settings(max_examples=20, deadline=None)
@given(where=wheres(ACTS).filter(lambda where: "factualities" not in where))
def test_the_two_numbers_are_those_that_the_lists_tell(press: Store, where: dict[str, Any]) -> None:
    """The naive reader: all records that match, one by one, by what each says of itself."""
    query = f"""query ($where: RecordWhere, $sure: RecordWhere, $unsure: RecordWhere) {{
      all: statistics(where: $where, by: [NOUN]) {{ total {{ {FIGURES} }} repeatCount
        unconfirmedRepeatCount groups {{ keys {{ value }} figures {{ count unconfirmed }} }} }}
      sure: statistics(where: $sure) {{ total {{ {FIGURES} }} }}
      unsure: statistics(where: $unsure) {{ total {{ {FIGURES} }} }}
      timeline(where: $where, first: 100) {{ totalCount nodes {{ record {{ factuality }} }} }}
    }}"""
    where = {"nouns": ACTS, **where}
    unsure = {**where, "factualities": [*UNCONFIRMED, "DENIED"]}
    found = press.ask(query, where=where, sure={**where, "factualities": CONFIRMED}, unsure=unsure)
    total = found["all"]["total"]
    assert {**total, "unconfirmed": 0} == found["sure"]["total"]
    assert total["unconfirmed"] == found["unsure"]["total"]["unconfirmed"]
    assert found["unsure"]["total"]["count"] == 0
    listed = found["timeline"]
    assert listed["totalCount"] == total["count"] + total["unconfirmed"]
    if listed["totalCount"] <= 100:
        confirmed = [node["record"]["factuality"] in CONFIRMED for node in listed["nodes"]]
        assert confirmed.count(True) == total["count"]


claims = st.lists(st.sampled_from([None, *CONFIRMED, *UNCONFIRMED]), min_size=4, max_size=4)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=st.lists(st.tuples(claims, st.booleans()), min_size=1, max_size=3))
def test_a_record_is_as_sure_as_the_strongest_of_its_claims(
    empty: Store, tmp_path: Path, drawn: list[tuple[list[str | None], bool]]
) -> None:
    order = [*CONFIRMED, *UNCONFIRMED]
    whole: list[str] = []
    sureness: list[str] = []
    for place in range(3):
        kind, quantity, first, second = drawn[place][0] if place < len(drawn) else [None] * 4
        of_whole = [each for each in (first, second) if each and place < len(drawn)]
        if place < len(drawn) and not drawn[place][1]:
            of_whole = []
        fields: Data = {}
        if kind:
            fields["designation"] = {"quote": "drones for", "factuality": kind}
        if quantity:
            fields["quantity"] = number((12, 20, 20)[place], quantity)
        quotes = ("Alfa ordered", "plans to buy")
        fields["claims"] = [
            {"quote": quote, "factuality": each, "basis": "They are the drones."}
            for quote, each in zip(quotes, of_whole, strict=False)
        ]
        sureness += filter(None, [kind, quantity])
        whole += of_whole
        publish(empty, tmp_path, drones(**fields), f"s{place}")
    query = '{ procurement(by: {slug: "drones"}) { factuality } }'
    expected = min(whole or sureness or ["ASSERTED"], key=order.index)
    assert empty.ask(query)["procurement"]["factuality"] == expected
    total = totals(empty, "{nouns: [PROCUREMENT]}")
    assert (total["count"], total["unconfirmed"]) == ((1, 0) if expected in CONFIRMED else (0, 1))
    assert not empty.check().findings
