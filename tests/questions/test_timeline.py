"""The timeline: in the order of what happened, nothing lost, and what has no date says why."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.databases import Store, Stores
from tests.support.dossier_factory import Data, make, record
from tests.support.page_walk import PAGE, turned
from tests.support.where_strategy import ACTS, wheres

ARTICLE = "source/poland-south-korea-defense-ties"
TEXT = """The Pact and the Talks
Minister Anna of Alfa met Minister Berta of Bravo in spring 2024.
There, Anna praised Bravo. The two signed a pact on 3 May 2024.
An exercise followed between June and August 2024. Later, Bravo bought boats.
"""
ENTRY = """record { id } noun dateField date { stated edtf precision } earliest latest placedOn
  placement placedBy { id }"""


def told() -> Data:
    """Events with fine and coarse dates, and records that have none of their own."""
    return (
        record(
            "event/talks",
            "Talks",
            kind={"value": "MEETING", "quote": "met"},
            happened_on={"value": {"edtf": "2024-21"}, "quote": "spring 2024"},
        )
        | record(
            "statement/praise",
            "Praise",
            claims=[{"quote": "Anna praised Bravo"}],
            event={"value": "event/talks", "quote": "There", "basis": "Of the sentence before."},
        )
        | record(
            "agreement/pact",
            "Pact",
            claims=[{"quote": "The two signed a pact"}],
            signed_on={"value": {"edtf": "2024-05-03"}, "quote": "3 May 2024"},
        )
        | record(
            "procurement/under-the-pact",
            "Under the pact",
            claims=[{"quote": "a pact"}],
            agreement={"value": "agreement/pact", "basis": "For the test."},
        )
        | record(
            "event/exercise",
            "Exercise",
            happened_on={
                "value": {"edtf": "2024-06/2024-08"},
                "quote": "between June and August 2024",
            },
        )
        | record("procurement/boats", "Boats", claims=[{"quote": "Later, Bravo bought boats"}])
        | record("decision/unquoted", "Unquoted")
    )


def entries(store: Store, **variables: Any) -> list[Any]:
    """The first entries of the timeline."""
    query = f"""query ($where: RecordWhere, $direction: OrderDirection! = ASC, $asOf: AsOf) {{
      timeline(first: 100, where: $where, direction: $direction, asOf: $asOf) {{
        nodes {{ {ENTRY} }} }} }}"""
    return list(store.ask(query, **variables)["timeline"]["nodes"])


def test_everything_stands_at_its_day_and_says_how_it_came_there(
    empty: Store, tmp_path: Path
) -> None:
    published = {"value": {"edtf": "2024-09-01"}, "basis": "The masthead."}
    empty.publish(make(tmp_path / "a", told(), text=TEXT, published_on=published))
    found = [
        (
            entry["record"]["id"],
            entry["placement"],
            entry["placedOn"],
            entry["earliest"],
            entry["latest"],
            (entry["placedBy"] or {}).get("id"),
        )
        for entry in entries(empty)
    ]
    assert found == [
        ("event/talks", "DATED", "2024-03-01", "2024-03-01", "2024-11-30", None),
        ("statement/praise", "SAME_EVENT", "2024-03-01", "2024-03-01", "2024-11-30", "event/talks"),
        ("agreement/pact", "DATED", "2024-05-03", "2024-05-03", "2024-05-03", None),
        (
            "procurement/under-the-pact",
            "SAME_EVENT",
            "2024-05-03",
            "2024-05-03",
            "2024-05-03",
            "agreement/pact",
        ),
        ("event/exercise", "DATED", "2024-06-01", "2024-06-01", "2024-08-31", None),
        ("procurement/boats", "SAME_SOURCE", "2024-09-01", None, None, "source/first"),
        ("decision/unquoted", "UNPLACED", None, None, None, None),
    ]
    [talks, *_] = entries(empty)
    assert talks["dateField"] == "HAPPENED_ON"
    assert talks["date"] == {"stated": "spring 2024", "edtf": "2024-21", "precision": "SEASON"}
    assert [entry["record"]["id"] for entry in entries(empty, direction="DESC")] == [
        entry["record"]["id"] for entry in entries(empty)
    ][::-1]


def test_without_any_day_records_stand_in_the_order_of_the_words(seed: Store) -> None:
    query = """{ timeline(first: 100) { totalCount nodes { placement placedOn placedBy { id }
      record { id claims(first: 100) { nodes { passages { start } } } } } } }"""
    timeline = seed.ask(query)["timeline"]
    assert timeline["totalCount"] == len(timeline["nodes"]) == 23
    starts = []
    for entry in timeline["nodes"]:
        assert (entry["placement"], entry["placedOn"]) == ("STATED_ORDER", None)
        assert entry["placedBy"] == {"id": ARTICLE}
        passages = chain(*(claim["passages"] for claim in entry["record"]["claims"]["nodes"]))
        starts.append(min(passage["start"] for passage in passages))
    assert starts == sorted(starts)


def test_a_vague_date_is_shown_and_places_nothing(seed: Store) -> None:
    where = {"ids": ["event/presidents-meeting"]}
    [entry] = entries(seed, where=where)
    assert entry["date"] == {"stated": "on Thursday", "edtf": None, "precision": None}
    assert (entry["dateField"], entry["earliest"], entry["placement"]) == (
        "HAPPENED_ON",
        None,
        "STATED_ORDER",
    )


def test_sources_and_tenures_stand_in_it_when_asked_for(seed: Store) -> None:
    assert len(entries(seed, where={"nouns": ["TENURE", "SOURCE"]})) == 6
    assert entries(seed, where={"nouns": ["PARTY"]}) == []


@settings(max_examples=25, deadline=None)
@given(where=wheres(ACTS), size=st.integers(1, 40), direction=st.sampled_from(["ASC", "DESC"]))
def test_pages_visit_everything_once(
    seed: Store, where: dict[str, Any], size: int, direction: str
) -> None:
    ways = {}
    for step, cursor in (("first", "after"), ("last", "before")):
        query = f"""query (${step}: Int, ${cursor}: String, $where: RecordWhere,
            $direction: OrderDirection!) {{
          page: timeline(where: $where, direction: $direction, {step}: ${step},
            {cursor}: ${cursor}) {{ {PAGE} totalCount }} }}"""
        pages = turned(
            seed, query, lambda data: data["page"], where=where, direction=direction, **{step: size}
        )
        ways[step] = list(pages)
    forwards = [*chain(*ways["first"])]
    assert forwards == [*chain(*reversed(ways["last"]))]
    total = seed.ask(
        "query ($where: RecordWhere) { timeline(where: $where) { totalCount } }", where=where
    )
    assert len(forwards) == len(set(forwards)) == total["timeline"]["totalCount"]


def test_both_databases_give_the_same_timeline(both: tuple[Stores, Stores]) -> None:
    one, other = (entries(stores.seed()) for stores in both)
    assert one == other


def test_a_cursor_of_another_order_is_refused(seed: Store) -> None:
    query = "query ($c: String) { timeline(first: 1, after: $c, direction: DESC) { totalCount"
    first = seed.ask("{ timeline(first: 1) { pageInfo { endCursor } } }")
    answer = seed.answer(
        query + " pageInfo { endCursor } } }", c=first["timeline"]["pageInfo"]["endCursor"]
    )
    assert "belongs to another list or order" in answer.errors[0].message


@pytest.mark.parametrize("size", [1, 100])
def test_a_page_takes_the_same_statements_however_long(seed: Store, size: int) -> None:
    query = f"""{{ timeline(first: {size}, where: {{nouns: [EVENT]}}) {{
      totalCount nodes {{ placement record {{ title }} }} }} }}"""
    assert len(seed.answer(query).statements) == 4
