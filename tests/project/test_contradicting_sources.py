"""The press on the matters of the seed: anchors, spellings, contradictions and what came before."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.contradicting_sources import (
    PRESS,
    SECOND_EDITION,
    SECOND_SOURCE,
    SEED_EDITION,
    SEED_SOURCE,
    THIRD_EDITION,
    THIRD_SOURCE,
    WIRE_EDITION,
    WIRE_SOURCE,
    published_at,
)
from tests.support.databases import Store, of_newest

DRONES = "procurement/south-korea-polish-drones"


def test_the_press_stands_up_to_checking(press: Store) -> None:
    assert press.check().findings == []


def test_publishing_the_press_again_changes_nothing(press: Store) -> None:
    assert [press.publish(folder).edition for folder in PRESS] == [None] * len(PRESS)


@pytest.mark.parametrize(
    ("event", "stated", "day"),
    [
        ("presidents-meeting", "on Thursday", "2024-10-24"),
        ("security-officials-meeting", "on Wednesday", "2024-10-23"),
        ("ukraine-aid-announcement", "on Tuesday", "2024-10-22"),
    ],
)
def test_a_dateline_anchors_the_weekdays(press: Store, event: str, stated: str, day: str) -> None:
    query = """query ($slug: String!, $edition: Int!) {
      event(by: {slug: $slug}, asOf: {edition: $edition}) {
        happenedOn { stated edtf earliest latest }
        claims(field: HAPPENED_ON) { nodes { basis origin source { id } passages { exact } } }
      }
    }"""
    before = press.ask(query, slug=event, edition=SEED_EDITION)["event"]
    assert before["happenedOn"]["earliest"] is None
    after = press.ask(query, slug=event, edition=SECOND_EDITION)["event"]
    assert after["happenedOn"] == {"stated": stated, "edtf": day, "earliest": day, "latest": day}
    source = f"{SECOND_SOURCE}@{SECOND_EDITION}"
    [claim] = [claim for claim in after["claims"]["nodes"] if claim["source"]["id"] == source]
    assert claim["origin"] == "INFERRED"
    assert "dateline" in claim["basis"]
    quoted = [passage["exact"] for passage in claim["passages"]]
    assert stated in quoted
    assert "SEOUL, 25 October 2024" in quoted


def test_the_anchor_is_a_claim_of_its_own(press: Store) -> None:
    query = """query ($id: ID!) { source(by: {id: $id}) {
      publishedOn { edtf }
      claims(field: PUBLISHED_ON) { nodes { passages { exact startUtf16 start } } }
    } }"""
    source = press.ask(query, id=SECOND_SOURCE)["source"]
    assert source["publishedOn"] == {"edtf": "2024-10-25"}
    [claim] = source["claims"]["nodes"]
    [passage] = claim["passages"]
    assert passage["exact"] == "25 October 2024"
    assert passage["startUtf16"] == passage["start"] + 1, "an aeroplane stands before it"


@pytest.mark.parametrize(
    ("spelling", "language", "script"),
    [("Shin Won-sik", None, None), ("Shin Wonsik", None, None), ("신원식", "ko", "Hang")],
)
def test_an_official_is_found_under_every_spelling(
    press: Store, spelling: str, language: str | None, script: str | None
) -> None:
    query = """query ($text: String!) { names(where: {text: $text}) {
      nodes { text language script record { id } }
    } }"""
    found = press.ask(query, text=spelling)["names"]["nodes"]
    owner = {"id": "official/shin-won-sik"}
    assert all(name["record"] == owner for name in found)
    name = {"text": spelling, "language": language, "script": script, "record": owner}
    assert name in found


def test_plain_letters_find_polish_ones(press: Store) -> None:
    query = '{ officials(where: {text: "Jaroslaw"}) { nodes { name } } }'
    assert press.ask(query)["officials"]["nodes"] == [{"name": "Jarosław Wierzbicki"}]


def test_each_edition_knows_what_was_published_by_then(press: Store) -> None:
    query = """query ($id: ID!, $asOf: AsOf!) { procurement(by: {id: $id}, asOf: $asOf) {
      quantity { stated }
      claims(field: QUANTITY) { nodes { status source { id } } }
    } }"""
    seed = ("NOT_STATED", SEED_SOURCE)
    second = ("KNOWN", SECOND_SOURCE)
    wire = {("KNOWN", WIRE_SOURCE), ("WITHHELD", WIRE_SOURCE)}
    expected: dict[int, tuple[str | None, set[Any]]] = {
        SEED_EDITION: (None, {seed}),
        SECOND_EDITION: ("fewer than 200 drones", {seed, second}),
        WIRE_EDITION: ("fewer than 200 drones", {seed, second, *wire}),
        THIRD_EDITION: ("about 200", {seed, second, *wire, ("KNOWN", THIRD_SOURCE)}),
    }
    for edition, (stated, told) in expected.items():
        at = {"instant": published_at(edition).isoformat()}
        for as_of in ({"edition": edition}, at):
            found = of_newest(press.ask(query, id=DRONES, asOf=as_of))["procurement"]
            assert (found["quantity"] or {}).get("stated") == stated
            claims = found["claims"]["nodes"]
            assert {(claim["status"], claim["source"]["id"]) for claim in claims} == told


def test_purchases_go_both_ways(press: Store) -> None:
    query = """query ($buyer: ID!) {
      procurements(where: {involves: {actor: $buyer, role: [BUYER]}}) {
        nodes { id value { scope currency } suppliers { actor { id } } }
      }
    }"""
    bought = press.ask(query, buyer="party/poland")["procurements"]["nodes"]
    assert [each["id"] for each in bought] == [
        "procurement/poland-artillery-ammunition",
        "procurement/poland-hwaseong-howitzers",
    ]
    for each in bought:
        assert each["value"] == {"scope": "SHARED", "currency": "USD"}
        assert each["suppliers"] == [{"actor": {"id": "party/south-korea"}}]
    sold = press.ask(query, buyer="party/south-korea")["procurements"]["nodes"]
    assert [each["id"] for each in sold] == [DRONES]


def test_the_days_of_a_meeting_stand_in_conflict(press: Store) -> None:
    query = """{ event(by: {slug: "presidents-meeting"}) {
      happenedOn { edtf }
      conflicts { nodes { field accepted { source { id } } claims { nodes { source { id } } } } }
    } }"""
    event = press.ask(query)["event"]
    assert event["happenedOn"] == {"edtf": "2024-10-24"}
    conflict = next(
        found for found in event["conflicts"]["nodes"] if found["field"] == "HAPPENED_ON"
    )
    assert conflict["accepted"] == {"source": {"id": SECOND_SOURCE}}
    sources = {claim["source"]["id"] for claim in conflict["claims"]["nodes"]}
    assert sources == {SECOND_SOURCE, WIRE_SOURCE, THIRD_SOURCE}


def test_a_press_text_needs_no_source_before_it(seeded: Store) -> None:
    assert seeded.publish(PRESS[2]).edition == SEED_EDITION + 1
    assert seeded.check().findings == []
