"""Inputs that order a list."""

from __future__ import annotations

from enum import Enum
from typing import Any

import strawberry

from schema.model.noun import Versioned, cached_per_model, camel


@strawberry.enum(description="Which end of an order comes first.")
class OrderDirection(Enum):
    ASC = strawberry.enum_value("ASC", description="The least first.")
    DESC = strawberry.enum_value("DESC", description="The greatest first.")


@cached_per_model
def order_columns(noun: type[Versioned]) -> dict[str, str]:
    """What a noun can be ordered by: the name in the graph, and the column or value."""
    found = {"ID": "id"}
    if "title" in noun.model_fields:
        found["TITLE"] = "title"
    found["EDITION"] = "since"
    return found | {name.upper(): name for name in noun.declared.values}


@cached_per_model
def order_input(noun: type[Versioned]) -> type:
    """The input that orders a noun."""
    texts = {
        "ID": "By id.",
        "TITLE": "By title, in code point order.",
        "EDITION": "By the edition that wrote it.",
    }
    options = {
        name: strawberry.enum_value(
            name,
            description=texts.get(
                name, f"By the lower bound of `{camel(name.lower())}`; without one, last."
            ),
        )
        for name in order_columns(noun)
    }
    choices: Any = Enum  # called as a function, with members that only exist at run time
    field = strawberry.enum(
        choices(f"{noun.__name__}OrderField", options),
        description=f"What {noun.__name__} records can be ordered by.",
    )
    input_type = type(
        f"{noun.__name__}Order",
        (),
        {
            "__annotations__": {"field": field, "direction": OrderDirection},
            "field": strawberry.field(description="What to order by."),
            "direction": strawberry.field(
                default=OrderDirection.ASC, description="Which end comes first."
            ),
        },
    )
    return strawberry.input(
        input_type,
        description=f"One step of an order of {noun.__name__} records; ties are broken by id.",
    )
