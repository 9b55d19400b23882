"""Inputs that order a list."""

from __future__ import annotations

from enum import Enum

import strawberry

from schema.filtering.input_types import enum_type, input_type, required
from schema.model.noun import Versioned, cached_per_model, camel


@strawberry.enum(description="Which end of an order comes first.")
class OrderDirection(Enum):
    ASC = strawberry.enum_value("ASC", description="The least first.")
    DESC = strawberry.enum_value("DESC", description="The greatest first.")


@cached_per_model
def order_columns(noun: type[Versioned]) -> dict[str, str]:
    """What a noun can be ordered by: the name in the graph, and the column or value."""
    title = {"TITLE": "title"} if "title" in noun.model_fields else {}
    values = {name.upper(): name for name in noun.declared.values}
    return {"ID": "id", **title, "EDITION": "since", **values}


@cached_per_model
def order_input(noun: type[Versioned]) -> type:
    """The input that orders a noun."""
    descriptions = {
        "ID": "By id.",
        "TITLE": "By title, in code point order.",
        "EDITION": "By the edition that wrote it.",
    }
    for name in noun.declared.values:
        descriptions[name.upper()] = f"By the lower bound of `{camel(name)}`; without one, last."
    field = enum_type(
        f"{noun.__name__}OrderField",
        f"What {noun.__name__} records can be ordered by.",
        {name: descriptions[name] for name in order_columns(noun)},
    )
    direction = strawberry.field(default=OrderDirection.ASC, description="Which end comes first.")
    return input_type(
        f"{noun.__name__}Order",
        f"One step of an order of {noun.__name__} records; ties are broken by id.",
        {
            "field": required(field, "What to order by."),
            "direction": (OrderDirection, direction),
        },
    )
