"""Values as a projection makes them of what the database holds: called by the generated code."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import strawberry

from schema.errors import NeedsGraphQLCoreError
from schema.model.values import EquivalentSum
from schema.planning.selection import SelectedField


def required(joined: dict[Any, Any], key: Any) -> Any:
    """What must have been found."""
    if key not in joined:
        raise NeedsGraphQLCoreError
    return joined[key]


def written(value: datetime.date | None) -> str | None:
    """A day or an instant in ISO 8601."""
    return None if value is None else value.isoformat()


def value_of(kind: Any) -> Callable[..., Any]:
    """Makes a value object for graphql-core."""
    return lambda id, **given: kind(id=strawberry.ID(id), **given)


def equivalents(sums: Sequence[dict[str, Any]] | None) -> list[EquivalentSum] | None:
    """A sum in other currencies for graphql-core."""
    if sums is None:
        return None
    bounds = ("minimum", "maximum")
    listed: list[dict[str, Any]] = [
        {key: Decimal(part) if key in bounds else part for key, part in each.items()}
        for each in sums
    ]
    return [EquivalentSum(**each) for each in listed]


def picked(field: SelectedField) -> Callable[[Sequence[dict[str, Any]] | None], Any]:
    """Takes what is selected of a sum in other currencies, as JSON has it."""
    chosen = field.on(EquivalentSum.__name__)
    names = {key: each.name for key, each in chosen.fields.items()}

    def pick(sums: Sequence[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
        if sums is None:
            return None
        return [
            {
                key: chosen.type if name == "__typename" else each.get(name)
                for key, name in names.items()
            }
            for each in sums
        ]

    return pick
