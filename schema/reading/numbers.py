"""Numbers in words: digits with any separators, number words, and what bounds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from schema.reading.words import words_of

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_WORDS = {word: number for number, word in enumerate(_SMALL.split())} | {
    word: 10 * number
    for number, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
_SCALES = {
    scale: Decimal(10) ** power
    for power, scales in (
        (2, "hundred"),
        (3, "thousand k tys тис тыс 천 千"),
        (4, "만 万 萬"),
        (6, "million millions m mn mln milion miliony milionów млн мільйон мільйонів миллион"),
        (8, "억 億 亿"),
        (9, "billion billions bn b mld mrd miliard miliardy miliardów млрд milliard milliarde"),
        (12, "trillion trillions tn bln трлн 조 兆"),
    )
    for scale in scales.split()
} | {"dozen": Decimal(12), "dozens": Decimal(12), "score": Decimal(20)}
_WORD_SCALES = {"hundred", "thousand", "million", "billion", "trillion", "dozen", "score"}
_ATTACHED = "|".join(sorted(map(re.escape, _SCALES), key=len, reverse=True))
_DIGITS = re.compile(
    rf"(?<![\w.,])(?:[A-Z]{{2,3}})?(\d+(?:[.,'’ ]\d{{3}}(?!\d))*(?:[.,]\d+)?)"
    rf"(?:[\s-]?({_ATTACHED})(?![a-zà-ž]))?",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    r"\b(?:an?|half|{0}|{1})(?:(?:[\s-]+(?:and|an?|{0}|{1}))*[\s-]+(?:half|{0}|{1}))?\b".format(
        "|".join(_WORDS), "|".join(_WORD_SCALES)
    ),
    re.IGNORECASE,
)
_COUNTED_TOGETHER = re.compile(
    r"(?<!hundred)(?<!thousand)(?<!illion)(?<!score)(?<!dozen)\s+and\s+(?!a\b|half\b)",
    re.IGNORECASE,
)
"""Between two numbers, such as `two and three`, and not within one, such as `a hundred and two`."""
_LESS = re.compile(
    r"(?:fewer|less|lower|smaller|no more|not more|at) (?:than|most)|under|below|up to|"
    r"as (?:many|much) as|maximum(?: of)?|not exceeding|within|nearly|almost"
)
_MORE = re.compile(
    r"(?:more|greater|higher|no fewer|no less|not less|not fewer) than|(?<!just )over|"
    r"at least|above|exceed(?:s|ed|ing)?|upwards? of|minimum(?: of)?|in excess of|from"
)
_ABOUT = re.compile(
    r"about|around|some|roughly|approximately|nearly|almost|estimated|circa|ca|close to|c|~|≈|"
    r"an estimated|more or less|up to|between"
)
_STRICT = re.compile("than$|^(?:under|below|above|over|exceed|nearly|almost|in excess)")
_AFTER_LESS, _AFTER_MORE = (
    re.compile(r"\W*or (?:less|fewer)|\W*at most|\W*max"),
    re.compile(r"\+|\W*or more|\W*at least|\W*and more|\W*and (?:up|above)|\W*plus\b"),
)
_RANGE = re.compile(r"\s*(?:-|–|—|to|and|or|до|〜|~)\s*(?:[$€£¥₩]\s*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Number:
    """A number that stands in a text: all that it can be, and how it is bounded."""

    values: frozenset[Decimal]
    start: int
    end: int
    is_most: bool = False
    is_least: bool = False
    is_strict: bool = False
    is_about: bool = False
    scale: Decimal | None = field(default=None, compare=False)

    def may_be(self, bound: Decimal, step: int = 0) -> bool:
        """Whether it is this bound; `fewer than 200` is a maximum of 199 as well as of 200."""
        return bound in self.values or (self.is_strict and bound - step in self.values)


@lru_cache(2048)
def numbers(text: str) -> tuple[Number, ...]:
    """The numbers of a text, in their order."""
    plain = words_of(text).plain
    found = sorted({*_in_digits(plain), *_in_words(plain)}, key=lambda number: number.start)
    return tuple(_bounded(plain, number) for number in _ranged(plain, found))


def _in_digits(text: str) -> Iterator[Number]:
    for match in _DIGITS.finditer(text):
        written, scale = match[1], _SCALES.get((match[2] or "").casefold())
        values = {value * (scale or 1) for value in _readings(written)}
        yield Number(frozenset(values), match.start(1), match.end(), scale=scale)


def _readings(digits: str) -> Iterator[Decimal]:
    """What digits with separators can mean: `1.500` is one and a half or fifteen hundred."""
    if mixed := re.fullmatch(r"(\d+(?:([.,'’ ])\d{3})(?:\2\d{3})*)(?!\2)[.,](\d+)", digits):
        whole = re.sub(r"\D", "", mixed[1])
        yield Decimal(f"{whole}.{mixed[3]}")
        return
    bare = re.sub(r"[.,'’ ](?=\d{3}(?:\D|$))", "", digits)
    if not re.search(r"\D", bare):
        yield Decimal(bare)
    elif re.fullmatch(r"\d+[.,]\d+", bare):
        yield Decimal(bare.replace(",", "."))
    if re.fullmatch(r"\d+[.,]\d+", digits):
        yield Decimal(digits.replace(",", "."))


def _in_words(text: str) -> Iterator[Number]:
    for match in _WRITTEN.finditer(text):
        start = match.start()
        for part in _COUNTED_TOGETHER.split(match[0]):
            words = re.split(r"[\s-]+", part.casefold())
            value = _value(words)
            if value is not None and words[0] not in _WORD_SCALES:  # `5 million` is no million
                yield Number(frozenset({value}), start, start + len(part))
            start += len(part) + len(" and ")


def _value(parts: list[str]) -> Decimal | None:
    """The number that words give: `two and a half million`, `three hundred and twelve`."""
    total, group, seen = Decimal(0), Decimal(0), False
    for part in parts:
        if part in _WORDS:
            group, seen = group + _WORDS[part], True
        elif part == "half":
            group, seen = group + Decimal("0.5"), True
        elif part in _SCALES:
            scale = _SCALES[part]
            group = (group or Decimal(1)) * scale
            seen = True
            if scale >= 1000:
                total, group = total + group, Decimal(0)
        elif part in ("a", "an", "and"):
            continue
        else:
            return None
    return total + group if seen else None


def _ranged(text: str, found: list[Number]) -> Iterator[Number]:
    """The numbers, the first of `3 to 5 billion` in billions as well; `4조 5000억` is one more."""
    for index, number in enumerate(found):
        after = found[index + 1] if index + 1 < len(found) else None
        yield number
        if after is None:
            continue
        between = text[number.end : after.start]
        if number.scale is None and after.scale and _RANGE.fullmatch(between):
            values = frozenset(value * after.scale for value in number.values)
            yield Number(values, number.start, after.end)
        elif number.scale and after.scale and after.scale < number.scale and not between.strip():
            values = frozenset(a + b for a in number.values for b in after.values)
            yield Number(values, number.start, after.end)


def _bounded(text: str, number: Number) -> Number:
    """The number with what the words around it make of it."""
    before = re.sub(r"[\s$€£¥₩]*(?:[A-Z]{1,3}[$]?)?\s*$", "", text[: number.start])[-28:]
    before, after = before.casefold(), text[number.end : number.end + 40].casefold()
    after = re.sub(r"^\s*[^\W\d]+(?=\s(?:or|at) (?:less|more|fewer|most|least))", "", after)
    most, least = _ending(_LESS, before), _ending(_MORE, before)
    qualifier = most or least
    return Number(
        number.values,
        number.start,
        number.end,
        is_most=bool(most or _AFTER_LESS.match(after)),
        is_least=bool((least and not most) or _AFTER_MORE.match(after)),
        is_strict=bool(qualifier and _STRICT.search(qualifier)),
        is_about=bool(_ending(_ABOUT, before)) or bool(re.match(r"\W*(?:or so|odd)\b", after)),
        scale=number.scale,
    )


def _ending(pattern: re.Pattern[str], before: str) -> str | None:
    """The words of a pattern that a text ends in."""
    match = re.search(rf"(?:^|[\s(“\"'])({pattern.pattern})(?: (?:the|a|an))?\s*$", before)
    return match[1] if match else None
