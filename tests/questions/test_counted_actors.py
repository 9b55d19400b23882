"""For whom an actor counts: facets and statistics follow one rule, whatever the records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.databases import Store, Stores
from tests.support.dossier_factory import Data, make, record

STATES = ["party/alfa", "party/bravo"]
OTHERS = ["party/ministry", "party/company", "official/anna", "official/boris"]
DRAWN = {"quote": "Others", "basis": "Drawn for the test."}
ROLES = {"agreement": "parties", "event": "participants", "statement": "speakers"}
"""A role in each of some nouns, as dossiers write it."""
QUERY = """query ($nouns: [RecordNoun!], $standing: Standing! = STATE) {
  search(text: "thing", nouns: $nouns) {
    facets { parties(first: 100) { party { id } count } } }
  statistics(where: {nouns: $nouns}, by: [PARTY], actorsAs: $standing) {
    groups { keys { value } figures { count } } } }"""

GROUP = "party/group"
"""A group of people, who may be of several states."""
belonging = st.fixed_dictionaries({id: st.sampled_from([None, *STATES]) for id in OTHERS})
"""The state of each of the others, or none."""
affiliated = st.lists(st.sampled_from(STATES), unique=True)
"""The states of the group."""
taking_part = st.lists(
    st.tuples(
        st.sampled_from([*ROLES]), st.lists(st.sampled_from([*STATES, *OTHERS, GROUP]), unique=True)
    ),
    max_size=6,
)
"""Records, and who takes part in each."""


def thing(id: str, **fields: Any) -> Data:
    """A record that the search for `thing` finds."""
    quote = {"quote": "‘a pact’", "basis": "Thing of the test."}
    return record(id, f"Thing {id.partition('/')[2]}", claims=[quote], **fields)


def records(
    states: dict[str, str | None], group: list[str], acts: list[tuple[str, list[str]]]
) -> Data:
    """These records, coded; what nobody says is left out."""
    several = [{"state": state, **DRAWN} for state in group]
    coded = thing(GROUP, **({"affiliations": several} if several else {}))
    for id in STATES:
        coded |= thing(id)
    for id, state in states.items():
        coded |= thing(id, **({"state": {"value": state, **DRAWN}} if state else {}))
    for number, (noun, actors) in enumerate(acts):
        parts = [{"actor": actor, **DRAWN} for actor in actors]
        coded |= thing(f"{noun}/n{number}", **({ROLES[noun]: parts} if parts else {}))
    return coded


@pytest.fixture(scope="module")
def world(stores: Stores) -> Iterator[Store]:
    """A database that holds the records of one example after the other."""
    store = stores.make(seeded=False)
    yield store
    stores.drop(store)


@settings(max_examples=12, deadline=None)
@given(
    states=belonging,
    group=affiliated,
    acts=taking_part,
    covered=st.lists(st.sampled_from(STATES), unique=True),
)
def test_facets_and_statistics_count_for_the_same_actors(
    world: Store,
    tmp_path_factory: pytest.TempPathFactory,
    states: dict[str, str | None],
    group: list[str],
    acts: list[tuple[str, list[str]]],
    covered: list[str],
) -> None:
    folder: Path = tmp_path_factory.mktemp("standing")
    parts = [{"actor": actor, **DRAWN} for actor in covered]
    fields: dict[str, Any] = {"covered": parts} if parts else {}
    world.publish(make(folder, records(states, group, acts), title="Thing", **fields))
    counts_for = {id: {state or id} for id, state in states.items()}
    counts_for |= {id: {id} for id in STATES} | {GROUP: {*group} or {GROUP}}
    by_record = [{id for actor in actors for id in counts_for[actor]} for _, actors in acts]

    nouns = [noun.upper() for noun in ROLES]
    found = world.ask(QUERY, nouns=nouns)
    groups = Counter(
        {
            group["keys"][0]["value"]: group["figures"]["count"]
            for group in found["statistics"]["groups"]
        }
    )
    assert groups == Counter(actor for each in by_record for actor in each or [None])
    facets = counted(found)
    nobody = facets.pop(None, 0)
    assert facets == {id: number for id, number in groups.items() if is_party(id)}
    assert nobody == sum(not any(map(is_party, each)) for each in by_record)

    # Actors are found too, and count as they would in a record of their own; the source has no
    # part in what it covers.
    actors = [counts_for[id] for id in [*STATES, *OTHERS, GROUP]]
    each = [{*filter(is_party, one)} for one in [*by_record, *actors, set[str]()]]
    whole = counted(world.ask(QUERY, nouns=None))
    assert whole == Counter(id for one in each for id in one or [None])


def counted(answer: Any) -> dict[str | None, int]:
    """The parties of the facets of an answer."""
    return {
        each["party"] and each["party"]["id"]: each["count"]
        for each in answer["search"]["facets"]["parties"]
    }


def is_party(id: str | None) -> bool:
    """Whether an id is that of a party, which facets count; an official is none."""
    return id is not None and id.startswith("party/")
