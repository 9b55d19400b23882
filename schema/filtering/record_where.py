"""One `where` for all nouns at once, for the questions that merge records of several nouns."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.filtering.conditions import condition
from schema.filtering.input_types import input_type, optional
from schema.filtering.inputs import EACH_INVOLVED, DateSpan, involvement_match
from schema.model.factuality import Factuality
from schema.model.noun import Versioned, camel
from schema.model.record_choices import kinds_by_noun, record_kind, record_noun, record_nouns
from schema.model.reflection import plain_columns
from schema.model.registry import table_named
from schema.model.values import list_of, unwrap_optional
from schema.storage.statement import members


@cache
def record_where() -> type:
    """The input that filters records of any noun."""
    columns = (plain_columns(noun) for noun in record_nouns().values())
    stage = unwrap_optional(next(each["stage"] for each in columns if "stage" in each).annotation)
    return input_type(
        "RecordWhere",
        "Which records, of any noun; all conditions hold, absent means any.",
        {
            "nouns": optional(list_of(record_noun()), "Of these nouns; all when left out."),
            "involves": optional(
                list_of(involvement_match()),
                EACH_INVOLVED,
            ),
            "happened": optional(DateSpan, "Dated in this span, as the timeline dates it."),
            "text": optional(
                str, "All these words, or parts of words, stand in its own texts, folded."
            ),
            "kinds": optional(list_of(record_kind()), "Of one of these kinds."),
            "stages": optional(list_of(stage), "At one of these stages."),
            "sectors": optional(
                list_of(str), "In one of these fields of cooperation, to the character."
            ),
            "categories": optional(
                list_of(str), "Of one of these sorts of goods, to the character."
            ),
            "factualities": optional(
                list_of(Factuality),
                "As sure as one of these: `[ASSERTED, REPORTED]` is what is counted, the rest "
                "what is `unconfirmed`.",
            ),
            "sources": optional(
                list_of(strawberry.ID), "One of these sources says something of it."
            ),
            "ids": optional(list_of(strawberry.ID), "One of these records."),
        },
    )


def matching_records(
    where: dict[str, Any] | None, as_of: Any, among: set[str] | None = None
) -> Iterator[tuple[str, type[Versioned], sa.Table, sa.ColumnElement[bool]]]:
    """The nouns that a `where` can match, each with its table and its condition.

    A noun that lacks a field the `where` tests has no records to give. `among` are the nouns that
    count when `nouns` is left out. Validity at an edition is the caller's.
    """
    where = {name: test for name, test in (where or {}).items() if test is not None}
    names = {str(getattr(noun, "value", noun)) for noun in where.get("nouns", ())}
    if "nouns" not in where:
        names = among if among is not None else set(record_nouns())
    for name, noun in record_nouns().items():
        noun_where = _noun_where(noun, where) if name in names else None
        if noun_where is not None:
            table = table_named(noun.__name__)
            yield name, noun, table, condition(noun, table, noun_where, as_of)


def _noun_where(noun: type[Versioned], where: dict[str, Any]) -> dict[str, Any] | None:
    """The same as a `where` of one noun; None when the noun lacks a field that it tests."""
    conditions: list[dict[str, Any]] = []
    for name, test in where.items():
        parts = _noun_conditions(noun, name, test)
        if parts is None:
            return None
        conditions += parts
    return {"and": conditions}


def _noun_conditions(noun: type[Versioned], name: str, test: Any) -> list[dict[str, Any]] | None:
    """One condition of a `where` as conditions of one noun."""
    column = _COLUMNS.get(name)
    if column is not None and column not in plain_columns(noun):
        return None
    if name == "nouns":
        return []
    if name == "involves":
        return [{name: test}] if noun.has_participants or not test else None
    if name == "happened":
        dates = [{camel(date): test} for date in noun.dated_by]
        undated = test.get("isKnown") is False or test.get("isStated") is False
        return [{"and" if undated else "or": dates}] if dates else None
    if name == "sources":
        return [{"or": [{"claimedBy": source} for source in members(test)]}]
    if name == "kinds":
        names = {kind.name for kind in kinds_by_noun()[noun.__name__.upper()]}
        test = [kind.name for kind in test if kind.name in names]
    if column is not None:
        return [{column: {"in": test}}]
    return [{"id": {"in": test}} if name == "ids" else {name: test}]


_COLUMNS = {
    "kinds": "kind",
    "stages": "stage",
    "sectors": "sector",
    "categories": "category",
    "factualities": "factuality",
}


Chosen = tuple[str, type[Versioned], sa.Table, sa.ColumnElement[bool]]
"""A noun by its name in `RecordNoun`, its class, its table, and which of its rows."""
