"""Dates in words: what an EDTF says, as prose tells it, with its doubts and without its code."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable

DayFormat = Callable[[datetime.date], str]
"""How a text writes a day."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ORDINALS = ("first", "second", "third", "fourth")
_SEASONS = ("spring", "summer", "autumn", "winter")
_PARTS = {
    **{21 + place: f"{season} {{}}" for place, season in enumerate(_SEASONS)},
    **{25 + place: f"{season} {{}} (northern)" for place, season in enumerate(_SEASONS)},
    **{29 + place: f"{season} {{}} (southern)" for place, season in enumerate(_SEASONS)},
    **{33 + place: f"the {nth} quarter of {{}}" for place, nth in enumerate(_ORDINALS)},
    **{37 + place: f"the {nth} third of {{}}" for place, nth in enumerate(_ORDINALS[:3])},
    40: "the first half of {}",
    41: "the second half of {}",
}
"""What stands where a month does and is none, by its number."""
_OPEN = ("..", "")


def american(day: datetime.date) -> str:
    """Such as November 24, 2026."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def date_in_words(edtf: str, day: DayFormat = american) -> str | None:
    """A date as prose writes it; None where its code is none that has words.

    `2024-36` is the fourth quarter of 2024, `2024-10/..` from October 2024 on, `2024~` about 2024.
    """
    text = edtf.strip()
    if (text[:1], text[-1:]) in (("[", "]"), ("{", "}")):
        return _set(text[1:-1], day, " or " if text[0] == "[" else " and ")
    if "/" in text:
        start, _, end = text.partition("/")
        return _interval(start, end, day)
    return _single(text, day)


def _interval(start: str, end: str, day: DayFormat) -> str | None:
    if start in _OPEN and end in _OPEN:
        return "at an unknown time"
    first = None if start in _OPEN else _single(start, day)
    last = None if end in _OPEN else _single(end, day)
    if (start not in _OPEN and first is None) or (end not in _OPEN and last is None):
        return None
    if first is None:
        return f"until {last}" if start == ".." else f"from an unknown date to {last}"
    if last is None:
        return f"from {first} on" if end == ".." else f"from {first} to an unknown date"
    return first if first == last else f"from {first} to {last}"


def _set(members: str, day: DayFormat, joint: str) -> str | None:
    phrases: list[str] = []
    for member in members.split(","):
        start, dots, end = member.strip().partition("..")
        words = [_single(part, day) if part else "" for part in (start, end)]
        if not dots:
            made = words[0]
        elif None in words or words == ["", ""]:
            made = None
        elif not start:
            made = f"{words[1]} or earlier"
        elif not end:
            made = f"{words[0]} or later"
        else:
            made = f"{'any date' if joint == ' or ' else 'each date'} from {words[0]} to {words[1]}"
        if not made:
            return None
        phrases.append(made)
    *most, last = phrases
    return f"{', '.join(most)}{joint}{last}" if most else last


def _single(edtf: str, day: DayFormat) -> str | None:
    """One date, with its circa and its doubt wherever in the code they stand."""
    words = _plain(re.sub("[?~%]", "", edtf), day)
    if words is None:
        return None
    if re.search("[~%]", edtf):
        words = f"about {words}"
    return f"{words} (uncertain)" if re.search("[?%]", edtf) else words


def _plain(edtf: str, day: DayFormat) -> str | None:
    if found := re.fullmatch(r"Y?(-?\d+)E(\d+)(?:S\d+)?", edtf):
        return _year(int(found[1]) * 10 ** min(int(found[2]), 18))
    if found := re.fullmatch(r"Y?(-?\d+)S(\d+)", edtf):
        return _estimated(int(found[1]), len(found[1].lstrip("-")) - int(found[2]))
    if found := re.fullmatch(r"Y(-?\d+)", edtf):
        return _year(int(found[1]))
    found = re.fullmatch(r"(-?[\dX]{4})(?:-([\dX]{2})(?:-([\dX]{2}))?)?", edtf)
    return _calendar(found[1], found[2], found[3], day) if found else None


def _year(year: int) -> str:
    """A year of the calendar; that before the first is 1 BC."""
    if year <= 0:
        return f"{1 - year} BC"
    return f"the year {year}" if year > 9999 or year < 1000 else str(year)


def _estimated(year: int, unknown: int) -> str:
    if unknown <= 0:
        return _year(year)
    span = 10**unknown
    first = year // span * span
    return f"{_year(year)} (estimated, from {_year(first)} to {_year(first + span - 1)})"


def _calendar(year: str, month: str | None, day: str | None, form: DayFormat) -> str | None:
    if month is None:
        return _years(year)
    if day is not None:
        return _days(year, month, day, form)
    if "X" in month:
        return _among(f"a month of {_years(year)}", _months(month), year)
    number = int(month)
    if number in _PARTS:
        return _PARTS[number].format(_years(year))
    return f"{MONTHS[number - 1]} {_of_year(year)}" if 1 <= number <= 12 else None


def _of_year(year: str) -> str:
    """A year behind its month."""
    return str(_years(year)) if "X" not in year else f"of {_years(year)}"


def _years(year: str) -> str:
    known, unknown = year.rstrip("X"), len(year) - len(year.rstrip("X"))
    if not unknown:
        return _year(int(year)) if "X" not in known else "an unknown year"
    if known in ("", "-") or "X" in known:
        return "an unknown year"
    span = 10**unknown
    if known.startswith("-"):
        return f"a year from {_year(int(known) * span - span + 1)} to {_year(int(known) * span)}"
    if unknown == 1:
        return f"the {int(known) * 10}s"
    return f"a year from {_year(int(known) * span)} to {_year(int(known) * span + span - 1)}"


def _months(month: str) -> list[int]:
    form = month.replace("X", r"\d")
    return [number for number in range(1, 13) if re.fullmatch(form, f"{number:02}")]


def _among(whole: str, months: list[int], year: str) -> str | None:
    if len(months) == 12:
        return whole
    if len(months) == 1:
        return f"{MONTHS[months[0] - 1]} {_of_year(year)}"
    first, last = months[0], months[-1]
    if months != list(range(first, last + 1)):
        return f"{' or '.join(MONTHS[number - 1] for number in months)} {_of_year(year)}"
    return f"a month from {MONTHS[first - 1]} to {MONTHS[last - 1]} {_of_year(year)}"


def _days(year: str, month: str, day: str, form: DayFormat) -> str | None:
    if "X" in month:
        months = _among(f"a month of {_years(year)}", _months(month), year)
        if day == "XX":
            return f"a day in {_years(year)}" if month == "XX" else f"a day in {months}"
        return f"day {day.replace('X', '?').lstrip('0')} of {months}" if "X" not in day else None
    number = int(month)
    if not 1 <= number <= 12:
        return None
    named = f"{MONTHS[number - 1]} {_of_year(year)}"
    if "X" in day:
        days = _days_of(year, number, day)
        if len(days) < 2 or day == "XX":
            return f"a day in {named}"
        if day[0] == "X":
            return f"{MONTHS[number - 1]} {' or '.join(map(str, days))}, {_years(year)}"
        return f"a day from {MONTHS[number - 1]} {days[0]} to {days[-1]}, {_years(year)}"
    if "X" in year or int(year) <= 0:
        return f"{MONTHS[number - 1]} {int(day)}, {_years(year)}"
    try:
        return form(datetime.date(int(year), number, int(day)))
    except ValueError:
        return None


def _days_of(year: str, month: int, day: str) -> list[int]:
    known = int(year) if "X" not in year and int(year) > 0 else 2000
    most = calendar.monthrange(known, month)[1]
    form = day.replace("X", r"\d")
    return [number for number in range(1, most + 1) if re.fullmatch(form, f"{number:02}")]
