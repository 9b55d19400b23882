"""Syllables: a part of a name, cut into those of a language in every way that it can be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

S = TypeVar("S")
SYLLABLES = 4
"""How many syllables are read of one part of a name, and a person's name has."""
_READINGS = 8
"""How many ways to cut a part are kept: `jongun` is jong-un and jon-gun."""
_LETTERS = 24


def pairs(table: str) -> dict[str, str]:
    """A table of what is written, and what it may be: `lee=이리 yi=이`."""
    return dict(pair.split("=") for pair in table.split(" "))


def cuts(
    part: str, longest: int, syllable: Callable[[str], S | None], most: int = SYLLABLES
) -> list[tuple[S, ...]]:
    """The ways to cut Latin letters into syllables of so many letters, longer ones first."""
    if not part.isascii() or not part.isalpha() or len(part) > _LETTERS:
        return []
    return _cuts(part, longest, syllable, most)


def _cuts(
    part: str, longest: int, syllable: Callable[[str], S | None], most: int
) -> list[tuple[S, ...]]:
    if not part:
        return [()]
    if len(part) > longest * most:
        return []
    ways: list[tuple[S, ...]] = []
    for length in range(min(len(part), longest), 0, -1):
        first = syllable(part[:length])
        if first is not None:
            ways += [(first, *rest) for rest in _cuts(part[length:], longest, syllable, most - 1)]
            if len(ways) >= _READINGS:
                break
    return ways[:_READINGS]


def are_few(ways: Sequence[Sequence[tuple[S, ...]]]) -> bool:
    """Whether the parts of a name have no more syllables together than a person's name."""
    return sum(min(map(len, way)) for way in ways) <= SYLLABLES
