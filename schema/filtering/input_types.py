"""Input types: the one way in which inputs and choices that depend on the nouns are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

import strawberry

from schema.model.noun import Versioned

InputFields = dict[str, tuple[Any, Any]]
"""The fields of an input by their attributes, each with its type; see `required`, `optional`."""


def option(description: str, name: str | None = None) -> Any:
    """A field of an input that may be left out; `name` is its own where Python reserves it."""
    return strawberry.field(default=strawberry.UNSET, description=description, name=name)


def optional(kind: Any, description: str, name: str | None = None) -> tuple[Any, Any]:
    """The same with its type, which need not allow null."""
    return kind | None, option(description, name)


def required(kind: Any, description: str) -> tuple[Any, Any]:
    """A field of an input that must be given."""
    return kind, strawberry.field(description=description)


def input_type(
    name: str,
    description: str,
    fields: InputFields,
    *,
    recursive: Callable[[Any], InputFields] = lambda _: {},
    one_of: bool = False,
) -> type:
    """An input with these fields, behind those that are of the input itself."""
    declared = type(name, (), {})
    fields = recursive(declared) | fields
    declared.__annotations__ = {key: kind for key, (kind, _) in fields.items()}
    for key, (_, field) in fields.items():
        setattr(declared, key, field)
    return strawberry.input(declared, one_of=one_of, description=description)


def enum_type(name: str, description: str, values: Mapping[str, str]) -> type[Enum]:
    """A choice among names, each with its description."""
    declare: Any = Enum  # called as a function, with members that only exist at run time
    members = {
        value: strawberry.enum_value(value, description=text) for value, text in values.items()
    }
    declared: type[Enum] = strawberry.enum(declare(name, members), description=description)
    return declared


def noun_type(name: str, description: str, nouns: Mapping[str, type[Versioned]]) -> type[Enum]:
    """A choice among nouns, each with the first line of what it says of itself."""
    summaries = {key: (noun.__doc__ or "").splitlines()[0] for key, noun in nouns.items()}
    return enum_type(name, description, summaries)
