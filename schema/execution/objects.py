"""Objects of the answer, plain ones or those that graphql-core goes through."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
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
    made = _maker(tuple(columns))(*columns.values())
    return [TypedObject(type, values) for values in made] if is_typed else made


@lru_cache(256)
def _maker(names: tuple[str, ...]) -> Callable[..., list[dict[str, Any]]]:
    """Makes objects with these names of columns; written out, for it is done for every object."""
    values = [f"v{at}" for at in range(len(names))]
    entries = ", ".join(f"{name!r}: {value}" for name, value in zip(names, values, strict=True))
    row, columns = f"({', '.join(values)},)", ", ".join(f"c{value}" for value in values)
    source = f"lambda {columns}: [{{{entries}}} for {row} in zip({columns}, strict=True)]"
    made: Callable[..., list[dict[str, Any]]] = eval(source)  # noqa: S307  # of names and numbers
    return made


def page_info(asked: Selection, facts: dict[str, Any], details: FieldGroup) -> Any:
    """Where a page stands in its list, as an object of the answer."""
    told = {**facts, "__typename": "PageInfo"}
    fields = asked.subfields("PageInfo", details)
    values = {key: told[field_name(found)] for key, found in fields.items()}
    return object_of(asked.is_typed, "PageInfo", values)
