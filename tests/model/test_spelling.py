"""Spelling: British and American words are the same words, and their beginnings find both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.model.spelling import _PAIRS, begun, spelled, spellings

PAIRS = [
    *[("defence", "defense"), ("defences", "defenses"), ("programmes", "programs")],
    *[("unarmoured", "unarmored"), ("centres", "centers"), ("licences", "licenses")],
    *[("reorganisation", "reorganization"), ("modernising", "modernizing")],
    *[("kilometres", "kilometers"), ("manoeuvring", "maneuvering"), ("harbour", "harbor")],
    *[("neighbouring", "neighboring"), ("cancelled", "canceled"), ("analysed", "analyzed")],
]
AROUND = st.text(st.sampled_from("abdeinrstxy"), max_size=3)


@pytest.mark.parametrize(("british", "american"), PAIRS)
def test_one_spelling_is_kept_and_both_are_looked_for(british: str, american: str) -> None:
    assert spelled(british) == american == spelled(american)
    assert spellings(british) == spellings(american)
    assert any(form in british for form in spellings(american))
    assert any(form in american for form in spellings(british))


@pytest.mark.parametrize(
    "word",
    [
        *("programmer", "programming", "organism", "exercise", "promise", "premise", "realistic"),
        *(
            "cataloguer",
            "precise",
            "fence",
            "license",
            "metric",
            "concentration",
            "glamour",
            "hour",
        ),
    ],
)
def test_other_words_stay_what_they_are(word: str) -> None:
    assert spelled(word) == word


@given(AROUND, st.sampled_from(_PAIRS), AROUND, st.data())
def test_every_beginning_finds_the_word(
    before: str, pair: tuple[str, str], after: str, data: st.DataObject
) -> None:
    for form in pair:
        word = before + form + after
        beginning = word[: data.draw(st.integers(1, len(word)))]
        kept = spelled(word)
        assert any(kept.startswith(begin) for begin in begun(beginning)), beginning
        assert spelled(kept) == kept


@given(AROUND, st.sampled_from(_PAIRS), AROUND)
def test_every_spelling_of_a_word_is_looked_for_alike(
    before: str, pair: tuple[str, str], after: str
) -> None:
    one, other = (before + form + after for form in pair)
    if spelled(one) == spelled(other):  # else the letters after it make it another word
        assert spellings(one) == spellings(other)
    assert any(form in one for form in spellings(one))
