"""Passages: the exact words of a source, as rows with their offsets in both units."""

from __future__ import annotations

import bisect
from collections.abc import Iterator

from schema.dossiers.draft import Coding
from schema.model.registry import Row

CONTEXT = 24
"""How many characters a passage shows before and after its words."""


class Utf16:
    """Offsets in UTF-16 units, which differ only behind characters outside the basic plane."""

    def __init__(self, text: str) -> None:
        self.wide = [index for index, letter in enumerate(text) if ord(letter) > 0xFFFF]

    def at(self, offset: int) -> int:
        """The offset in UTF-16 units of an offset in code points."""
        return offset + bisect.bisect_left(self.wide, offset)


def passages_of(coding: Coding) -> Iterator[Row]:
    """The passages that the claims of a coding rest on."""
    text = coding.text
    wide = Utf16(text)
    for id, claim in coding.claims.items():
        for index, passage in enumerate(claim.passages, 1):
            start, end = passage.start, passage.end
            yield {
                "id": f"passage/{id.partition('/')[2]}.{index}",
                "until": None,
                "claim_id": id,
                "source_id": coding.source_id,
                "exact": passage.exact,
                "prefix": text[max(0, start - CONTEXT) : start],
                "suffix": text[end : end + CONTEXT],
                "start": start,
                "end": end,
                "start_utf16": wide.at(start),
                "end_utf16": wide.at(end),
                "is_in_heading": any(a <= start and end <= b for a, b in coding.headings),
                "is_cut": False,
            }
