"""Units: what a quantity is measured in, by codes of the Unified Code for Units of Measure."""

from __future__ import annotations

import re

from schema.errors import nearest

UNITS = {
    "m": "metre",
    "km": "kilometre",
    "cm": "centimetre",
    "mm": "millimetre",
    "[mi_i]": "mile",
    "[nmi_i]": "nautical mile",
    "[ft_i]": "foot",
    "[in_i]": "inch",
    "m2": "square metre",
    "km2": "square kilometre",
    "har": "hectare",
    "[acr_us]": "acre",
    "m3": "cubic metre",
    "L": "litre",
    "[bbl_us]": "barrel",
    "[gal_us]": "gallon",
    "g": "gram",
    "kg": "kilogram",
    "t": "tonne",
    "[lb_av]": "pound",
    "[ston_av]": "short ton",
    "[lton_av]": "long ton",
    "s": "second",
    "min": "minute",
    "h": "hour",
    "d": "day",
    "wk": "week",
    "mo": "month",
    "a": "year",
    "W": "watt",
    "kW": "kilowatt",
    "MW": "megawatt",
    "kW.h": "kilowatt hour",
    "MW.h": "megawatt hour",
    "V": "volt",
    "Hz": "hertz",
    "MHz": "megahertz",
    "GHz": "gigahertz",
    "km/h": "kilometre an hour",
    "m/s": "metre a second",
    "kt": "kilotonne",
    "Mt": "megatonne",
    "%": "per cent",
}
"""The codes that reports of defence cooperation need, with their names."""
_KIND = re.compile(r"\{[a-z]+( [a-z]+)*\}")
_NAMES = {name: code for code, name in UNITS.items()}


def unit(code: str) -> str:
    """A code of UCUM, or a word in braces for what is counted in sets; ValueError for all else."""
    if code in UNITS or _KIND.fullmatch(code):
        return code
    word = code.strip("{}").lower()
    known = _NAMES.get(word) or _NAMES.get(word.removesuffix("s")) or nearest(code, UNITS)
    right = f"did you mean '{known}'?" if known else f"for what comes in sets write {{{word}}}"
    raise ValueError(f"'{code}' is not a unit of UCUM, such as km or t; {right}")


def unit_name(code: str) -> str:
    """A unit as it is written beside a number: `km`, and `squadron` for `{squadron}`."""
    return code[1:-1] if code.startswith("{") else code.strip("[]").partition("_")[0]
