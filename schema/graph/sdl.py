"""The schema as SDL in one fixed order, so that a change to it is a change one can read."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import strawberry
from graphql import DirectiveDefinitionNode, DocumentNode, Node, parse, print_ast

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
    ordered = _ordered(replace(document, definitions=tuple(own)))
    assert isinstance(ordered, DocumentNode)
    return print_ast(ordered) + "\n"


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
