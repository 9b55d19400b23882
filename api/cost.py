"""What an operation costs: the number of nodes it asks for, counted once for what counts alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

PAGE = frozenset({"edges", "nodes"})
KNOWN = 64
"""How many costs of one operation are remembered."""
ABSENT = object()


class Costs:
    """The costs of one valid operation; it is walked once for all variables that count alike.

    The cost is the most nodes it can return: each page times the pages nested in it. A connection
    is a field with `first` or `last`; it costs nothing while only its totals are asked for.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        *,
        page: int,
        page_maximum: int,
    ) -> None:
        self.schema, self.document, self.operation = schema, document, operation
        self.page, self.page_maximum = page, page_maximum
        self.counting: tuple[str, ...] | None = None
        """The variables that count, known once the operation has been walked."""
        self.known: dict[tuple[object, ...], int] = {}
        self.always: int | None = None
        """The cost, where no variable counts."""

    def of(self, variables: Mapping[str, Any]) -> int:
        """The cost with these variables, which are coerced."""
        if self.always is not None:
            return self.always
        if self.counting is not None:
            found = self.known.get(self.alike(self.counting, variables))
            if found is not None:
                return found
        count = _Count(self.schema, self.document, variables, self.page, self.page_maximum)
        root = self.schema.get_root_type(self.operation.operation)
        cost = count.selected(self.operation.selection_set, root, 1)[0]
        self.counting = tuple(sorted(count.counting))
        if not self.counting:
            self.always = cost
        if len(self.known) >= KNOWN:
            self.known.clear()
        self.known[self.alike(self.counting, variables)] = cost
        return cost

    @staticmethod
    def alike(counting: tuple[str, ...], variables: Mapping[str, Any]) -> tuple[object, ...]:
        """What counts of the variables: a number itself, a list by its length, and absence."""
        values = (variables.get(name, ABSENT) for name in counting)
        return tuple(
            (len(value),)
            if isinstance(value, (list, tuple))
            else value
            if value is ABSENT or isinstance(value, int)
            else None
            for value in values
        )


class _Count:
    """One walk over one operation; each fragment is counted once for each page size."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        variables: Mapping[str, Any],
        page: int,
        page_maximum: int,
    ) -> None:
        self.schema = schema
        self.fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self.variables = variables
        self.page = page
        self.page_maximum = page_maximum
        self.counting: set[str] = set()
        """The variables that have been looked at."""
        self.counted: dict[tuple[str, int], tuple[int, bool]] = {}

    def selected(
        self, selections: SelectionSetNode, parent: GraphQLNamedType | None, size: int
    ) -> tuple[int, bool]:
        """The nodes under a selection, and whether it reads the page it stands in."""
        total, reads = 0, False
        fields: Mapping[str, GraphQLField] = getattr(parent, "fields", {})
        for node in selections.selections:
            if isinstance(node, FieldNode):
                name = node.name.value
                if name in fields:
                    total += self.field(node, fields[name]) * (size if name in PAGE else 1)
                reads = reads or name in PAGE or name == "pageInfo"
                continue
            if isinstance(node, FragmentSpreadNode):
                below, reading = self.spread(node.name.value, size)
            else:
                assert isinstance(node, InlineFragmentNode), "the third kind of selection"
                condition = node.type_condition
                narrowed = self.schema.get_type(condition.name.value) if condition else parent
                below, reading = self.selected(node.selection_set, narrowed, size)
            total, reads = total + below, reads or reading
        return total, reads

    def spread(self, name: str, size: int) -> tuple[int, bool]:
        """The nodes under a named fragment."""
        key = (name, size)
        if key not in self.counted:
            fragment = self.fragments[name]
            parent = self.schema.get_type(fragment.type_condition.name.value)
            self.counted[key] = self.selected(fragment.selection_set, parent, size)
        return self.counted[key]

    def field(self, node: FieldNode, field: GraphQLField) -> int:
        """The nodes of one field and all below it."""
        if node.selection_set is None:
            return 0
        kind = get_named_type(field.type)
        size = self.size(node, field)
        if size is None:
            return self.selected(node.selection_set, kind, 1)[0]
        if PAGE.isdisjoint(getattr(kind, "fields", {})):
            return size * (1 + self.selected(node.selection_set, kind, 1)[0])
        below, reads = self.selected(node.selection_set, kind, size)
        return below + (size if reads else 0)

    def size(self, node: FieldNode, field: GraphQLField) -> int | None:
        """How many nodes the field itself returns; None when it is no list of nodes."""
        if "ids" in field.args:
            ids = self.argument(node, field, "ids")
            return len(ids) if isinstance(ids, (list, tuple)) else 1
        if field.args.keys().isdisjoint({"first", "last"}):
            return None
        asked = [
            number
            for name in ("first", "last")
            if name in field.args and isinstance(number := self.argument(node, field, name), int)
        ]
        return min(max(*asked, 0), self.page_maximum) if asked else self.page

    def argument(self, node: FieldNode, field: GraphQLField, name: str) -> object:
        """What an argument holds: a number, a list, or something that does not count."""
        given = next((a.value for a in node.arguments or () if a.name.value == name), None)
        if isinstance(given, VariableNode):
            self.counting.add(given.name.value)
            if given.name.value in self.variables:
                return self.variables[given.name.value]
        if isinstance(given, IntValueNode):
            return int(given.value)
        if isinstance(given, ListValueNode):
            return given.values
        argument = field.args[name]
        default = argument.default
        return default.value if default is not None else argument.default_value
