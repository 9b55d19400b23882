"""What `where` takes: for each noun an input with a test for each of its fields."""

from __future__ import annotations

import datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

import strawberry

from schema.filtering.expressions import filtered_columns
from schema.filtering.input_types import InputFields, input_type, option, optional, required
from schema.model.field_names import field_names
from schema.model.fields import FieldNameText, JsonText
from schema.model.noun import Link, Record, Titled, Versioned, cached_per_model
from schema.model.reflection import (
    parent_of,
    plain_columns,
    references,
    roles_apart,
    shown_kind,
)
from schema.model.registry import noun_with
from schema.model.traits import Trait
from schema.model.values import Money, PartialDate, Quantity, list_of, unwrap_optional


@strawberry.input(description="A test on an id; all its conditions hold.")
class IdMatch:
    eq: strawberry.ID | None = option("Equals this id.")
    in_: list[strawberry.ID] | None = option("Is one of these ids.", "in")
    is_known: bool | None = option("Is set (true) or null (false).")


@strawberry.input(description="A test on a text; all its conditions hold.")
class TextMatch:
    eq: str | None = option("Equals this text, to the character.")
    in_: list[str] | None = option("Is one of these texts.", "in")
    contains: str | None = option("Holds these characters, case and all.")
    starts_with: str | None = option("Begins with these characters, case and all.")
    is_known: bool | None = option("Is set (true) or null (false).")


@strawberry.input(description="A test on a yes or no; all its conditions hold.")
class FlagMatch:
    eq: bool | None = option("Is just this.")
    is_known: bool | None = option("Is set (true) or null (false).")


@strawberry.input(
    description="A span of days. A date matches when it may lie in the span: its own bounds "
    "overlap it. A date without bounds lies in no span."
)
class DateSpan:
    from_: datetime.date | None = option("The first day of the span, such as `2024-01-01`.", "from")
    until: datetime.date | None = option("The last day of the span, such as `2024-12-31`.")
    is_known: bool | None = option("Has bounds (true) or none (false).")
    is_stated: bool | None = option("A source has words for it (true) or none (false).")


@strawberry.input(description="A span of numbers. A number matches when it may lie in the span.")
class NumberSpan:
    from_: int | None = option("The least of the span.", "from")
    until: int | None = option("The most of the span.")
    is_known: bool | None = option("Has a number (true) or none (false).")
    is_stated: bool | None = option("A source has words for it (true) or none (false).")


@strawberry.input(
    description="A span of money in one currency. A sum matches when it may lie in it."
)
class MoneySpan:
    currency: str | None = option("The ISO 4217 code, such as `EUR`.")
    from_: Decimal | None = option("The least of the span.", "from")
    until: Decimal | None = option("The most of the span.")
    is_known: bool | None = option("Has a sum (true) or none (false).")
    is_stated: bool | None = option("A source has words for it (true) or none (false).")


_MATCHES: dict[Any, type] = {
    str: TextMatch,
    JsonText: TextMatch,
    bool: FlagMatch,
    int: NumberSpan,
}
_SPANS: dict[Any, type] = {PartialDate: DateSpan, Money: MoneySpan, Quantity: NumberSpan}


def _column_match(column: str, kind: Any) -> type:
    """The test that suits a column of a type."""
    if column == "id":
        return IdMatch
    if kind is FieldNameText:
        kind = field_names()
    return _enum_match(kind) if issubclass(kind, Enum) else _MATCHES[kind]


@cache
def _enum_match(choices: type[Enum]) -> type:
    return input_type(
        f"{choices.__name__}Match",
        f"A test on a {choices.__name__}; all its conditions hold.",
        {
            "eq": optional(choices, "Is this one."),
            "in_": optional(list_of(choices), "Is one of these.", "in"),
            "is_known": optional(bool, "Is set (true) or null (false)."),
        },
    )


EACH_INVOLVED = "Each of these takes part in it, itself or, with `through`, by one it stands for."


@cache
def involvement_match() -> type:
    """The input that asks for somebody's part in a record."""
    roles = noun_with(Trait.INVOLVEMENT).model_fields["role"].annotation
    return input_type(
        "InvolvementMatch",
        "Somebody's part in a record.",
        {
            "actor": _ACTOR,
            "role": optional(list_of(roles), "In one of these roles; any role when left out."),
            "through": _THROUGH,
        },
    )


@cache
def actor_match() -> type:
    """The input that asks for somebody who is named in a record without taking part in it."""
    fields = {"actor": _ACTOR, "through": _THROUGH}
    return input_type("ActorMatch", "Somebody, by id.", fields)


_ACTOR = required(strawberry.ID, "The party or official, such as `party/poland`.")
_THROUGH = optional(
    bool,
    "Also through those it stands for: a state's institutions, officials and companies, an "
    "institution's parts and posts.",
)


@cached_per_model
def where_input(noun: type[Versioned]) -> type:
    """The input that filters a noun."""
    fields: InputFields = {}
    if issubclass(noun, Titled):
        fields["folded"] = optional(
            str,
            "All these words, or parts of words, stand in its texts; accents, case, marks and "
            "British or American spelling aside.",
            "text",
        )
    for column in filtered_columns(noun):
        kind = unwrap_optional(shown_kind(plain_columns(noun)[column]))
        match = _column_match(column, kind)
        description = noun.model_fields[column].description or ""
        if kind is JsonText:
            description += ' Matched as JSON with its keys in order and no spaces: `"TREATY"`.'
        if column == "text":
            description = f"{description} (`text` filters all texts of the record.)"
            fields["body_text"] = optional(match, description, "words")
        else:
            fields[column] = optional(match, description)
    for name, relation in {**references(noun), **parent_of(noun)}.items():
        fields[name] = optional(IdMatch, f"{relation.description} By its id.")
    for name, value in noun.declared.values.items():
        fields[name] = optional(_SPANS[value.kind], value.description)
    if noun.has_participants:
        fields["involves"] = optional(list_of(involvement_match()), EACH_INVOLVED)
    for name, relation in roles_apart(noun).items():
        named = f"{relation.description} Each of these is named among them."
        fields[name] = optional(list_of(actor_match()), named)
    if issubclass(noun, Record | Link):
        fields["claimed_by"] = optional(
            strawberry.ID, "A source says something of it, by the source's id."
        )
    return input_type(
        f"{noun.__name__}Where",
        f"Which of the {noun.__name__} records to take; all conditions hold.",
        fields,
        recursive=lambda itself: {
            "and_": optional(list_of(itself), "All of these hold.", "and"),
            "or_": optional(list_of(itself), "One of these holds at least.", "or"),
            "not_": optional(itself, "This does not hold.", "not"),
        },
    )
