"""Variables of an operation: their values, and their parameters while it is compiled."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from enum import Enum
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    NamedTypeNode,
    NonNullTypeNode,
    TypeNode,
    Undefined,
    VariableDefinitionNode,
    get_named_type,
    get_variable_values,
    is_leaf_type,
    is_non_null_type,
)
from graphql.utilities import coerce_input_value, type_from_ast

from schema.storage.statement import Bindings, Parameter

TEXT = {str}
"""What values are of that are taken as they are."""


def parameterise(value: Any, read: Callable[[Bindings], Any]) -> tuple[Hashable, Any]:
    """The form of a variable's value, and the value with parameters for all that may change.

    Yes and no, choices, and which values are null or absent belong to the form; other scalars,
    and lists of them, are read when an operation runs.
    """
    if value is None or isinstance(value, bool | Enum):
        return value, value
    if isinstance(value, dict):
        parts = {
            key: parameterise(part, lambda run, key=key: read(run)[key])  # type: ignore[misc]  # bound here
            for key, part in value.items()
        }
        form = tuple((key, part) for key, (part, _) in sorted(parts.items()))
        return form, {key: made for key, (_, made) in parts.items()}
    if isinstance(value, list) and (
        not value
        or any(isinstance(part, dict | list | bool | Enum) or part is None for part in value)
    ):
        made = [
            parameterise(part, lambda run, at=at: read(run)[at])  # type: ignore[misc]  # bound here
            for at, part in enumerate(value)
        ]
        return (list, *(part for part, _ in made)), [each for _, each in made]
    return Parameter, Parameter(read)


class Variables:
    """The variables that an operation defines."""

    def __init__(
        self, schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode]
    ) -> None:
        self.schema, self.definitions = schema, definitions
        self.leaves = self._leaves()
        is_plain = all(_type_name(each.type) in ("ID", "String") for each in definitions)
        self.plain = {each.variable.name.value for each in definitions} if is_plain else None
        """Their names, where each is one text, which is taken as it is."""

    def are_plain(self, given: dict[str, Any]) -> bool:
        """Whether they are all one text each, and all given."""
        return given.keys() == self.plain and {*map(type, given.values())} <= TEXT

    def coerced(self, given: dict[str, Any], most: int = 5) -> dict[str, Any] | list[GraphQLError]:
        """Their values as the schema has them, or what is wrong with them."""
        if self.are_plain(given):
            return given
        values = self._coerced_leaves(given)
        if values is not None:
            return values
        coerced = get_variable_values(self.schema, self.definitions, given, max_errors=most)
        return coerced if isinstance(coerced, list) else coerced.coerced

    def _leaves(self) -> dict[str, Any] | None:
        """Their types; None unless all are scalars, choices or lists of them."""
        types: dict[str, Any] = {}
        for each in self.definitions:
            type = type_from_ast(self.schema, each.type)
            if type is None or each.default_value or not is_leaf_type(get_named_type(type)):
                return None
            types[each.variable.name.value] = type
        return types

    def _coerced_leaves(self, given: dict[str, Any]) -> dict[str, Any] | None:
        """Their values where they are leaves, and all is well with them."""
        if self.leaves is None:
            return None
        values = {}
        for name, type in self.leaves.items():
            if name in given:
                values[name] = coerce_input_value(given[name], type)
                if values[name] is Undefined:
                    return None
            elif is_non_null_type(type):
                return None
        return values


def _type_name(type: TypeNode) -> str | None:
    """The name of a variable's type, where it is no list."""
    if isinstance(type, NonNullTypeNode):
        type = type.type
    return type.name.value if isinstance(type, NamedTypeNode) else None
