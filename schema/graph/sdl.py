"""The schema as SDL in one fixed order, so that a change to it is a change one can read."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import strawberry
from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    Node,
    StringValueNode,
    parse,
    print_ast,
)

SORTED = ("definitions", "fields", "arguments", "values", "interfaces", "types")
SPECIFIED = frozenset({"oneOf"})
"""Directives that GraphQL itself defines; Strawberry prints them all the same."""


def sdl(schema: strawberry.Schema) -> str:
    """The SDL of a schema, everything in it sorted by name."""
    document = parse(schema.as_str())
    own = [
        definition
        for definition in document.definitions
        if not (
            isinstance(definition, DirectiveDefinitionNode) and definition.name.value in SPECIFIED
        )
    ]
    root = _root(schema)
    ordered = _ordered(replace(document, definitions=(*([root] if root else []), *own)))
    assert isinstance(ordered, DocumentNode)
    return print_ast(ordered) + "\n"


def _root(schema: strawberry.Schema) -> DefinitionNode | None:
    """What the schema says of itself, which Strawberry does not print."""
    core = schema._schema  # noqa: SLF001  # Strawberry has no other way in
    if not core.description:
        return None
    described = StringValueNode(value=core.description, block=True)
    bare = f"{print_ast(described)}\nschema {{ query: {core.query_type} }}"
    return parse(bare).definitions[0]


def _ordered(node: Node) -> Node:
    changes: dict[str, Any] = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, tuple) and field.name in SORTED:
            children = [_ordered(child) for child in value]
            changes[field.name] = tuple(sorted(children, key=_name))
    return replace(node, **changes)


def _name(node: Node) -> tuple[str, str]:
    """Definitions of types by name, behind the schema's own."""
    name = getattr(node, "name", None)
    return (name.value if name is not None else "", type(node).__name__)
