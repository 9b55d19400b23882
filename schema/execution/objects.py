"""Objects of the answer, plain ones or those that graphql-core goes through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from schema.graph.catalog import TypedObject
from schema.planning.selection import SelectedField


def object_of(is_typed: bool, type: str, values: dict[str, Any]) -> Any:
    """An object of the answer; its type is told to graphql-core."""
    return TypedObject(type, values) if is_typed else values


def objects(
    is_typed: bool, type: str, columns: Mapping[str, Sequence[Any]], count: int
) -> list[Any]:
    """Objects of the answer, of the values that each of their fields has."""
    if not columns:
        return [object_of(is_typed, type, {}) for _ in range(count)]
    made = _dicts(tuple(columns), zip(*columns.values(), strict=True))
    return [TypedObject(type, values) for values in made] if is_typed else made


def _dicts(names: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Rows with the names of their values."""
    # Statistics make many objects an answer; four names written out take a quarter of the time.
    match names:
        case (a,):
            return [{a: one} for (one,) in rows]
        case (a, b):
            return [{a: one, b: two} for one, two in rows]
        case (a, b, c):
            return [{a: one, b: two, c: three} for one, two, three in rows]
        case (a, b, c, d):
            return [{a: one, b: two, c: three, d: four} for one, two, three, four in rows]
        case _:
            return [dict(zip(names, row, strict=True)) for row in rows]


def page_info(field: SelectedField, facts: dict[str, Any]) -> Any:
    """Where a page stands in its list, as an object of the answer."""
    known = {**facts, "__typename": "PageInfo"}
    values = {key: known[part.name] for key, part in field.on("PageInfo").fields.items()}
    return object_of(field.operation.is_typed, "PageInfo", values)
