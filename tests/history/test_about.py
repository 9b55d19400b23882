"""The feed about some records: what became of them, and of all that they have a part in."""

from __future__ import annotations

from typing import Any

from tests.support.databases import Store

QUERY = """query($about: [ID!], $where: RecordWhere) {
  changes(since: {edition: 0}, first: 100, about: $about, where: $where) {
    totalCount nodes { recordId edition { number } } } }"""
INVOLVED = """query($id: ID!) { node(id: $id) { ... on Actor {
  involvements(first: 100) { nodes { record { id } } } } } }"""
POLAND = "party/poland"
DRONES = "procurement/south-korea-polish-drones"


def about(store: Store, *ids: str, **given: Any) -> set[str]:
    """The records of which the feed about these tells."""
    found = store.ask(QUERY, about=[*ids], **given)["changes"]
    assert found["totalCount"] == len(found["nodes"])
    return {node["recordId"] for node in found["nodes"]}


def test_a_feed_about_a_party_tells_of_it_and_of_what_it_takes_part_in(seed: Store) -> None:
    parts = seed.ask(INVOLVED, id=POLAND)["node"]["involvements"]["nodes"]
    assert about(seed, POLAND) == {POLAND, *(part["record"]["id"] for part in parts)}
    assert DRONES in about(seed, POLAND)
    assert about(seed, f"{POLAND}@2") == about(seed, POLAND)


def test_a_feed_about_a_record_tells_of_it_alone(seed: Store) -> None:
    assert about(seed, DRONES) == {DRONES}
    assert about(seed, "party/nowhere") == about(seed) == set()
    both = about(seed, DRONES, POLAND)
    assert both == about(seed, DRONES) | about(seed, POLAND)


def test_a_feed_about_a_record_obeys_where_too(seed: Store) -> None:
    where = {"nouns": ["PROCUREMENT"]}
    assert about(seed, POLAND, where=where) == {DRONES}


def test_a_feed_is_about_so_many_records_and_no_more(seed: Store) -> None:
    answer = seed.answer(QUERY, about=[POLAND] * 21)
    assert [error.message for error in answer.errors] == [
        "`about` names 21 records. Name at most 20."
    ]
    assert about(seed, *[POLAND] * 20) == about(seed, POLAND)


def test_a_feed_about_nothing_in_particular_is_about_all(seed: Store) -> None:
    found = seed.ask(QUERY, about=None)["changes"]["totalCount"]
    assert found > len(about(seed, POLAND))
