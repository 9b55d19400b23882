"""Reference data: the states of ISO 3166-1 with their codes and their names."""

from __future__ import annotations

import re

import pycountry
import pytest
import sqlalchemy as sa

from api.database.iso_states import SOURCE, SUMMARY, reference
from api.database.seeding import load
from schema.dossiers.states import all_states
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
    for text, language, kind in (
        ("Korea, Republic of", "en", "OFFICIAL"),
        ("Republic of Korea", "en", "OFFICIAL"),
        ("ROK", "en", "ALIAS"),
        ("한국", None, "ALIAS"),
        ("South Korean", "en", "ADJECTIVE"),
        ("Korean", "en", "ADJECTIVE"),
    ):
        assert {"text": text, "language": language, "script": None, "kind": kind} in names
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
    assert {state.id for state in all_states()} < ids
    assert [id for id in ids if not re.fullmatch(r"party/[a-z0-9]+(-[a-z0-9]+)*", id)] == []


def test_the_states_have_no_mistakes() -> None:
    assert [str(finding) for finding in reference().findings] == []


def test_a_state_rests_on_its_row(seed: Store) -> None:
    answer = seed.ask(
        """{ party(by: {slug: "south-korea"}) { claims {
  nodes { field origin source { id }
        passages { exact } } } } }"""
    )
    rows = [claim for claim in answer["party"]["claims"]["nodes"] if claim["origin"] == "IMPORTED"]
    assert [(row["field"], row["source"]["id"]) for row in rows] == [(None, SOURCE)]
    assert rows[0]["passages"][0]["exact"].startswith("state\tKR\tKOR\t410\t\tSouth Korea\t")


def test_a_state_that_is_no_more_has_a_lifetime_and_successors(seed: Store) -> None:
    query = """{ party(by: {identifier: {scheme: "ISO 3166-3", value: "DDDE"}}) {
      id kind existedFrom { earliest } existedUntil { latest }
      successors { successor { id predecessors { party { id } } } }
      identifiers { scheme value } } }"""
    germany = {"id": "party/germany", "predecessors": [{"party": {"id": "party/east-germany"}}]}
    assert seed.ask(query)["party"] == {
        "id": "party/east-germany",
        "kind": "STATE",
        "existedFrom": {"earliest": "1949-10-07"},
        "existedUntil": {"latest": "1990-10-03"},
        "successors": [{"successor": germany}],
        "identifiers": [
            {"scheme": "ISO 3166-1 alpha-3, withdrawn", "value": "DDR"},
            {"scheme": "ISO 3166-3", "value": "DDDE"},
        ],
    }


def test_an_alliance_has_members_over_time(seed: Store) -> None:
    query = """query ($where: MembershipWhere) { party(by: {slug: "nato"}) {
        kind existedFrom { edtf } members(first: 100) { totalCount } }
      memberships(where: $where) { nodes {
        party { id } startedOn { edtf } endedOn { edtf } claims { nodes { origin } }
        unknowns(first: 100) { nodes { elementField status } } } } }"""
    poland = {"member": {"eq": "party/poland"}, "party": {"eq": "party/nato"}}
    found = seed.ask(query, where=poland)
    assert found["party"] == {
        "kind": "ALLIANCE",
        "existedFrom": {"edtf": "1949-04-04"},
        "members": {"totalCount": 32},
    }
    [membership] = found["memberships"]["nodes"]
    assert membership["startedOn"] == {"edtf": "1999-03-12"}
    assert membership["endedOn"] is None
    assert membership["unknowns"]["nodes"] == [
        {"elementField": "ENDED_ON", "status": "NOT_APPLICABLE"}
    ]
    left = {"member": {"eq": "party/united-kingdom"}, "party": {"eq": "party/european-union"}}
    [membership] = seed.ask(query, where=left)["memberships"]["nodes"]
    assert membership["startedOn"] == {"edtf": "1973-01-01"}
    assert membership["endedOn"] == {"edtf": "2020-01-31"}


def test_no_membership_is_longer_than_its_alliance_and_its_member_lived() -> None:
    """What ended has an end, and nobody joined before there was anything to join."""
    table = reference()
    lifetimes = {
        claim.record_id: claim.value
        for claim in table.claims.values()
        if claim.field is None and claim.element_id is None and isinstance(claim.value, dict)
    }
    dates: dict[str, dict[str, str]] = {}
    for claim in table.claims.values():
        if claim.element_field in ("startedOn", "endedOn", "member") and claim.value:
            value = claim.value
            each = dates.setdefault(claim.element_id or "", {"party": claim.record_id})
            each[str(claim.element_field)] = value if isinstance(value, str) else value["edtf"]
    assert len(dates) > 100
    for id, each in dates.items():
        for party in (each["party"], each["member"]):
            life = lifetimes[party]
            began = str((life.get("existedFrom") or {}).get("edtf", "0001"))
            ended = str((life.get("existedUntil") or {}).get("edtf", "9999"))
            assert each.get("startedOn", began)[:4] >= began[:4], id
            assert each.get("endedOn", "9999" if ended == "9999" else ended)[:4] <= ended[:4], id
            assert ended == "9999" or "endedOn" in each, id


def test_an_alliance_says_nothing_for_its_members(seed: Store) -> None:
    query = """{ procurements(where: {involves: {actor: "party/poland", through: true}}) {
      totalCount } parties(where: {state: {eq: "party/poland"}}) { nodes { id } } }"""
    found = seed.ask(query)
    assert found["procurements"]["totalCount"] == 1
    assert "party/nato" not in {party["id"] for party in found["parties"]["nodes"]}
