"""How long reading may take, and how often it looks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """The intervals of reading; every server has the defaults."""

    event_loop_seconds: float = 0.02
    """How long an answer may keep the event loop, on SQLite."""
    short_seconds: float = 0.5
    """How long a reading may take, on PostgreSQL, in the places of those that are not known to be
    long."""
    steps: int = 10_000
    """After how many instructions SQLite looks whether its time is up."""
    look_seconds: float = 0.02
    """For how long what lies at a path is not looked at again, which takes a tenth of a kept
    answer."""
