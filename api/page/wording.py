"""Words: how the page writes the names and the values of the graph for people to read."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from markupsafe import Markup, escape

from schema.model.currencies import decimals
from schema.model.units import unit_name
from schema.model.values import PartialDate

ENGLISH = Locale("en", "GB")
FIRST, LAST = datetime.date.min.isoformat(), datetime.date.max.isoformat()
WEB = re.compile(r"https?://[^\s\"'<>]+")


@dataclass(frozen=True)
class DisplayValue:
    """One value as the page shows it."""

    text: str
    notes: tuple[str, ...] = ()
    """What is said of it in smaller letters."""
    id: str | None = None
    """The record that it points at."""
    address: str | None = None
    """The web address that it is."""
    language: str | None = None
    stated: str | None = None
    """The source's own words."""
    hedge: str | None = None
    """How it is less than asserted."""


@dataclass(frozen=True)
class Named:
    """A value with the name of its field."""

    label: str
    value: DisplayValue


@dataclass(frozen=True)
class Item:
    """One entry of a list: what it is, what is said of it, and the page that is its own."""

    value: DisplayValue
    facts: tuple[Named, ...] = field(default=())
    own: str | None = None


def label(name: str) -> str:
    """The name of a field or a type: `orderedOn` is `Ordered on`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()
    words = re.sub(r"^is (?=.)", "", words).replace("sha256", "SHA-256")
    return words[:1].upper() + words[1:]


def prose(description: str) -> Markup:
    """A description of the graph, its code as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(description))))  # noqa: S704  # escaped


def choice(value: str) -> str:
    """A value of an enumeration: `UNDER_CONSIDERATION` is `Under consideration`."""
    return value if len(value) == 1 else value.replace("_", " ").capitalize()


HEDGES = {
    "REPORTED": "reported",
    "ALLEGED": "alleged",
    "PLANNED": "planned",
    "HYPOTHETICAL": "possible",
    "DENIED": "denied",
}


def hedge(*factualities: str | None) -> str | None:
    """The words for how sure something is not; None for what is asserted."""
    words = (HEDGES.get(each or "") for each in factualities)
    return ", ".join(dict.fromkeys(filter(None, words))) or None


def day(iso: str) -> str:
    """A day of the calendar, such as 3 May 2024."""
    return format_date(datetime.date.fromisoformat(iso), "d MMMM y", locale=ENGLISH)


def instant(iso: str) -> str:
    """An instant, such as 24 November 2026, 12:00 UTC."""
    moment = datetime.datetime.fromisoformat(iso)
    moment = moment if moment.tzinfo is None else moment.astimezone(datetime.UTC)
    return f"{day(moment.date().isoformat())}, {moment:%H:%M} UTC"


def language(code: str) -> str:
    """The English name of a language or script, with its code."""
    name = ENGLISH.languages.get(code.replace("-", "_")) or ENGLISH.scripts.get(code)
    return f"{name} ({code})" if name else code


def date(value: Mapping[str, Any]) -> DisplayValue:
    """A date with its bounds and doubts, and with the words it was read from."""
    stated, edtf = value.get("stated"), value.get("edtf")
    first, last = value.get("earliest"), value.get("latest")
    about, unsure = value.get("isApproximate"), value.get("isUncertain")
    if edtf and "earliest" not in value:  # a claim's JSON leaves to EDTF what follows from it
        read = PartialDate.of(edtf=edtf)
        first = read.earliest and read.earliest.isoformat()
        last = read.latest and read.latest.isoformat()
        about, unsure = read.is_approximate, read.is_uncertain
    doubt = ("uncertain",) if unsure else ()
    sign = "about " if about else ""
    if edtf and (first == LAST or last == FIRST):  # beyond the days that databases hold
        return DisplayValue(edtf, doubt, stated=stated)
    if first and first == last:
        return DisplayValue(f"{sign}{day(first)}", doubt, stated=stated)
    if first and last:
        notes = ((edtf,) if edtf else ()) + doubt
        text = f"{sign}between {day(first)} and {day(last)}"
        return DisplayValue(text, notes, stated=stated)
    if first:
        return DisplayValue(f"{sign}{day(first)} or later", doubt, stated=stated)
    if last:
        return DisplayValue(f"{sign}{day(last)} or earlier", doubt, stated=stated)
    return DisplayValue(edtf or "", ("nothing bounds it", *doubt), stated=stated)


def quantity(value: Mapping[str, Any]) -> DisplayValue:
    """A number of pieces, or a measure with its unit."""
    unit = value.get("unit")

    def written(number: Any) -> str:
        text = format_decimal(Decimal(str(number)), "#,##0.###", ENGLISH)
        return f"{text} {unit_name(unit)}" if unit else text

    names = ("least", "most") if unit else ("minimum", "maximum")
    return DisplayValue(_estimate(value, written, names), stated=value.get("stated"))


def money(value: Mapping[str, Any]) -> DisplayValue:
    """A sum of money, in all currencies that it is told in."""
    sums = [_sum(value), *map(_sum, value.get("others") or ())]
    scope = value.get("scope")
    notes = (choice(scope).lower(),) if scope else ()
    shown = f"{sums[0]} ({', '.join(sums[1:])})" if sums[1:] else sums[0]
    return DisplayValue(shown, notes, stated=value.get("stated"))


def _sum(value: Mapping[str, Any]) -> str:
    """A sum in one currency, with the decimals that the currency has."""
    currency = value.get("currency")

    def written(sum: Any) -> str:
        number = Decimal(str(sum)).normalize()
        exponent = number.as_tuple().exponent
        given = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        digits = max(given, decimals(currency) if currency else 0) if given else 0
        form = f"#,##0.{'0' * digits}" if digits else "#,##0"
        if not currency:
            return format_decimal(number, form, ENGLISH)
        return format_currency(number, currency, f"¤¤ {form}", ENGLISH, currency_digits=False)

    return _estimate(value, written, ("minimum", "maximum"))


def _estimate(value: Mapping[str, Any], written: Any, names: tuple[str, str]) -> str:
    """The bounds of a number, as an estimate where it is one."""
    text = _span(value.get(names[0]), value.get(names[1]), written)
    if value.get("certainty") != "ESTIMATE" or not text:
        return text
    floor, ceiling = value.get("floor"), value.get("ceiling")
    text = f"about {text}"
    text += f", at least {written(floor)}" if floor is not None else ""
    return text + (f", at most {written(ceiling)}" if ceiling is not None else "")


def _span(least: Any, most: Any, written: Any) -> str:
    if least is not None and least == most:
        return str(written(least))
    if least is not None and most is not None:
        return f"{written(least)} to {written(most)}"
    if least is not None:
        return f"{written(least)} or more"
    return f"{written(most)} or fewer" if most is not None else ""


def text(value: str, lang: str | None = None) -> DisplayValue:
    """A plain text, which may be a web address."""
    return DisplayValue(value, address=value if WEB.fullmatch(value) else None, language=lang)
