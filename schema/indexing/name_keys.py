"""Names in parts, and the keys that names have in common which may be one.

A key is the skeleton of what a part reads like: its consonants in classes, as Soundex has them.
Longer skeletons also give near keys, without each one of their classes: of two names that differ
in one consonant, a key or a near key of the one is a key or a near key of the other.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from schema.indexing import chinese, korean, romanization
from schema.model.text import CharacterMap, fold

PARTS = 8
"""How many parts of a name are compared: more than any person's name has."""
_JOINED = 3
"""How many parts may be one part written apart: `shin won sik`."""
_SYLLABLE = 7
"""How long a part is that others may be joined to: a syllable."""
_DELETED = 3
"""From how many classes on a skeleton is also met without one of them."""
_CLASSES = {
    **dict.fromkeys("aehiouy", ""),
    **dict.fromkeys("bpf", "1"),
    **dict.fromkeys("cgjkqsxzCSXZ", "2"),
    **dict.fromkeys("dt", "3"),
    **dict.fromkeys("lr", "4"),
    "m": "5",
    "n": "6",
    **dict.fromkeys("vw", "7"),
}
_NO_CONSONANT = "0"
_NEAR = "d"
"""What near keys begin with in the index."""
_SHORT = 3
"""The longest piece between hyphens that is no name of its own: `Won-sik`, `Jong-un`."""
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼʻ`´ʹ′"), None)


def _parting(letter: str) -> str:
    return " " if unicodedata.category(letter)[0] in "PSZC" else letter


_PARTED = CharacterMap(_parting)


class Span(NamedTuple):
    """Parts of a name that stand together, taken for one part."""

    start: int
    end: int
    folded: str
    readings: frozenset[str]
    keys: frozenset[str]
    near: frozenset[str]
    every: frozenset[str]
    """Keys and near keys."""

    @property
    def size(self) -> int:
        """How many parts it takes together."""
        return self.end - self.start


class ParsedName(NamedTuple):
    """A name as it is compared."""

    text: str
    folded: str
    parts: tuple[str, ...]
    """Folded."""
    words: tuple[int, ...]
    """Which word each part is of: what is written together is alike as a whole or not at all."""
    spans: tuple[Span, ...]


def _skeleton(reading: str) -> str:
    classes = [_CLASSES.get(letter, letter) for letter in reading]
    kept = [
        each for at, each in enumerate(classes) if each and (at == 0 or each != classes[at - 1])
    ]
    return "".join(kept) or _NO_CONSONANT


def _keys(part: str, readings: frozenset[str]) -> frozenset[str]:
    folded = fold(part)
    forms = {*readings, *korean.spellings(folded)}
    if folded.isascii():
        forms |= {folded, folded.replace("woo", "u").replace("wu", "u")}
    return frozenset(map(_skeleton, forms)) | romanization.groups(part)


@lru_cache(2_000)
def _span(part: str) -> tuple[str, frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    readings = romanization.readings(part)
    keys = _keys(part, readings)
    near = frozenset(
        key[:at] + key[at + 1 :]
        for key in keys
        if len(key) >= _DELETED and not key.startswith(romanization.GROUP)
        for at in range(len(key))
    )
    return fold(part), readings, keys, near, keys | near


def _parts(text: str) -> list[tuple[int, str]]:
    """The parts of a name, with their accents, and which word each is of.

    A Korean name in Hangul is parted as well.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    parts: list[tuple[int, str]] = []
    word = 0
    for written in plain.split():
        pieces = [piece for piece in written.translate(_PARTED).split() if fold(piece)]
        is_one = any(len(piece) <= _SHORT for piece in pieces)
        for piece in pieces:
            parts += [(word, part) for part in korean.parted(chinese.simplified(piece))]
            word += not is_one
        word += is_one
    return parts[:PARTS]


@lru_cache(1_000)
def parsed(text: str) -> ParsedName:
    """A name in its parts, and in whatever parts it could be written."""
    found = _parts(text)
    parts = [part for _, part in found]
    spans = []
    for start in range(len(parts)):
        for end in range(start + 1, min(start + _JOINED, len(parts)) + 1):
            together = parts[start:end]
            if end == start + 1 or all(len(part) <= _SYLLABLE for part in together):
                spans.append(Span(start, end, *_span("".join(together))))
    folded = tuple(map(fold, parts))
    return ParsedName(
        text, " ".join(folded), folded, tuple(word for word, _ in found), tuple(spans)
    )


def near_keys(near: Iterable[str]) -> set[str]:
    """Near keys as the index has them."""
    return {_NEAR + key for key in near}


def name_keys(text: str) -> set[str]:
    """Keys by which a name is found; two names that are alike have at least one in common."""
    spans = parsed(text).spans
    keys = {key for span in spans for key in span.keys}
    return keys | near_keys(key for span in spans for key in span.near)


class PartKeys(NamedTuple):
    """What the index is asked for a part of a name."""

    part: str
    keys: set[str]
    """The keys of it, and of whatever it is joined with."""
    every: set[str]
    """The same, and what differs in a consonant."""


def part_keys(text: str) -> list[PartKeys]:
    """What the index is asked for each part of a name."""
    name = parsed(text)
    found = []
    for at, part in enumerate(name.parts):
        spans = [span for span in name.spans if span.start <= at < span.end]
        keys = {key for span in spans for key in span.keys}
        near = {key for span in spans for key in span.near}
        found.append(PartKeys(part, keys, keys | near | near_keys(keys | near)))
    return found
