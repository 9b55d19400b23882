"""Intervals: none may run from what is later, or more, to what is earlier, or less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from schema.model.noun import Versioned
from schema.model.values import PartialDate, ValueObject


def ends(kind: ValueObject, value: Mapping[str, Any]) -> tuple[Any, Any]:
    """The lower and the upper bound of a value as a claim holds it; ValueError for no date."""
    if kind is PartialDate:
        date = PartialDate.of(**value)
        return date.earliest, date.latest
    least, most = value.get("minimum"), value.get("maximum")
    return None if least is None else Decimal(least), None if most is None else Decimal(most)


def is_reversed(low: Any, high: Any) -> bool:
    """Whether a lower bound lies above the upper one."""
    return low is not None and high is not None and low > high


def mistake(kind: ValueObject, value: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """What is wrong with the bounds of a value: the part, what is wrong, what would be right."""
    try:
        low, high = ends(kind, value)
    except ValueError as error:
        return "edtf", f"{error}.", ""
    if not is_reversed(low, high):
        return None
    wrong = f"it is bounded the wrong way round, from {low} to {high}."
    if kind is not PartialDate:
        return "minimum", wrong, f"Write minimum: {high}, maximum: {low}."
    start, slash, end = value["edtf"].partition("/")
    return "edtf", wrong, f"Write {end}/{start}." if slash else "Write the earlier date first."


def reversed_spans(
    noun: type[Versioned], dates: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[tuple[str, Any, str, Any]]:
    """Where all that one source says makes something end before it begins.

    Gives the field that begins it, its first day, the field that ends it, and its last day.
    """
    for start, end in noun.spans:
        first = [ends(PartialDate, value)[0] for value in dates.get(start, ())]
        last = [ends(PartialDate, value)[1] for value in dates.get(end, ())]
        if first and last and None not in first and None not in last and min(first) > max(last):
            yield start, min(first), end, max(last)
