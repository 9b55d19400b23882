"""Values: the choices and value objects of the model, as types of the graph."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from functools import cache
from inspect import getdoc
from types import UnionType
from typing import Any, NewType

import strawberry
from strawberry.schema.types.base_scalars import (
    DateDefinition,
    DateTimeDefinition,
    DecimalDefinition,
)

from schema.graph.declare import scalars
from schema.model.choices import choices
from schema.model.field_names import field_names
from schema.model.fields import FieldNameText, JsonText
from schema.model.record_choices import record_kind, record_noun
from schema.model.values import (
    EquivalentSum,
    Money,
    PartialDate,
    Quantity,
    part_descriptions,
    unwrap_optional,
)

JSON = NewType("JSON", object)
"""Any value of JSON."""
RFC_3339 = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6"

scalars.update(
    {
        JSON: strawberry.scalar(
            name="JSON",
            description="Any value of JSON: null, a text, a number, a flag, a list or an object.",
            serialize=lambda value: value,
            specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        ),
        datetime.date: replace(
            DateDefinition,
            description="A day, `2024-11-26`: the `full-date` of RFC 3339.",
            specified_by_url=RFC_3339,
        ),
        datetime.datetime: replace(
            DateTimeDefinition,
            description="An instant, `2024-11-26T12:00:00+00:00`: the `date-time` of RFC 3339.",
            specified_by_url=RFC_3339,
        ),
        Decimal: replace(
            DecimalDefinition,
            description="A decimal number as a text, `6000000000.5`, of which no digit is lost.",
            specified_by_url="https://www.w3.org/TR/xmlschema11-2/#decimal",
        ),
    }
)


def graph_kind(kind: Any) -> Any:
    """What stands in the graph for a type of the model, which may be what a column means."""
    if kind is FieldNameText:
        return field_names()
    if kind is JsonText:
        return JSON
    inner = unwrap_optional(kind) if isinstance(kind, UnionType) else kind
    return graph_kind(inner) | None if inner in (FieldNameText, JsonText) else kind


@cache
def declare_values() -> None:
    """Makes types of the graph of the model's choices and value objects, once, as described."""
    for declare in (field_names, record_noun, record_kind):
        declare()
    for choice, description in choices.items():
        enumeration: Any = strawberry.enum(choice, description=description)
        for value in enumeration.__strawberry_definition__.values:
            value.description = choice[value.name].description
    for kind in (PartialDate, Quantity, EquivalentSum, Money):
        descriptions = part_descriptions(kind)
        if "id" in descriptions:
            kind.__annotations__["id"] = strawberry.ID
        declared: Any = strawberry.type(kind, description=" ".join((getdoc(kind) or "").split()))
        for field in declared.__strawberry_definition__.fields:
            field.description = descriptions[field.name]
