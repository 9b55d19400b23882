"""Text folded for search, the same on every database: case, accents and marks aside."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
    }
)


def fold(text: str) -> str:
    """The text as search compares it: `Jarosław` and `JAROSLAW` become `jaroslaw`."""
    parted = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(
        " " if unicodedata.category(letter)[0] in "PS" else letter
        for letter in parted
        if unicodedata.category(letter) != "Mn"
    )
    return " ".join(unicodedata.normalize("NFC", bare.translate(_LETTERS)).split())
