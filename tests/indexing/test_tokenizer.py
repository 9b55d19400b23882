"""Folding: what makes a word, where it stands to the character, and how it is kept."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.indexing.documents import CHUNK, PHRASE_CEILING, chunks, utf16
from schema.indexing.tokenizer import TOKEN_CEILING, encoded, tokenize
from schema.model.text import fold

ANY = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(
            "aZłß-’'. \u00ad\u200d\u0301한국신\u1112\u1161\u11abガｶﾞー々ไทยก็हिन्दी٣ـ½ﷺ㈱🛩"
        ),
    ),
    max_size=40,
)
RUN = st.text(st.sampled_from("한미상호방위조약日本国防ไทย"), min_size=2, max_size=12)


def tokens(text: str) -> list[str]:
    """The words of a text without their places."""
    return [word.token for word in tokenize(text)[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jarosław Straße", ["jaroslaw", "strasse"]),
        ("“Ça”, e\u0301cole!", ["ca", "ecole"]),
        ("Won\u00adsik\u200b", ["wonsik"]),
        ("한미상호", ["한미", "미상", "상호", "호"]),
        ("방", ["방"]),
        ("K2전차", ["k2", "전차", "차"]),
        ("日本の国", ["日本", "本の", "の国", "国"]),
        ("ไทย", ["ไท", "ทย", "ย"]),
        ("ｶﾞｽ", ["カス", "ス"]),
        ("हिन्दी", [fold("हिन्दी")]),
        ("مـحـمـد", ["محمد"]),
        ("Ｆ－１６ ①", ["f", "16", "1"]),
        ("🛩 — …", []),
        ("", []),
    ],
)
def test_letters_digits_and_marks_make_words(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Shin Won-sik", ["wonsik"]),
        ("F-16, U.S. and O’Brien", ["f16", "us", "obrien"]),
        ("Shin-Won-sik", ["shinwonsik"]),
        ("Won--sik, Won - sik. End", []),
        ("한-미", []),
    ],
)
def test_what_one_mark_joins_is_also_one_word(text: str, expected: list[str]) -> None:
    assert [word.token for word in tokenize(text)[1]] == expected


def test_offsets_count_the_text_as_it_was_given() -> None:
    text = "🛩 e\u0301cole ﬁn \u1112\u1161\u11ab국"
    assert [text[word.start : word.end] for word in tokenize(text)[0]] == [
        "e\u0301cole",
        "ﬁn",
        "\u1112\u1161\u11ab국",
        "국",
    ]


@given(ANY)
def test_each_word_is_what_stands_at_its_place(text: str) -> None:
    plain, joined = tokenize(text)
    for word in plain:
        assert 0 <= word.start < word.end <= len(text)
        assert word.token
        alone = "".join(tokens(text[word.start : word.end])[:1])
        assert alone == word.token
    assert [word.start for word in plain] == sorted(word.start for word in plain)
    for word in joined:
        [same] = tokenize(text[word.start : word.end])[1]
        assert same.token == word.token


@given(st.text(st.sampled_from("aZłßéİÆñя́Ωςश 9,;!—“”\n")))
def test_where_words_are_spaced_they_are_the_folded_ones(text: str) -> None:
    assert tokens(text) == fold(text).split()


@given(st.text(st.sampled_from("한국신원식eéłüガ각가힣"), max_size=12))
def test_composed_and_decomposed_texts_have_the_same_words(text: str) -> None:
    composed, parted = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert tokens(composed) == tokens(parted)


@given(RUN, st.data())
def test_a_part_of_a_run_is_a_phrase_of_its_pairs(run: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(run) - 2))
    part = run[start : data.draw(st.integers(start + 2, len(run)))]
    if len(tokens(part)) < 2:  # marks alone make no pair
        return
    pairs, whole = tokens(part)[:-1], tokens(run)
    found = (whole[index : index + len(pairs)] == pairs for index in range(len(whole)))
    assert any(found) or unicodedata.combining(run[start])


@given(ANY, ANY)
def test_beginnings_stay_beginnings_when_written(left: str, right: str) -> None:
    assert encoded(left).isascii()
    assert encoded(left + right).startswith(encoded(left))
    assert encoded(left).startswith(encoded(right)) is left.startswith(right)


def test_a_long_word_is_known_by_its_beginning() -> None:
    assert tokens("a" * 500) == ["a" * TOKEN_CEILING]


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 3 * CHUNK), st.sampled_from(["word {}", "한국{}", "🛩 a-b{} "]))
def test_chunks_are_cut_so_that_no_phrase_is(count: int, form: str) -> None:
    text = " ".join(form.format(index) for index in range(count))
    pieces = chunks(text, named=False)
    whole = tokens(text)
    reached = 0
    for start, wide, piece, tok in pieces:
        assert text[start : start + len(piece)] == piece
        assert wide == utf16(text[:start])
        assert len([token for token in tok.split() if token[0] == "t"]) <= 2 * CHUNK
        here = [word.token for word in tokenize(text)[0] if word.start >= start][:CHUNK]
        first = len(whole) - len([word for word in tokenize(text)[0] if word.start >= start])
        assert first <= max(0, reached - PHRASE_CEILING)
        reached = first + len(here)
    assert reached == len(whole)
