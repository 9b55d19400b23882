"""Dates in words: days, months, years, seasons and weekdays, with what anchors them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from schema.model.date_words import MONTHS
from schema.reading.words import words_of

_MONTH = {"sept": 9} | {
    name.casefold()[:length]: number
    for number, name in enumerate(MONTHS, 1)
    for length in (3, len(name))
}
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_M = "|".join(sorted(_MONTH, key=len, reverse=True))
_D, _Y = r"(\d{1,2})(?:st|nd|rd|th)?", r"(\d{4})(?!\d)"
_TO = r"\s*(?:-|–|—|to|and|until|or)\s*"
_DAY_MONTH = re.compile(
    rf"(?<![\d.,])(?:{_D}{_TO})?{_D}(?: day)?(?: of)?\s+({_M})\b\.?(?:,?\s+(?:of )?{_Y})?"
)
_MONTH_DAY = re.compile(rf"\b({_M})\b\.?\s+{_D}(?:{_TO}{_D})?(?!\d)(?:,?\s+(?:of )?{_Y})?")
_MONTH_YEAR = re.compile(rf"\b({_M})\b\.?,?(?:\s+(?:of )?|['’])(\d{{4}})(?!\d)")
_MONTH_ALONE = re.compile(rf"\b({_M})\b", re.IGNORECASE)
_ISO = re.compile(r"(?<!\d)(\d{4})[-./年년]\s?(\d{1,2})(?:[-./月월]\s?(\d{1,2}))?(?!\d)")
_CJK = re.compile(r"(?<!\d)(\d{1,2})[月월]\s?(?:(\d{1,2})[日일])?")
_POINTED = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})(?!\d)")
_YEAR = re.compile(r"(?<![\d.,])(\d{4})(?:[-–/](\d{2})(?!\d))?(?![\d]|[.,]\d|s)")
_OF_A_YEAR = re.compile(
    r"\b(?:in|of|since|by|until|during|through|early|mid|late|year|before|after)[\s-]$"
)
"""What makes four digits a year and no number of things."""
_DECADE = re.compile(r"(\d{3})0['’]?s\b")
_CENTURY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)[ -]century")
_QUARTER = re.compile(rf"\b(?:q([1-4])|([1-4])q|({'|'.join(_NTH)})[ -]quarter)\b")
_HALF = re.compile(r"\b(?:h([12])|(first|second|latter)[ -]half)\b")
_VAGUE = re.compile(
    r"\b(?:early|mid|late|later|beginning|start|end|half|quarter|middle|turn|winter|spring|"
    r"summer|autumn|fall|by|before|until|till|since|from|after|through|h[12]|q[1-4]|between|up to|"
    r"within)\b"
)
_TODAY = {"today": 0, "yesterday": -1, "tomorrow": 1, "tonight": 0}
_NEAR = {"last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "next": 1, "coming": 1}
_WEEK = 7
"""A weekday is that of the week before its anchor, or of the week after it."""
_HALF_YEAR = 184
"""A day without a year is the one next to its anchor."""


@dataclass
class Dates:
    """The dates that a text names, each as far as it names it."""

    days: set[tuple[int, int, int]] = field(default_factory=set)
    yearless: set[tuple[int, int]] = field(default_factory=set)
    months: set[tuple[int, int]] = field(default_factory=set)
    yearless_months: set[int] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    decades: set[int] = field(default_factory=set)
    centuries: set[int] = field(default_factory=set)
    weekdays: set[int] = field(default_factory=set)
    seasons: set[int] = field(default_factory=set)
    quarters: set[int] = field(default_factory=set)
    halves: set[int] = field(default_factory=set)
    shifts: set[int] = field(default_factory=set)
    near: set[tuple[str, int]] = field(default_factory=set)
    is_vague: bool = False
    spans: list[tuple[int, int]] = field(default_factory=list)

    def anchors(self) -> Iterator[datetime.date]:
        """The days that a text names whole."""
        for parts in sorted(self.days):
            if (day := _day(*parts)) is not None:
                yield day


@lru_cache(2048)
def dates(text: str) -> Dates:
    """The dates of a text."""
    plain = words_of(text).plain.casefold()
    found = Dates(is_vague=bool(_VAGUE.search(plain)))
    _written(plain, found)
    found.yearless_months |= {
        _MONTH[match[1].casefold()]
        for match in _MONTH_ALONE.finditer(words_of(text).plain)
        if match[1][0].isupper()  # `may` is seldom the month
    }
    _in_digits(plain, found)
    for match in _YEAR.finditer(plain):
        found.years.add(year := int(match[1]))
        if match[2]:
            found.years.add(year - year % 100 + int(match[2]))
        if _OF_A_YEAR.search(plain[: match.start()]):
            found.spans.append(match.span())
    found.decades |= {int(match[1]) for match in _DECADE.finditer(plain)}
    found.centuries |= {int(match[1]) - 1 for match in _CENTURY.finditer(plain)}
    _in_words(words_of(text).tokens, found)
    for match in _QUARTER.finditer(plain):
        found.quarters.add(int(match[1] or match[2] or _NTH[match[3]]))
    for match in _HALF.finditer(plain):
        found.halves.add(int(match[1]) if match[1] else 1 if match[2] == "first" else 2)
    return found


def _in_words(tokens: Sequence[str], found: Dates) -> None:
    """Weekdays, seasons, and what counts from the day of the source."""
    for index, token in enumerate(tokens):
        name = token.removesuffix("s")
        if name in _WEEKDAYS:
            found.weekdays.add(_WEEKDAYS.index(name))
        if token in _SEASONS:
            found.seasons.add(_SEASONS[token])
        if token in _TODAY:
            found.shifts.add(_TODAY[token])
        if token in _NEAR and index + 1 < len(tokens):
            found.near.add((tokens[index + 1], _NEAR[token]))


def _written(plain: str, found: Dates) -> None:
    """Dates with the name of the month."""
    for pattern, order in ((_DAY_MONTH, (3, 1, 2, 4)), (_MONTH_DAY, (1, 2, 3, 4))):
        for match in pattern.finditer(plain):
            month, first, last, year = (match[index] for index in order)
            for day in (first, last):
                if day:
                    found.yearless.add((_MONTH[month], int(day)))
                    if year:
                        found.days.add((int(year), _MONTH[month], int(day)))
            if year:
                found.months.add((int(year), _MONTH[month]))
            found.spans.append(match.span())
    for match in _MONTH_YEAR.finditer(plain):
        found.months.add((int(match[2]), _MONTH[match[1]]))
        found.spans.append(match.span())


def _in_digits(plain: str, found: Dates) -> None:
    """Dates in digits alone."""
    for match in _ISO.finditer(plain):
        year, month = int(match[1]), int(match[2])
        found.months.add((year, month))
        found.years.add(year)
        if match[3]:
            found.days.add((year, month, int(match[3])))
        found.spans.append(match.span())
    for match in _CJK.finditer(plain):
        found.yearless_months.add(int(match[1]))
        if match[2]:
            found.yearless.add((int(match[1]), int(match[2])))
        found.spans.append(match.span())
    for match in _POINTED.finditer(plain):
        one, other, year = int(match[1]), int(match[2]), int(match[3])
        year += 2000 * (year < 100)
        found.days |= {(year, other, one), (year, one, other)}
        found.spans.append(match.span())


def _day(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


class DateReading:
    """Whether the words of a claim carry a date, given the day on which its source came out."""

    def __init__(self, text: str, published: datetime.date | None, *, is_foreign: bool) -> None:
        self.found, self.is_foreign = dates(text), is_foreign
        self.anchors = [*self.found.anchors(), *([published] if published else [])]
        self.years = self.found.years | {year for year, _ in self.found.months}
        self.digits = {int(number) for number in re.findall(r"\d+", words_of(text).plain)}

    def carries(self, edtf: str) -> str | None:
        """What is missing of a date; None where the words carry all of it."""
        parts: list[str] = re.findall(
            r"-?(?:Y-?)?[\dX]+(?:-[\dX]+){0,2}(?:S\d)?", edtf.translate(_BARE)
        )
        is_span = "/" in edtf or ".." in edtf or "{" in edtf
        for part in parts:
            if not self._carries(part, is_span=is_span):
                return part
        return None

    def _carries(self, part: str, *, is_span: bool) -> bool:
        year, month, day = (
            ([*part.split("-"), "", ""])[:3] if part[0] not in "-Y" else (part, "", "")
        )
        month = "" if "X" in month else month
        if not year.isdigit():
            return self._carries_vague(year, month)
        numbers = int(year), int(month or 0), int(day) if day.isdigit() else 0
        if not numbers[1]:
            return self._carries_year(numbers[0])
        if numbers[1] > 12:
            return self._carries_season(*numbers[:2])
        if numbers[2]:
            return self._carries_day(*numbers, is_span=is_span)
        return self._carries_month(*numbers[:2], is_span=is_span)

    def _carries_vague(self, year: str, month: str) -> bool:
        """A decade, a century, a month of no year, or a year far off."""
        digits = year.replace("X", "").replace("Y", "").split("S")[0].lstrip("-0")
        if year == "XXXX":
            return not month or int(month) in self.found.yearless_months
        if year.endswith("XX"):
            return int(digits) in self.found.centuries | {each // 100 for each in self.years}
        if year.endswith("X"):
            return int(digits) in self.found.decades | {each // 10 for each in self.years}
        return bool(digits) and int(digits) in self.digits

    def _carries_year(self, year: int) -> bool:
        near = {shift for word, shift in self.found.near if word in ("year", "years")}
        around = {anchor.year + shift for anchor in self.anchors for shift in near}
        return year in self.years | around

    def _near(self, year: int, month: int, day: int = 15) -> bool:
        """Whether a day without a year is the one next to an anchor, or of a year that is named."""
        if year in self.years:
            return True
        date = _day(year, month, day)
        return date is not None and any(
            abs((date - anchor).days) <= _HALF_YEAR for anchor in self.anchors
        )

    def _carries_month(self, year: int, month: int, *, is_span: bool) -> bool:
        if (year, month) in self.found.months:
            return True
        if month in self.found.yearless_months and self._near(year, month):
            return True
        for anchor in self.anchors:
            for word, shift in self.found.near:
                count = anchor.year * 12 + anchor.month - 1 + shift
                if word == "month" and count == year * 12 + month - 1:
                    return True
        if self.is_foreign and {year, month} <= self.digits | self.years:
            return True
        is_of_year = year in self.years or (bool(self.found.seasons) and year - 1 in self.years)
        return is_span and self.found.is_vague and is_of_year

    def _carries_season(self, year: int, season: int) -> bool:
        if not self._carries_year(year) and not self._near(year, 6):
            return False
        if season <= 32:
            return (season - 21) % 4 + 1 in self.found.seasons
        if season <= 36:
            return season - 32 in self.found.quarters
        return season - 39 in self.found.halves if season >= 40 else self.found.is_vague

    def _carries_day(self, year: int, month: int, day: int, *, is_span: bool) -> bool:
        date, found = _day(year, month, day), self.found
        if (year, month, day) in found.days or date is None:
            return date is not None
        if (month, day) in found.yearless and self._near(year, month, day):
            return True
        for anchor in self.anchors:
            distance = (date - anchor).days
            if distance in found.shifts:
                return True
            if date.weekday() in found.weekdays and 0 <= abs(distance) <= _WEEK:
                return True
        if self.is_foreign and {year, day} <= self.digits | self.years:
            return True
        return is_span and self._is_edge(date)

    def _is_edge(self, date: datetime.date) -> bool:
        """Whether it is the first or the last day of what the words name, as in `by 2025`."""
        if not self.found.is_vague:
            return False
        is_first, is_last = date.day == 1, (date + datetime.timedelta(days=1)).day == 1
        if not (is_first or is_last):
            return False
        if self._carries_month(date.year, date.month, is_span=False):
            return True
        is_edge = (date.month, date.day) in ((1, 1), (12, 31))
        return (is_edge or bool(self.found.quarters | self.found.halves | self.found.seasons)) and (
            self._carries_year(date.year)
        )


_BARE = str.maketrans("", "", "~?%")
