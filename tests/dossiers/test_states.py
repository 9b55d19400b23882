"""The names of states: whom a name or a code means, and which states a text names."""

from __future__ import annotations

import pycountry
import pytest

from schema.dossiers.states import all_states, mentions, names_of, states_named

NAMED = [
    ("Polish drones", {"poland"}),
    ("officials from Poland and South Korea", {"poland", "south-korea"}),
    ("the Korean won", {"north-korea", "south-korea"}),
    ("the South Koreans told us", {"south-korea"}),
    ("US and U.K. forces in the UAE", {"united-states", "united-kingdom", "united-arab-emirates"}),
    ("ROK and DPRK; S. Korea and N. Korea", {"south-korea", "north-korea"}),
    ("Republic of Korea", {"south-korea"}),
    ("Democratic People’s Republic of Korea", {"north-korea"}),
    ("SOUTH KOREA BUYS TANKS", {"south-korea"}),
    ("대한민국의 국방부", {"south-korea"}),
    ("Україна і Polska", {"ukraine", "poland"}),
    ("it is in no as to", set()),
    ("IT and IN, NO TO US", {"united-states"}),
    ("Latin American armies of South America", set()),
    ("Papua New Guinea’s, not Guinea’s", {"papua-new-guinea", "guinea"}),
    ("Nigeriens and Nigerians", {"niger", "nigeria"}),
    ("Soviet-made, East German", {"soviet-union", "east-germany"}),
    ("Zaire, Burma, Swaziland", {"congo-kinshasa", "myanmar-burma", "eswatini"}),
]


@pytest.mark.parametrize(("text", "slugs"), NAMED, ids=[text for text, _ in NAMED])
def test_a_text_names_states(text: str, slugs: set[str]) -> None:
    assert states_named(text) == slugs


def test_a_text_in_another_language_names_them_in_it() -> None:
    assert states_named("Korea Południowa i Niemcy", "pl") == {"south-korea", "germany"}
    assert states_named("Niemcy") == frozenset()


def test_a_mention_says_where_it_stands_and_whose_name_it_may_be() -> None:
    text = "Ukrainian and Korean"
    assert [(text[m.start : m.end], sorted(m.slugs)) for m in mentions(text)] == [
        ("Ukrainian", ["ukraine"]),
        ("Korean", ["north-korea", "south-korea"]),
    ]


@pytest.mark.parametrize("key", ["south-korea", "party/south-korea", "KR", "KOR"])
def test_a_state_is_found_by_slug_id_and_code(key: str) -> None:
    state = names_of(key)
    assert state is not None
    assert (state.id, state.numeric) == ("party/south-korea", "410")


def test_nobody_has_an_unknown_key() -> None:
    assert names_of("atlantis") is None


def test_every_state_of_iso_is_named_by_its_own_names() -> None:
    states = {state.alpha_3: state for state in all_states() if state.alpha_2}
    assert states.keys() == {country.alpha_3 for country in pycountry.countries}
    for country in pycountry.countries:
        assert states_named(country.name) == {states[country.alpha_3].slug}, country.name


def test_no_two_states_have_one_slug_and_codes_lead_to_todays() -> None:
    slugs = [state.slug for state in all_states()]
    assert len({*slugs}) == len(slugs)
    for country in pycountry.countries:
        for code in (country.alpha_2, country.alpha_3):
            state = names_of(code)
            assert state is not None
            assert state.alpha_3 == country.alpha_3


def test_a_state_that_is_no_more_has_a_lifetime_and_successors() -> None:
    state = names_of("SUHH")
    assert state is not None
    assert (state.slug, state.existed_from, state.existed_until) == (
        "soviet-union",
        "1922-12-30",
        "1991-12-26",
    )
    assert {"russia", "ukraine"} <= {*state.successors}
    for each in all_states():
        assert all(names_of(slug) for slug in each.successors), each.slug
