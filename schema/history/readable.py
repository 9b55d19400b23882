"""Values of two editions as people read them."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from enum import Enum
from typing import Any


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime.date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value


def readable(value: Any) -> str | None:
    """A value as a reader takes it in."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, dict):
        return str(value)
    firm = _firm(value)
    if value["stated"] is None:
        return firm
    return f"{value['stated']} ({firm})" if firm else str(value["stated"])


def _firm(value: dict[str, Any]) -> str:
    """What a value object says beside the words of its source."""
    if "edtf" in value:
        return str(value["edtf"] or "")
    low, high = value["minimum"], value["maximum"]
    if low is None or high is None:
        amount = f"from {low}" if low is not None else f"up to {high}" if high is not None else ""
    else:
        amount = str(low) if low == high else f"{low} to {high}"
    sort = value.get("certainty") or value.get("scope")
    told = " ".join(part for part in (amount, value.get("currency")) if part)
    return ", ".join(part for part in (told, sort and sort.replace("_", " ").lower()) if part)


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
