"""Objects of the answer, plain ones or those that graphql-core goes through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schema.graph.catalog import TypedObject
from schema.planning.selection import FieldGroup, Selection, field_name


def object_of(is_typed: bool, type: str, values: dict[str, Any]) -> Any:
    """An object of the answer; its type is told to graphql-core."""
    return TypedObject(type, values) if is_typed else values


def objects(
    is_typed: bool, type: str, columns: Mapping[str, Sequence[Any]], count: int
) -> list[Any]:
    """Objects of the answer, of the values that each of their fields has."""
    if not columns:
        return [object_of(is_typed, type, {}) for _ in range(count)]
    names = tuple(columns)
    made = [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return [TypedObject(type, values) for values in made] if is_typed else made


def page_info(asked: Selection, facts: dict[str, Any], details: FieldGroup) -> Any:
    """Where a page stands in its list, as an object of the answer."""
    told = {**facts, "__typename": "PageInfo"}
    fields = asked.subfields("PageInfo", details)
    values = {key: told[field_name(found)] for key, found in fields.items()}
    return object_of(asked.is_typed, "PageInfo", values)
