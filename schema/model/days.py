"""Days of any year, before the first and after the 9999th, as dates of EDTF reach them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from itertools import product
from math import inf

Day = tuple[float, int, int]
"""A year of the proleptic Gregorian calendar, which may be any or infinite, a month and a day."""
Span = tuple[Day, Day]
ALWAYS: Span = ((-inf, 1, 1), (inf, 12, 31))


def hull(spans: Sequence[Span]) -> Span:
    """The span from the first day of several to the last."""
    return min(low for low, _ in spans), max(high for _, high in spans)


def year_span(first: float, last: float) -> Span:
    """From the first day of a year to the last of another."""
    return (first, 1, 1), (last, 12, 31)


def numeral(year: int) -> str:
    """A year as EDTF writes it."""
    return f"Y{year}" if abs(year) > 9999 else f"{'-' * (year < 0)}{abs(year):04}"


def months_span(year: float, first: int, number: int) -> Span:
    """So many months from one of a year, which may lie in the next."""
    turn, month = divmod(first + number - 2, 12)
    last = year + turn
    return (year, first, 1), (last, month + 1, month_length(last, month + 1))


def month_length(year: float, month: int) -> int:
    """How many days a month has; the calendar repeats after 400 years."""
    return monthrange(int(year) % 400 + 2000, month)[1]


SPRINGS = (3, 9)
"""The months in which spring begins in the north and in the south."""
GROUPS: dict[int, tuple[int, int]] = {
    **{33 + n: (1 + 3 * n, 3) for n in range(4)},
    **{37 + n: (1 + 4 * n, 4) for n in range(3)},
    **{40 + n: (1 + 6 * n, 6) for n in range(2)},
}
"""Quarters, thirds and halves of a year: the first month, and how many."""


def digits_of(pattern: str) -> list[int]:
    """The numbers that a pattern such as `1X` stands for, rising."""
    sign = -1 if pattern.startswith("-") else 1
    options = ("0123456789" if digit == "X" else digit for digit in pattern.lstrip("-"))
    return sorted({sign * int("".join(each)) for each in product(*options)})


def _days(year: int, parts: tuple[str, ...]) -> list[tuple[int, int]]:
    """Months and days of a year that a pattern allows, the first and the last among them."""
    months = digits_of(parts[1]) if len(parts) > 1 else [1, 12]
    days = digits_of(parts[2]) if len(parts) > 2 else None
    found: list[tuple[int, int]] = []
    for month in months:
        if 1 <= month <= 12:
            length = month_length(year, month)
            found += [(month, day) for day in days or (1, length) if 1 <= day <= length]
    return found


def first_and_last(parts: tuple[str, ...]) -> Span | None:
    """The first and the last day that a pattern allows."""
    years = digits_of(parts[0])

    def day(ordered: Iterable[int], place: int) -> Day | None:
        for year in ordered:
            if found := _days(year, parts):
                return (year, *sorted(found)[place])
        return None

    first, last = day(years, 0), day(reversed(years), -1)
    return None if first is None or last is None else (first, last)


def has_gaps_between(parts: tuple[str, ...]) -> bool:
    """Whether the days that a pattern allows do not follow one another."""
    if not any("X" in part for part in parts):
        return False
    for place, part in enumerate(parts):
        if "X" not in part:
            continue
        is_whole = all(finer == "XX" for finer in parts[place + 1 :])
        return not is_whole or "X" in part.rstrip("X")
    return False
