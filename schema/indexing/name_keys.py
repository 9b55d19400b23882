"""Names in parts, and the keys that names have in common which may be one.

A key is the skeleton of what a part reads like: its consonants in classes, as Soundex has them.
Longer skeletons also stand without each one of their classes, so that a slip of the pen is met.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
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
    **dict.fromkeys("aehiouyvw", ""),
    **dict.fromkeys("bpf", "1"),
    **dict.fromkeys("cgjkqsxzCSXZ", "2"),
    **dict.fromkeys("dt", "3"),
    **dict.fromkeys("lr", "4"),
    "m": "5",
    "n": "6",
}
_NO_CONSONANT = "0"
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
    spans: tuple[Span, ...]
    is_korean: bool
    is_chinese: bool
    is_wade: bool


def _skeleton(reading: str) -> str:
    classes = [_CLASSES.get(letter, letter) for letter in reading]
    kept = [
        each for at, each in enumerate(classes) if each and (at == 0 or each != classes[at - 1])
    ]
    return "".join(kept) or _NO_CONSONANT


def _keys(part: str, readings: frozenset[str]) -> Iterator[str]:
    folded = fold(part)
    written = {folded} if folded.isascii() else set[str]()
    for reading in {*written, *readings, *korean.spellings(folded)}:
        skeleton = _skeleton(reading)
        yield skeleton
        if len(skeleton) >= _DELETED:
            yield from (skeleton[:at] + skeleton[at + 1 :] for at in range(len(skeleton)))
    yield from romanization.groups(part)


@lru_cache(20_000)
def _span(part: str) -> tuple[str, frozenset[str], frozenset[str]]:
    readings = romanization.readings(part)
    return fold(part), readings, frozenset(_keys(part, readings))


def _parts(text: str) -> list[str]:
    """The parts of a name, with their accents; a Korean name in Hangul is parted as well."""
    plain = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).translate(_PARTED)
    found = [
        part
        for word in plain.split()
        for part in korean.parted(chinese.simplified(word))
        if fold(part)
    ]
    return found[:PARTS]


@lru_cache(10_000)
def parsed(text: str) -> ParsedName:
    """A name in its parts, and in whatever parts it could be written."""
    parts = _parts(text)
    folded = tuple(fold(part) for part in parts)
    spans = []
    for start in range(len(parts)):
        for end in range(start + 1, min(start + _JOINED, len(parts)) + 1):
            together = parts[start:end]
            if end == start + 1 or all(len(part) <= _SYLLABLE for part in together):
                spans.append(Span(start, end, *_span("".join(together))))
    wade = bool(parts) and chinese.is_wade(folded, hyphenated="-" in text)
    return ParsedName(
        text,
        " ".join(folded),
        folded,
        tuple(spans),
        is_korean=bool(parts) and korean.is_person(folded),
        is_chinese=bool(parts) and chinese.is_person(folded, wade=wade),
        is_wade=wade,
    )


def name_keys(text: str) -> frozenset[str]:
    """Keys by which a name is found; two names that are alike have at least one in common."""
    return frozenset(key for span in parsed(text).spans for key in span.keys)


def part_keys(text: str) -> list[tuple[str, frozenset[str]]]:
    """Each part of a name with its keys, and the keys of whatever it is joined with."""
    name = parsed(text)
    return [
        (
            part,
            frozenset(
                key for span in name.spans if span.start <= at < span.end for key in span.keys
            ),
        )
        for at, part in enumerate(name.parts)
    ]
