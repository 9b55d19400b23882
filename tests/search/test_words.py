"""Words alike: silent characters, spellings, and the names of those who take part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from api.database.migrate import migrate
from schema.model.registry import nouns, table_of
from tests.support.databases import Store, Stores, of_newest
from tests.support.dossier_factory import make, pact, record
from tests.support.searches import LIKE, found, found_each, search

BY_TEXT = """query($text: String!) {
  officials(where: {text: $text}) { nodes { id } }
  parties(where: {text: $text}) { nodes { id } } }"""
ACTORS = {
    "official/kaaba": (
        "Kaʿba al-Qurʾān",
        ["Ka'ba al-Qur'an", "kaba al quran", "Kaʾba", "al-quran"],
    ),
    "official/rus": ("Rusʹkyi Obʺekt", ["Ruskyi", "Rusʹkyi", "ruskyi ob″ekt", "obekt"]),
    "official/soft": ("Won\u00adsik\u200b Ha\ufeffn", ["wonsik han", "Won\u200bsik", "ha\u2060n"]),
    "official/stress": ("ˈSpoːla", ["spola", "spoˈla", "Spoːla"]),
    "official/rahbari": ("علی کریمی", ["علي كريمي", "على كريمى", "علی کریمی"]),
    "official/jurabi": ("כוחות צה״ל", ["צהל", 'צה"ל', "צה”ל", "צה''ל", "כוחות צה״ל"]),
    "official/george": ("ג׳ורג׳ לוי", ["ג'ורג' לוי", "גורג", "ג’ורג’"]),
    "official/kishida": ("岸田\u3000文雄", ["岸田 文雄", "岸田\u3000文雄", "文雄"]),
    "party/ministry": ("Ministry of Defence", ["ministry of defense", "DEFENCE", "defenses"[:-1]]),
    "party/center": ("Armored Training Center", ["armoured training centre", "armour", "centre"]),
    "party/programme": ("Space Programme", ["space program", "programme"]),
    "party/license": ("Licensing Organization", ["organisation", "licensing organisation"]),
}
"""Actors by their names, and how else these are asked for."""


@pytest.fixture(scope="module")
def alike(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The pact, with actors whose names can be written in several ways; for reading only."""
    data = pact()
    for id, (name, _) in ACTORS.items():
        others = {"stated": "Others", "quote": "Others put it", "basis": "Ours."}
        extra: Any = {"claims": [others]}
        if id.startswith("party"):
            extra["kind"] = {"value": "INSTITUTION", "basis": "Ours."}
        data |= record(id, id, name={"value": name, "basis": "Ours."}, **extra)
    folder = tmp_path_factory.mktemp("alike")
    return stores.filled("alike", lambda store: store.publish(make(folder, data)))


NAMED = [(id, text) for id, (_, texts) in ACTORS.items() for text in texts]


def test_a_search_finds_what_is_written_otherwise(alike: Store) -> None:
    answers = found_each(alike, [text for _, text in NAMED])
    for (id, text), ids in zip(NAMED, answers, strict=True):
        assert ids == [id], text


def test_a_filter_of_texts_finds_what_is_written_otherwise(alike: Store) -> None:
    for id, text in NAMED:
        answer = alike.ask(BY_TEXT, text=text)
        assert [row["id"] for rows in answer.values() for row in rows["nodes"]] == [id], text


def test_names_are_alike_however_they_are_written(alike: Store) -> None:
    for id, text in NAMED:
        if id.startswith("official"):
            best = alike.ask(LIKE, name=text, first=1)["namesLike"]
            assert [match["actor"]["id"] for match in best] == [id], text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("defense", ["Defence"]),
        ("defenc", ["Defence"]),
        ('"ministry of defense"', ["Ministry of Defence"]),
        ("armour centre", ["Armored", "Center"]),
        ("kaba", ["Kaʿba"]),
        ("wonsik", ["Won\u00adsik"]),
        ('צה"ל', ["צה״ל"]),
        ("علي", ["علی"]),
    ],
)
def test_highlights_mark_what_stands_in_the_text(alike: Store, text: str, shown: list[str]) -> None:
    [hit] = search(alike, text)["nodes"]
    for snippet in hit["snippets"]:
        whole = ACTORS[hit["record"]["id"]][0]
        marks = [whole[mark["start"] : mark["end"]] for mark in snippet["highlights"]]
        assert marks == shown
        assert snippet["text"] == whole


def test_the_parties_of_an_agreement_are_among_its_words(seed: Store) -> None:
    ids = found(seed, "poland ukraine", nouns=["AGREEMENT"])
    query = """{ poland: agreements(where: {involves: {actor: "party/poland"}}) { nodes { id } }
      ukraine: agreements(where: {involves: {actor: "party/ukraine"}}) { nodes { id } } }"""
    poland, ukraine = (
        {agreement["id"] for agreement in answer["nodes"]} for answer in seed.ask(query).values()
    )
    assert poland & ukraine <= set(ids)


def _changed() -> Any:
    data = pact()
    data["party/bravo"]["names"] = [
        {"text": "Zetaland", "language": "en", "kind": "COMMON", "basis": "Ours."}
    ]
    return data


def test_names_of_participants_rank_lowest_and_follow_editions(
    empty: Store, tmp_path: Path
) -> None:
    empty.publish(make(tmp_path / "one", pact()))
    [hit] = search(empty, "alfa bravo", nouns=["AGREEMENT"])["nodes"]
    assert hit["record"]["id"] == "agreement/alfa-bravo"
    assert found(empty, "zetaland", nouns=["AGREEMENT"]) == []
    empty.publish(make(tmp_path / "two", _changed()))
    [hit] = search(empty, "zetaland", nouns=["AGREEMENT"])["nodes"]
    assert hit["record"]["id"] == "agreement/alfa-bravo"
    assert hit["score"] == 2
    [word] = hit["scoredBy"]
    assert (word["place"], word["text"], word["score"]) == ("PARTICIPANT", "Zetaland", 2)
    [snippet] = hit["snippets"]
    assert snippet["text"] == "Zetaland"
    assert snippet["node"]["id"].startswith("name/")
    assert of_newest(found(empty, "zetaland", at={"edition": 1})) == []
    assert of_newest(found(empty, "zetaland", nouns=["AGREEMENT"], at={"edition": 2})) == [
        "agreement/alfa-bravo"
    ]
    assert "source/first" not in found(empty, "zetaland")
    assert found(empty, "zetaland")[0] == "party/bravo"


def test_old_folded_texts_are_made_anew(seeded: Store) -> None:
    with seeded.connect() as connection, connection.begin():
        for noun in nouns().values():
            if "folded" in table_of(noun).c:
                connection.execute(sa.update(table_of(noun)).values(folded="old"))
    findings = seeded.check().findings
    assert any("its folded text is not that of edition" in finding for finding in findings)
    migrate(seeded.url, "0009")
    migrate(seeded.url)
    assert seeded.check().findings == []
