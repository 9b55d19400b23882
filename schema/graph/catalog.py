"""The catalog: each type of the graph and its fields, and the rows that answer them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schema.graph.declare import ViewField
from schema.model.fields import FirstValue, Relation, Template, Value
from schema.model.noun import Link, Record, Titled
from schema.nouns.actor import Actor


@dataclass(frozen=True)
class ColumnField:
    """A field that is one column."""

    column: str


INTERFACES: tuple[type[Titled], ...] = (Actor, Link, Record)
"""What the graph shows as interfaces, the finer ones first."""


Field = ColumnField | Template | Value | FirstValue | Relation | ViewField
"""What stands behind a field of the graph."""


catalog: dict[str, dict[str, Field]] = {}
"""The fields of each type by their names in the graph."""


types: dict[str, Any] = {}
"""The Strawberry type of each noun, connection and edge, by name."""


class TypedObject:
    """One object of an answer: its type, and its values by the names the query gives them."""

    __slots__ = ("type", "values")

    def __init__(self, type: str, values: dict[str, Any]) -> None:
        self.type, self.values = type, values


@dataclass(frozen=True)
class FieldError:
    """What stands in the place of a field that could not be answered."""

    error: Exception


def plural(name: str) -> str:
    """The name of a noun's list in the graph: `Party` is `parties`."""
    head = name[0].lower() + name[1:]
    return f"{head[:-1]}ies" if head.endswith("y") else f"{head}s"
