"""Shrinking: the smallest part of an operation that still shows a difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from graphql import (
    REMOVE,
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    Node,
    ObjectFieldNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    validate,
    visit,
)

from tests.oracle.graph import graph

Asked = tuple[str, dict[str, Any]]
"""The text of an operation, and its variables."""
LESS = (
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ArgumentNode,
    ObjectFieldNode,
    DirectiveNode,
)
"""What an operation can do without."""


def shrunk(query: str, variables: Mapping[str, Any], differs: Callable[[Asked], bool]) -> Asked:
    """The operation without everything that the difference does not need."""
    best, place = (query, dict(variables)), 0
    while True:
        for index, smaller in enumerate(_smaller(best)):
            if index >= place and differs(smaller):
                best, place = smaller, index
                break
        else:
            if place == 0:
                return best
            place = 0


def _smaller(asked: Asked) -> Iterator[Asked]:
    """The operation without one of its parts, or with a fragment where it is spread."""
    query, variables = asked
    document = parse(query)
    fragments = {
        part.name.value: part
        for part in document.definitions
        if isinstance(part, FragmentDefinitionNode)
    }
    cut = _Cut(fragments)
    visit(document, cut)
    for target in range(cut.count):
        made = visit(document, _Cut(fragments, target))
        yield from _tidy(made, variables)


class _Cut(Visitor):
    """Takes away the part of a number, or counts the parts."""

    def __init__(
        self, fragments: Mapping[str, FragmentDefinitionNode], target: int | None = None
    ) -> None:
        super().__init__()
        self.fragments, self.target, self.count = fragments, target, 0

    def enter(self, node: Node, *_: Any) -> Any:
        """Takes the node away when its turn has come."""
        if isinstance(node, LESS):
            self.count += 1
            if self.count - 1 == self.target:
                return REMOVE
        if isinstance(node, FragmentSpreadNode):
            self.count += 1
            if self.count - 1 == self.target and node.name.value in self.fragments:
                whole = self.fragments[node.name.value]
                return InlineFragmentNode(
                    type_condition=whole.type_condition,
                    directives=node.directives,
                    selection_set=whole.selection_set,
                )
        return None


def _tidy(document: DocumentNode, variables: Mapping[str, Any]) -> Iterator[Asked]:
    """The operation without fragments and variables that it does not use; nothing if invalid."""
    while True:
        text = "\n".join(print_ast(part) for part in document.definitions)
        unused = [
            part
            for part in document.definitions
            if isinstance(part, FragmentDefinitionNode)
            and f"...{part.name.value}" not in _words(text)
        ]
        if not unused:
            break
        kept = tuple(part for part in document.definitions if part not in unused)
        document = DocumentNode(definitions=kept)
    used = _Used()
    for part in document.definitions:
        visit(part, used)
    if used.is_empty:
        return
    kept = tuple(_declaring(part, used.names) for part in document.definitions)
    try:
        query = print_ast(DocumentNode(definitions=kept))
        if not validate(graph(), parse(query)):
            yield query, {name: value for name, value in variables.items() if name in used.names}
    except GraphQLError:
        return


def _words(text: str) -> set[str]:
    return set(text.split())


class _Used(Visitor):
    """The variables that stand anywhere but in their own declarations."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.is_empty = False

    def enter_selection_set(self, node: SelectionSetNode, *_: Any) -> None:
        """Notes one that lost all that it held."""
        self.is_empty = self.is_empty or not node.selections

    def enter_variable(self, node: VariableNode, key: Any, *_: Any) -> None:
        """Notes the variable."""
        if key != "variable":
            self.names.add(node.name.value)


def _declaring(part: Any, names: set[str]) -> Any:
    if not isinstance(part, OperationDefinitionNode):
        return part
    declared = part.variable_definitions or ()
    kept = tuple(each for each in declared if each.variable.name.value in names)
    return replace(part, variable_definitions=kept)
