"""`namesLike` finds parties and officials by names that are like another, on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.search.name_pairs import pairs
from tests.support.databases import Store, Stores
from tests.support.dossier_factory import Data, make, pact, record

LIKE = """query($name: String!, $first: Int! = 10, $nouns: [ActorNoun!])
  { namesLike(name: $name, first: $first, nouns: $nouns)
    { actor { id } name node { id ... on Actor { title } ... on Name { text } }
      score reasons explanation } }"""


def like(store: Store, name: str, **given: Any) -> list[Any]:
    """What is given for a name."""
    matches: list[Any] = store.ask(LIKE, name=name, **given)["namesLike"]
    return matches


def named(names: list[str]) -> Data:
    """The pact, with an official for each name; no source need be right about made-up people."""
    data = pact()
    for number, name in enumerate(names):
        data |= record(
            f"official/person-{number:03}",
            name,
            claims=[{"stated": "Others", "quote": "Others put it", "basis": "Ours."}],
            names=[{"text": name, "kind": "COMMON", "basis": "Ours."}],
        )
    return data


@pytest.fixture(scope="module")
def people(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The names of the two hundred pairs, an official each, for reading only."""
    folder = tmp_path_factory.mktemp("people")
    names = sorted({pair.name for pair in pairs()})
    return stores.filled("people", lambda store: store.publish(make(folder, named(names))))


@pytest.mark.parametrize(
    ("name", "actor", "reason"),
    [
        ("신원식", "official/shin-won-sik", "SAME_READING"),
        ("Shin Wonsik", "official/shin-won-sik", "DIVISION"),
        ("Sin Won Sik", "official/shin-won-sik", "ROMANISATION"),
        ("Won-sik Shin", "official/shin-won-sik", "ORDER"),
        ("Дуда", "official/andrzej-duda", "SAME_READING"),
        ("Siewira", "official/jacek-siewiera", "SPELLING"),
        ("Jacek Siewera", "official/jacek-siewiera", "ROMANISATION"),
        ("polen", "party/poland", "SAME_NAME"),
        ("대한민굴", "party/south-korea", "SPELLING"),
    ],
)
def test_the_one_meant_comes_first_and_says_why(
    seed: Store, name: str, actor: str, reason: str
) -> None:
    matches = like(seed, name)
    assert matches[0]["actor"]["id"] == actor
    assert reason in matches[0]["reasons"]
    assert len({match["actor"]["id"] for match in matches}) == len(matches) <= 10
    order = [(-match["score"], match["actor"]["id"]) for match in matches]
    assert order == sorted(order)
    for match in matches:
        assert 0.75 <= match["score"] <= 1
        assert match["explanation"].startswith(f"'{name}' and '{match['name']}': ")
        assert match["name"] in match["node"].values()


def test_nothing_is_given_below_the_floor(seed: Store) -> None:
    for name in ("Shin Wonsik", "신원식"):
        given = {match["actor"]["id"] for match in like(seed, name, first=100)}
        assert given == {"official/shin-won-sik"}
    assert like(seed, "Kim Jong-il", nouns=["OFFICIAL"]) == []


def test_han_characters_are_found_once_they_are_a_name(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path / "one", named(["Shin Won-sik"])))
    assert like(empty, "申元植") == []
    amended = named(["Shin Won-sik"])
    amended["official/person-000"]["names"] += [
        {"text": "申元植", "language": "ko", "script": "Hani", "kind": "ALIAS", "basis": "Ours."}
    ]
    empty.publish(make(tmp_path / "two", amended))
    [match] = like(empty, "申元植")
    assert (match["score"], match["reasons"]) == (1.0, ["SAME_NAME"])
    assert empty.check().findings == []


def test_every_pair_is_found_or_not_as_it_is_judged(people: Store) -> None:
    with people.asking() as ask:
        for pair in pairs():
            answer = ask(LIKE, {"name": pair.query, "first": 100})
            names = {match["name"] for match in answer.data["namesLike"]}
            assert (pair.name in names) is pair.is_given, pair


def test_names_are_compared_among_the_nouns_asked_for(seed: Store) -> None:
    assert like(seed, "Siewiera", nouns=["PARTY"]) == []
    parties = like(seed, "Republic of Korea", nouns=["PARTY"], first=3)
    assert {match["actor"]["id"].partition("/")[0] for match in parties} == {"party"}
    assert like(seed, "Siewira", nouns=[]) == []
    assert like(seed, "Poland", first=0) == []
    assert like(seed, "Poland", first=1)[0]["score"] == 1.0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": "—"}, "'—' has no letter or digit to compare. Give a name."),
        ({"name": "a" * 101}, "The name has 101 characters. Give at most 100."),
        ({"name": "a", "first": 101}, "`first: 101` is not between 0 and 100 matches."),
        ({"name": "a", "first": -1}, "`first: -1` is not between 0 and 100 matches."),
    ],
)
def test_a_comparison_that_cannot_be_made_is_refused(
    seed: Store, given: dict[str, Any], message: str
) -> None:
    [error] = seed.answer(LIKE, **given).errors
    assert error.message == message


def test_both_databases_give_the_same_in_the_same_order(both: tuple[Stores, Stores]) -> None:
    sqlite, postgresql = (stores.seed() for stores in both)
    query = [
        "Lee",
        "s",
        "Republic",
        "kore",
        "US",
        "Islamic Republic of Iran",
        "Li",
        "ova",
        "Guinea",
    ]
    query += [pair.query for pair in pairs()[::10]]
    for name in query:
        assert like(sqlite, name, first=100) == like(postgresql, name, first=100)
