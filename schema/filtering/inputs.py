"""What `where` takes: for each noun an input with a test for each of its fields."""

from __future__ import annotations

import datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

import strawberry

from schema.filtering.expressions import filtered_columns
from schema.model.noun import Link, Record, Titled, Versioned, cached_per_model
from schema.model.reflection import parent_of, plain_columns, references
from schema.model.registry import noun_with
from schema.model.traits import Trait, name_with
from schema.model.values import Money, PartialDate, list_of, unwrap_optional


def _option(description: str, name: str | None = None) -> Any:
    return strawberry.field(default=strawberry.UNSET, description=description, name=name)


@strawberry.input(description="A test on an id; all its conditions hold.")
class IdMatch:
    eq: strawberry.ID | None = _option("Equals this id.")
    in_: list[strawberry.ID] | None = _option("Is one of these ids.", "in")
    is_known: bool | None = _option("Is set (true) or null (false).")


@strawberry.input(description="A test on a text; all its conditions hold.")
class TextMatch:
    eq: str | None = _option("Equals this text, to the character.")
    in_: list[str] | None = _option("Is one of these texts.", "in")
    contains: str | None = _option("Holds these characters, case and all.")
    starts_with: str | None = _option("Begins with these characters, case and all.")
    is_known: bool | None = _option("Is set (true) or null (false).")


@strawberry.input(description="A test on a yes or no; all its conditions hold.")
class FlagMatch:
    eq: bool | None = _option("Is just this.")
    is_known: bool | None = _option("Is set (true) or null (false).")


@strawberry.input(
    description="A span of days. A date matches when it may lie in the span: its own bounds "
    "overlap it. A date without bounds lies in no span."
)
class DateSpan:
    from_: datetime.date | None = _option(
        "The first day of the span, such as `2024-01-01`.", "from"
    )
    until: datetime.date | None = _option("The last day of the span, such as `2024-12-31`.")
    is_known: bool | None = _option("Has bounds (true) or none (false).")
    is_stated: bool | None = _option("A source has words for it (true) or none (false).")


@strawberry.input(description="A span of numbers. A number matches when it may lie in the span.")
class NumberSpan:
    from_: int | None = _option("The least of the span.", "from")
    until: int | None = _option("The most of the span.")
    is_known: bool | None = _option("Has a number (true) or none (false).")
    is_stated: bool | None = _option("A source has words for it (true) or none (false).")


@strawberry.input(
    description="A span of money in one currency. A sum matches when it may lie in it."
)
class MoneySpan:
    currency: str | None = _option("The ISO 4217 code, such as `EUR`.")
    from_: Decimal | None = _option("The least of the span.", "from")
    until: Decimal | None = _option("The most of the span.")
    is_known: bool | None = _option("Has a sum (true) or none (false).")
    is_stated: bool | None = _option("A source has words for it (true) or none (false).")


@cache
def _enum_match(choices: type[Enum]) -> type:
    fields = {
        "eq": (choices | None, _option("Is this one.")),
        "in_": (list_of(choices) | None, _option("Is one of these.", "in")),
        "is_known": (bool | None, _option("Is set (true) or null (false).")),
    }
    return _input(
        f"{choices.__name__}Match",
        f"A test on a {choices.__name__}; all its conditions hold.",
        fields,
    )


def _input(name: str, description: str, fields: dict[str, tuple[Any, Any]]) -> type:
    namespace = {key: value for key, (_, value) in fields.items()}
    namespace["__annotations__"] = {key: kind for key, (kind, _) in fields.items()}
    return strawberry.input(type(name, (), namespace), description=description)


@cache
def involvement_match() -> type:
    """The input that asks for somebody's part in a record."""
    roles = noun_with(Trait.INVOLVEMENT).model_fields["role"].annotation
    return _input(
        "InvolvementMatch",
        "Somebody's part in a record.",
        {
            "actor": (
                strawberry.ID,
                strawberry.field(description="The party or official, such as `party/poland`."),
            ),
            "role": (
                list_of(roles) | None,
                _option("In one of these roles; any role when left out."),
            ),
            "through": (
                bool | None,
                _option(
                    "Also through those it stands for: a state's institutions, officials and "
                    "companies, an institution's parts and posts."
                ),
            ),
        },
    )


@cached_per_model
def where_input(noun: type[Versioned]) -> type:
    """The input that filters a noun."""
    name = f"{noun.__name__}Where"
    input_type = type(name, (), {})
    fields: dict[str, tuple[Any, Any]] = {
        "and_": (list_of(input_type) | None, _option("All of these hold.", "and")),
        "or_": (list_of(input_type) | None, _option("One of these holds at least.", "or")),
        "not_": (input_type | None, _option("This does not hold.", "not")),
    }
    if issubclass(noun, Titled):
        fields["folded"] = (
            str | None,
            _option(
                "All these words, or parts of words, stand in its texts; accents, case and "
                "marks aside.",
                "text",
            ),
        )
    for column in filtered_columns(noun):
        kind = unwrap_optional(plain_columns(noun)[column].annotation)
        description = noun.model_fields[column].description or ""
        match: Any = (
            _enum_match(kind)
            if isinstance(kind, type) and issubclass(kind, Enum)
            else {
                str: IdMatch if column == "id" else TextMatch,
                bool: FlagMatch,
                int: NumberSpan,
            }[kind]
        )
        shown = "body_text" if column == "text" else column
        fields[shown] = (
            match | None,
            _option(
                f"{description} (`text` filters all texts of the record.)"
                if column == "text"
                else description,
                "words" if column == "text" else None,
            ),
        )
    for column, relation in {**references(noun), **parent_of(noun)}.items():
        fields[column] = (IdMatch | None, _option(f"{relation.description} By its id."))
    for column, value in noun.declared.values.items():
        span = (
            DateSpan
            if value.kind is PartialDate
            else MoneySpan
            if value.kind is Money
            else NumberSpan
        )
        fields[column] = (span | None, _option(value.description))
    if _has_involvements(noun):
        fields["involves"] = (involvement_match() | None, _option("Somebody takes part in it."))
    if issubclass(noun, Record | Link):
        fields["claimed_by"] = (
            strawberry.ID | None,
            _option("A source says something of it, by the source's id."),
        )
    for key, (_, default) in fields.items():
        setattr(input_type, key, default)
    input_type.__annotations__ = {key: kind for key, (kind, _) in fields.items()}
    return strawberry.input(
        input_type,
        description=f"Which of the {noun.__name__} records to take; all conditions hold.",
    )


def _has_involvements(noun: type[Versioned]) -> bool:
    return any(
        relation.target == name_with(Trait.INVOLVEMENT) and relation.by == "record_id"
        for relation in noun.declared.relations.values()
    )
