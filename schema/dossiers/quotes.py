"""Quotes: where words stand in a text, and what to tell an editor when they do not."""

from __future__ import annotations

import difflib
import json
import unicodedata
from array import array
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from schema.dossiers.evidence import Quote
from schema.model.text import fold, is_silent

SHOWN = 60
"""How much of a quote a message shows."""
NEAR = 16
"""How far around a difference, or a quote, a message looks."""
NAMED = 4
"""How many characters a message names."""

_LIKE = str.maketrans(
    {**dict.fromkeys("‘’‛ʼ′", "'"), **dict.fromkeys("“”„‟″«»", '"'), **dict.fromkeys("‐‑‒–—−", "-")}
)
_CONTROLS = {"\n": "LINE FEED", "\r": "CARRIAGE RETURN", "\t": "CHARACTER TABULATION"}


def places(quote: Quote, text: str) -> list[int]:
    """Where the words of a quote begin, overlaps included; its prefix and suffix must fit."""
    whole = quote.prefix + quote.exact + quote.suffix
    starts, start = [], text.find(whole)
    while start >= 0:
        starts.append(start + len(quote.prefix))
        start = text.find(whole, start + 1)
    return starts


def missing(quote: Quote, text: str) -> tuple[str, str]:
    """What is wrong with a quote that stands nowhere, and what would be right."""
    wrong = f"the text does not hold '{_shown(quote)}'."
    if quote.exact in text:
        return wrong, _other_surroundings(quote, text)
    found = alike(quote.exact, text)
    if found is None:
        return wrong, "Copy the words from the text."
    start, end = found
    return wrong, f"The text has {written(text[start:end])}. {_difference(quote, text, found)}"


def ambiguous(quote: Quote, text: str) -> tuple[str, str]:
    """What is wrong with a quote that stands in several places, and what would be right."""
    starts = places(quote, text)
    around = (
        f"{start}: …{text[max(0, start - NEAR) : start + len(quote.exact) + NEAR]}…"
        for start in starts[:5]
    )
    where = "; ".join(around).replace("\n", " ")
    wrong = f"'{_shown(quote)}' stands {len(starts)} times in the text ({where})."
    return wrong, "Single it out by a prefix or suffix."


def _shown(quote: Quote) -> str:
    return quote.exact if len(quote.exact) <= SHOWN else quote.exact[: SHOWN - 1] + "…"


def _other_surroundings(quote: Quote, text: str) -> str:
    """What stands around the words, where another prefix or suffix was given."""
    start = text.index(quote.exact)
    end = start + len(quote.exact)
    sides = []
    if quote.prefix:
        sides.append(f"{written(text[max(0, start - len(quote.prefix)) : start])} before it")
    if quote.suffix:
        sides.append(f"{written(text[end : end + len(quote.suffix)])} after it")
    return f"At {_where(text, start)} the text has {' and '.join(sides)}."


def written(words: str) -> str:
    """Words as a dossier can hold them: what nobody sees is written as YAML has it, `\\u00ad`."""
    if not words:
        return "nothing"
    before = ("", *words)
    unseen = {at for at, letter in enumerate(words) if _is_unseen(before[at], letter)}
    if not unseen:
        return f"'{words}'"
    letters = (
        json.dumps(letter, ensure_ascii=at in unseen and ord(letter) < 2**16)[1:-1]
        for at, letter in enumerate(words)
    )
    return f'"{"".join(letters)}" (in double quotation marks)'


def _is_unseen(before: str, letter: str) -> bool:
    """Whether a character cannot be told from a space or from none, or looks like one with it."""
    category = unicodedata.category(letter)
    if category[0] == "M":
        return unicodedata.normalize("NFC", before + letter) != before + letter
    return category[0] in "CZ" and letter != " "


def _difference(quote: Quote, text: str, found: tuple[int, int]) -> str:
    """The first characters that differ between a quote and the words that are like it."""
    start, end = found
    own, other = text[start:end], quote.exact
    same = next(
        (at for at, (one, two) in enumerate(zip(own, other, strict=False)) if one != two),
        min(len(own), len(other)),
    )
    near, far = own[same : same + NEAR], other[same : same + NEAR]
    matcher = difflib.SequenceMatcher(None, near, far, autojunk=False)
    _, begin, until, first, last = next(
        code for code in matcher.get_opcodes() if code[0] != "equal"
    )
    return (
        f"At {_where(text, start + same + begin)} it has {_named(near[begin:until])}, where the "
        f"quote has {_named(far[first:last])}."
    )


def _where(text: str, start: int) -> str:
    return f"{start} (line {text.count(chr(10), 0, start) + 1})"


def _named(letters: str) -> str:
    """Characters by code and name."""
    if not letters:
        return "nothing"
    names = (
        f"U+{ord(letter):04X} {unicodedata.name(letter, _CONTROLS.get(letter, ''))}".rstrip()
        for letter in letters[:NAMED]
    )
    return ", ".join(names) + (" …" if len(letters) > NAMED else "")


def alike(words: str, text: str) -> tuple[int, int] | None:
    """From where to where a text has words like these, at its own characters.

    First those that differ in case, in how a character is composed, in spaces, dashes, quotation
    marks and what is silent; then those that differ in accents and signs as well.
    """
    for form in (_strict, _loose):
        sought = _compared(words, form).letters.strip()
        there = _compared(text, form)
        at = there.letters.find(sought) if sought else -1
        while at >= 0:
            start, end = there.starts[at], there.ends[at + len(sought) - 1]
            if start >= 0 and end >= 0 and (form is _strict or _is_whole(text, start, end)):
                return start, end
            at = there.letters.find(sought, at + 1)
    return None


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word goes on before or after."""
    return not text[max(0, start - 1) : start].isalnum() and not text[end : end + 1].isalnum()


class _Compared(NamedTuple):
    """A text in a form for comparing, and where each of its letters begins and ends there."""

    letters: str
    starts: array[int]
    """Where the character stands that a letter is the first of; -1 within one."""
    ends: array[int]
    """Where the character ends that a letter is the last of; -1 within one."""


@lru_cache(4)
def _compared(text: str, form: Callable[[str], str]) -> _Compared:
    pieces: list[str] = []
    starts, ends = array("q"), array("q")
    start, length = 0, len(text)
    while start < length:
        # A mark behind a space belongs to none.
        end = start + 1 if text[start].isspace() else _end_of_marks(text, start + 1)
        letters = form(text[start:end])
        if letters == " " and pieces and pieces[-1] == " ":
            ends[-1] = end
        elif letters:
            pieces.append(letters)
            inside = [-1] * (len(letters) - 1)
            starts.extend((start, *inside))
            ends.extend((*inside, end))
        start = end
    return _Compared("".join(pieces), starts, ends)


def _end_of_marks(text: str, end: int) -> int:
    """Where the marks of a character end; what is silent between them does not part them."""
    at = end
    while at < len(text) and not text[at].isascii():
        at += 1
        if unicodedata.combining(text[at - 1]):
            end = at
        elif not is_silent(text[at - 1]):
            break
    return end


@lru_cache(10_000)
def _strict(character: str) -> str:
    """A character and its marks without case and width; nothing of what is silent."""
    if character.isspace():
        return " "
    heard = "".join(letter for letter in character if not is_silent(letter))
    parted = unicodedata.normalize("NFKD", heard.translate(_LIKE)).casefold()
    return unicodedata.normalize("NFKD", parted)


@lru_cache(10_000)
def _loose(character: str) -> str:
    """The same as search compares it, where signs are spaces."""
    return fold(character) or ("" if all(map(is_silent, character)) else " ")
