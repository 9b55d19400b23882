"""Names that are one are alike in whatever script, and names that are two are not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.indexing.korean import romanized
from schema.indexing.name_keys import name_keys, part_keys
from schema.search.name_distance import FLOOR, NameLikeness, likeness
from tests.search.name_pairs import UNSEEN, figures, pairs, table
from tests.support.checkout import ROOT

SURNAMES = st.sampled_from("김이박최정강조윤장임한오서신권황안송류유홍문손백허남노하")
GIVEN = st.text(
    st.sampled_from("원식석열재명정은근혜무현태성민수영호준희철경우진"), min_size=2, max_size=2
)
LATIN = st.from_regex(r"[A-Z][a-z]{2,9}( [A-Z][a-z]{2,9}){0,2}", fullmatch=True)
NAMES = st.one_of(
    LATIN,
    st.from_regex(r"[А-ЯЄІЇ][а-яєіїґ]{2,9}( [А-Я][а-яєії]{2,9})?", fullmatch=True),
    st.builds(str.__add__, SURNAMES, GIVEN),
    st.text(max_size=30),
)


def reasons(query: str, name: str) -> set[str]:
    """How they are alike."""
    return {reason.value for reason in likeness(query, name).reasons}


@pytest.mark.parametrize(
    ("query", "name", "least", "why"),
    [
        ("신원식", "Shin Won-sik", 0.98, {"SAME_READING"}),
        ("申元植", "申元植", 1.0, {"SAME_NAME"}),
        ("shin won sik", "SHIN WON SIK", 1.0, {"SAME_NAME"}),
        ("Shin", "Sin", 0.95, {"ROMANISATION"}),
        ("Yoon", "Yun", 0.95, {"ROMANISATION"}),
        ("Lee", "Yi", 0.95, {"ROMANISATION"}),
        ("Lee", "Rhee", 0.95, {"ROMANISATION"}),
        ("Park", "Pak", 0.95, {"ROMANISATION"}),
        ("Park", "Bak", 0.95, {"ROMANISATION"}),
        ("Kim", "Gim", 0.95, {"ROMANISATION"}),
        ("Choi", "Choe", 0.95, {"ROMANISATION"}),
        ("Błaszczak", "Blaszczak", 1.0, {"SAME_NAME"}),
        ("Зеленський", "Zelenskyy", 0.95, {"SAME_READING"}),
        ("Зеленський", "Zelensky", 0.95, {"SAME_READING"}),
        ("Зеленський", "Zelenskiy", 0.95, {"SAME_READING"}),
        ("Дуда", "Andrzej Duda", 0.8, {"SAME_READING", "PART"}),
        ("Xi Jin-ping", "Xi Jinping", 0.95, {"DIVISION"}),
        ("Jinping Xi", "Xi Jinping", 0.95, {"ORDER"}),
        ("Oleksandr Syrskyi", "Aleksandr Syrskyi", FLOOR, {"RELATED_FORM"}),
        ("Siewira", "Jacek Siewiera", FLOOR, {"PART", "SPELLING"}),
    ],
)
def test_names_that_are_one_score_high_and_say_why(
    query: str, name: str, least: float, why: set[str]
) -> None:
    assert likeness(query, name).score >= least
    assert reasons(query, name) == why


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Li", "Lu"),
        ("Shin Wonsik", "China"),
        ("Shin Wonsik", "Chile"),
        ("Shin Wonsik", "Mexico"),
        ("Kim Jong-un", "Kim Jong-il"),
        ("김정은", "김정일"),
        ("Oleksandr", "Aleksandr"),
        ("Kowalski", "Kowalska"),
        ("Lee", "리비아"),
        ("People's Republic of China", "Democratic People's Republic of Korea"),
        ("", "Duda"),
        ("—", "—"),
    ],
)
def test_names_that_are_two_are_not_given(query: str, name: str) -> None:
    assert likeness(query, name).score < FLOOR


def test_precision_and_recall_stay_what_the_readme_says() -> None:
    assert len(pairs()) == 200
    assert len({(pair.query, pair.name) for pair in pairs()}) == 200
    assert {pair.verdict for pair in pairs()} == {"same", "different"}
    assert 90 <= sum(pair.is_one for pair in pairs()) <= 110
    for language, precision, recall in (
        ("ko", 1.0, 0.96),
        ("pl", 0.92, 1.0),
        ("uk", 0.92, 1.0),
        ("zh", 0.95, 0.88),
        ("", 0.95, 0.96),
    ):
        found = figures(language)
        assert found.precision >= precision
        assert found.recall >= recall
    unseen = figures("", UNSEEN)
    assert (unseen.precision, round(unseen.recall, 2)) >= (1.0, 0.9)
    assert table() in (ROOT / "schema/search/README.md").read_text("utf-8")


@settings(deadline=None, max_examples=200)
@given(SURNAMES, GIVEN)
def test_hangul_is_found_by_its_romanisation_in_either_order(surname: str, given: str) -> None:
    hangul, family, own = surname + given, romanized(surname), romanized(given)
    apart = "-".join(map(romanized, given))
    for written in (f"{family} {own}", f"{own} {family}", f"{family} {apart}"):
        for query, name in ((hangul, written), (written, hangul)):
            assert likeness(query, name).score >= 0.95
            assert NameLikeness.SAME_READING in likeness(query, name).reasons


@settings(deadline=None, max_examples=200)
@given(LATIN)
def test_case_accents_and_order_leave_a_name_what_it_is(name: str) -> None:
    assert likeness(name, name.upper()).score == 1.0
    assert likeness(name.replace("l", "ł"), name).score == 1.0
    turned = " ".join(reversed(name.split()))
    assert likeness(name, turned).score >= 0.95


@settings(deadline=None, max_examples=400)
@given(st.one_of(st.tuples(NAMES, NAMES), st.sampled_from([(p.query, p.name) for p in pairs()])))
def test_whatever_is_given_shares_a_key(names: tuple[str, str]) -> None:
    query, name = names
    found = likeness(query, name)
    assert 0 <= found.score <= 1
    assert bool(found.score) == bool(found.reasons)
    if found.score:
        assert any(part.every & name_keys(name) for part in part_keys(query))


def test_the_readme_names_the_floor_and_each_reason() -> None:
    text = (ROOT / "schema/search/README.md").read_text("utf-8")
    assert f"below {FLOOR} " in text
    assert set(re.findall("`([A-Z_]+)`", text)) >= {reason.value for reason in NameLikeness}
