"""One `where` for all nouns at once: what the questions that merge nouns are asked about."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.errors import InputError, nearest
from schema.filtering.conditions import condition
from schema.filtering.input_types import input_type, noun_type, optional
from schema.filtering.inputs import DateSpan, involvement_match
from schema.model.noun import Record, Versioned, camel
from schema.model.reflection import plain_columns
from schema.model.registry import nouns, table_named
from schema.model.values import list_of, unwrap_optional
from schema.storage.statement import constrain, members


@cache
def record_nouns() -> dict[str, type[Versioned]]:
    """The nouns that are records, by their names in the choice `RecordNoun`."""
    return {name.upper(): noun for name, noun in nouns().items() if issubclass(noun, Record)}


@cache
def record_noun() -> type[Enum]:
    """The choice among the nouns that are records."""
    return noun_type("RecordNoun", "A noun of which there are records.", record_nouns())


@cache
def _choices(column: str) -> dict[str, set[str]]:
    """The values that a column of choices takes, by the nouns that have the column."""
    found: dict[str, set[str]] = {}
    for name, noun in record_nouns().items():
        info = plain_columns(noun).get(column)
        kind = unwrap_optional(info.annotation) if info else None
        if isinstance(kind, type) and issubclass(kind, Enum):
            found[name] = {str(member.value) for member in kind}
    return found


@cache
def record_where() -> type:
    """The input that chooses records of any noun."""
    columns = (plain_columns(noun) for noun in record_nouns().values())
    stage = unwrap_optional(next(each["stage"] for each in columns if "stage" in each).annotation)
    return input_type(
        "RecordWhere",
        "Which records, of any noun; all conditions hold, absent means any.",
        {
            "nouns": optional(list_of(record_noun()), "Of these nouns; all when left out."),
            "involves": optional(
                list_of(involvement_match()),
                "Each of these takes part in it, itself or through others.",
            ),
            "happened": optional(DateSpan, "Dated in this span, as the timeline dates it."),
            "text": optional(
                str, "All these words, or parts of words, stand in its own texts, folded."
            ),
            "kinds": optional(list_of(str), "Of one of these kinds, such as `TREATY` or `VISIT`."),
            "stages": optional(list_of(stage), "At one of these stages."),
            "sectors": optional(
                list_of(str), "In one of these fields of cooperation, to the character."
            ),
            "categories": optional(
                list_of(str), "Of one of these sorts of goods, to the character."
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
    """The nouns that a `where` can find, each with its table and its condition.

    A noun that lacks a field the `where` asks of has no records to give. `among` is what the
    question looks at when `nouns` is left out. Validity at an edition is the caller's.
    """
    where = {name: given for name, given in (where or {}).items() if given is not None}
    wanted = {str(getattr(noun, "value", noun)) for noun in where.get("nouns", ())}
    if "nouns" not in where:
        wanted = among if among is not None else set(record_nouns())
    _check_kinds(constrain(where.get("kinds", ()), list))
    for name, noun in record_nouns().items():
        own = _conditions_for(noun, where) if name in wanted else None
        if own is not None:
            table = table_named(noun.__name__)
            yield name, noun, table, condition(noun, table, own, as_of)


def _conditions_for(noun: type[Versioned], where: dict[str, Any]) -> dict[str, Any] | None:
    """The same `where` in the words of one noun; None when the noun lacks what it asks of."""
    conditions: list[dict[str, Any]] = []
    for name, given in where.items():
        parts = None if name == "nouns" else _conditions_of(noun, name, given)
        if parts is None and name != "nouns":
            return None
        conditions += parts or []
    return {"and": conditions}


def _conditions_of(noun: type[Versioned], name: str, given: Any) -> list[dict[str, Any]] | None:
    """One condition of a `where` in the words of one noun."""
    column = _COLUMNS.get(name)
    if column is not None and column not in plain_columns(noun):
        return None
    if name == "involves":
        return (
            [{"involves": match} for match in given] if noun.has_participants or not given else None
        )
    if name == "happened":
        dates = [{camel(date): given} for date in noun.dated_by]
        undated = given.get("isKnown") is False or given.get("isStated") is False
        return [{"and" if undated else "or": dates}] if dates else None
    if name == "sources":
        return [{"or": [{"claimedBy": source} for source in members(given)]}]
    if name == "kinds":
        known = _choices("kind")[noun.__name__.upper()]
        given = [kind for kind in constrain(given, list) if kind in known]
    if column is not None:
        return [{column: {"in": given}}]
    return [{"id": {"in": given}} if name == "ids" else {name: given}]


_COLUMNS = {"kinds": "kind", "stages": "stage", "sectors": "sector", "categories": "category"}


def _check_kinds(kinds: Any) -> None:
    known = set().union(*_choices("kind").values())
    for kind in kinds:
        if kind not in known:
            near = nearest(kind, known)
            right = f"Did you mean '{near}'?" if near else f"Kinds: {', '.join(sorted(known))}."
            raise InputError(f"'{kind}' is no kind of any record. {right}")


Chosen = tuple[str, type[Versioned], sa.Table, sa.ColumnElement[bool]]
"""A noun by its name in `RecordNoun`, its class, its table, and which of its rows."""
