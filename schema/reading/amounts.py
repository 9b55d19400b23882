"""Amounts: numbers of things, measures and sums of money, held against words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from schema.model.spelling import spellings
from schema.model.units import UNITS, unit_name
from schema.reading.currencies import is_bare, is_in
from schema.reading.dates import dates
from schema.reading.numbers import Number, numbers
from schema.reading.words import spoken, words_of

_UNIT_WORDS = {
    "[ston_av]": "ton",
    "%": "percent",
    "Mt": "megaton",
    "kW.h": "kwh",
    "km/h": "kph, kmh, kilometre per hour, kilometer per hour",
    "km2": "sq km, square km",
    "kt": "kiloton",
    "har": "ha",
    "kg": "kilo, kilogramme",
    "g": "gramme",
    "m/s": "metre per second, meter per second",
    "m2": "sq m, square m",
    "MW.h": "mwh",
    "t": "ton, metric ton",
}
"""What a unit is called beside its name and its sign, by its code."""
_METRES = frozenset({"m", "m2", "m3", "m/s"})
"""Units whose sign begins as that of millions does."""


def missing_quantity(value: Mapping[str, Any], text: str, *, is_foreign: bool) -> str | None:
    """What a text does not say of a number of things, or of a measure."""
    unit, dated = value.get("unit"), dates(text).spans
    counted = [
        _in_metres(number, text) if unit in _METRES else number
        for number in numbers(text)
        if not any(start <= number.start < end for start, end in dated)
    ]
    wrong = _unit(unit, text, is_foreign=is_foreign)
    return wrong or _bounds(value, counted, 0 if unit else 1, is_foreign=is_foreign)


def _in_metres(number: Number, text: str) -> Number:
    """The number, where its `m` may be the sign of a unit and not that of millions."""
    written = words_of(text).plain[number.start : number.end]
    if number.scale is None or not re.search(r"(?<![^\W\d])m$", written, re.IGNORECASE):
        return number
    metres = {value / number.scale for value in number.values}
    return replace(number, values=number.values | metres)


def _unit(code: str | None, text: str, *, is_foreign: bool) -> str | None:
    if code is None or is_foreign or _has_sign(unit_name(code), text):
        return None
    names = spellings(UNITS[code]) if code in UNITS else [code[1:-1]]
    words = ", ".join([*names, *filter(None, [_UNIT_WORDS.get(code)])])
    if any(words_of(text).at(phrase) for phrase in spoken(words)):
        return None
    return f"the unit {code}"


def _has_sign(sign: str, text: str) -> bool:
    """Whether the sign of a unit stands in a text; one letter is a sign behind a number alone."""
    before = r"\d[\s-]*" if len(sign) == 1 else r"(?<![^\W\d])"
    pattern = rf"{before}{re.escape(sign)}(?!\w)"
    return re.search(pattern, words_of(text).plain, re.IGNORECASE) is not None


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
    is_stated: Callable[[Number], bool],
) -> str | None:
    """The bound that stands beside an estimate, with the words that make it one."""
    bound = _bound(value, name)
    if bound is None or any(bound in number.values and is_stated(number) for number in found):
        return None
    return f"the number {bound:f} as a {name}"


def _bound(value: Mapping[str, Any], *names: str) -> Decimal | None:
    """The first of these bounds that a value has."""
    given = next((value[name] for name in names if value.get(name) is not None), None)
    return None if given is None else Decimal(str(given))
