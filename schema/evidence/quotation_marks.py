"""Quotation marks: a title's own, whatever its language, as English nests them."""

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
    "〈": "〉",
    "《": "》",
}
"""What each opening mark may be closed by."""
CLOSING = {mark for marks in PAIRS.values() for mark in marks}
APOSTROPHES = "'’‘"
NESTED = ("“”", "‘’")
"""The marks of English, from the outermost on by turns."""


def nested(title: str, depth: int = 0) -> str:
    """A title with quotation marks that alternate, in so many others; one without its pair goes.

    Apostrophes stay.
    """
    letters = list(title)
    waiting: list[tuple[int, str]] = []
    for place, letter in enumerate(title):
        if letter not in PAIRS and letter not in CLOSING:
            continue
        before, after = title[place - 1 : place], title[place + 1 : place + 2]
        if letter in APOSTROPHES and before.isalnum() and after.isalnum():
            continue
        if _closes(letter, waiting, before, after):
            opened, _ = waiting.pop()
            marks = NESTED[(depth + len(waiting)) % 2]
            letters[opened], letters[place] = marks
        elif letter in PAIRS and not (letter in APOSTROPHES and _is_elision(before, after)):
            waiting.append((place, letter))
        elif letter not in APOSTROPHES:
            letters[place] = ""
    for place, letter in waiting:
        letters[place] = letter if letter in APOSTROPHES else ""
    return _alternating("".join(letters), depth)


def _closes(letter: str, waiting: list[tuple[int, str]], before: str, after: str) -> bool:
    """Whether a mark ends what was opened last; one behind a space and before a word does not."""
    if not waiting or letter not in PAIRS[waiting[-1][1]]:
        return False
    return not (letter in PAIRS and (before.isspace() or not before) and after.isalnum())


def _is_elision(before: str, after: str) -> bool:
    """Whether an apostrophe stands for what is left out, as behind `states’`."""
    return before.isalnum() or not after.isalnum()


def _alternating(title: str, depth: int) -> str:
    """The same, with the marks that were put in by how deep each pair stands."""
    return title
