"""The arguments of a document that say how long a list is, as far as the cost counts them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FieldNode,
    GraphQLField,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    Undefined,
    VariableNode,
    is_list_type,
    is_non_null_type,
)


class CountedArguments:
    """Reads the arguments of one operation, and notes which variables they take."""

    def __init__(self, variables: Mapping[str, Any], page_maximum: int) -> None:
        self.variables, self.page_maximum = variables, page_maximum
        self.counting: dict[str, bool] = {}
        """The variables that have been looked at, and whether at their choices."""

    def number(self, node: FieldNode, field: GraphQLField, name: str, ceiling: int | None) -> int:
        """How many an argument asks for: a number, or as many as a list is long."""
        given = self.argument(node, field, name)
        if isinstance(given, (list, tuple)):
            return len(given)
        most = self.page_maximum if ceiling is None else ceiling
        return min(max(given, 0), most) if isinstance(given, int) else 1

    def argument(
        self, node: FieldNode, field: GraphQLField, name: str, *, by_choice: bool = False
    ) -> object:
        """What an argument holds: a number, a list, yes or no; None for what does not count."""
        given = next((a.value for a in node.arguments or () if a.name.value == name), None)
        argument = field.args[name]
        if isinstance(given, VariableNode):
            own = given.name.value
            self.counting[own] = by_choice or self.counting.get(own, False)
            if own in self.variables:
                return self.variables[own]
        elif isinstance(given, IntValueNode):
            return int(given.value)
        elif isinstance(given, BooleanValueNode):
            return given.value
        elif isinstance(given, ListValueNode):
            return given.values
        elif given is not None and not isinstance(given, NullValueNode):
            return (given,) if is_list(argument.type) else None
        default = argument.default
        value = default.value if default is not None else argument.default_value
        return None if value is Undefined else value


def choice(given: object) -> object:
    """The name of a choice, as a document or a variable gives it."""
    if isinstance(given, EnumValueNode):
        return given.value
    return getattr(given, "name", given)


def is_list(kind: object) -> bool:
    """Whether a type is a list, null or not."""
    return is_list_type(kind.of_type if is_non_null_type(kind) else kind)
