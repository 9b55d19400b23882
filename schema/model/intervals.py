"""Intervals: none may run from what is later, or more, to what is earlier, or less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from schema.model.edtf import OneOrAll, Point, parsed
from schema.model.noun import Versioned
from schema.model.numbers import Mistake, bounds_mistake, is_reversed, number_mistake
from schema.model.values import PartialDate, ValueObject


def mistake(kind: ValueObject, value: Mapping[str, Any]) -> Mistake | None:
    """What contradicts itself in a value: the part, what is wrong, what would be right."""
    return _date_mistake(value) if kind is PartialDate else number_mistake(kind, value)


def _date_mistake(value: Mapping[str, Any]) -> Mistake | None:
    text = value.get("edtf")
    if text is None:
        return None
    try:
        date = parsed(text)
    except ValueError as error:
        return "edtf", f"{error}.", ""
    if isinstance(date, Point) or not date.is_reversed:
        return None
    ends = PartialDate.of(edtf=text)
    wrong = bounds_mistake(ends.earliest or "before year 1", ends.latest or "after year 9999")
    if isinstance(date, OneOrAll):
        return "edtf", wrong, "Write the earlier date first."
    start, _, end = text.strip().partition("/")
    return "edtf", wrong, f"Write {end}/{start}."


def _bounds(value: Mapping[str, Any]) -> tuple[Any, Any]:
    """The first and the last day of a date; nothing bounds one that contradicts itself."""
    if _date_mistake(value):
        return None, None
    date = PartialDate.of(edtf=value.get("edtf"))
    return date.earliest, date.latest


def reversed_spans(
    noun: type[Versioned], dates: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[tuple[str, Any, str, Any]]:
    """Where all that one source says makes something end before it begins.

    Gives the field that begins it, its first day, the field that ends it, and its last day.
    """
    for start, end in noun.spans:
        first = [_bounds(value)[0] for value in dates.get(start, ())]
        last = [_bounds(value)[1] for value in dates.get(end, ())]
        are_known = first and last and None not in (*first, *last)
        if are_known and is_reversed(min(first), max(last)):
            yield start, min(first), end, max(last)
