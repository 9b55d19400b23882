"""Cursors as Pactbook writes them, for those that are compared with it."""

from __future__ import annotations

import base64
import json
from typing import Any


def cursor(scope: str, *values: Any) -> str:
    """The list with its order, a row's place in it, and no edition."""
    told = json.dumps([scope, values, None], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def placed(cursor: str) -> list[Any]:
    """The place that a cursor tells."""
    place: list[Any] = json.loads(base64.urlsafe_b64decode(cursor + "=="))[1]
    return place
