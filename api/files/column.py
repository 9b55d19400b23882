"""One column of a file: what it holds, where its value stands in a record, how it is asked for."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLEnumType, GraphQLLeafType, GraphQLNamedType

Node = Mapping[str, Any]
"""A record as the graph answers it."""
TEXT, JSON_TYPE = "string", "json"
DATATYPES = {
    "Boolean": "boolean",
    "Int": "integer",
    "Float": "double",
    "Decimal": "decimal",
    "Date": "date",
    "DateTime": "dateTime",
    "JSON": JSON_TYPE,
}
"""The datatypes of CSV on the Web by the scalars of the graph; all others are texts."""
FEW = 40
"""Of how many values at most a column says what each means."""


@dataclass(frozen=True)
class Column:
    """One column, which is described as the field of the graph that it shows."""

    name: str
    """Such as `signed_on_earliest`; `signedOn.earliest` in the graph."""
    field: str
    """The field that it belongs to, such as `signed_on`."""
    selection: tuple[str, str]
    """The field of the graph and what is selected in it; nothing of a value."""
    value: Callable[[Node], Any]
    """Its value in a record: None, a value of JSON, or a list of texts."""
    datatype: str
    description: str
    choices: tuple[str, ...] = ()
    """All values that it can have, where it can have no others."""
    is_list: bool = False
    is_required: bool = False
    is_id: bool = False
    """Whether it holds ids, which may carry an edition."""
    is_address: bool = False
    """Whether it holds a permalink, which may carry an edition."""
    is_usual: bool = True
    """Whether it is in a file that nobody has chosen columns of."""
    continued: str | None = None
    """The field of the graph whose pages are read to their end for it, where there are pages."""
    target: str | None = None
    """The noun, or the interface of nouns, whose ids it holds, where they are not its own."""

    @property
    def is_text(self) -> bool:
        """Whether it holds words that anybody may have written."""
        return self.datatype == TEXT and not (self.choices or self.is_id)


def datatype_of(kind: GraphQLLeafType) -> tuple[str, tuple[str, ...]]:
    """The datatype of a scalar or an enumeration, and all values of an enumeration."""
    if isinstance(kind, GraphQLEnumType):
        return TEXT, tuple(kind.values)
    return DATATYPES.get(kind.name, TEXT), ()


def described(field: str | None, kind: GraphQLNamedType) -> str:
    """What a field says, with what each of its values says where these are few."""
    text = inspect.cleandoc(field or "")
    if not isinstance(kind, GraphQLEnumType) or len(kind.values) > FEW:
        return text
    values = [f"{name}: {value.description or name}" for name, value in kind.values.items()]
    return f"{text} {' '.join(values)}"
