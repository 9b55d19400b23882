"""What all records share: a card by one fragment, values of any form, and the passages of a few."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schema.graph.catalog import plural
from schema.model.field_names import field_names
from schema.model.record_choices import record_nouns
from tests.support.contradicting_sources import (
    SECOND_SOURCE,
    SEED_SOURCE,
    THIRD_SOURCE,
    WIRE_SOURCE,
)
from tests.support.databases import Store

DATE = "{ id stated edtf earliest latest precision isApproximate isUncertain }"
CARD = f"fragment Card on Record {{ __typename id noun title mainDate {DATE} }}"
BAD = 'bad: party(by: {slug: "\\u0000"}) { id }'
"""A field that fails, so that graphql-core answers all the others."""


def ids(store: Store) -> list[str]:
    """The ids of some records of every noun."""
    lists = (
        f"{plural(noun.__name__)}(first: 9) {{ nodes {{ id }} }}"
        for noun in record_nouns().values()
    )
    found = store.ask(f"{{ {' '.join(lists)} }}")
    return [node["id"] for page in found.values() for node in page["nodes"]]


def test_one_fragment_draws_a_card_of_any_record(press: Store) -> None:
    query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ...Card }} %s }} {CARD}"
    cards = press.ask(query % "", ids=ids(press))["nodes"]
    assert {card["noun"] for card in cards} == {*record_nouns()}
    assert all(card["noun"] == card["__typename"].upper() for card in cards)
    again = press.answer(query % BAD, ids=ids(press))
    assert again.errors
    assert again.data is not None
    assert again.data["nodes"] == cards


def test_the_main_date_is_the_one_that_places_a_record_in_time(press: Store) -> None:
    nouns = ", ".join(name for name, noun in record_nouns().items() if noun.dated_by)
    entries = press.ask(
        f"""{{ timeline(first: 100, where: {{nouns: [{nouns}]}}) {{
          nodes {{ id dateField date {DATE} record {{ ...Card }} }} }} }} {CARD}"""
    )["timeline"]["nodes"]
    assert any(entry["date"] for entry in entries)
    for entry in entries:
        card = entry["record"]
        assert card["mainDate"] == entry["date"]
        if entry["date"]:
            name = field_names()[entry["dateField"]].value
            assert entry["date"]["id"] == f"{card['id']}#{name}"
            at = card["__typename"]
            query = f"query ($id: ID!) {{ node(id: $id) {{ ... on {at} {{ {name} {DATE} }} }} }}"
            assert press.ask(query, id=card["id"])["node"][name] == card["mainDate"]


VALUES = "id field elementField value"


def test_a_value_is_json_and_no_text_of_it(press: Store) -> None:
    known = "claims(first: 100, where: {value: {isKnown: true}})"
    query = f"{{ {known} {{ nodes {{ {VALUES} }} }} %s }}"
    claims = press.ask(query % "")["claims"]["nodes"]
    assert {type(claim["value"]) for claim in claims} >= {str, dict}
    assert not any(_is_json(claim["value"]) for claim in claims if isinstance(claim["value"], str))
    again = press.answer(query % BAD)
    assert again.errors
    assert again.data is not None
    assert again.data["claims"]["nodes"] == claims
    nested = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Claim {{ {VALUES} }} }} }}"
    assert press.ask(nested, ids=[claim["id"] for claim in claims])["nodes"] == claims


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except ValueError:
        return False


@pytest.mark.parametrize("name", ["TITLE", "QUANTITY", "BUYERS"])
def test_claims_are_found_by_their_field(press: Store, name: str) -> None:
    query = """query ($where: ClaimWhere) { claims(first: 100, where: $where) {
      totalCount nodes { field } } }"""
    found = press.ask(query, where={"field": {"eq": name}})["claims"]
    assert {claim["field"] for claim in found["nodes"]} == {name}
    both = press.ask(query, where={"field": {"in": [name, "KIND"]}})["claims"]
    kinds = press.ask(query, where={"field": {"eq": "KIND"}})["claims"]
    assert both["totalCount"] == found["totalCount"] + kinds["totalCount"]


def test_a_field_that_nobody_has_is_named_with_the_nearest(seed: Store) -> None:
    [error] = seed.answer("{ claims(where: {field: {eq: QUANTITIES}}) { totalCount } }").errors
    assert "QUANTITY" in error.message


ABOUT = """query ($id: ID!, $records: [ID!], $after: String, $asOf: AsOf) {
  source(by: {id: $id}, asOf: $asOf) {
    passages(records: $records, first: 100, after: $after) {
      nodes { id claim { record { id } } } pageInfo { hasNextPage endCursor }
} } }"""
SOURCES = (SEED_SOURCE, SECOND_SOURCE, THIRD_SOURCE, WIRE_SOURCE)


def by_source(store: Store, **given: Any) -> dict[str, list[Any]]:
    """The passages of each text of the press about some records, or about all."""
    found: dict[str, list[Any]] = {id: [] for id in SOURCES}
    for id in SOURCES:
        after, is_more = None, True
        while is_more:
            page = store.ask(ABOUT, id=id, after=after, **given)["source"]["passages"]
            found[id] += page["nodes"]
            after, is_more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return found


def test_the_passages_of_some_records_are_those_of_all_that_their_claims_rest_on(
    press: Store,
) -> None:
    whole = by_source(press)
    named = sorted({each["claim"]["record"]["id"] for own in whole.values() for each in own})
    for some in (named[:1], named[1:4], named[:100], [], ["party/nobody"]):
        for source, found in by_source(press, records=some).items():
            expected = [each for each in whole[source] if each["claim"]["record"]["id"] in some]
            assert found == expected


def test_records_are_meant_whatever_edition_their_ids_carry(press: Store) -> None:
    drones = "procurement/south-korea-polish-drones"
    now = by_source(press, records=[drones])
    assert any(now.values())
    assert by_source(press, records=[f"{drones}@2"]) == now


def test_of_too_many_records_the_passages_are_refused(seed: Store) -> None:
    answer = seed.answer(ABOUT, id=SEED_SOURCE, records=["party/poland"] * 101)
    assert "Ask for the passages of at most 100." in answer.errors[0].message
    assert seed.ask(ABOUT, id=SEED_SOURCE, records=["party/poland"] * 100)
