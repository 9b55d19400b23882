"""How like two names are: part by part, by what they read like, then by their spelling."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import OSA

from schema.indexing import chinese, korean, romanization
from schema.indexing.name_keys import ParsedName, Span, parsed
from schema.model.choices import Choice, described

FLOOR = 0.75
"""The least score that is given."""
QUERY_SHARE, NAME_SHARE = 0.75, 0.25
"""How much it counts that what was asked is in the name, and that nothing else is in it."""
READING, ROMANISATION, RELATED, TURNED = 0.98, 0.96, 0.65, 0.98
"""What parts are worth that read alike in two scripts, that are romanised otherwise, that are
forms of one name; and what stays of a name whose parts stand in another order."""
LESS_THAN_SAME = 0.99
_EDITS = ((12, 2), (6, 1))
"""From how many letters on a part may differ by how many."""
_SHORT = 3
"""Up to how many letters no other spelling is looked for, but in names of Korea and China."""
_GENERIC_WORDS = (
    "a al and de democratic federal federation for island islands kingdom la ministry national of "
    "people peoples republic state states the united"
)
_GENERIC = frozenset(_GENERIC_WORDS.split())
_GENERIC_WEIGHT = 0.4


@described("How a name is like the one asked for.")
class NameLikeness(Choice):
    SAME_NAME = ("SAME_NAME", "Letter by letter, case and accents aside.")
    SAME_READING = ("SAME_READING", "They read alike in two scripts: `신원식` and `Shin Won-sik`.")
    ROMANISATION = ("ROMANISATION", "Two ways to romanise one name: `Yoon` and `Yun`.")
    DIVISION = ("DIVISION", "Spaces and hyphens differ: `Wonsik` and `Won-sik`.")
    ORDER = ("ORDER", "The parts stand in another order: `Won-sik Shin`.")
    PART = ("PART", "Only some parts are alike: `Duda` and `Andrzej Duda`.")
    RELATED_FORM = (
        "RELATED_FORM",
        "Forms of one name: `Oleksandr`, `Aleksandr`; `-ski`, `-ska`.",
    )
    CODE = ("CODE", "It is a code of the actor: `PL` and `POL` of Poland.")
    SPELLING = ("SPELLING", "A letter or two differ: `Siewira` and `Siewiera`.")


class Likeness(NamedTuple):
    """How like a name is, and why."""

    score: float
    reasons: tuple[NameLikeness, ...]


class _Person(NamedTuple):
    """Whether a name looks like a Korean or a Chinese person's."""

    is_korean: bool
    is_chinese: bool
    is_wade: bool


class _Match(NamedTuple):
    """Parts of two names that are alike."""

    quality: float
    mine: Span
    theirs: Span
    reason: NameLikeness


def likeness(query: str, name: str) -> Likeness:
    """How like a name is to the one asked for, from 0 to 1."""
    one, other = parsed(query), parsed(name)
    if not one.parts or not other.parts:
        return Likeness(0.0, ())
    if one.folded == other.folded:
        return Likeness(1.0, (NameLikeness.SAME_NAME,))
    chosen = _alignment(one, other)
    if not chosen:
        return Likeness(0.0, ())
    mine = sum(match.quality * _weight(one, match.mine) for match in chosen)
    theirs = sum(match.quality * _weight(other, match.theirs) for match in chosen)
    whole, full = _whole(one), _whole(other)
    reasons = {match.reason for match in chosen}
    score = min(QUERY_SHARE * mine / whole + NAME_SHARE * theirs / full, LESS_THAN_SAME)
    if any(a.theirs.start > b.theirs.start for a, b in pairwise(chosen)):
        score *= TURNED
        reasons.add(NameLikeness.ORDER)
    if any(
        match.mine.size != match.theirs.size and match.reason != NameLikeness.SAME_READING
        for match in chosen
    ):
        reasons.add(NameLikeness.DIVISION)
    lacking = _lacking(one, [match.mine for match in chosen])
    left_over = _lacking(other, [match.theirs for match in chosen])
    if lacking and left_over and _are_eastern(one, other):
        return Likeness(0.0, ())  # one syllable more that differs: Jong-un and Jong-il
    if lacking or left_over:
        reasons.add(NameLikeness.PART)
    if reasons > {NameLikeness.SAME_NAME}:
        reasons.discard(NameLikeness.SAME_NAME)
    return Likeness(round(score, 4), tuple(each for each in NameLikeness if each in reasons))


def _alignment(one: ParsedName, other: ParsedName) -> list[_Match]:
    """The parts that are alike, each at most once, the best first taken; in the order asked."""
    found = [
        (match.quality, len(mine.folded), -mine.start, -theirs.start, match)
        for mine in one.spans
        for theirs in other.spans
        if not mine.every.isdisjoint(theirs.every)
        for match in [_compared(one, other, mine, theirs)]
        if match is not None
    ]
    found.sort(key=lambda each: each[:4], reverse=True)
    chosen: list[_Match] = []
    for *_, match in found:
        if all(
            _apart(match.mine, taken.mine) and _apart(match.theirs, taken.theirs)
            for taken in chosen
        ):
            chosen.append(match)
    return sorted(_of_whole_words(one, other, chosen), key=lambda match: match.mine.start)


def _of_whole_words(one: ParsedName, other: ParsedName, chosen: list[_Match]) -> list[_Match]:
    """The matches of words that are alike as a whole: `Won` is no part of `Won-sik`."""
    torn = _torn(one, [match.mine for match in chosen])
    kept = [match for match in chosen if torn.isdisjoint(_words(one, match.mine))]
    torn = _torn(other, [match.theirs for match in kept])
    return [match for match in kept if torn.isdisjoint(_words(other, match.theirs))]


def _torn(name: ParsedName, spans: list[Span]) -> set[int]:
    """The words of which some part is in none of the spans."""
    taken = {at for span in spans for at in range(span.start, span.end)}
    return {word for at, word in enumerate(name.words) if at not in taken}


def _words(name: ParsedName, span: Span) -> tuple[int, ...]:
    return name.words[span.start : span.end]


def _lacking(name: ParsedName, spans: list[Span]) -> bool:
    """Whether parts of a name are in none of the spans."""
    return sum(span.size for span in spans) < len(name.parts)


@lru_cache(1_000)
def _person(name: ParsedName) -> _Person:
    parts = name.parts
    wade = chinese.is_wade(parts, hyphenated="-" in name.text)
    return _Person(korean.is_person(parts), chinese.is_person(parts, wade=wade), wade)


def _are_eastern(*names: ParsedName) -> bool:
    """Whether all look like names of Korean or Chinese persons."""
    people = map(_person, names)
    return all(person.is_korean or person.is_chinese for person in people)


def _apart(one: Span, other: Span) -> bool:
    return one.end <= other.start or other.end <= one.start


def _compared(one: ParsedName, other: ParsedName, mine: Span, theirs: Span) -> _Match | None:
    """What two spans have in common, if anything."""
    across = _script(mine.folded) != _script(theirs.folded)
    alike = NameLikeness.SAME_READING if across else NameLikeness.ROMANISATION
    quality = READING if across else ROMANISATION
    eastern = _are_eastern(one, other)
    if mine.folded == theirs.folded:
        return _Match(1.0, mine, theirs, NameLikeness.SAME_NAME)
    short = not across and min(len(mine.folded), len(theirs.folded)) <= _SHORT
    if not eastern and not short and not mine.readings.isdisjoint(theirs.readings):
        return _Match(quality, mine, theirs, alike)
    a, b = _person(one), _person(other)
    is_full = len(one.parts) > 1
    if (b.is_korean or (a.is_korean and is_full)) and korean.same(mine.folded, theirs.folded):
        return _Match(quality, mine, theirs, alike)
    wade = (a.is_wade, b.is_wade)
    if (b.is_chinese or (a.is_chinese and is_full)) and chinese.same(
        mine.folded, theirs.folded, wade=wade
    ):
        return _Match(quality, mine, theirs, alike)
    if eastern:
        return None  # another syllable is another name: Li and Lu, Jong-un and Jong-il
    if _related(mine, theirs):
        return _Match(RELATED, mine, theirs, NameLikeness.RELATED_FORM)
    if min(mine.size, theirs.size) > 1:
        return None  # what is joined on both sides is compared part by part
    return _spelling(mine, theirs)


def _script(folded: str) -> str:
    if folded.isascii():
        return "Latin"
    if korean.is_hangul(folded):
        return "Hangul"
    return "Cyrillic" if re.match("[Ѐ-ӿ]", folded) else "other"


def _related(mine: Span, theirs: Span) -> bool:
    """Whether two parts are forms of one name."""
    if romanization.groups(mine.folded) & romanization.groups(theirs.folded):
        return True
    return bool(romanization.stems(mine.folded) & romanization.stems(theirs.folded))


def _spelling(mine: Span, theirs: Span) -> _Match | None:
    """Parts that differ in a letter or two, and not in the first."""
    best = 0.0
    ways = [
        (mine.folded, theirs.folded),
        *((a, b) for a in sorted(mine.readings) for b in sorted(theirs.readings)),
    ]
    for a, b in ways:
        length = max(len(a), len(b))
        allowed = next((edits for letters, edits in _EDITS if length >= letters), 0)
        if not allowed or a[0] != b[0]:
            continue
        edits = OSA.distance(a, b, score_cutoff=allowed)
        if edits <= allowed:
            best = max(best, 1 - edits / length)
    return _Match(best, mine, theirs, NameLikeness.SPELLING) if best else None


def _weight(name: ParsedName, span: Span) -> float:
    return sum(_letters(part) for part in name.parts[span.start : span.end])


def _whole(name: ParsedName) -> float:
    return sum(map(_letters, name.parts))


def _letters(part: str) -> float:
    length = len(korean.romanized(part)) if korean.is_hangul(part) else len(part)
    return length * (_GENERIC_WEIGHT if part in _GENERIC else 1)
