"""Sweeping: connections that wait for too long, or hold too many unsent bytes, end."""

from __future__ import annotations

from collections.abc import Iterable

from api.http.protocol import Connection
from api.limits.limits import Bounds


def sweep(connections: Iterable[object], bounds: Bounds, now: float) -> None:
    """Ends the connections that wait for too long, and those that hold too many unsent bytes."""
    unsent = {each: each.tick(now) for each in [*connections] if isinstance(each, Connection)}
    total = sum(unsent.values())
    for each in sorted(unsent, key=lambda each: -unsent[each]):
        if total <= bounds.unsent_bytes:
            break
        total -= unsent[each]
        each.transport.abort()
