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
    SelectionSetNode,
    get_operation_ast,
    value_from_ast_untyped,
)

from schema.execution.context import named_ids
from schema.model.ids import MARK, split

AS_OF, EDITION = "asOf", "edition"


def may_last(text: str, variables: bytes) -> bool:
    """Whether anything in an operation can name an edition; most do not, and need no look."""
    return AS_OF in text or MARK in text or MARK.encode() in variables


def pins_edition(
    document: DocumentNode,
    operation_name: str | None,
    variables: Mapping[str, Any],
    newest: int,
) -> bool:
    """Whether an operation, answered without errors, reads nothing but editions it names.

    It names one by `asOf`, or by the ids that it reads. Fields that @skip or @include may leave out
    count as if they were there. An id of an edition after the newest finds nothing only for now.
    """
    operation = get_operation_ast(document, operation_name)
    assert operation is not None, "it has been answered"
    fragments = {
        node.name.value: node.selection_set
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    defaults = {
        node.variable.name.value: value_from_ast_untyped(node.default_value)
        for node in operation.variable_definitions or ()
        if node.default_value is not None
    }
    known = {**defaults, **variables}

    def names(field: FieldNode) -> bool:
        given = {
            argument.name.value: value_from_ast_untyped(argument.value, known)
            for argument in field.arguments or ()
        }
        as_of = given.get(AS_OF)
        if isinstance(as_of, dict) and isinstance(as_of.get(EDITION), int):
            return True
        carried = [split(str(id))[1] for id in named_ids(given)]  # variables may hold numbers
        return bool(carried) and all(edition and edition <= newest for edition in carried)

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
