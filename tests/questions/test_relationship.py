"""The relationship of two actors: all of it, each direction apart, and through whom."""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.model.factuality import CONFIRMED
from schema.model.values import CodepointText
from schema.nouns.involvement import InvolvementRole
from schema.questions.ties import DIRECTIONS, TieRow, direction_columns, is_busier, ties_between
from tests.support.contradicting_sources import SEED_EDITION
from tests.support.databases import Store, Stores, of_newest

POLAND, KOREA = "party/poland", "party/south-korea"
TIES = "(first: 100) { totalCount nodes { id noun record { id } one { id } other { id } } }"
WHOLE = f"""
  sides {{ id actor {{ id title }} through {{ nodes {{ id }} }} }}
  agreements{TIES} events{TIES} together{TIES} ties{TIES}
  directions {{ id fromActor {{ id }} toActor {{ id }}
    procurements{TIES} statements{TIES} decisions{TIES} }}
  statistics(by: [NOUN]) {{ total {{ count unconfirmed }} repeatCount unconfirmedRepeatCount
    groups {{ keys {{ value }}
    figures {{ count unconfirmed money {{ currency minimum maximum }} }} }} }}
  timeline(first: 100) {{ totalCount nodes {{ id placement earliest latest }} }}
  ends {{ id placedOn }}
  unknowns(first: 5) {{ totalCount nodes {{ id status record {{ id }} }} }}"""
QUERY = f"""query ($between: [ID!]!, $asOf: AsOf) {{
  relationship(between: $between, asOf: $asOf) {{ {WHOLE} }} }}"""
ACTORS = [
    POLAND,
    KOREA,
    "party/north-korea",
    "party/russia",
    "party/ukraine",
    "official/andrzej-duda",
    "official/shin-won-sik",
    "party/south-korean-leaders",
    "party/national-security-bureau-poland",
]


def between(store: Store, one: str, other: str, **variables: Any) -> Any:
    """The whole relationship of two actors."""
    return store.ask(QUERY, between=[one, other], **variables)["relationship"]


def records(ties: Any) -> list[str]:
    """The records of a list of ties."""
    assert ties["totalCount"] == len(ties["nodes"])
    return [tie["record"]["id"] for tie in ties["nodes"]]


def test_everything_between_poland_and_south_korea_is_there(seed: Store) -> None:
    found = between(seed, POLAND, KOREA)
    assert records(found["agreements"]) == [
        "agreement/poland-south-korea-drone-deal",
        "agreement/poland-south-korea-ongoing-communication",
    ]
    assert records(found["events"]) == [
        "event/drone-deal-signing",
        "event/duda-visit-south-korea",
        "event/presidents-meeting",
        "event/security-officials-meeting",
        "event/siewiera-shin-discussions",
    ]
    forth, back = found["directions"]
    assert (forth["fromActor"]["id"], forth["toActor"]["id"]) == (POLAND, KOREA)
    assert records(forth["procurements"]) == ["procurement/south-korea-polish-drones"]
    assert records(back["procurements"]) == []
    assert records(forth["decisions"]) == records(back["decisions"]) == []
    counts = {
        group["keys"][0]["value"]: group["figures"]["count"]
        for group in found["statistics"]["groups"]
    }
    assert counts == {"AGREEMENT": 2, "EVENT": 5, "PROCUREMENT": 1, "STATEMENT": 2}
    assert found["ends"] == []
    assert found["unknowns"]["totalCount"] > 100


def test_a_state_stands_for_others_and_says_through_whom(seed: Store) -> None:
    found = between(seed, POLAND, KOREA)
    through = [[actor["id"] for actor in side["through"]["nodes"]] for side in found["sides"]]
    group = "party/security-officials-poland-south-korea"
    assert through == [
        ["official/andrzej-duda", "official/jacek-siewiera", POLAND, group],
        ["official/shin-won-sik", "official/south-korean-president-unnamed", group, KOREA],
    ]
    query = """query ($between: [ID!]!) { relationship(between: $between) { events { nodes {
      record { id } one { role statedAs actor { id } } other { role actor { id } } } } } }"""
    ties = seed.ask(query, between=[POLAND, KOREA])["relationship"]["events"]["nodes"]
    visit = next(tie for tie in ties if tie["record"]["id"] == "event/duda-visit-south-korea")
    assert visit["one"] == [
        {
            "role": "VISITOR",
            "statedAs": "Poland’s President Andrzej Duda",
            "actor": {"id": "official/andrzej-duda"},
        }
    ]
    assert visit["other"] == [{"role": "HOST", "actor": {"id": KOREA}}]


def test_procurements_each_way_stand_apart(press: Store) -> None:
    forth, back = between(press, POLAND, KOREA)["directions"]
    assert "procurement/south-korea-polish-drones" in records(forth["procurements"])
    assert records(back["procurements"])
    assert not {*records(forth["procurements"])} & {*records(back["procurements"])}
    assert records(forth["decisions"])
    assert records(forth["statements"])
    assert records(back["statements"])


def test_targets_of_the_same_words_are_not_tied_by_them(seed: Store) -> None:
    found = between(seed, "party/north-korea", "party/russia")
    assert {tie["noun"] for tie in found["ties"]["nodes"]} == {"EVENT"}


def turned(found: Any) -> str:
    """A relationship seen from the other side."""
    found = json.loads(json.dumps(found))
    found["sides"].reverse()
    found["directions"].reverse()
    lists = [found[name] for name in ("agreements", "events", "together", "ties")]
    for listing in lists:
        for tie in listing["nodes"]:
            record, _, pair = tie["id"].partition("?between=")
            one, _, other = pair.partition("~")
            tie["id"] = f"{record}?between={other}~{one}"
            tie["one"], tie["other"] = tie["other"], tie["one"]
    return json.dumps(found)


@settings(max_examples=15, deadline=None)
@given(pair=st.permutations(ACTORS).map(lambda actors: actors[:2]))
def test_the_other_way_round_is_the_same_with_directions_swapped(
    press: Store, pair: list[str]
) -> None:
    one, other = pair
    assert turned(between(press, one, other)) == json.dumps(between(press, other, one))


@pytest.mark.parametrize("pair", [*combinations(ACTORS[:5], 2)], ids="-".join)
def test_every_tie_is_in_its_place_and_every_total_agrees(
    press: Store, pair: tuple[str, str]
) -> None:
    found = between(press, *pair)
    every = records(found["ties"])
    total = found["statistics"]["total"]
    assert len(every) == len(set(every)) == total["count"] + total["unconfirmed"]
    assert {entry["id"] for entry in found["timeline"]["nodes"]} == {
        f"timeline-entry/{id}" for id in every
    }
    directed = {
        id
        for direction in found["directions"]
        for name in ("procurements", "statements", "decisions")
        for id in records(direction[name])
    }
    both = {*records(found["agreements"]), *records(found["events"])}
    assert directed | both | {*records(found["together"])} == {*every}
    dated = [entry for entry in found["timeline"]["nodes"] if entry["placement"] == "DATED"]
    ends = [end["id"] for end in found["ends"]]
    assert ends == ([dated[0]["id"], dated[-1]["id"]] if dated else [])


def test_the_first_and_the_last_dated_record_are_told(press: Store) -> None:
    first, last = between(press, POLAND, KOREA)["ends"]
    assert first["placedOn"] < last["placedOn"]


def test_a_relationship_is_read_as_of_an_edition(seed: Store, press: Store) -> None:
    then = of_newest(between(press, POLAND, KOREA, asOf={"edition": SEED_EDITION}))
    assert then == between(seed, POLAND, KOREA)
    assert then != between(press, POLAND, KOREA)
    assert between(press, POLAND, "official/shin-won-sik", asOf={"edition": 1}) is None


def test_both_databases_tell_the_same(both: tuple[Stores, Stores]) -> None:
    one, other = (between(stores.seed(), POLAND, KOREA) for stores in both)
    assert one == other


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([POLAND, POLAND], f"`between` holds '{POLAND}', '{POLAND}'. Give two different ids"),
        ([POLAND], f"`between` holds '{POLAND}'. Give two different ids"),
        ([], "`between` holds nobody. Give two different ids"),
        ([POLAND, "event/presidents-meeting"], "'event/presidents-meeting' is no party"),
    ],
)
def test_what_is_no_pair_of_actors_is_named(seed: Store, ids: list[str], message: str) -> None:
    answer = seed.answer(QUERY, between=ids)
    assert answer.errors[0].message.startswith(message)


def test_an_actor_that_is_not_on_record_gives_null(seed: Store) -> None:
    assert between(seed, POLAND, "party/atlantis") is None


def test_it_takes_the_same_statements_however_much_there_is(seed: Store) -> None:
    query = """query ($between: [ID!]!) { relationship(between: $between) {
      agreements { nodes { id one { role } other { role } } } events { totalCount nodes { id } }
      ends { id } timeline(first: 5) { nodes { id } } statistics { total { count } } } }"""
    much = seed.answer(query, between=[POLAND, KOREA]).statements
    little = seed.answer(query, between=["party/north-korea", "party/russia"]).statements
    assert len(much) == 1 + 7 + 2 + 2 + 1 + 1
    assert len(little) <= len(much)


@settings(max_examples=15, deadline=None)
@given(actors=st.sets(st.sampled_from(ACTORS)), others=st.sets(st.sampled_from(ACTORS)))
def test_the_busier_are_those_that_take_part_in_more(
    both: tuple[Stores, Stores], actors: set[str], others: set[str]
) -> None:
    for stores in both:
        with stores.seed().connect() as connection:
            parts = connection.execute(sa.text("SELECT actor_id FROM involvement")).scalars().all()
            found = connection.execute(is_busier([*actors], [*others])).scalar_one()
        taken = [sum(part in circle for part in parts) for circle in (actors, others)]
        assert bool(found) == (taken[0] > taken[1])


roles = st.lists(
    st.tuples(
        st.sampled_from([role.value for role in InvolvementRole]),
        st.sampled_from(["ASSERTED", "REPORTED", "ALLEGED", "PLANNED"]),
    ),
    min_size=1,
    max_size=3,
)
Roles = list[tuple[str, str]]


@settings(max_examples=60, deadline=None)
@given(ones=roles, others=roles)
def test_a_tie_goes_in_sql_the_way_it_goes_in_python(
    both: tuple[Stores, Stores], ones: Roles, others: Roles
) -> None:
    def part(roles: Roles, side: str) -> dict[str, list[str]]:
        ids = [f"{side}{number}" for number in range(len(roles))]
        named, sure = ([each[place] for each in roles] for place in (0, 1))
        record = ["event/meeting"] * len(roles)
        columns = {"id": ids, "role": named, "actor_id": ids, "record_id": record}
        return {**columns, "factuality": sure}

    def ties(*sides: Roles) -> list[TieRow]:
        return ties_between(part(sides[0], "one"), part(sides[1], "other"))

    confirmed = ties(*([each for each in side if each[1] in CONFIRMED] for side in (ones, others)))
    expected = confirmed[0].directions if confirmed else frozenset()
    whole = ties(ones, others)
    first, second = (
        sa.union_all(
            *(
                sa.select(
                    sa.literal(role, CodepointText).label("role"),
                    sa.literal(factuality, CodepointText).label("factuality"),
                )
                for role, factuality in each
            )
        ).subquery()
        for each in (ones, others)
    )
    is_sure = sa.and_(*(each.c.factuality.in_(CONFIRMED) for each in (first, second)))
    columns, is_tied = direction_columns(first.c.role, second.c.role, is_sure)
    query = sa.select(*columns, is_tied.label("is_tied")).select_from(first.join(second, sa.true()))
    for stores in both:
        with stores.seed().connect() as connection:
            found = connection.execute(query).mappings().one()
        assert {way for way in DIRECTIONS if found[way]} == expected
        assert [tie.is_doubted for tie in whole] == ([not expected] if found["is_tied"] else [])
