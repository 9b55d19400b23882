"""Spans of days and the involvements of circles are read from indexes alone.

What may lie in a span is found by where it begins, and, where it lasts, by where it ends. What is
dated in a span is mostly asked for by kind as well. SQLAlchemy reads no indexes on expressions back
from SQLite: a later migration that makes one of these tables anew in batch mode must make them anew
as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

VALUES = {
    "agreement": {"signed_on": "days", "in_force_on": "days", "ended_on": "days"},
    "decision": {"value": "numbers", "announced_on": "days", "decided_on": "days"},
    "delivery": {"delivered_on": "days", "delivered": "numbers"},
    "event": {"happened_on": "days", "ended_on": "days"},
    "item": {"ordered": "numbers"},
    "milestone": {"reached_on": "days"},
    "procurement": {
        "quantity": "numbers",
        "value": "numbers",
        "ordered_on": "days",
        "delivered_on": "days",
    },
    "source": {"published_on": "days", "covers": "days"},
    "statement": {"made_on": "days"},
    "tenure": {"started_on": "days", "ended_on": "days"},
}
KINDS = {
    ("agreement", "signed_on"): "kind status",
    ("decision", "decided_on"): "kind stage",
    ("event", "happened_on"): "kind",
    ("procurement", "ordered_on"): "stage",
    ("source", "published_on"): "reliability credibility",
    ("statement", "made_on"): "act mode",
}
"""The choices by which dated records are asked for, by table and date."""
INVOLVEMENT = {
    "actor_id record_id role": "actor_id record_id role until",
    "record_id": "record_id role until actor_id id",
}
"""The columns of two indexes of involvements before and after."""


def _bounds(value: str, kind: str) -> tuple[str, str]:
    """Where a value begins and where it ends, open ends filled in."""
    if kind == "days":
        low, high, least, most = "earliest", "latest", "'0001-01-01'", "'9999-12-31'"
    else:
        low, high, least, most = "minimum", "maximum", str(-(2**62)), str(2**62)
    low, high = f"{value}_{low}", f"{value}_{high}"
    return (
        f"(CASE WHEN ({high} IS NULL) THEN {low} ELSE coalesce({low}, {least}) END)",
        f"(CASE WHEN ({low} IS NULL) THEN {high} ELSE coalesce({high}, {most}) END)",
    )


def _indexes() -> Iterator[tuple[str, str, list[Any], str | None]]:
    """Name, table, columns and condition of each."""
    for table, values in VALUES.items():
        for value, kind in values.items():
            begin, end = _bounds(value, kind)
            columns = [sa.text(end), sa.text(begin)]
            yield f"ix_{table}_{value}_lasting", table, columns, f"{begin[1:-1]} != {end[1:-1]}"
    for (table, date), choices in KINDS.items():
        begin, end = _bounds(date, "days")
        for choice in choices.split():
            name = f"ix_{table}_{choice}_{date}"
            yield f"{name}_begin", table, [choice, sa.text(begin), "until"], None
            lasting: list[Any] = [choice, sa.text(end), sa.text(begin), "until"]
            yield f"{name}_lasting", table, lasting, f"{begin[1:-1]} != {end[1:-1]}"


def _involvement(columns: str) -> None:
    names = columns.split()
    op.create_index(f"ix_involvement_{'_'.join(names)}", "involvement", names)


def upgrade() -> None:
    for before, after in INVOLVEMENT.items():
        op.drop_index(f"ix_involvement_{before.replace(' ', '_')}", "involvement")
        _involvement(after)
    for name, table, columns, where in _indexes():
        told = None if where is None else sa.text(where)
        op.create_index(name, table, columns, sqlite_where=told, postgresql_where=told)


def downgrade() -> None:
    for name, table, _, _ in _indexes():
        op.drop_index(name, table)
    for before, after in INVOLVEMENT.items():
        op.drop_index(f"ix_involvement_{after.replace(' ', '_')}", "involvement")
        _involvement(before)
