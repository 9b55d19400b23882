"""Variables of an operation, put off until it runs."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from enum import Enum
from typing import Any

from graphql import NamedTypeNode, NonNullTypeNode, TypeNode

from schema.storage.statement import Bindings, Parameter

TEXT = {str}
"""What values are of that are taken as they are."""


def parameterise(value: Any, read: Callable[[Bindings], Any]) -> tuple[Hashable, Any]:
    """The form of a variable's value, and the value with all that may change put off.

    Yes and no, choices, and which values are null or absent belong to the form; other scalars,
    and lists of them, are read when an operation runs.
    """
    if value is None or isinstance(value, bool | Enum):
        return value, value
    if isinstance(value, dict):
        parts = {
            key: parameterise(part, lambda reading, key=key: read(reading)[key])  # type: ignore[misc]  # bound here
            for key, part in value.items()
        }
        form = tuple((key, told) for key, (told, _) in sorted(parts.items()))
        return form, {key: made for key, (_, made) in parts.items()}
    if isinstance(value, list) and (
        not value
        or any(isinstance(part, dict | list | bool | Enum) or part is None for part in value)
    ):
        made = [
            parameterise(part, lambda reading, at=at: read(reading)[at])  # type: ignore[misc]  # bound here
            for at, part in enumerate(value)
        ]
        return (list, *(told for told, _ in made)), [each for _, each in made]
    return Parameter, Parameter(read)


def _named(type: TypeNode) -> str | None:
    """The name of a variable's type, where it is no list."""
    if isinstance(type, NonNullTypeNode):
        type = type.type
    return type.name.value if isinstance(type, NamedTypeNode) else None
