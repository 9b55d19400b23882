"""Answers say whether what is not in them was looked for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.databases import Store, Stores
from tests.support.registers import REGISTER, register

TOLD = "coverage { verdict sources { nodes { id } } explanation }"
INSIDE = {
    "verdict": "INSIDE",
    "sources": {"nodes": [{"id": REGISTER}]},
    "explanation": "1 source covers the parties and the days asked about.",
}


@pytest.fixture(scope="module")
def covered(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The seed and a register of South Korea and Japan, 2017 to 2023, for reading only."""
    folder = tmp_path_factory.mktemp("register")
    return stores.filled("covered", lambda store: store.publish(register(folder)), seeded=True)


def where(actor: str, year: int) -> dict[str, Any]:
    """A question about a party in a year."""
    return {
        "involves": [{"actor": actor}],
        "happened": {"from": f"{year}-01-01", "until": f"{year}-12-31"},
    }


@pytest.mark.parametrize("field", ["timeline", "statistics", "network"])
def test_an_empty_answer_tells_nothing_found_from_nobody_looked(covered: Store, field: str) -> None:
    query = f"query ($where: RecordWhere) {{ {field}(where: $where) {{ {TOLD} }} }}"
    assert covered.ask(query, where=where("party/japan", 2020))[field]["coverage"] == INSIDE
    later = covered.ask(query, where=where("party/japan", 2024))[field]["coverage"]
    assert later["verdict"] == "OUTSIDE"
    elsewhere = covered.ask(query, where=where("party/togo", 2020))[field]["coverage"]
    assert (elsewhere["verdict"], elsewhere["sources"]) == ("OUTSIDE", {"nodes": []})


def test_a_relationship_is_covered_where_both_are(covered: Store) -> None:
    query = (
        f"query ($ids: [ID!]!) {{ relationship(between: $ids) {{ {TOLD} timeline {{ {TOLD} }} }} }}"
    )

    def verdicts(*ids: str) -> list[str]:
        found = covered.ask(query, ids=[*ids])["relationship"]
        return [found["coverage"]["verdict"], found["timeline"]["coverage"]["verdict"]]

    assert verdicts("party/japan", "party/south-korea") == ["INSIDE", "INSIDE"]
    assert verdicts("party/japan", "party/poland") == ["PARTLY", "PARTLY"]
    assert verdicts("party/togo", "party/poland") == ["OUTSIDE", "OUTSIDE"]


def test_the_list_of_a_noun_tells_it_by_its_where(covered: Store) -> None:
    query = f"""query ($where: ProcurementWhere) {{
      procurements(where: $where) {{ totalCount {TOLD} }} }}"""
    asked = where("party/japan", 2020)
    both: dict[str, Any] = {
        "and": [{"involves": asked["involves"][0]}, {"orderedOn": asked["happened"]}]
    }
    found = covered.ask(query, where=both)["procurements"]
    assert found == {"totalCount": 0, "coverage": INSIDE}
    alone = covered.ask(query, where={"text": "boats"})["procurements"]
    assert alone["coverage"]["verdict"] == "PARTLY"


def test_a_list_inside_a_party_is_about_that_party(covered: Store) -> None:
    query = f"""{{ parties(where: {{id: {{in: ["party/japan", "party/togo"]}}}}) {{ nodes {{
      involvements {{ totalCount {TOLD} }} }} }} }}"""
    answer = covered.answer(query)
    verdicts = [
        party["involvements"]["coverage"]["verdict"] for party in answer.data["parties"]["nodes"]
    ]
    assert verdicts == ["INSIDE", "OUTSIDE"]


def test_covering_a_party_takes_no_part_in_anything(covered: Store) -> None:
    query = """{ network(where: {involves: [{actor: "party/japan"}]}) { edgeCount }
      relationship(between: ["party/japan", "party/south-korea"]) { ties { totalCount } }
      statistics(where: {nouns: [SOURCE]}, by: [PARTY]) { groups { keys { missing } } } }"""
    assert covered.ask(query) == {
        "network": {"edgeCount": 0},
        "relationship": {"ties": {"totalCount": 0}},
        "statistics": {"groups": [{"keys": [{"missing": "NO_SUCH_FIELD"}]}]},
    }
