"""EDTF, levels 0 to 2 of ISO 8601-2: what a date says, and between which days it lies."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from schema.model.choices import Choice, described
from schema.model.days import (
    ALWAYS,
    GROUPS,
    SPRINGS,
    Span,
    first_and_last,
    has_gaps_between,
    hull,
    months_span,
    numeral,
    year_span,
)


@described("How fine a date is.")
class DatePrecision(Choice):
    DAY = ("DAY", "One calendar day.")
    MONTH = ("MONTH", "One month of one year.")
    SEASON = ("SEASON", "A season, a quarter or another part of one year.")
    YEAR = ("YEAR", "One year.")
    DECADE = ("DECADE", "One decade.")
    CENTURY = ("CENTURY", "One century.")
    INTERVAL = ("INTERVAL", "A span between two dates.")
    SET = ("SET", "One of several dates, or all of them.")


@dataclass(frozen=True)
class Point:
    """A date that is no interval and no set."""

    parts: tuple[str, ...]
    """Year, month or season, and day, as far as they are given; a digit may be `X`."""
    doubts: tuple[str, ...]
    """What is said of each part: `~` for approximate, `?` for uncertain, `%` for both."""
    readings: tuple[Span, Span]
    """The first and the last day; of a season that names no hemisphere, in the north and south."""
    precision: DatePrecision
    has_gaps: bool = False
    """Whether days between the first and the last are left out, as by `XXXX-12`."""
    is_loose: bool = False
    """Whether its days are no more than what its words come to, as of a season."""

    @property
    def span(self) -> Span:
        """From the first day it can be to the last."""
        return hull(self.readings)


@dataclass(frozen=True)
class Interval:
    """A span between two dates, either of which may be open (`..`) or unknown (empty)."""

    start: Point | str
    end: Point | str
    joint: str = "/"
    """`/`, or `..` within a set."""

    @property
    def readings(self) -> tuple[Span, Span]:
        """The first and the last day, with both ends in the north and both in the south."""
        first, last = (
            (ALWAYS, ALWAYS) if isinstance(end, str) else end.readings
            for end in (self.start, self.end)
        )
        return (first[0][0], last[0][1]), (first[1][0], last[1][1])

    @property
    def is_reversed(self) -> bool:
        """Whether it ends before it begins, wherever on earth."""
        return all(low > high for low, high in self.readings)

    @property
    def span(self) -> Span:
        """From the first day it can be to the last; of one that is reversed, as it is written."""
        right = [reading for reading in self.readings if reading[0] <= reading[1]]
        return hull(right or self.readings)


@dataclass(frozen=True)
class OneOrAll:
    """Several dates, of which one (`[ ]`) or all (`{ }`) are meant."""

    members: tuple[Point | Interval, ...]
    is_all: bool

    @property
    def is_reversed(self) -> bool:
        """Whether a member ends before it begins."""
        return any(isinstance(each, Interval) and each.is_reversed for each in self.members)

    @property
    def span(self) -> Span:
        """From the first day it can be to the last."""
        bad = [each for each in self.members if isinstance(each, Interval) and each.is_reversed]
        return bad[0].span if bad else hull([each.span for each in self.members])


Date = Point | Interval | OneOrAll


_HOW = "write it like 2024, 2024-10, 2024-10-24 or 2024-10/2024-12"
_SIGN = "([?~%]?)"
_POINT = re.compile(
    rf"{_SIGN}(-?[\dX]{{4}})(?:S(\d\d?))?{_SIGN}(?:-{_SIGN}([\dX]{{2}}){_SIGN}"
    rf"(?:-{_SIGN}([\dX]{{2}}){_SIGN})?)?",
    re.ASCII,
)
_LONG = re.compile(rf"Y(-?\d{{1,18}})(?:E(\d\d?))?(?:S(\d\d?))?{_SIGN}", re.ASCII)
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[+-]\d\d(:\d\d)?)?", re.ASCII
)
_QUARTER = re.compile(r"(-?\d{4})-?Q([1-4])", re.ASCII | re.IGNORECASE)


@lru_cache(maxsize=4096)  # a text says one date often, and whoever checks meets it again
def parsed(text: str) -> Date:
    """What an EDTF says; ValueError, with what would be right, for what is none."""
    text = text.strip()
    if text[:1] + text[-1:] in ("[]", "{}"):
        members = [part.strip() for part in text[1:-1].split(",")]
        return OneOrAll(tuple(_member(each, text) for each in members), text[0] == "{")
    if text.count("/") == 1:
        start, _, end = text.partition("/")
        return Interval(_end(start, text), _end(end, text))
    return _point(text, text)


def _member(text: str, whole: str) -> Point | Interval:
    if ".." not in text:
        return _point(text, whole)
    start, _, end = text.partition("..")
    if not start and not end:
        raise _mistake(whole)
    first, last = (_point(each, whole) if each else ".." for each in (start, end))
    return Interval(first, last, joint="..")


def _end(text: str, whole: str) -> Point | str:
    return text if text in ("", "..") else _point(text, whole)


def _mistake(text: str) -> ValueError:
    how = _HOW
    if quarter := _QUARTER.fullmatch(text):
        how = f"a quarter is written {quarter[1]}-{32 + int(quarter[2])}"
    elif re.fullmatch(r"[\dx-]+", text) and "x" in text:
        how = f"write {text.upper()}"
    elif re.fullmatch(r"Y-?\d{1,4}", text):
        how = f"write {'-' * ('-' in text)}{text.lstrip('Y-').zfill(4)}"
    elif re.fullmatch(r"[\dX-]+\.\.[\dX-]+", text):
        how = f"write {text.replace('..', '/')}"
    return ValueError(f"'{text}' is not an EDTF date; {how}")


def _point(text: str, whole: str) -> Point:
    if moment := _TIME.fullmatch(text):
        text = moment[1]
    if long := _LONG.fullmatch(text):
        return _long_year(text, long)
    match = _POINT.fullmatch(text)
    if match is None:
        raise _mistake(text if whole != text and _QUARTER.fullmatch(text) else whole)
    before1, year, significant, after1, before2, month, after2, before3, day, after3 = (
        match.groups()
    )
    parts = tuple(part for part in (year, month, day) if part)
    doubts = (
        _both(before1, after1, after2, after3),
        _both(before2, after2, after3),
        _both(before3, after3),
    )[: len(parts)]
    if significant:
        if month or "X" in year:
            raise _mistake(whole)
        return replace(_significant(int(year), 4, int(significant), whole), doubts=doubts)
    if month and month.isdigit() and int(month) > 20:
        if day or int(month) > 41:
            raise _mistake(whole)
        return _season(parts, doubts)
    return _calendar(parts, doubts, whole)


def _both(*signs: str | None) -> str:
    """What several qualifiers say together."""
    kinds = {"~?"[each == "?"] for each in signs if each and each != "%"}
    return "%" if "%" in signs or len(kinds) == 2 else "".join(kinds)


def _long_year(text: str, match: re.Match[str]) -> Point:
    number, exponent, significant, doubt = match.groups()
    year = int(number) * 10 ** int(exponent or 0)
    if exponent is None and len(number.lstrip("-")) < 5:
        raise _mistake(text)
    digits = len(str(abs(year)))
    doubts = (doubt,)
    if significant:
        return replace(_significant(year, digits, int(significant), text), doubts=doubts)
    span = year_span(year, year)
    return Point((f"Y{year}",), doubts, (span, span), DatePrecision.YEAR)


def _significant(year: int, digits: int, significant: int, text: str) -> Point:
    """A year of which only the first digits are sure."""
    if not 1 <= significant <= digits:
        raise _mistake(text)
    unsure = 10 ** (digits - significant)
    least = abs(year) // unsure * unsure
    first, last = sorted(
        (least, least + unsure - 1) if year >= 0 else (-least - unsure + 1, -least)
    )
    precision = {1: DatePrecision.YEAR, 10: DatePrecision.DECADE, 100: DatePrecision.CENTURY}
    span = year_span(first, last)
    written = f"{numeral(year)}S{significant}"
    kind = precision.get(unsure, DatePrecision.INTERVAL)
    return Point((written,), ("",), (span, span), kind, is_loose=unsure > 1)


def _season(parts: tuple[str, ...], doubts: tuple[str, ...]) -> Point:
    """A season in whole months; one over the turn of the year is of the year it begins in."""
    year, group = parts[0], int(parts[1])
    if "X" in year:
        raise ValueError(f"'{'-'.join(parts)}' is a season of no year; write the year in digits")
    if group in GROUPS:
        span = months_span(int(year), *GROUPS[group])
        return Point(parts, doubts, (span, span), DatePrecision.SEASON)
    north, south = (
        months_span(int(year), (spring + 3 * ((group - 21) % 4) - 1) % 12 + 1, 3)
        for spring in SPRINGS
    )
    if group > 24:
        north = south = south if group > 28 else north
    return Point(parts, doubts, (north, south), DatePrecision.SEASON, is_loose=True)


def _calendar(parts: tuple[str, ...], doubts: tuple[str, ...], whole: str) -> Point:
    """A date of the calendar, any digit of which may be left open."""
    days = first_and_last(parts)
    if days is None and first_and_last(parts[:2]) is None:
        raise _mistake(whole)
    if days is None:
        raise ValueError(f"'{whole}' is not an EDTF date; there is no such day")
    fine = [part for part in parts if part != "XX"]
    year, rest = parts[0].lstrip("-"), fine[1:]
    if year == "XXXX":
        return Point(parts, doubts, (ALWAYS, ALWAYS), _fineness(parts, days), has_gaps=bool(rest))
    has_gaps = has_gaps_between(parts)
    return Point(parts, doubts, (days, days), _fineness(parts, days), has_gaps)


def _fineness(parts: tuple[str, ...], days: Span) -> DatePrecision:
    """How fine a date is: by what it gives, or what all days that it leaves open have in common."""
    if not any("X" in part for part in parts):
        return (DatePrecision.YEAR, DatePrecision.MONTH, DatePrecision.DAY)[len(parts) - 1]
    (year, month, _), (last_year, last_month, _) = days
    common = (
        ((year, month) == (last_year, last_month), DatePrecision.MONTH),
        (year == last_year, DatePrecision.YEAR),
        (year // 10 == last_year // 10, DatePrecision.DECADE),
        (year // 100 == last_year // 100, DatePrecision.CENTURY),
    )
    return next((kind for is_common, kind in common if is_common), DatePrecision.INTERVAL)
