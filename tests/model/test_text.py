"""Folding: what makes no difference between two texts, and what does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.indexing.tokenizer import tokenize
from schema.model.text import fold, heard, is_silent
from schema.search.terms import highlight, parse_terms

SILENT = "ʿʾʹʺˈː\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u202b\u2066ـ״׳"
"""Some of what is nothing to a word."""
ANY = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("aZłßéİÆ-’'\". 한국신\u1112\u1161\u11abガ々ー日本ไทยहिصهيונצהל٣½"),
    ),
    max_size=30,
)


@st.composite
def sprinkled(draw: st.DrawFn) -> tuple[str, str]:
    """A text, and the same with silent characters anywhere."""
    text = draw(ANY)
    marks = st.text(st.sampled_from(SILENT), max_size=2)
    return text, "".join(letter + draw(marks) for letter in text)


@pytest.mark.parametrize(
    "spellings",
    [
        ["Kaaba", "Kaaʿba", "Kaʾaba", "kaaba\u02bf"],
        ["Rus", "Rusʹ", "Rusʺ", "ˈRusː", "Rus\u0374"],
        ["Wonsik", "Won\u00adsik", "Won\u200bsik", "\ufeffWonsik", "Won\u2060sik\u200f"],
        ["ایران", "ايران"],
        ["کویت", "كويت", "ڪويت"],
        ["مصطفى", "مصطفی", "مصطفي"],
        ["صهيون", "صـهـيـون"],
        ["צהל", "צה״ל", 'צה"ל', "צה”ל", "צה''ל", "צה\u05f3\u05f3ל", "צ\u05b7ה\u05b7״ל"],
        ["גורג", "ג׳ורג׳", "ג'ורג'", "ג’ורג’"],
        ["岸田 文雄", "岸田\u3000文雄", "岸田\u00a0文雄", "\u3000岸田  文雄"],
        ["O'Brien", "Oʼbrien", "O’Brien", "OBrien", "Oʻbrien", "O＇Brien"],
        ["obekt", "ob′ekt", "obʺekt", "ob″ekt"],
    ],
)
def test_silent_characters_and_variants_are_alike(spellings: list[str]) -> None:
    assert {fold(text) for text in spellings} == {fold(spellings[0])}


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Poland's ‘pact’", "polands pact"),
        ('היא אמרה "שלום" לו', "היא אמרה שלום לו"),
        ("x'' 'y", "x y"),
        ("々ーๆ", "々ーๆ"),
        ("tʰe Mᵉ", "the me"),
        ("5'10\"", "510"),
    ],
)
def test_what_says_something_stays(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(sprinkled())
def test_silent_characters_are_nothing_to_a_text(pair: tuple[str, str]) -> None:
    text, with_marks = pair
    assert heard(with_marks) == heard(text)
    assert fold(with_marks) == fold(text)


@given(sprinkled())
def test_silent_characters_change_no_words(pair: tuple[str, str]) -> None:
    text, with_marks = pair
    before, after = tokenize(text), tokenize(with_marks)
    for some, others in zip(before, after, strict=True):
        assert [word.token for word in some] == [word.token for word in others]


@given(sprinkled(), st.sampled_from(["jaroslaw", "wonsik", "한미상호", 'צה"ל']))
def test_highlights_stand_where_the_text_has_the_words(pair: tuple[str, str], word: str) -> None:
    _, around = pair
    sprinkled_word = "\u00ad".join(word)
    text = f"{around} {sprinkled_word} {around}"
    terms = parse_terms(word)
    shown = [text[start:end] for start, end in highlight(terms, text)]
    assert fold(word) in {fold(part) for part in shown}


@given(st.text(st.sampled_from(SILENT), max_size=5))
def test_what_is_silent_makes_no_word(text: str) -> None:
    assert all(map(is_silent, text))
    assert fold(text) == ""
    assert tokenize(text) == ([], [])
