"""Finishing: what machinery worked out in Python becomes what JSON holds, as the graph types it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from schema.asked import Asked, Details, named
from schema.level import UnfitError

Finish = Callable[[Any], Any]


def finisher(asked: Asked, type: str, details: Details) -> Finish:
    """What makes the values of a field fit for JSON; UnfitError for one that may not stand."""
    return _of(asked, asked.type(type).fields[named(details)].type, details)


def _of(asked: Asked, kind: GraphQLOutputType, details: Details) -> Finish:
    if is_non_null_type(kind):
        return _present(_of(asked, kind.of_type, details))
    if is_list_type(kind):
        inner = _of(asked, kind.of_type, details)
        return lambda values: None if values is None else [inner(value) for value in values]
    if is_leaf_type(kind):
        return _leaf(kind)
    if isinstance(kind, GraphQLObjectType):
        return _object(asked, kind, details)
    return lambda value: value


def _present(inner: Finish) -> Finish:
    def finish(value: Any) -> Any:
        if value is None:
            raise UnfitError
        return inner(value)

    return finish


def _leaf(kind: GraphQLLeafType) -> Finish:
    is_text = kind.name in ("String", "ID")

    def finish(value: Any) -> Any:
        if value is None or (is_text and value.__class__ is str):
            return value
        try:
            return kind.serialize(value)
        except (GraphQLError, ValueError, TypeError) as error:
            raise UnfitError from error

    return finish


def _object(asked: Asked, kind: GraphQLObjectType, details: Details) -> Finish:
    """Objects of the answer stay as they are; a value object is shown by the parts asked for."""
    fields: dict[str, tuple[str, Finish]] = {}

    def finish(value: Any) -> Any:
        if value is None or isinstance(value, dict):
            return value
        if not fields:
            for key, below in asked.subfields(kind.name, details).items():
                name = named(below)
                inner = str if name == "__typename" else finisher(asked, kind.name, below)
                fields[key] = (name, inner)
        return {
            key: kind.name if name == "__typename" else inner(getattr(value, name))
            for key, (name, inner) in fields.items()
        }

    return finish
