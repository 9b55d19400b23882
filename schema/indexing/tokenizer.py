"""Tokens: text folded for search, the same on every database: case, accents and marks aside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from schema.model.spelling import spelled
from schema.model.text import APOSTROPHES, CharacterMap, fold, gershayim, is_silent

TOKEN_CEILING = 60
"""How many characters of a word count; a longer one is found by its beginning."""
_JOINERS = APOSTROPHES | frozenset("-‐‑.″")
"""What joins parts into one word where it stands alone between them: `Won-sik`, `U.S.`."""
_JAMO = (
    *((0x1100, 0x1160, "L"), (0xA960, 0xA97D, "L"), (0x1160, 0x11A8, "V")),
    *((0xD7B0, 0xD7C7, "V"), (0x11A8, 0x1200, "T"), (0xD7CB, 0xD7FC, "T")),
)
"""Conjoining Hangul letters: those that begin, carry and end a syllable."""
_UNSPACED = (
    *((0x0E00, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800), (0xA9E0, 0xAA00), (0xAA60, 0xAA80)),
    *((0x1100, 0x1200), (0x3005, 0x3008), (0x3021, 0x3030), (0x3038, 0x3040), (0x3040, 0x3100)),
    *((0x3130, 0x3190), (0x31A0, 0x31C0), (0x31F0, 0x3200), (0x3400, 0x4DC0), (0x4E00, 0xA000)),
    *((0xA960, 0xA980), (0xAC00, 0xD800), (0xF900, 0xFB00), (0x1AFF0, 0x1B170)),
    (0x20000, 0x32000),
)
"""Scripts whose words stand together: Thai, Lao, Burmese, Khmer, Hangul, Han, kana, bopomofo."""

_WORD = "w(?:[wmz]*[wm])?"
_PART = re.compile(_WORD)
_UNIT = re.compile(rf"{_WORD}(?:z*jz*{_WORD})*|[cLVT](?:[cLVTmz]*[cLVTm])?")
_CLUSTER = re.compile("(?:L(?:z*L)*|[cVT])(?:z*[VT])*[mz]*")


class Word(NamedTuple):
    """One word of a text, folded and in one spelling, with where it stands in that text."""

    token: str
    start: int
    end: int


def _kind(letter: str) -> str:
    """What a character is to a word, in one letter, so that offsets stay what they are.

    w: of a word; c L V T: of a script without spaces; m: a mark; z: nothing; j: joins.
    """
    category = unicodedata.category(letter)
    if letter in _JOINERS:
        return "j"
    if is_silent(letter) and category != "Me":
        return "z"
    if category[0] == "M":
        return "m"
    for low, high, kind in _JAMO:
        if low <= ord(letter) < high:
            return kind
    token = bare(letter)
    if not token:
        return "m" if category[0] == "L" else "s"
    return "c" if any(low <= ord(token[0]) < high for low, high in _UNSPACED) else "w"


def bare(part: str) -> str:
    """A word or a cluster, folded; what is neither letter, digit nor mark is no part of it."""
    return (_short if len(part) <= TOKEN_CEILING else _short.__wrapped__)(part)


@lru_cache(50_000)
def _short(part: str) -> str:
    """The same; a word that is longer than what counts of it is not worth remembering."""
    return fold(part).translate(_COMPARED)


def kept(word: str) -> str:
    """A bare word as it is compared: in one spelling, and so much of it as counts."""
    return spelled(word[: 2 * TOKEN_CEILING])[:TOKEN_CEILING]


def _compared(letter: str) -> str:
    """What stays of a character of a folded word: letters, digits and marks."""
    return letter if unicodedata.category(letter)[0] in "LNM" else ""


_KINDS, _COMPARED = CharacterMap(_kind), CharacterMap(_compared)


def units(text: str) -> Iterator[tuple[str, int, int]]:
    """What stands together in a text: its kind (`w` or `c`), and from where to where."""
    shape = gershayim(text).translate(_KINDS)
    for match in _UNIT.finditer(shape):
        start, end = match.span()
        yield shape[start:end], start, end


def tokenize(text: str) -> tuple[list[Word], list[Word]]:
    """The words of a text in their order, and the joined forms of those that are joined.

    Where a script sets no spaces, each character makes a word with the next one, and the last
    one of a run makes a word alone; so a phrase of such pairs finds any part of a run.
    """
    plain: list[Word] = []
    joined: list[Word] = []
    for shape, start, end in units(text):
        if shape[0] != "w":
            plain += _bigrams(text, shape, start)
        elif "j" in shape:
            parts = list(_parts(text, shape, start))
            plain += parts
            token = kept("".join(bare(text[part.start : part.end]) for part in parts))
            joined.append(Word(token, start, end))
        else:
            plain.append(Word(kept(bare(text[start:end])), start, end))
    return plain, joined


def _parts(text: str, shape: str, start: int) -> Iterator[Word]:
    for match in _PART.finditer(shape):
        begins, ends = start + match.start(), start + match.end()
        yield Word(kept(bare(text[begins:ends])), begins, ends)


def _bigrams(text: str, shape: str, start: int) -> Iterator[Word]:
    spans = [(start + match.start(), start + match.end()) for match in _CLUSTER.finditer(shape)]
    tokens = [bare(text[begins:ends]) for begins, ends in spans]
    last = len(spans) - 1
    for index, (begins, ends) in enumerate(spans):
        if index < last:
            yield Word(tokens[index] + tokens[index + 1], begins, spans[index + 1][1])
        else:
            yield Word(tokens[index], begins, ends)


def _encoded(letter: str) -> str:
    plain = letter.isascii() and (letter.isalnum() or letter == " ") and letter != "x"
    return letter if plain else f"x{ord(letter):05x}"


_ENCODED = CharacterMap(_encoded)


def encoded(tokens: str) -> str:
    """Tokens in the letters that every search engine keeps, so that beginnings stay beginnings.

    Letters and digits of ASCII stand for themselves, any other character is `x` and five digits.
    """
    return tokens.translate(_ENCODED)
