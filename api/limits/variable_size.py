"""Variables: how much those of one operation may hold."""

from __future__ import annotations

from typing import Any

from api.limits.depth import too_complex
from api.limits.limits import Limits


def measure(variables: dict[str, Any], limits: Limits) -> None:
    """Refuses more than can be made values of the graph in a short time."""
    objects, values = limits.variable_objects + 1, limits.variable_values
    waiting: list[Any] = [variables]  # which is an object too
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            objects -= 1
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        else:
            values -= 1
        if objects < 0 or values < 0:
            many = f"{limits.variable_objects} objects and {limits.variable_values} other values"
            raise too_complex(
                f"The variables may hold {many} at most, and hold more. Ask in several operations."
            )
