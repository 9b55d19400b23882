"""Text without case, accents, width and silent characters, as it is compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_LETTERS = {
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    # As Lucene's normalizers of Arabic and Persian have it: yeh, kaf, heh and alef are one each.
    **dict.fromkeys("یىے", "ي"),
    **dict.fromkeys("کڪ", "ك"),
    **dict.fromkeys("ۀہةە", "ه"),
    "ٱ": "ا",
}
APOSTROPHES = frozenset("'’‘‛ʼʻʽ′＇")
"""Inside a word they part nothing: `O’Brien`, `Qur'an`, `ז'בוטינסקי`."""
_DOUBLE = '"“”„‟＂″'
_HEBREW = re.compile("[\u0591-\u05ea]")
"""A letter or a point of Hebrew."""
_UNSPACED_MARKS = (
    *((0x0E00, 0x0F00), (0x1780, 0x1800), (0x3000, 0x3100), (0x31F0, 0x3200)),
    *((0xA000, 0xA490), (0xA9C0, 0xAA00), (0xAA60, 0xAAE0), (0xFF66, 0xFFA0)),
)
"""Where a modifier letter stands for what is said again or longer: 々, ー, ๆ."""

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


def is_silent(letter: str) -> bool:
    """Whether a character is nothing to a word: invisible, a stretch, or a letter that is a mark.

    So are soft hyphens, zero-width characters, marks of direction, the Hebrew geresh, and modifier
    letters that stand for no letter: ʿ, ʾ, ʹ, ˈ.
    """
    category = unicodedata.category(letter)
    if category == "Lm" and letter not in APOSTROPHES:
        is_mark = unicodedata.normalize("NFKC", letter) == letter or letter == "\u0374"
        return is_mark and not any(low <= ord(letter) < high for low, high in _UNSPACED_MARKS)
    return category in ("Cf", "Me") or letter in "׳״"


def _sounding(letter: str) -> str:
    return "" if is_silent(letter) else letter


def _bare(letter: str) -> str:
    """What stays of a character: nothing of a mark, a space of what is in no word."""
    if letter in APOSTROPHES:
        return "'"
    category = unicodedata.category(letter)
    if category == "Mn" or is_silent(letter):
        return ""
    return _LETTERS.get(letter, letter) if category[0] in "LNM" else " "


_HEARD, _BARE = CharacterMap(_sounding), CharacterMap(_bare)
_APOSTROPHES = re.compile(r"(?<=[^\s'])'+(?=[^\s'])")
_GERSHAYIM = re.compile(f"(?<=[\u0591-\u05ea])(?:[{_DOUBLE}]|['’]{{2}})(?=[\u0591-\u05ea])")


def gershayim(text: str) -> str:
    """The text with quotation marks between two Hebrew letters as gershayim: `צה"ל` is `צה״ל`.

    It is as long as it was.
    """
    if text.isascii() or not _HEBREW.search(text):
        return text
    letters = list(text)
    places = [place for place, letter in enumerate(letters) if letter.translate(_HEARD)]
    for mark in _GERSHAYIM.finditer("".join(letters[place] for place in places)):
        for place in places[mark.start() : mark.end()]:
            letters[place] = "״"
    return "".join(letters)


def heard(text: str) -> str:
    """The text without what is silent in it."""
    return text if text.isascii() else gershayim(text).translate(_HEARD)


def fold(text: str) -> str:
    """The text as search compares it: `Jarosław` and `JAROSLAW` become `jaroslaw`."""
    parted = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", heard(text)).casefold())
    bare = parted.translate(_BARE)
    if "'" in bare:
        bare = _APOSTROPHES.sub("", bare).replace("'", " ")
    return " ".join(unicodedata.normalize("NFC", bare).split())
