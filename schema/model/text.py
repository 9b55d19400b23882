"""Text without case, accents and width, as it is compared."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

_LETTERS = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}


PLANE = 0x10000
"""Of the characters below, those of nearly all texts, it is remembered what becomes of them."""


class CharacterMap(dict[int, str]):
    """What becomes of each character, for `str.translate`."""

    def __init__(self, become: Callable[[str], str]) -> None:
        super().__init__()
        self.become = become

    def __missing__(self, code: int) -> str:
        result = self.become(chr(code))
        if code < PLANE:
            self[code] = result
        return result


def _bare(letter: str) -> str:
    """What stays of a character: nothing of a mark, a space of a sign."""
    category = unicodedata.category(letter)
    bare = " " if category[0] in "PS" else "" if category == "Mn" else letter
    return _LETTERS.get(bare, bare)


_BARE = CharacterMap(_bare)


def fold(text: str) -> str:
    """The text as search compares it: `Jarosław` and `JAROSLAW` become `jaroslaw`."""
    parted = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(unicodedata.normalize("NFC", parted.translate(_BARE)).split())
