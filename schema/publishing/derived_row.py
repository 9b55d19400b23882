"""The row of a record: the values that its accepted claims give, its title and its words."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import Any

from schema.dossiers.format import coded_fields
from schema.model.date_words import date_in_words
from schema.model.noun import TitleOrigin, Versioned, cached_per_model, camel
from schema.model.reflection import references
from schema.model.values import PartialDate, unwrap_optional, value_fields
from schema.nouns.claim import is_denied, place_of
from schema.publishing.ages import Ages
from schema.publishing.precedence import precedence, whole_row


def derive_row(
    noun: type[Versioned], claims: Iterable[dict[str, Any]], ages: Ages
) -> tuple[dict[str, Any], set[str]]:
    """The row that accepted claims give a record, and the fields with neither value nor reason.

    A denial is a reason: of a field that is only denied nothing is known, and it says why.
    """
    claims = list(claims)
    explained = {place_of(claim)[1] for claim in claims if is_denied(claim)}
    accepted = [claim for claim in claims if claim["is_accepted"]]
    wholes = [(claim, given) for claim in accepted if (given := whole_row(noun, claim))]
    row: dict[str, Any] = {}
    for field in {field for _, given in wholes for field in given}:
        claim, given = min(
            ((claim, given) for claim, given in wholes if field in given),
            key=lambda each: precedence(noun, field, each[0], ages),
        )
        row |= _columns(noun, field, given[field])
    for claim in accepted:
        value = json.loads(claim["value"] or "null")
        if (own := place_of(claim)[1]) == "title":
            row["title"] = value
            row["title_origin"] = TitleOrigin(
                "STATED" if claim["origin"] == "STATED" else "COMPOSED"
            )
        elif own is not None:
            explained.add(own)
            row |= _columns(noun, own, value)
    if wholes or not noun.explained:
        return row, set()
    return row, {name for name in row_fields(noun) if camel(name) not in explained}


def row_fields(noun: type[Versioned]) -> list[str]:
    """The fields of a noun that need a value or a reason, as they are declared."""
    return [name for name in coded_fields(noun) if name not in noun.optional]


@cached_per_model
def _names(noun: type[Versioned]) -> dict[str, str]:
    """The declared name of each field, by the name that the graph uses."""
    names = [*noun.model_fields, *noun.declared.relations, *noun.declared.values]
    return {camel(name): name for name in names}


def _columns(noun: type[Versioned], field: str, value: Any) -> dict[str, Any]:
    """The columns that keep the value of a field, which is named as in the graph."""
    name = _names(noun).get(field, field)
    if name in noun.declared.values:
        declared = noun.declared.values[name]
        parts = dict(value or {})
        if declared.kind is PartialDate:
            parts = vars(PartialDate.of(**parts))
        return {
            declared.column(name, part): _typed(annotation, parts.get(part))
            for part, annotation in value_fields(declared.kind).items()
        }
    if name in references(noun):
        return {references(noun)[name].key: value}
    if name in noun.model_fields:
        return {name: _typed(noun.model_fields[name].annotation, value)}
    return {}


def _typed(annotation: Any, value: Any) -> Any:
    """A value of JSON as its column takes it."""
    kind = unwrap_optional(annotation)
    if value is None:
        return None
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    return Decimal(value) if kind is Decimal else value


def composed_title(noun: type[Versioned], row: dict[str, Any]) -> str:
    """A title made from the parts of a row, where no source gives one."""
    shown: list[str] = []
    for alternatives in noun.title_from or [(part,) for part in noun.slug_from]:
        given = ((name, row.get(name)) for name in alternatives)
        name, value = next((each for each in given if each[1] is not None), ("", None))
        if isinstance(value, Enum):
            shown.append(str(value.value).replace("_", " ").capitalize())
        elif value is not None and name.endswith("_edtf"):
            shown.append(date_in_words(value, datetime.date.isoformat) or value)
        elif value is not None:
            shown.append(str(value))
    return ": ".join(shown) or str(row["id"])
