"""Answers that stay true for ever: those of operations whose root fields all name an edition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

AS_OF, EDITION = "asOf", "edition"


def names_edition(
    document: DocumentNode, operation_name: str | None, variables: Mapping[str, Any]
) -> bool:
    """Whether an operation, answered without errors, reads nothing but editions it names.

    Fields that @skip or @include may leave out count as if they were there.
    """
    operation = next(
        node
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
        and (operation_name is None or (node.name and node.name.value == operation_name))
    )
    fragments = {
        node.name.value: node.selection_set
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    defaults = {
        node.variable.name.value: node.default_value
        for node in operation.variable_definitions or ()
    }

    def value(node: Any) -> Any:
        """What is given for an argument, as a node or, out of the variables, as a value."""
        if isinstance(node, VariableNode):
            name = node.name.value
            return variables[name] if name in variables else defaults.get(name)
        return node

    def names(field: FieldNode) -> bool:
        given = next((value(a.value) for a in field.arguments or () if a.name.value == AS_OF), None)
        if isinstance(given, ObjectValueNode):
            edition = next((value(f.value) for f in given.fields if f.name.value == EDITION), None)
        else:
            edition = given.get(EDITION) if isinstance(given, dict) else None
        return edition is not None and not isinstance(edition, NullValueNode)

    roots = [
        field
        for field in fields(operation.selection_set, fragments)
        if field.name.value != "__typename"
    ]
    return bool(roots) and all(names(field) for field in roots)


def fields(
    selections: SelectionSetNode, fragments: Mapping[str, SelectionSetNode]
) -> list[FieldNode]:
    """The fields of a selection and of its fragments, each of which is looked through once."""
    found: list[FieldNode] = []
    spread: set[str] = set()
    sets = [selections]
    for each in sets:  # which grow
        for node in each.selections:
            if isinstance(node, FieldNode):
                found.append(node)
            elif isinstance(node, InlineFragmentNode):
                sets.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                sets.append(fragments[node.name.value])
    return found
