"""Values in the text of an operation, some of them lifted into variables."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    get_nullable_type,
)

LIFTED = 0.12
"""How often a value, or a part of one, becomes a variable."""


@dataclass
class Variables:
    """The variables of one operation: how they are declared, and what is given for them."""

    random: Random
    declared: dict[str, str] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)

    def literal(
        self, kind: Any, value: Any, *, has_default: bool = False, one_of: bool = False
    ) -> str:
        """A value as the text of an operation has it."""
        if self.random.random() < LIFTED:
            return self._lifted(kind, value, has_default=has_default, one_of=one_of)
        kind = get_nullable_type(kind)
        if value is None:
            return "null"
        if isinstance(kind, GraphQLList):
            if isinstance(value, list):
                inner = (self.literal(kind.of_type, each) for each in value)
                return f"[{', '.join(inner)}]"
            return self.literal(kind.of_type, value)
        if isinstance(kind, GraphQLInputObjectType):
            parts = (f"{name}: {self._part(kind, name, each)}" for name, each in value.items())
            return f"{{{', '.join(parts)}}}"
        return _scalar(kind, value)

    def _part(self, kind: GraphQLInputObjectType, name: str, value: Any) -> str:
        field = kind.fields[name]
        has_default = field.default_value is not Undefined
        return self.literal(field.type, value, has_default=has_default, one_of=kind.is_one_of)

    def _lifted(self, kind: Any, value: Any, *, has_default: bool, one_of: bool) -> str:
        """A variable in place of a value: given, left out, null, or with a default."""
        random, name = self.random, f"v{len(self.declared)}"
        bare, draw = str(get_nullable_type(kind)), random.random()
        required = isinstance(kind, GraphQLNonNull)
        default = f"{bare} = {constant(kind, value)}"
        self.given[name] = value
        if one_of or value is None or draw < 0.4:
            strict = one_of or (required and not has_default) or (random.random() < 0.4)
            self.declared[name] = f"{bare}!" if strict and value is not None else bare
        elif draw < 0.6:
            self.declared[name] = default
            del self.given[name]
        elif draw < 0.7:
            self.declared[name] = default.replace(f"{bare} = ", f"{bare}! = ")
            if random.random() < 0.5:
                del self.given[name]
        elif draw < 0.85 or (required and not has_default):
            self.declared[name] = default
            if random.random() < 0.04:
                self.given[name] = None
        else:
            self.declared[name] = bare
            if random.random() < 0.7:
                del self.given[name]
            elif not required or random.random() < 0.1:
                self.given[name] = None
        return f"${name}"


def constant(kind: Any, value: Any) -> str:
    """A value as the text of an operation has it, without variables."""
    kind = get_nullable_type(kind)
    if value is None:
        return "null"
    if isinstance(kind, GraphQLList):
        values = value if isinstance(value, list) else [value]
        return f"[{', '.join(constant(kind.of_type, each) for each in values)}]"
    if isinstance(kind, GraphQLInputObjectType):
        parts = (
            f"{name}: {constant(kind.fields[name].type, each)}" for name, each in value.items()
        )
        return f"{{{', '.join(parts)}}}"
    return _scalar(kind, value)


def _scalar(kind: Any, value: Any) -> str:
    if isinstance(kind, GraphQLEnumType):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
