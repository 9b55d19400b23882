"""Values of two editions as people read them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from schema.model.date_words import date_in_words


def plain_value(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime.date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value


def readable(value: Any) -> str | None:
    """A value as text for readers."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, dict):
        return str(value)
    bounds = _bounds(value)
    if value["stated"] is None:
        return bounds
    return f"{value['stated']} ({bounds})" if bounds else str(value["stated"])


def _bounds(value: dict[str, Any]) -> str:
    """What a value object says beside the words of its source."""
    if "edtf" in value:
        edtf = str(value["edtf"] or "")
        return date_in_words(edtf, datetime.date.isoformat) or edtf
    unit = value.get("unit")
    amount = _span(*(value.get(part) for part in _NAMES[unit is not None]))
    amount = " ".join(part for part in (amount, value.get("currency") or unit) if part)
    certainty, scope = value.get("certainty"), value.get("scope")
    details = [part.replace("_", " ").lower() for part in (certainty, scope) if part]
    details += [f"{name} {value[name]}" for name in ("floor", "ceiling") if value.get(name)]
    details += [f"share {value['share']}"] if value.get("share") else []
    others = [_bounds({"minimum": None, "maximum": None, **each}) for each in _others(value)]
    return ", ".join(part for part in (amount, *others, *details) if part)


_NAMES = (("minimum", "maximum"), ("least", "most"))


def _others(value: dict[str, Any]) -> list[dict[str, Any]]:
    """The same sum in other currencies."""
    return value.get("others") or []


def _span(low: Any, high: Any) -> str:
    if low is None or high is None:
        return f"from {low}" if low is not None else f"up to {high}" if high is not None else ""
    return str(low) if low == high else f"{low} to {high}"
