"""Values as a projection makes them of what the database holds: called by the generated code."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import orjson
import strawberry

from schema.errors import NeedsGraphQLCoreError
from schema.graph.catalog import TypedObject
from schema.model.amounts import amount_text
from schema.model.fields import JsonText
from schema.model.ids import qualified
from schema.model.values import EquivalentSum, whole
from schema.planning.json_field import is_bounded
from schema.planning.selection import SelectedField
from schema.storage.sql import constant_or_none


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


def meaning(kind: Any, place: str, *, is_typed: bool) -> str:
    """The expression of a text that the graph shows as what it means."""
    if isinstance(kind, JsonText):
        return f"(None if {place} is None else {'loads' if is_typed else 'json'}({place}))"
    return place if is_typed else f"constant({place})"


def first_of(made: dict[str, str], source: Any) -> str:
    """The expression of the first of several dates that has bounds, else of the first there is."""
    written = "None"
    for name, each in reversed(made.items()):
        written = f"({written} if r[{source.places[f'absent {name}']}] else {each})"
    for name, each in reversed([*made.items()] if len(made) > 1 else []):
        place = f"bounded {name}"
        if place not in source.places:
            source.add(place, is_bounded(source.table.c.__getitem__, name))
        written = f"({each} if r[{source.places[place]}] else {written})"
    return written


NAMES: dict[str, Any] = {
    "Row": TypedObject,
    "whole": whole,
    "required": required,
    "written": written,
    "amount_text": amount_text,
    "json": orjson.Fragment,
    "loads": orjson.loads,
    "constant": constant_or_none,
    "qualified": qualified,
}
"""What the generated code finds by its name."""
