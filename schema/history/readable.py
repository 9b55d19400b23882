"""Values of two editions as people read them."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from enum import Enum
from typing import Any


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
        return str(value["edtf"] or "")
    low, high = value["minimum"], value["maximum"]
    if low is None or high is None:
        amount = f"from {low}" if low is not None else f"up to {high}" if high is not None else ""
    else:
        amount = str(low) if low == high else f"{low} to {high}"
    amount = " ".join(part for part in (amount, value.get("currency")) if part)
    qualifier = (value.get("certainty") or value.get("scope") or "").replace("_", " ").lower()
    return ", ".join(part for part in (amount, qualifier) if part)


def to_json(value: Any) -> str | None:
    """A value in JSON; None for none."""
    return None if value is None else json.dumps(value, ensure_ascii=False)
