"""Deprecations: what leaves the graph with a later release, and what to use in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLSchema, resolve_schema_coordinate

DEPRECATED: dict[str, str] = {}
"""What goes, by its schema coordinate, with the reason that clients read.

`Agreement.purpose`, `Query.agreements(where:)`, `AgreementKind.TREATY` or `AgreementWhere.purpose`;
an entry of a release may be taken out, with what it names, in the release after it. A type goes
when nothing leads to it but what is deprecated.
"""


def deprecate(schema: GraphQLSchema, reasons: Mapping[str, str] = DEPRECATED) -> None:
    """Marks what goes, by the reasons that clients read; KeyError for a coordinate of nothing."""
    for coordinate, reason in reasons.items():
        found: Any = resolve_schema_coordinate(schema, coordinate)
        target = None
        for part in ("directive_argument", "field_argument", "input_field", "enum_value", "field"):
            target = target or getattr(found, part, None)
        if target is None:
            raise KeyError(f"`{coordinate}` is no field, argument or value of the graph.")
        target.deprecation_reason = reason
