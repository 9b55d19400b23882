"""Which fields operations can reach, and of which types an object may be."""

from __future__ import annotations

from collections.abc import Collection

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)
from graphql.utilities import do_types_overlap

Composite = GraphQLObjectType | GraphQLInterfaceType


def reachable(schema: GraphQLSchema, besides: Collection[str] = ()) -> set[tuple[str, str]]:
    """Every field of every type of object that a query can lead to, but for some types."""
    assert schema.query_type is not None
    found: set[str] = set()
    coming = [schema.query_type.name]
    while coming:
        kind = schema.type_map[coming.pop()]
        if kind.name in found or kind.name in besides:
            continue
        found.add(kind.name)
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            coming += [each.name for each in schema.get_possible_types(kind)]
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            coming += [get_named_type(field.type).name for field in kind.fields.values()]
    return {
        (name, field)
        for name in found
        if isinstance(kind := schema.type_map[name], GraphQLObjectType)
        for field in kind.fields
    }


def overlapping(schema: GraphQLSchema, kind: Composite) -> list[Composite]:
    """The types that an object of a type may be of, too."""
    return [
        other
        for other in schema.type_map.values()
        if isinstance(other, GraphQLObjectType | GraphQLInterfaceType)
        and not other.name.startswith("__")
        and do_types_overlap(schema, kind, other)
    ]
