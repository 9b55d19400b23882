"""Canonical forms: values that mean the same are written alike, and so can be compared as texts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from math import inf

from schema.model.days import ALWAYS, Day, Span, digits_of, hull, month_length, numeral
from schema.model.edtf import Date, Interval, OneOrAll, Point, parsed


def canonical_number(number: int | str | Decimal) -> str:
    """A number with no idle zeros and no sign of nought; ValueError for what is none.

    `100000000.00` is `100000000`, `0100` is `100`, `1.50` is `1.5` and `-0` is `0`.
    """
    if isinstance(number, bool):
        raise ValueError(f"'{str(number).lower()}' is not a number; write it in digits")
    try:
        value = Decimal(number)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise ValueError(f"'{number}' is not a number; write it in digits, such as 1500 or 12.5")
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    digits = digits.lstrip("0") or "0"
    digits = f"0{digits}" if digits.startswith(".") else digits
    return digits if digits == "0" else sign + digits


@lru_cache(maxsize=4096)
def canonical_edtf(text: str) -> str:
    """An EDTF in the shortest form that means the same; ValueError for what is none.

    `2024-10-XX` is `2024-10`, the fourth quarter `2024-36` is `2024-10/2024-12`, and what begins
    and ends on one day is that day.
    """
    return _date(parsed(text))


@lru_cache(maxsize=4096)
def refines(narrower: str, wider: str) -> bool:
    """Whether one EDTF says more exactly what the other says; never of two that mean the same.

    It lies within the other, and is either smaller or less in doubt.
    """
    inner, outer = (parsed(canonical_edtf(each)) for each in (narrower, wider))
    if _is_reversed(inner) or _is_reversed(outer) or not _contains(outer, inner):
        return False
    return not _contains(inner, outer) or doubts_of(inner) < doubts_of(outer)


def doubts_of(date: Date) -> set[str]:
    """What is said of a date or of a part of it: `~` for approximate, `?` for uncertain."""
    if isinstance(date, Point):
        signs = set("".join(date.doubts).replace("%", "~?"))
        return signs | ({"~"} if "S" in date.parts[0] else set())
    parts = date.members if isinstance(date, OneOrAll) else (date.start, date.end)
    return {each for part in parts if not isinstance(part, str) for each in doubts_of(part)}


def _is_reversed(date: Date) -> bool:
    return not isinstance(date, Point) and date.is_reversed


def _date(date: Date) -> str:
    if isinstance(date, Point):
        return _point(date)
    if isinstance(date, Interval):
        return _interval(date)
    if date.is_all:
        members = sorted({_member(each) for each in date.members})
        is_one = len(members) == 1 and ".." not in members[0]
        return members[0] if is_one else f"{{{','.join(members)}}}"
    members = [_span(span) for span in _merged(date)]
    members += sorted({_date(each) for each in date.members if not _is_plain(each)})
    if len(members) == 1:
        return members[0]
    return f"[{','.join(_range(*each.split('/')) for each in members)}]"


def _member(date: Point | Interval) -> str:
    """A member of a set of which all are meant; how fine its ends are says how many it is."""
    if isinstance(date, Point):
        return _range(*_point(date).split("/"))
    return _range(
        *(end if isinstance(end, str) else _written(end) for end in (date.start, date.end))
    )


def _range(start: str, end: str | None = None) -> str:
    """A member of a set: one date, or those from one to another."""
    if end is None:
        return start
    return "..".join("" if each == ".." else each for each in (start, end))


def _merged(date: OneOrAll) -> list[Span]:
    """The spans of which one is meant, those that follow one another as one."""
    spans: list[Span] = []
    for low, high in sorted(each.span for each in date.members if _is_plain(each)):
        if spans and low <= _after(spans[-1][1]):
            spans[-1] = hull([spans[-1], (low, high)])
        else:
            spans.append((low, high))
    return spans


def _is_plain(date: Point | Interval) -> bool:
    """Whether a date says no more than its first and its last day."""
    if isinstance(date, Interval):
        ends = [
            end == ".." if isinstance(end, str) else _is_plain(end)
            for end in (date.start, date.end)
        ]
        return all(ends) and not date.is_reversed
    return not (date.has_gaps or date.is_loose or any(date.doubts) or date.span == ALWAYS)


def _after(day: Day) -> Day:
    """The day that follows."""
    year, month, number = day
    if year == inf or number < month_length(year, month):
        return year, month, number + 1
    return (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)


def _point(date: Point) -> str:
    doubt = date.doubts[0]
    if {*date.doubts} != {doubt} or not _is_plain(replace(date, doubts=())):
        return _written(date)
    return "/".join(f"{each}{doubt}" for each in _span(date.span).split("/"))


def _written(date: Point) -> str:
    """A date as it is given, without what is open at its end, and with each part's doubts."""
    parts, doubts = list(date.parts), list(date.doubts)
    while parts[-1] == "XX" and doubts[-1] == doubts[-2]:
        parts.pop()
        doubts.pop()
    if len({*doubts}) == 1:
        return "-".join(parts) + doubts[0]
    return "-".join(f"{doubt}{part}" for doubt, part in zip(doubts, parts, strict=True))


def _span(span: Span) -> str:
    """All days from the first to the last, in the coarsest terms."""
    (_, month, day), (last_year, last_month, last_day) = span
    ends_month = last_year == inf or last_day == month_length(last_year, last_month)
    fineness = 2 if day == 1 and ends_month else 3
    if (month, day, last_month, last_day) == (1, 1, 12, 31):
        fineness = 1
    ends = [_day(each, fineness) for each in span]
    return ends[0] if ends[0] == ends[1] != ".." else "/".join(ends)


def _day(day: Day, fineness: int) -> str:
    """The end of a span; a year of more than four digits is written without months."""
    year, month, number = day
    if abs(year) == inf:
        return ".."
    parts = [numeral(int(year)), f"{month:02}", f"{number:02}"]
    return "-".join(parts[: 1 if abs(year) > 9999 else fineness])


def _interval(date: Interval) -> str:
    start, end = date.start, date.end
    if _is_plain(date):
        return _span(date.span)
    if isinstance(start, Point) and isinstance(end, Point) and not date.is_reversed:
        if _point(start) == _point(end):
            return _point(start)
        doubts = {*start.doubts, *end.doubts}
        plain = replace(date, start=replace(start, doubts=()), end=replace(end, doubts=()))
        if len(doubts) == 1 and _is_plain(plain):
            return "/".join(f"{each}{start.doubts[0]}" for each in _span(date.span).split("/"))
    # The end of an interval is one date, so of several it may be the outermost counts.
    ends = [
        each if isinstance(each, str) else _point(each).split("/")[-place]
        for place, each in enumerate((start, end))
    ]
    return "/".join(ends)


def _contains(outer: Date, inner: Date) -> bool:
    """Whether all that one date may be, another may be as well."""
    if isinstance(inner, OneOrAll):
        if isinstance(outer, OneOrAll) and outer.is_all:
            pairs = (outer.members, inner.members)
            return inner.is_all and (
                all(any(_contains(o, i) for o in pairs[0]) for i in pairs[1])
                and all(any(_contains(o, i) for i in pairs[1]) for o in pairs[0])
            )
        return all(_contains(outer, each) for each in inner.members)
    if isinstance(outer, OneOrAll):
        return not outer.is_all and (
            any(_contains(each, inner) for each in outer.members)
            or any(_within(inner.span, span) for span in _merged(outer))
        )
    if isinstance(outer, Interval):
        return _within(inner.span, outer.span)
    spans = inner.readings if isinstance(inner, Point) else (inner.span,)
    if outer.has_gaps:
        if isinstance(inner, Point) and inner.has_gaps:
            return _is_narrower(inner.parts, outer.parts)
        return all(_is_allowed(span, outer.parts) for span in spans)
    return all(any(_within(span, each) for each in outer.readings) for span in spans)


def _within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _is_narrower(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    """Whether all that a pattern of digits allows, another allows as well."""
    given, wanted = ([*parts, "XX", "XX"][:3] for parts in (inner, outer))
    return all(
        {*digits_of(each)} <= {*digits_of(other)} for each, other in zip(given, wanted, strict=True)
    )


def _is_allowed(span: Span, parts: tuple[str, ...]) -> bool:
    """Whether a pattern of digits allows all days of a span, which is one of one year."""
    (year, month, day), (last_year, last_month, last_day) = span
    years, months, days = map(digits_of, [*parts, "XX", "XX"][:3])
    if year != last_year or year not in years or not {*range(month, last_month + 1)} <= {*months}:
        return False
    if month != last_month:
        return [*parts, "XX"][2] == "XX" if len(parts) > 1 else True
    return {*range(day, last_day + 1)} <= {*days}
