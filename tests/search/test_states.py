"""States in searches: a whole name or a code puts its state first, in `search` and `namesLike`."""

from __future__ import annotations

from typing import Any

import pycountry
import pytest

from schema.dossiers.states import names_of
from tests.support.databases import Store

BATCH = 12
"""How many questions go into one operation."""


def firsts(store: Store, field: str, texts: list[str]) -> list[str | None]:
    """Which record each text puts first."""
    found: list[str | None] = []
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        given = ", ".join(f"$t{number}: String!" for number in range(len(batch)))
        fields = " ".join(f"n{number}: {field % f'$t{number}'}" for number in range(len(batch)))
        values: dict[str, Any] = {f"t{number}": text for number, text in enumerate(batch)}
        answer = store.ask(f"query({given}) {{ {fields} }}", **values)
        for number in range(len(batch)):
            hits = answer[f"n{number}"]
            hits = hits["nodes"] if isinstance(hits, dict) else hits
            found.append(hits[0]["found"]["id"] if hits else None)
    return found


FIELDS = [
    "search(text: %s, first: 1) { nodes { found: record { id } } }",
    "namesLike(name: %s, first: 1) { found: actor { id } }",
]


@pytest.mark.parametrize("field", FIELDS, ids=["search", "namesLike"])
@pytest.mark.parametrize("attribute", ["name", "alpha_2", "alpha_3"])
def test_a_name_or_code_of_iso_puts_its_state_first(
    seed: Store, field: str, attribute: str
) -> None:
    countries = list(pycountry.countries)
    texts = [str(getattr(country, attribute)) for country in countries]
    found = firsts(seed, field, texts)
    states = [names_of(country.alpha_3) for country in countries]
    wrong = {
        text: id
        for text, id, state in zip(texts, found, states, strict=True)
        if state is None or id != state.id
    }
    assert wrong == {}
    assert len(texts) == 249


@pytest.mark.parametrize("field", FIELDS, ids=["search", "namesLike"])
def test_what_states_are_called_puts_them_first(seed: Store, field: str) -> None:
    called = {
        "Republic of Korea": "south-korea",
        "ROK": "south-korea",
        "S. Korea": "south-korea",
        "한국": "south-korea",
        "DPRK": "north-korea",
        "US": "united-states",
        "U.S.": "united-states",
        "USA": "united-states",
        "UK": "united-kingdom",
        "UAE": "united-arab-emirates",
        "PRC": "china",
        "Polish": "poland",
        "Polska": "poland",
        "Україна": "ukraine",
        "Emirati": "united-arab-emirates",
        "Dutch": "netherlands",
        "Turkey": "turkiye",
        "Zaire": "congo-kinshasa",
        "USSR": "soviet-union",
        "GDR": "east-germany",
        "Yugoslavia": "yugoslavia",
        "NATO": "nato",
        "EU": "european-union",
    }
    found = firsts(seed, field, [*called])
    assert dict(zip(called, found, strict=True)) == {
        text: f"party/{slug}" for text, slug in called.items()
    }


def test_an_adjective_of_two_states_finds_both(seed: Store) -> None:
    hits = seed.ask('{ search(text: "Korean", first: 2) { nodes { score record { id } } } }')
    nodes = hits["search"]["nodes"]
    assert {hit["record"]["id"] for hit in nodes} == {"party/north-korea", "party/south-korea"}
    assert len({hit["score"] for hit in nodes}) == 1


def test_a_hit_says_that_a_code_or_a_name_is_all_that_was_searched_for(seed: Store) -> None:
    query = """query ($text: String!) { search(text: $text, first: 1) { nodes { score
      scoredBy { score isWhole isEntire field place text } } }
      namesLike(name: $text, first: 1) { score name explanation node { id } } }"""
    found = seed.ask(query, text="PL")
    assert found["search"]["nodes"] == [
        {
            "score": 60,
            "scoredBy": [
                {
                    "score": 60,
                    "isWhole": True,
                    "isEntire": True,
                    "field": "VALUE",
                    "place": "PART",
                    "text": "PL",
                }
            ],
        }
    ]
    assert found["namesLike"] == [
        {
            "score": 1.0,
            "name": "PL",
            "explanation": "'PL' is its code in ISO 3166-1 alpha-2.",
            "node": {"id": "identifier/party.poland.iso-3166-1-alpha-2.pl"},
        }
    ]
    [hit] = seed.ask(query, text="Poland")["search"]["nodes"]
    assert [(by["score"], by["isEntire"]) for by in hit["scoredBy"]] == [(56, True)]
    [hit] = seed.ask(query, text="Pol")["search"]["nodes"]
    assert hit["score"] == 60
