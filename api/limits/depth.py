"""How deep a document goes, and what it repeats."""

from __future__ import annotations

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    NameNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    Visitor,
)

from schema.errors import ECHO

INTROSPECTION = frozenset({"__schema", "__type"})


def too_complex(message: str, node: Node | None = None) -> GraphQLError:
    """The refusal of a document that asks for too much."""
    return GraphQLError(message, node, extensions={"code": "QUERY_TOO_COMPLEX"})


class Tally(Visitor):
    """Counts what a document repeats, and how deep it goes."""

    def __init__(self, name_characters: int) -> None:
        super().__init__()
        self.name_characters = name_characters
        self.aliases = 0
        self.directives = 0
        self.operations: list[OperationDefinitionNode] = []
        self.fragments: dict[str, FragmentDefinitionNode] = {}
        self.extents: dict[str, tuple[int, int]] = {}

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.aliases += node.alias is not None

    def enter_name(self, node: NameNode, *_: object) -> None:
        if len(node.value) > self.name_characters:
            raise too_complex(
                f"The name '{node.value[:ECHO]}…' has {len(node.value)} characters; at most "
                f"{self.name_characters} are allowed (PACTBOOK_NAME_CHARACTERS).",
                node,
            )

    def enter_directive(self, *_: object) -> None:
        self.directives += 1

    def enter_string_value(self, node: StringValueNode, *_: object) -> None:
        if "\0" in node.value:
            raise GraphQLError(
                "A string may not hold the character U+0000.",
                node,
                extensions={"code": "BAD_USER_INPUT"},
            )

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: object) -> None:
        self.operations.append(node)

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: object) -> None:
        self.fragments[node.name.value] = node

    def extent(self, selections: SelectionSetNode) -> tuple[int, int]:
        """The longest chain of fields, and the number of selections with all fragments spread.

        Introspection is not deep, and a fragment in a circle ends.
        """
        deepest = count = 0
        for node in selections.selections:
            inner: SelectionSetNode | None = getattr(node, "selection_set", None)
            if isinstance(node, FragmentSpreadNode):
                below, within = self.fragment_extent(node.name.value)
            else:
                below, within = self.extent(inner) if inner else (0, 0)
            if isinstance(node, FieldNode):
                below = 0 if node.name.value in INTROSPECTION else below + 1
            deepest = max(deepest, below)
            count += 1 + within
        return deepest, count

    def fragment_extent(self, name: str) -> tuple[int, int]:
        """The extent of a named fragment; an undefined one is left to validation."""
        if name not in self.extents:
            self.extents[name] = (0, 0)
            if name in self.fragments:
                self.extents[name] = self.extent(self.fragments[name].selection_set)
        return self.extents[name]
