"""Values: the choices and value objects of the model, as types of the graph."""

from __future__ import annotations

from functools import cache
from inspect import getdoc
from typing import Any

import strawberry

from schema.model.choices import choices
from schema.model.values import EquivalentSum, Money, PartialDate, Quantity, part_descriptions


@cache
def declare_values() -> None:
    """Makes types of the graph of the model's choices and value objects, once, as described."""
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
