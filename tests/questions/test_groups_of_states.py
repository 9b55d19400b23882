"""A group of people from several states: what it says and does counts for each of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schema.errors import DossierRefusedError
from tests.support.databases import Store
from tests.support.dossier_factory import Data, make, record

POLAND, KOREA = "party/poland", "party/south-korea"
GROUP = "party/security-officials-poland-south-korea"
CONCERN = "statement/concern-north-korea-russia"
REAFFIRMED = "statement/communication-reaffirmed"
TIES = """query ($pair: [ID!]!) { relationship(between: $pair) {
  directions { statements { nodes { record { id } } } }
  together { nodes { record { id } } } } }"""


def tied(store: Store, one: str, other: str) -> tuple[list[str], list[str], list[str]]:
    """The statements that go forth and back, and what is had together."""
    found = store.ask(TIES, pair=[one, other])["relationship"]
    forth, back = (each["statements"]["nodes"] for each in found["directions"])
    ids = [[tie["record"]["id"] for tie in ties] for ties in (forth, back)]
    return ids[0], ids[1], [tie["record"]["id"] for tie in found["together"]["nodes"]]


@pytest.mark.parametrize("state", [POLAND, KOREA])
@pytest.mark.parametrize("target", ["party/north-korea", "party/russia"])
def test_the_words_of_both_states_on_a_third_are_found(
    seed: Store, state: str, target: str
) -> None:
    forth, back, together = tied(seed, state, target)
    assert CONCERN in forth
    assert CONCERN not in [*back, *together]


def test_a_group_speaks_for_its_states_together(seed: Store) -> None:
    forth, back, together = tied(seed, POLAND, KOREA)
    assert CONCERN in together
    assert "event/security-officials-meeting" in together
    assert CONCERN not in [*forth, *back]


def test_the_state_of_a_speaker_is_not_its_target(seed: Store) -> None:
    forth, back, together = tied(seed, POLAND, KOREA)
    assert REAFFIRMED in together
    assert REAFFIRMED not in [*forth, *back]


def test_a_group_is_no_node_beside_its_states(seed: Store) -> None:
    query = """{ network(first: 1000) { nodes { actor { id } }
      edges { id counts { noun forth back } } }
      itself: network(actorsAs: ITSELF, first: 1000) { nodes { actor { id } } } }"""
    found = seed.ask(query)
    assert GROUP not in {node["actor"]["id"] for node in found["network"]["nodes"]}
    assert GROUP in {node["actor"]["id"] for node in found["itself"]["nodes"]}
    edges = {edge["id"]: edge["counts"] for edge in found["network"]["edges"]}
    words = {"noun": "STATEMENT", "forth": 0, "back": 1}
    assert edges["network-edge/party/north-korea~party/poland"] == [words]
    assert edges["network-edge/party/poland~party/russia"] == [words | {"forth": 1, "back": 0}]


def test_a_group_counts_for_each_of_its_states(seed: Store) -> None:
    query = """{ party(by: {slug: "security-officials-poland-south-korea"}) { state { id }
        affiliations { state { id } claims { nodes { passages { exact } } } } }
      poland: party(by: {slug: "poland"}) { groups { nodes { party { id } } } }
      search(text: "burgeoning military collaboration") {
        facets { parties(first: 100) { party { id } count } } }
      statistics(where: {involves: {actor: "party/poland", role: [SPEAKER], through: true}},
          by: [PARTY], roles: [SPEAKER]) { groups { keys { value } figures { count } } } }"""
    found = seed.ask(query)
    passages = {"nodes": [{"passages": [{"exact": "officials from Poland and South Korea"}]}]}
    assert found["party"] == {
        "state": None,
        "affiliations": [{"state": {"id": id}, "claims": passages} for id in (POLAND, KOREA)],
    }
    assert found["poland"]["groups"]["nodes"] == [{"party": {"id": GROUP}}]
    facets = found["search"]["facets"]["parties"]
    parties = {each["party"]["id"] for each in facets if each["party"]}
    assert {POLAND, KOREA, "party/north-korea", "party/russia"} <= parties
    assert GROUP not in parties
    groups = {
        group["keys"][0]["value"]: group["figures"]["count"]
        for group in found["statistics"]["groups"]
    }
    assert groups == {POLAND: 2, KOREA: 2}


def test_the_circle_of_a_state_has_its_groups_at_that_edition(seed: Store) -> None:
    query = """query ($asOf: AsOf) { statements(asOf: $asOf, where: {involves: {
      actor: "party/poland", role: [SPEAKER], through: true}}) { nodes { id } } }"""
    now = seed.ask(query)["statements"]["nodes"]
    assert [statement["id"] for statement in now] == [REAFFIRMED, CONCERN]
    before = seed.ask(query, asOf={"edition": 1})["statements"]["nodes"]
    assert before == []


def group(**fields: Any) -> Data:
    """A group of people."""
    return record(
        "party/group",
        "The group",
        claims=[{"stated": "Others", "quote": "Others", "basis": "The others are a group."}],
        **fields,
    )


BOTH = [{"state": f"party/{name}", "quote": "Alfa and Bravo signed"} for name in ("alfa", "bravo")]
STATES = record("party/alfa", "Alfa") | record("party/bravo", "Bravo")


def test_a_group_has_no_state_of_its_own_beside_several(empty: Store, tmp_path: Path) -> None:
    own = {"value": "party/alfa", "quote": "Anna Kowalska of Alfa"}
    empty.publish(make(tmp_path / "one", STATES | group(state=own)))
    both = make(tmp_path / "two", group(affiliations=BOTH), source="source/second")
    with pytest.raises(DossierRefusedError) as caught:
        empty.publish(both)
    [finding] = caught.value.findings
    assert str(finding).partition(": ")[2] == (
        "party/group: it would belong to party/alfa and party/bravo, and have party/alfa as its "
        "state too. A group of several states has none of its own: write state: {status: "
        "NOT_APPLICABLE, preferred: true, basis: …}, or leave the others out."
    )
    none = {"status": "NOT_APPLICABLE", "preferred": True, "basis": "It is of both."}
    right = make(tmp_path / "three", group(affiliations=BOTH, state=none), source="source/second")
    empty.publish(right)
    query = '{ party(by: {slug: "group"}) { state { id } affiliations { state { id } } } }'
    assert empty.ask(query)["party"] == {
        "state": None,
        "affiliations": [{"state": {"id": "party/alfa"}}, {"state": {"id": "party/bravo"}}],
    }
    assert empty.check().findings == []
