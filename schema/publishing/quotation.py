"""Quotation: how much of a text may be shown whose licence hides it as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CHARACTERS, SHARE = 200, 20
"""What may be quoted unless a setting says otherwise."""

Span = tuple[int, int]
"""A stretch of a text, half-open, in code points."""


@dataclass(frozen=True)
class Quotation:
    """How long one quotation may be, and how much of a text all of them may show together."""

    characters: int = CHARACTERS
    share: int = SHARE
    """In percent of the text."""

    def longest(self, texts: Iterable[tuple[int, Iterable[Span]]]) -> int:
        """How long each quotation may be, that all together are within the share.

        Of each text that a source had it is told how long it is, and what is quoted of it. Short
        quotations stay whole, and long ones are cut alike; it is the same for whoever reads.
        """
        quoted = [(length, sorted(set(spans))) for length, spans in texts]
        budget = self.share * max((length for length, _ in quoted), default=0) // 100

        def fits(length: int) -> bool:
            return sum(covered(spans, length) for _, spans in quoted) <= budget

        low, high = 0, self.characters
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if fits(middle) else (low, middle - 1)
        return low


def covered(spans: Sequence[Span], length: int) -> int:
    """How many characters of a text are shown by stretches of it, in order, each cut to a length.

    What several of them show counts once.
    """
    count = reached = 0
    for start, end in spans:
        last = min(end, start + length)
        count += max(0, last - max(start, reached))
        reached = max(reached, last)
    return count


def shortened(words: str, length: int) -> str:
    """The beginning of a quotation that is too long, up to the end of a word where it has one."""
    if len(words) <= length:
        return words
    begun = words[:length].rstrip()
    if words[length].isspace() or len(begun) < length:
        return begun
    *whole, _ = begun.rsplit(None, 1) if begun else ("", "")
    return whole[0] if whole else begun
