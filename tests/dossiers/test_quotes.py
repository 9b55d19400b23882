"""Quotes that are almost as the text has it: what the refusal says, and following it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.dossiers.evidence import Quote
from schema.dossiers.quotes import alike, missing, places
from schema.errors import DossierRefusedError
from schema.model.text import fold
from tests.support.databases import Store
from tests.support.dossier_factory import TEXT, make, pact, write

ODD = (
    TEXT
    + "Straße: “no deal”. Caf\u00e9 Mont, Cafe\u0301 Noir; 200\u00a0tanks, co\u00adoperation\n"
    + "of two\nlines, \u202bright\u202c to left, Wa\u0142\u0119sa \u1112\u1161\u11ab국 \ufeffend.\n"
)
CASES = {
    '"no deal"': ("“no deal”", "U+201C LEFT DOUBLE QUOTATION MARK", "U+0022 QUOTATION MARK"),
    "Cafe\u0301 Mont": (
        "Café Mont",
        "U+00E9 LATIN SMALL LETTER E WITH ACUTE",
        "U+0065 LATIN SMALL LETTER E, U+0301 COMBINING ACUTE ACCENT",
    ),
    "Caf\u00e9 Noir": (
        "Cafe\u0301 Noir",
        "U+0065 LATIN SMALL LETTER E, U+0301 COMBINING ACUTE ACCENT",
        "U+00E9 LATIN SMALL LETTER E WITH ACUTE",
    ),
    "200 tanks": ("200\u00a0tanks", "U+00A0 NO-BREAK SPACE", "U+0020 SPACE"),
    "cooperation": ("co\u00adoperation", "U+00AD SOFT HYPHEN", "nothing"),
    "of two lines": ("of two\nlines", "U+000A LINE FEED", "U+0020 SPACE"),
    "right to left": ("right\u202c to left", "U+202C POP DIRECTIONAL FORMATTING", "nothing"),
    "200\u00a0\u200btanks": ("200\u00a0tanks", "nothing", "U+200B ZERO WIDTH SPACE"),
    "한국": (
        "\u1112\u1161\u11ab국",
        "U+1112 HANGUL CHOSEONG HIEUH, U+1161 HANGUL JUNGSEONG A, U+11AB HANGUL JONGSEONG NIEUN",
        "U+D55C HANGUL SYLLABLE HAN",
    ),
    "Walesa": (
        "Wałęsa",
        "U+0142 LATIN SMALL LETTER L WITH STROKE, U+0119 LATIN SMALL LETTER E WITH OGONEK",
        "U+006C LATIN SMALL LETTER L, U+0065 LATIN SMALL LETTER E",
    ),
}
"""What an editor wrote: the words of the text, the character there, the character written."""
ADVICE = re.compile(
    r"The text has (?:'(?P<plain>.*?)'|(?P<coded>\".*\") \(in double quotation marks\))\. At"
)


@pytest.mark.parametrize("quoted", CASES)
def test_the_refusal_names_the_character_and_its_place(quoted: str) -> None:
    own, there, here = CASES[quoted]
    _, right = missing(Quote(exact=quoted), ODD)
    found = alike(quoted, ODD)
    assert found is not None
    assert ODD[slice(*found)] == own
    place, line = map(int, re.findall(r"At (\d+) \(line (\d+)\)", right)[0])
    assert f"it has {there}, where the quote has {here}." in right
    assert ODD.count("\n", 0, place) + 1 == line
    if there != "nothing":
        first = unicodedata.name(ODD[place], "LINE FEED")
        assert there.split(",")[0].endswith(first)


@pytest.mark.parametrize("quoted", CASES)
def test_following_the_refusal_publishes(empty: Store, tmp_path: Path, quoted: str) -> None:
    def folder(name: str, words: str) -> Path:
        data = pact()
        data["agreement/alfa-bravo"]["label"] = {"quote": "WORDS"}
        made = make(tmp_path / name, data, text=ODD)
        dossier = (made / "dossier.yaml").read_text("utf-8")
        assert dossier.count("quote: WORDS") == 1
        return write(made, dossier.replace("quote: WORDS", f"quote: {words}"), ODD)

    with pytest.raises(DossierRefusedError) as refused:
        empty.publish(folder("wrong", "'" + quoted.replace("'", "''") + "'"))
    advice = ADVICE.search(str(refused.value))
    assert advice is not None, str(refused.value)
    plain = advice["plain"]
    written = advice["coded"] if plain is None else "'" + plain.replace("'", "''") + "'"
    assert empty.publish(folder("right", written)).edition == 1


def test_a_wrong_prefix_is_told_what_stands_there(empty: Store, tmp_path: Path) -> None:
    quote: Any = {"exact": "Alfa", "prefix": "with ", "suffix": " und"}
    _, right = missing(Quote(**quote), "So said Alfa and Bravo")
    assert right == "At 8 (line 1) the text has 'said ' before it and ' and' after it."
    again = Quote(exact="Alfa", prefix="said ", suffix=" and")
    assert places(again, "So said Alfa and Bravo") == [8]


def test_half_a_word_is_no_hint() -> None:
    for quoted in ("s deal", "traß", "x", "e “n", "—"):
        found = alike(quoted, "Straße: “no deal”.")
        assert found is None or fold("Straße: “no deal”."[slice(*found)]) == fold(quoted)


LETTERS = "aAßéÉłİñﬁ한국신日本ガﾞ \n\u00a0\u00ad\u200b\u202a“”\"'’-–.,1½\u0301\u0323Ως"
SILENT = "\u00ad\u200b\u202a"
CHANGES: dict[str, Callable[[str], str]] = {
    "NFC": lambda words: unicodedata.normalize("NFC", words),
    "NFD": lambda words: unicodedata.normalize("NFD", words),
    "spaces": lambda words: words.replace(" ", "\u00a0"),
    "breaks": lambda words: words.replace(" ", "\n"),
    "hyphens": "\u00ad".join,
    "marks of direction": lambda words: f"\u202b{words}\u202c",
    "quotation marks": lambda words: words.replace("“", '"').replace("’", "'"),
    "case": lambda words: words.upper(),
}


@settings(max_examples=300)
@given(st.text(st.sampled_from(LETTERS), max_size=30), st.data())
def test_the_hint_is_of_the_text_itself_and_alike(text: str, data: st.DataObject) -> None:
    # No edge parts a letter from its marks, those too that stand behind what nobody hears.
    edges = [
        at
        for at in range(len(text) + 1)
        if not unicodedata.combining(text[at:].lstrip(SILENT)[:1] or "a")
    ]
    start = data.draw(st.sampled_from(edges))
    end = data.draw(st.sampled_from([at for at in edges if at >= start]))
    change = CHANGES[data.draw(st.sampled_from(sorted(CHANGES)))]
    words = change(text[start:end])
    if not words or words in text:
        return
    found = alike(words, text)
    if fold(words):
        assert found is not None
        begins, ends = found
        assert 0 <= begins < ends <= len(text)
        assert fold(text[begins:ends]) == fold(words)
    missing(Quote(exact=words), text)
