"""Numbers and sums: what contradicts itself in one, and what would be right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from schema.model.amounts import DECIMALS, amount_mistake
from schema.model.currencies import decimals
from schema.model.values import Money

Mistake = tuple[str, str, str]
"""The part of a value, what is wrong with it, and what would be right."""


def is_reversed(low: Any, high: Any) -> bool:
    """Whether a lower bound lies above the upper one."""
    return low is not None and high is not None and low > high


def bounds_mistake(low: Any, high: Any) -> str:
    """That a value is bounded the wrong way round."""
    return f"it is bounded the wrong way round, from {low} to {high}."


def number_mistake(kind: Any, value: Mapping[str, Any]) -> Mistake | None:
    """What contradicts itself in a quantity or a sum of money."""
    is_measured = value.get("unit") is not None
    names = ("least", "most") if is_measured else ("minimum", "maximum")
    return next(
        (
            found
            for rule in (_flags, _amounts, _units, _bounds, _certainty, _estimate, _money)
            for found in rule(kind, value, names)
        ),
        None,
    )


Names = tuple[str, str]
"""What the lower and the upper bound are called."""
Found = Iterator[Mistake]
_AMOUNTS = ("minimum", "maximum", "least", "most", "floor", "ceiling")


def _flags(kind: Any, value: Mapping[str, Any], names: Names) -> Found:
    for name in _AMOUNTS:
        if isinstance(value.get(name), bool):
            flag = str(value[name]).lower()
            yield name, f"'{flag}' is not a number.", f"Write {name} in digits."


def _amounts(kind: Any, value: Mapping[str, Any], names: Names) -> Found:
    for name in _AMOUNTS:
        if value.get(name) is not None and (wrong := amount_mistake(str(value[name]))):
            fault, _, right = wrong.partition("; ")
            yield name, f"{fault}.", f"{right[:1].upper()}{right[1:]}."


def _units(kind: Any, value: Mapping[str, Any], names: Names) -> Found:
    unit = value.get("unit")
    pieces = [name for name in ("minimum", "maximum") if value.get(name) is not None]
    measures = [name for name in ("least", "most") if value.get(name) is not None]
    if unit is not None and pieces:
        choices = ", ".join(
            f"{'least' if name == 'minimum' else 'most'}: {value[name]}" for name in pieces
        )
        yield pieces[0], f"it counts pieces, and the unit is {unit}.", f"Write {choices}."
    if unit is None and measures:
        choices = ", ".join(
            f"{'minimum' if name == 'least' else 'maximum'}: {value[name]}" for name in measures
        )
        yield (
            measures[0],
            "it measures something, and there is no unit.",
            f"Write the unit, such as unit: km, or {choices} for pieces.",
        )


def _bounds(kind: Any, value: Mapping[str, Any], names: Names) -> Found:
    low, high = (_number(value.get(name)) for name in names)
    if is_reversed(low, high):
        right = f"Write {names[0]}: {high}, {names[1]}: {low}."
        yield names[0], bounds_mistake(low, high), right


def _certainty(kind: Any, value: Mapping[str, Any], names: Names) -> Found:
    """How sure a number is said to be, against the bounds that it has."""
    certainty = value.get("certainty")
    given = {name: value[name] for name in names if value.get(name) is not None}
    known = next(iter(given.values()), "…")
    least, most = names
    for word, bound, other in (("AT_MOST", most, least), ("AT_LEAST", least, most)):
        if certainty == word and [*given] != [bound]:
            right = "certainty: RANGE" if len(given) == 2 else f"{bound}: {known} alone"
            yield "certainty", f"{word} goes with a {bound} and no {other}.", f"Write {right}."
    is_one = len(given) == 2 and Decimal(value[least]) == Decimal(value[most])
    if certainty == "EXACT" and given and not is_one:
        right = "certainty: RANGE" if len(given) == 2 else f"{least}: {known}, {most}: {known}"
        wrong = f"EXACT goes with a {least} and a {most} that are the same."
        yield "certainty", wrong, f"Write {right}."
    if certainty == "RANGE" and len(given) == 1:
        right = "AT_LEAST" if least in given else "AT_MOST"
        yield "certainty", f"RANGE goes with a {least} and a {most}.", f"Write certainty: {right}."


def _estimate(kind: Any, value: Mapping[str, Any], names: Names) -> Found:
    """A floor and a ceiling stand beside an estimate, and around it."""
    low, high = (_number(value.get(name)) for name in names)
    for name, bound, own in (("floor", names[0], low), ("ceiling", names[1], high)):
        limit = _number(value.get(name))
        if limit is None:
            continue
        if value.get("certainty") != "ESTIMATE":
            right = f"Write certainty: ESTIMATE, or {bound}: {limit} alone."
            yield name, f"a {name} stands beside an estimate.", right
        elif own is None:
            yield name, f"a {name} stands beside an estimate.", f"Write {bound}: {limit} alone."
        elif is_reversed(limit, own) if name == "floor" else is_reversed(own, limit):
            side = "below" if name == "floor" else "above"
            yield name, f"the {name} {limit} does not lie {side} {own}.", f"Leave the {name} out."


def _money(kind: Any, value: Mapping[str, Any], names: Names) -> Found:
    if kind is not Money:
        return
    scope, share, currency = (value.get(name) for name in ("scope", "share", "currency"))
    yield from _equivalents(value)
    if scope == "SHARED" and share is None:
        yield (
            "scope",
            "a sum that records share needs a key.",
            "Write share: some-key, alike in each record that shares it.",
        )
    if share is not None and scope != "SHARED":
        yield "share", "it is the key of a sum that is not SHARED.", "Write scope: SHARED."
    if currency is None or scope == "UNIT":  # a price a piece may be a part of the smallest coin
        return
    most = min(decimals(currency), DECIMALS)
    for name in ("minimum", "maximum", "floor", "ceiling"):
        number = str(value.get(name) or "")
        if len(number.partition(".")[2].rstrip("0")) > most:
            finest = f"in {most} decimals" if most else "without decimals"
            wrong = f"{number} is finer than {currency} is divided."
            right = f"Write it {finest}, or scope: UNIT for a price a piece."
            yield name, wrong, right


def _equivalents(value: Mapping[str, Any]) -> Found:
    """The same sum in other currencies, each once, by the rules of all sums."""
    currencies = [value.get("currency")]
    for other in value.get("others") or ():
        code = other.get("currency")
        if currencies[0] is None:
            yield (
                "others",
                "the sum itself has no currency.",
                "Write its currency beside it.",
            )
        if code in currencies:
            yield "others", f"{code} stands twice.", "Write the first as the sum, others below."
        currencies.append(code)
        if found := number_mistake(Money, other):
            _, wrong, right = found
            yield "others", f"{code}: {wrong}", right


def _number(number: Any) -> Decimal | None:
    return None if number is None else Decimal(number)
