"""Values: the choices and value objects of the model, as types of the graph."""

from __future__ import annotations

import inspect
from dataclasses import fields
from functools import cache
from typing import Any

import strawberry

from schema.model.choices import choices
from schema.model.values import Money, PartialDate, Quantity


@cache
def declare_values() -> None:
    """Makes types of the graph of the model's choices and value objects, once, as described."""
    for choice, description in choices.items():
        enumeration: Any = strawberry.enum(choice, description=description)
        for value in enumeration.__strawberry_definition__.values:
            value.description = choice[value.name].description
    for kind in (PartialDate, Quantity, Money):
        for part in fields(kind):
            described = strawberry.field(
                default=part.default, description=part.metadata["description"]
            )
            setattr(kind, part.name, described)
        kind.__annotations__["id"] = strawberry.ID
        strawberry.type(kind, description=" ".join((inspect.getdoc(kind) or "").split()))
