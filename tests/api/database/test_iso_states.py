"""Reference data: the states of ISO 3166-1 with their codes and their names."""

from __future__ import annotations

import re

import pycountry
import pytest
import sqlalchemy as sa

from api.database.iso_states import SOURCE, SUMMARY, reference
from api.database.seeding import load
from schema.publishing.publish import Publication, publish
from tests.support.databases import NOW, Store

KOREA = """{ party(by: {identifier: {scheme: "ISO 3166-1 alpha-3", value: "KOR"}}) {
  id title titleOrigin kind name state { id }
  identifiers { scheme value }
  names { text language script kind } } }"""


def test_the_states_and_the_seed_are_the_first_two_editions(seed: Store) -> None:
    editions = seed.ask("{ editions { nodes { number summary } } }")["editions"]["nodes"]
    assert editions == [
        {"number": 1, "summary": SUMMARY},
        {"number": 2, "summary": "Poland and South Korea, drones and North Korean troops"},
    ]


def test_loading_twice_changes_nothing(seeded: Store) -> None:
    before = seeded.dump()
    assert all(done.edition is None for done in load(seeded.url, "another", now=NOW))
    assert seeded.dump() == before


def test_publishing_the_states_again_changes_nothing(seeded: Store) -> None:
    before = seeded.dump()
    with seeded.connect() as connection:
        assert publish(connection, reference(), "another") == Publication(None)
    assert seeded.dump() == before


def test_a_state_has_its_codes_and_its_names_in_every_language(seed: Store) -> None:
    korea = seed.ask(KOREA)["party"]
    names = korea.pop("names")
    assert korea == {
        "id": "party/south-korea",
        "title": "South Korea",
        "titleOrigin": "COMPOSED",
        "kind": "STATE",
        "name": "South Korea",
        "state": None,
        "identifiers": [
            {"scheme": "ISO 3166-1 alpha-2", "value": "KR"},
            {"scheme": "ISO 3166-1 alpha-3", "value": "KOR"},
            {"scheme": "ISO 3166-1 numeric", "value": "410"},
        ],
    }
    assert {"text": "대한민국", "language": "ko", "script": None, "kind": "COMMON"} in names
    assert {"text": "Korea Południowa", "language": "pl", "script": None, "kind": "COMMON"} in names
    assert {
        "text": "Korea, Republic of",
        "language": "en",
        "script": None,
        "kind": "OFFICIAL",
    } not in names
    assert len({name["language"] for name in names}) > 80


@pytest.mark.parametrize("scheme", ["alpha-2", "alpha-3", "numeric"])
def test_every_state_of_the_library_is_there_once(seed: Store, scheme: str) -> None:
    with seed.connect() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT value, record_id FROM identifier WHERE scheme = :scheme AND until IS NULL"
            ),
            {"scheme": f"ISO 3166-1 {scheme}"},
        ).all()
    attribute = scheme.replace("-", "_")
    assert sorted(value for value, _ in rows) == sorted(
        getattr(country, attribute) for country in pycountry.countries
    )
    assert len({id for _, id in rows}) == len(rows)


def test_every_id_is_a_noun_and_a_slug() -> None:
    ids = reference().records.keys() - {SOURCE}
    assert len(ids) == len(pycountry.countries)
    assert [id for id in ids if not re.fullmatch(r"party/[a-z0-9]+(-[a-z0-9]+)*", id)] == []


def test_the_states_have_no_mistakes() -> None:
    assert [str(finding) for finding in reference().findings] == []


def test_a_state_rests_on_its_row(seed: Store) -> None:
    answer = seed.ask(
        """{ party(by: {slug: "south-korea"}) { claims { field origin source { id }
        passages { exact } } } }"""
    )
    rows = [claim for claim in answer["party"]["claims"] if claim["origin"] == "IMPORTED"]
    assert [(row["field"], row["source"]["id"]) for row in rows] == [(None, SOURCE)]
    assert rows[0]["passages"][0]["exact"].startswith("KOR\tKR\t410\tKorea, Republic of\t")
