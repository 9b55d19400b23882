"""Serializers: what was worked out in Python becomes what JSON holds, as the graph types it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import NoneType
from typing import Any

import orjson
from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from schema.errors import NeedsGraphQLCoreError
from schema.model.noun import snake
from schema.model.values import LEAST_INT, MOST_INT
from schema.planning.selection import SelectedField

Serializer = Callable[[Sequence[Any]], list[Any]]
"""Writes what objects have in one field, for all of them at once."""


READY = (NoneType, dict, bytes, orjson.Fragment)
"""Objects of an answer: made in Python, and perhaps written already, or written by the database."""


def serializer(field: SelectedField) -> Serializer:
    """What writes the values of a field as JSON; NeedsGraphQLCoreError for one that cannot be."""
    return _of(field.definition.type, field)


def _of(kind: GraphQLOutputType, field: SelectedField) -> Serializer:
    if is_non_null_type(kind):
        return _present(_of(kind.of_type, field))
    if is_list_type(kind):
        inner = _of(kind.of_type, field)
        return lambda lists: [None if values is None else inner(values) for values in lists]
    if is_leaf_type(kind):
        return _leaf(kind)
    if isinstance(kind, GraphQLObjectType):
        return _object(kind, field)
    return list


def _present(inner: Serializer) -> Serializer:
    def serialize(values: Sequence[Any]) -> list[Any]:
        if None in values:
            raise NeedsGraphQLCoreError
        return inner(values)

    return serialize


def _leaf(kind: GraphQLLeafType) -> Serializer:
    def serialize(values: Sequence[Any]) -> list[Any]:
        if _are_fit(kind, values):
            return list(values)
        try:
            return [None if value is None else kind.serialize(value) for value in values]
        except (GraphQLError, ValueError, TypeError) as error:
            raise NeedsGraphQLCoreError from error

    return serialize


def _are_fit(kind: GraphQLLeafType, values: Sequence[Any]) -> bool:
    """Whether values are what JSON holds already."""
    classes = {*map(type, values)} - {NoneType}
    if classes == {str}:
        if isinstance(kind, GraphQLEnumType):
            return all(value is None or value in kind.values for value in values)
        return kind.name in _TEXTS
    if classes == {int} and kind.name == "Int":
        known: list[int] = [value for value in values if value is not None]
        return min(known) >= LEAST_INT and max(known) <= MOST_INT
    return not classes


_TEXTS = {"String", "ID", "Decimal"}
"""Scalars that are texts in JSON and may be handed over as such."""


def _object(kind: GraphQLObjectType, field: SelectedField) -> Serializer:
    """Objects of the answer stay as they are; a value object is shown by its selected parts."""
    fields: dict[str, tuple[str, Serializer]] = {}

    def made(values: Sequence[Any]) -> Iterator[dict[str, Any]]:
        if not fields:
            for key, part in field.on(kind.name).fields.items():
                inner = list if part.name == "__typename" else serializer(part)
                fields[key] = (snake(part.name), inner)
        columns = {
            key: [kind.name] * len(values)
            if name == "__typename"
            else inner([getattr(value, name) for value in values])
            for key, (name, inner) in fields.items()
        }
        for at in range(len(values)):
            yield {key: column[at] for key, column in columns.items()}

    def serialize(values: Sequence[Any]) -> list[Any]:
        bare = [value for value in values if not isinstance(value, READY)]
        if not bare:
            return list(values)
        objects = made(bare)
        return [value if isinstance(value, READY) else next(objects) for value in values]

    return serialize
