"""Merging of fields: whether all fields of one response name can be answered together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    ValueNode,
    get_named_type,
    is_leaf_type,
    print_ast,
)
from graphql.validation.validate import ValidationAbortedError

VISITS = 20_000
"""How many selections of one document may be visited, those of a fragment once for each place."""

Sets = list[tuple[GraphQLNamedType | None, SelectionSetNode]]
"""Selection sets that are answered as one, each with its parent type."""


class _Field(NamedTuple):
    """A field as one selection set names it."""

    parent: GraphQLNamedType | None
    node: FieldNode
    definition: GraphQLField | None


_Conflict = tuple[str, FieldNode, FieldNode]
"""Why two fields cannot be merged, and the two."""


class MergeableFieldsRule(ValidationRule):
    """§ 5.3.2 of the specification: fields of one response name must be one field.

    It refuses what graphql-core's rule refuses, which compares every two fields: 480 times the
    same field takes it a second. This one puts together what is answered as one, and compares
    each field with the first, as Sangria and graphql-java do.
    """

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.visits = 0
        self.arguments: dict[int, dict[str, object]] = {}
        """The arguments of fields, in a form that can be compared."""

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: object) -> None:
        """Looks through an operation; a fragment that none uses is an error anyway."""
        root = self.context.schema.get_root_type(node.operation)
        # Where fields differ, so may their types; one error is enough.
        if not self._conflicts(root, node.selection_set, is_shape=False):
            self._conflicts(root, node.selection_set, is_shape=True)

    def _conflicts(
        self, root: GraphQLNamedType | None, selections: SelectionSetNode, *, is_shape: bool
    ) -> bool:
        """Whether fields cannot be merged, which it reports: their types, or else the fields."""
        has_conflicts = False
        pending: list[Sets] = [[(root, selections)]]
        visited: set[frozenset[int]] = set()
        while pending:
            sets = pending.pop()
            key = frozenset(id(each) for _, each in sets)
            if key in visited:
                continue
            visited.add(key)
            for name, fields in self._collected(sets).items():
                for group in [fields] if is_shape else _answered_together(fields):
                    conflict = _types_differ(group) if is_shape else self._differ(group)
                    if conflict is not None:
                        has_conflicts = True
                        self._report(name, *conflict)
                    below = [
                        (get_named_type(each.definition.type) if each.definition else None, inner)
                        for each in group
                        if (inner := each.node.selection_set)
                    ]
                    self._visit(len(group))
                    if below:
                        pending.append(below)
        return has_conflicts

    def _collected(self, sets: Sets) -> dict[str, list[_Field]]:
        """The fields of selection sets and their fragments, by their response names."""
        fields: defaultdict[str, list[_Field]] = defaultdict(list)
        spread: set[str] = set()
        schema, rest = self.context.schema, list(sets)
        for parent, selections in rest:  # which grows
            definitions: dict[str, GraphQLField] = {}
            if isinstance(parent, (GraphQLObjectType, GraphQLInterfaceType)):
                definitions = parent.fields
            self._visit(len(selections.selections))
            for node in selections.selections:
                if isinstance(node, FieldNode):
                    field = _Field(parent, node, definitions.get(node.name.value))
                    fields[(node.alias or node.name).value].append(field)
                elif isinstance(node, InlineFragmentNode):
                    on = node.type_condition
                    kind = schema.get_type(on.name.value) if on else parent
                    rest.append((kind, node.selection_set))
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                    spread.add(node.name.value)
                    fragment = self.context.get_fragment(node.name.value)
                    if fragment is not None:
                        kind = schema.get_type(fragment.type_condition.name.value)
                        rest.append((kind, fragment.selection_set))
        return fields

    def _differ(self, group: Sequence[_Field]) -> _Conflict | None:
        """The first that is another field than the first of all, or has other arguments."""
        first = group[0].node
        for _, node, _ in group[1:]:
            if node.name.value != first.name.value:
                reason = f"'{first.name.value}' and '{node.name.value}' are different fields"
                return reason, first, node
            if self._arguments(node) != self._arguments(first):
                return "they have differing arguments", first, node
        return None

    def _arguments(self, node: FieldNode) -> dict[str, object]:
        if not node.arguments:
            return {}
        if id(node) not in self.arguments:
            self.arguments[id(node)] = {
                each.name.value: _comparable(each.value) for each in node.arguments
            }
        return self.arguments[id(node)]

    def _visit(self, count: int) -> None:
        self.visits += count
        if self.visits > VISITS:
            raise ValidationAbortedError("Validation aborted.")

    def _report(self, name: str, reason: str, first: FieldNode, other: FieldNode) -> None:
        self.report_error(
            GraphQLError(
                f"Fields '{name}' conflict because {reason}. Use different aliases on the fields "
                "to fetch both if this was intentional.",
                [first, other],
            )
        )


def _answered_together(fields: list[_Field]) -> Iterator[list[_Field]]:
    """The fields that one object may answer; those of two object types never meet."""
    by_type: defaultdict[GraphQLObjectType, list[_Field]] = defaultdict(list)
    shared = []
    for field in fields:
        if isinstance(field.parent, GraphQLObjectType):
            by_type[field.parent].append(field)
        else:
            shared.append(field)
    if not by_type:
        yield shared
    for each in by_type.values():
        yield shared + each


def _types_differ(group: Sequence[_Field]) -> _Conflict | None:
    """The first whose values have another shape than those before it."""
    first: _Field | None = None
    for field in group:
        if field.definition is None:
            continue
        if first is None:
            first = field
        elif first.definition is not field.definition:
            assert first.definition is not None
            types = first.definition.type, field.definition.type
            if types[0] is not types[1] and _shape(types[0]) != _shape(types[1]):
                reason = f"they return conflicting types '{types[0]}' and '{types[1]}'"
                return reason, first.node, field.node
    return None


def _comparable(value: ValueNode) -> object:
    """A value in a form that is equal for equal values; objects have no order."""
    if isinstance(value, ObjectValueNode):
        return {each.name.value: _comparable(each.value) for each in value.fields}
    if isinstance(value, ListValueNode):
        return [_comparable(each) for each in value.values]
    return print_ast(value)


def _shape(type: object) -> str:
    """A type as far as answers show it: all objects are alike in that."""
    named = get_named_type(type)  # type: ignore[call-overload]
    return str(type) if is_leaf_type(named) else str(type).replace(named.name, "{}")
