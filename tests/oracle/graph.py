"""The committed SDL as a schema that knows nothing of the product."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal, DecimalException
from functools import cache
from typing import Any

from graphql import (
    DefinitionNode,
    DocumentNode,
    FieldDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    build_ast_schema,
    build_schema,
    parse,
    print_ast,
)

from tests.oracle.reachable_fields import reachable
from tests.support.checkout import CONTRACT

QUESTIONS = frozenset(
    {
        *("changes", "coverage", "difference", "namesLike", "network", "relationship", "search"),
        *("statistics", "timeline"),
    }
)
"""Root fields that machinery answers."""
UNCOVERED = {
    "Change": {
        *(
            "fields",
            "addedClaimCount",
            "retractedClaimCount",
            "arisenConflictCount",
            "settledConflictCount",
        ),
    },
    "*Connection": {"coverage", "statistics"},
}
"""Fields that machinery works out, by type."""
ELSEWHERE = ("SearchHit", "Tie", "TimelineEntry")
"""Nodes that only those root fields lead to."""


@cache
def graph() -> GraphQLSchema:
    """The schema with its scalars."""
    made = build_schema(CONTRACT.read_text("utf-8"))
    _scalar(made, "Date", datetime.date.fromisoformat, lambda value: value.isoformat())
    _scalar(made, "DateTime", datetime.datetime.fromisoformat, lambda value: value.isoformat())
    _scalar(made, "Decimal", Decimal, str)
    fields: Any = made.type_map["FieldName"]
    for name, value in fields.values.items():
        head, *tail = name.lower().split("_")
        value.value = head + "".join(map(str.title, tail))
    return made


@cache
def covered() -> str:
    """The SDL without what the oracle cannot answer, and so without what nobody reaches then."""
    document = parse(CONTRACT.read_text("utf-8"))
    kept: list[DefinitionNode] = []
    for part in document.definitions:
        if isinstance(part, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            fields = tuple(field for field in part.fields or () if _is_covered(part, field))
            kept.append(replace(part, fields=fields))
        else:
            kept.append(part)
    whole = build_ast_schema(DocumentNode(definitions=tuple(kept)))
    reached = {name for name, _ in reachable(whole, ELSEWHERE)}
    kept = [
        part
        for part in kept
        if not isinstance(part, ObjectTypeDefinitionNode) or part.name.value in reached
    ]
    return print_ast(DocumentNode(definitions=tuple(kept)))


def _is_covered(
    part: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode, field: FieldDefinitionNode
) -> bool:
    kind, name = part.name.value, field.name.value
    if kind == "Query":
        return name not in QUESTIONS
    general = UNCOVERED["*Connection"] if kind.endswith("Connection") else set()
    return name not in UNCOVERED.get(kind, set()) | general


def _scalar(schema: GraphQLSchema, name: str, parse_text: Any, serialize: Any) -> None:
    scalar: Any = schema.type_map[name]

    def read(value: Any) -> Any:
        told = f'Value cannot represent a {name}: "{value}".'
        if not isinstance(value, str) and name != "Decimal":
            raise GraphQLError(f"{told} Expected a string.")
        try:
            return parse_text(str(value))
        except DecimalException:
            raise GraphQLError(told) from None
        except ValueError as error:
            raise GraphQLError(f"{told} {error}") from None

    scalar.parse_value = scalar.coerce_input_value = read
    scalar.serialize = scalar.coerce_output_value = serialize
