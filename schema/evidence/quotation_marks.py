"""Quotation marks: those of a title, whatever its language, nested as English nests them."""

from __future__ import annotations

PAIRS = {
    "“": "”",
    "„": '“”"',
    "‟": "”",
    "”": "”",
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹›",
    "‘": "’",
    "‚": "‘’",
    "’": "’",
    "‛": "’",
    '"': '"”',
    "'": "'’",
    "「": "」",
    "『": "』",
    "〝": "〞〟",
    "《": "》",
    "〈": "〉",
}
"""What each opening mark may be closed by."""
CLOSING = frozenset("".join(PAIRS.values()))
APOSTROPHES = "'’‘‛"
NESTED = (("“", "”"), ("‘", "’"))
"""The marks of English, the outermost first, by turns."""


def nested(title: str, depth: int = 0) -> str:
    """A title whose quotation marks alternate, inside so many others; one without its pair goes.

    Apostrophes stay.
    """
    pairs, single = _paired(title)
    letters = [letter if place not in single else "" for place, letter in enumerate(title)]
    ends: list[int] = []
    for place in range(len(title)):
        if place in pairs:
            marks = NESTED[(depth + len(ends)) % 2]
            letters[place], letters[pairs[place]] = marks[0], marks[1]
            ends.append(pairs[place])
        elif ends and ends[-1] == place:
            ends.pop()
    return "".join(letters)


def _paired(title: str) -> tuple[dict[int, int], set[int]]:
    """Where each quotation ends, by where it begins, and the marks that are left over."""
    pairs: dict[int, int] = {}
    single: set[int] = set()
    waiting: list[int] = []
    for place, letter in enumerate(title):
        before, after = title[max(place - 1, 0) : place], title[place + 1 : place + 2]
        is_apostrophe = letter in APOSTROPHES
        if is_apostrophe and before.isalnum() and after.isalnum():
            continue
        begun = [at for at in waiting if letter in PAIRS[title[at]]]
        begins = letter in PAIRS and not before.isalnum() and after.isalnum()
        if begun and not begins:
            pairs[begun[-1]] = place
            single |= {at for at in waiting if at > begun[-1] and title[at] not in APOSTROPHES}
            waiting = [at for at in waiting if at < begun[-1]]
        elif letter in PAIRS and not (is_apostrophe and before.isalnum()):
            waiting.append(place)
        elif letter in CLOSING and not is_apostrophe:
            single.add(place)
    return pairs, single | {at for at in waiting if title[at] not in APOSTROPHES}
