"""Amounts: numbers of things, measures and sums of money, held against words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from schema.reading.currencies import is_bare, is_in
from schema.reading.dates import dates
from schema.reading.numbers import Number, numbers
from schema.reading.words import spoken, words_of

_UNITS = {
    "km": "km, kilometre, kilometer",
    "m": "m, metre, meter",
    "cm": "cm, centimetre, centimeter",
    "mm": "mm, millimetre, millimeter",
    "nmi": "nautical mile, nmi",
    "[nmi_i]": "nautical mile, nmi",
    "[mi_i]": "mile",
    "km2": "km2, square kilometre, square kilometer",
    "har": "ha, hectare",
    "t": "t, ton, tonne, tonnes",
    "kg": "kg, kilogram, kilogramme",
    "g": "g, gram, gramme",
    "l": "l, litre, liter",
    "h": "hour",
    "d": "day",
    "wk": "week",
    "mo": "month",
    "a": "year",
    "MW": "mw, megawatt",
    "kt": "kt, kiloton",
}
"""Words for what is measured, by the code of the unit."""


def missing_quantity(value: Mapping[str, Any], text: str, *, is_foreign: bool) -> str | None:
    """What a text does not say of a number of things, or of a measure."""
    dated = dates(text).spans
    counted = [
        number
        for number in numbers(text)
        if not any(start <= number.start < end for start, end in dated)
    ]
    step = 0 if value.get("unit") else 1
    wrong = _unit(value.get("unit"), text, is_foreign=is_foreign)
    return wrong or _bounds(value, counted, step, is_foreign=is_foreign)


def _unit(code: str | None, text: str, *, is_foreign: bool) -> str | None:
    if code is None or is_foreign:
        return None
    words = _UNITS.get(code, code.strip("{}[]").replace("_", " "))
    if code in text or any(words_of(text).at(phrase) for phrase in spoken(words)):
        return None
    return f"the unit {code}"


def missing_money(value: Mapping[str, Any], text: str, *, is_foreign: bool) -> str | None:
    """What a text does not say of a sum, in each currency that it is told in."""
    for each in (value, *value.get("others", ())):
        code = each.get("currency")
        sums = [number for number in numbers(text) if not code or is_in(text, number, code)]
        if code and sums:  # `about 100 dollars, at most 120`
            bounds = (number for number in numbers(text) if number.is_most or number.is_least)
            sums += [number for number in bounds if is_bare(text, number, sums[0].end)]
        if wrong := _bounds(each, sums, 0, is_foreign=is_foreign):
            return f"{wrong} in {code}" if code else wrong
    return None


def _bounds(
    value: Mapping[str, Any], found: Sequence[Number], step: int, *, is_foreign: bool
) -> str | None:
    """What is missing of the bounds of a number, and of what makes it one."""
    least = _bound(value, "minimum", "least")
    most = _bound(value, "maximum", "most")
    at_least = [number for number in found if least is not None and number.may_be(least, step)]
    at_most = [number for number in found if most is not None and number.may_be(most, -step)]
    for bound, fitting in ((least, at_least), (most, at_most)):
        if bound is not None and not fitting:
            return f"the number {bound:f}"
    if is_foreign:
        return None
    if least is None and most is not None and not any(each.is_most for each in at_most):
        return f"words for at most {most:f}"
    if most is None and least is not None and not any(each.is_least for each in at_least):
        return f"words for at least {least:f}"
    plain = [each for each in at_least if not (each.is_most or each.is_least or each.is_about)]
    if value.get("certainty") == "EXACT" and least is not None and not plain:
        return f"the number {least:f} without words that bound it or make it a guess"
    return _beside(value, found, "floor", lambda number: number.is_least) or _beside(
        value, found, "ceiling", lambda number: number.is_most
    )


def _beside(
    value: Mapping[str, Any],
    found: Sequence[Number],
    name: str,
    is_told: Callable[[Number], bool],
) -> str | None:
    """The bound that stands beside an estimate, with the words that make it one."""
    bound = _bound(value, name)
    if bound is None or any(bound in number.values and is_told(number) for number in found):
        return None
    return f"the number {bound:f} as a {name}"


def _bound(value: Mapping[str, Any], *names: str) -> Decimal | None:
    """The first of these bounds that a value has."""
    given = next((value[name] for name in names if value.get(name) is not None), None)
    return None if given is None else Decimal(str(given))
