"""Naming: whether words name a record, by its names, or by what it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from schema.reading.words import Words, stem, words_of

Place = tuple[int, int]
"""From which word of a text to which."""
StatesIn = Callable[[str, str], list[tuple[int, int, frozenset[str]]]]
"""Where a text in a language names states: from where to where, and which it can be."""
_SHORT = 3
"""A name of so few letters counts in capitals alone, for `us` is no state."""
_ENDING, _ROOT = 3, 3
"""Of a name in another language the ending may change, and so much of it stays."""


@dataclass
class Called:
    """What a record is called, as far as the dossier and the database know."""

    names: set[str] = field(default_factory=set)
    """Its names and its title, as they are written."""
    foreign: set[str] = field(default_factory=set)
    """Names that reference data gives it in all languages."""
    about: set[str] = field(default_factory=set)
    """Other texts that describe it."""
    state: str | None = None
    """The slug of a state, whose short forms and adjectives a table knows."""
    is_actor: bool = False
    """It has names, and must be named by one of them."""
    is_person: bool = False
    """The surname alone names it."""

    @cached_property
    def compact(self) -> list[tuple[str, str]]:
        """Its names without spaces, each with the name as it is written."""
        names = {re.sub(r"\s*\([^)]*\)", "", name) for name in self.names}
        if self.is_person:
            names |= {surname for name in names for surname in self._surnames(name)}
        found = {("".join(words_of(name).tokens), name) for name in names}
        return sorted(each for each in found if each[0])

    def _surnames(self, name: str) -> Iterator[str]:
        parts = name.split()
        if len(parts) > 1 and all(part[0].isupper() or not part[0].isascii() for part in parts):
            hangs_together = "-" in parts[-1] and len(parts) == 2
            surname = parts[0] if hangs_together else parts[-1]
            if len(surname) > 1 and surname[0].isupper():
                yield surname

    @cached_property
    def subject(self) -> frozenset[str]:
        """The stems of the words that tell what it is about."""
        return frozenset().union(*(words_of(text).content for text in self.names | self.about))


@dataclass(frozen=True)
class Naming:
    """Finds names in the words of one claim."""

    words: Words
    states_in: StatesIn
    language: str = "en"
    is_foreign: bool = False

    def places(self, called: Called) -> list[Place]:
        """Where the words name a record."""
        found = [place for name in called.compact for place in self._named(*name)]
        if called.state:
            found += self._as_state(called.state)
        if self.is_foreign and not found:
            found += [place for name in called.names | called.foreign for place in self._bent(name)]
        return found

    def is_about(self, called: Called) -> bool:
        """Whether the words share one with what describes a record."""
        return bool(self.words.content & called.subject) or bool(self.places(called))

    def _named(self, compact: str, name: str) -> Iterator[Place]:
        if compact not in "".join(self.words.tokens):
            return
        if len(compact) <= _SHORT and name.isupper() and name not in self.words.plain:
            return
        tokens = self.words.tokens
        for start, token in enumerate(tokens):
            if compact.startswith(token):
                end, made = start + 1, token
                while len(made) < len(compact) and end < len(tokens):
                    made, end = made + tokens[end], end + 1
                if made == compact:
                    yield start, end

    def _as_state(self, slug: str) -> Iterator[Place]:
        """The mentions that can be of no other state."""
        text = self.words.text
        if not self.is_foreign:
            # Of an English text, letters of other languages are in no English name.
            text = re.sub(r"[^\x00-\x7f](?<![’‘\xa0])", "_", text)
        for start, end, slugs in self.states_in(text, self.language if self.is_foreign else "en"):
            if slugs == {slug}:
                first = len(words_of(text[:start]).tokens)
                yield first, first + len(words_of(text[start:end]).tokens)

    def _bent(self, name: str) -> Iterator[Place]:
        """A name with the endings of another language, or in a script that sets no spaces."""
        parts = words_of(name).tokens
        if not parts:
            return
        if not name.isascii() and "".join(parts) in "".join(self.words.tokens):
            yield 0, len(self.words.tokens)
        tokens = self.words.tokens
        for start in range(len(tokens) - len(parts) + 1):
            window = tokens[start : start + len(parts)]
            if all(_is_bent(part, token) for part, token in zip(parts, window, strict=True)):
                yield start, start + len(parts)


def _is_bent(part: str, token: str) -> bool:
    """Whether two words differ in their endings only."""
    root = max(_ROOT, len(part) - _ENDING)
    return token[:root] == part[:root] and abs(len(token) - len(part)) <= _ENDING + 1


def is_spoken(
    phrases: Iterable[tuple[str, ...]],
    words: Words,
    places: list[Place],
    *,
    is_state: bool = False,
    is_plan: bool = False,
) -> bool:
    """Whether words hold one of the phrases; `~` in a phrase is one of the places.

    What stands before `~` comes before the place, its last word right before it; what stands
    behind `~` comes anywhere behind it. Where one of them is denied, as in `the contract was not
    signed`, none is said.
    """
    whole = [phrase for phrase in phrases if "~" not in phrase and words.at(phrase)]
    if whole:
        found = [index for phrase in whole for index in words.at(phrase)]
        return not any(words.is_turned(index, is_plan=is_plan) for index in found)
    for phrase in phrases:
        if phrase == ("~",):
            if is_state and places:
                return True
        elif "~" in phrase:
            at = phrase.index("~")
            if any(_fits(words, phrase[:at], phrase[at + 1 :], place) for place in places):
                return True
    return False


_BETWEEN = 3
"""So many words may stand between a preposition and a name: `from the Polish maker WB`."""
_PREPOSITIONS = frozenset(
    map(
        stem,
        ["from", "to", "by", "with", "for", "of", "between", "in", "into", "at", "on", "against"],
    )
)


def _fits(words: Words, left: tuple[str, ...], right: tuple[str, ...], place: Place) -> bool:
    start, end = place
    if left:
        near = words.stems[max(0, start - _BETWEEN - 1) : start]
        if left[-1] not in near:
            return False
        last = len(near) - near[::-1].index(left[-1])
        if _PREPOSITIONS.intersection(near[last:]):
            return False
        if not set(left[:-1]) <= set(words.stems[:start]):
            return False
    return not right or any(index >= end for index in words.at(right))
