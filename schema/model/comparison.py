"""Comparison: which values of claims are one value, however sources write it."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from schema.model.canonical import canonical_edtf, canonical_number, refines

UNCOMPARED = frozenset({"stated", "certainty", "share", "others"})
"""Parts of a value object that say how it is told, and are no part of what is told."""
_NUMBERS = ("minimum", "maximum", "least", "most", "floor", "ceiling")


def comparable(value: Any) -> Any:
    """A value in the form in which values are compared, as JSON holds it.

    A value object is compared without the words it is stated in, where more is left of it.
    """
    if isinstance(value, dict):
        firm = {key: part for key, part in value.items() if key not in UNCOMPARED}
        return {key: _part(key, part) for key, part in (firm or value).items()}
    return canonical_text(value) if isinstance(value, str) else value


def canonical(value: str | None) -> str:
    """The value of a claim, which is JSON, as a text that is the same for each way to write it."""
    return json.dumps(comparable(json.loads(value or "null")), ensure_ascii=False, sort_keys=True)


def is_same(one: str | None, other: str | None) -> bool:
    """Whether two values of claims are one, which a sum is in whichever currency it is told."""
    tellings, rest = _tellings(one), _tellings(other)
    return any(telling in rest for telling in tellings)


def _tellings(value: str | None) -> list[Any]:
    """A value as it is told first, and a sum of money in each other currency it is told in."""
    total = json.loads(value or "null")
    if not isinstance(total, dict) or not total.get("others"):
        return [comparable(total)]
    scope = {"scope": total["scope"]} if "scope" in total else {}
    return [comparable(total), *(comparable(scope | other) for other in total["others"])]


def canonical_text(text: str) -> str:
    """A text in which neither the kind of spaces nor the form of letters makes a difference."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def is_refined(wide: str | None, narrow: str | None) -> bool:
    """Whether the second of two values of claims is a narrower date that lies within the first."""
    dates = [json.loads(value or "null") for value in (narrow, wide)]
    edtf = [date.get("edtf") if isinstance(date, dict) else None for date in dates]
    return edtf[0] is not None and edtf[1] is not None and refines(edtf[0], edtf[1])


def _part(name: str, part: Any) -> Any:
    if name == "edtf":
        return canonical_edtf(part)
    if name in _NUMBERS and isinstance(part, str):
        return canonical_number(part)
    return comparable(part)
