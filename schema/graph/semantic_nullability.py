"""`@semanticNonNull`: which nulls are no answer, and come of errors alone."""

from __future__ import annotations

from types import UnionType
from typing import Any, get_args

import strawberry
from graphql import GraphQLSchema
from strawberry.schema_directive import Location

DIRECTIVE = "semanticNonNull"
LEVELS = "At which depth of the list there is no such null: 0 is the field itself."


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name=DIRECTIVE,
    description=(
        "Null here only where an error says why, at the same path. The field may be null so that "
        "its error takes away nothing beside it; who handles errors, such as with `onError: NULL`, "
        "may read it as never null."
    ),
)
class SemanticNonNull:
    levels: list[int] = strawberry.field(default=(0,))


def nullability(kind: Any, *, is_found: bool) -> list[object]:
    """The directives of a root field; `is_found` where null is an answer: nothing was found."""
    is_nullable = isinstance(kind, UnionType) and type(None) in get_args(kind)
    return [SemanticNonNull()] if is_nullable and not is_found else []


def describe_levels(schema: GraphQLSchema) -> None:
    """Describes the argument of the directive, for which Strawberry has no word."""
    directive = schema.get_directive(DIRECTIVE)
    if directive is not None:
        directive.args["levels"].description = LEVELS
