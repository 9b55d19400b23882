"""Acceptance: which claim fills a field, and the row that the accepted claims give a record."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from schema.dossiers.format import coded_fields
from schema.model.noun import TitleOrigin, Versioned, cached_per_model, camel
from schema.model.reflection import references
from schema.model.registry import table_of
from schema.model.text import fold
from schema.model.values import CodepointText, PartialDate, unwrap_optional, value_fields
from schema.nouns.claim import comparable, place_of

_FACTUALITIES = ("ASSERTED", "REPORTED", "ALLEGED", "PLANNED", "HYPOTHETICAL")
"""How far a source vouches for what it says, the strongest first; a denial fills nothing."""
GIVING = ("KNOWN", "VAGUE")
"""What gives a value, the firmer first; all else is a silence."""
_NONE = (len(_FACTUALITIES), 0)
"""The strength of what gives no value."""


Ages = Mapping[str, tuple[int, int]]
"""By claim: since when its source speaks of the field, and since when an editor prefers it."""


def resolve_conflicts(claims: list[dict[str, Any]], author: str, ages: Ages) -> None:
    """Marks, among the claims of one row, which are accepted and which contradict each other."""
    by_field: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
    for claim in claims:
        by_field[place_of(claim)[1]].append(claim)
    imported = _imported(by_field.get(None, []))
    for field, rivals in by_field.items():
        target = place_of(rivals[0])[0]
        filling = [claim for claim in rivals if not is_denial(claim)]
        known = [claim for claim in filling if claim["status"] == "KNOWN"]
        different = {
            json.dumps(comparable(json.loads(claim["value"] or "null")), sort_keys=True)
            for claim in known
        }
        contested = field not in (None, "title") and len(different) > 1
        first = min(filling, key=lambda claim: _precedence(claim, ages), default=None)
        if first and not first["is_preferred"] and _strength(first) > imported.get(field, _NONE):
            first = None
        for claim in rivals:
            accepted = claim is first or (field is None and not is_denial(claim))
            if accepted != claim["is_accepted"]:
                claim["accepted_by"] = author if accepted else None
            claim["is_accepted"] = accepted
            claim["conflict_key"] = (
                f"{target}#{field}"
                if contested and claim["status"] == "KNOWN" and not is_denial(claim)
                else None
            )


def is_denial(claim: Mapping[str, Any]) -> bool:
    """Whether a claim says that something is not so."""
    return bool(claim["factuality"] == "DENIED")


def is_only_denied(id: str, claims: Iterable[Mapping[str, Any]]) -> bool:
    """Whether all who speak of a record, or of a part of one, deny it as a whole.

    Who denies it as a whole and describes it all the same does not say that it is there.
    """
    denying: set[str] = set()
    affirming: set[str] = set()
    speaking: set[str] = set()
    for claim in claims:
        source, is_whole = claim["source_id"], place_of(claim) == (id, None)
        if is_denial(claim):
            denying |= {source} if is_whole else set()
        elif claim["status"] in GIVING:
            (affirming if is_whole else speaking).add(source)
    return bool(denying) and not affirming and speaking <= denying


def _imported(claims: list[dict[str, Any]]) -> dict[str | None, tuple[int, int]]:
    """How strong the rows of data sets are that give a field, by field."""
    strengths: dict[str | None, tuple[int, int]] = {}
    for claim in claims:
        value = json.loads(claim["value"] or "null")
        if claim["origin"] == "IMPORTED" and isinstance(value, dict) and not is_denial(claim):
            for key in value:
                strengths[key] = min(_strength(claim), strengths.get(key, _strength(claim)))
    return strengths


def _strength(claim: Mapping[str, Any]) -> tuple[int, int]:
    """How strong a claim is, the less the stronger: who vouches for it, then how firm it is."""
    if claim["status"] not in GIVING or is_denial(claim):
        return _NONE
    return _FACTUALITIES.index(claim["factuality"]), GIVING.index(claim["status"])


def _precedence(claim: dict[str, Any], ages: Ages) -> tuple[Any, ...]:
    """The newest choice of an editor first, then the strongest, then who spoke first."""
    preferred = claim["is_preferred"]
    spoken, preferring = ages.get(claim["id"], (0, 0))
    newest = -preferring if preferred else 0
    return (not preferred, newest, _strength(claim), spoken, claim["id"])


def derive_row(
    noun: type[Versioned], claims: Iterable[dict[str, Any]]
) -> tuple[dict[str, Any], set[str]]:
    """The row that accepted claims give a record, and the fields with neither value nor reason.

    A denial is a reason: of a field that is only denied nothing is known, and it says why.
    """
    row: dict[str, Any] = {}
    claims = list(claims)
    explained = {place_of(claim)[1] for claim in claims if is_denial(claim)}
    is_imported = False
    accepted = [claim for claim in claims if claim["is_accepted"]]
    for claim in sorted(accepted, key=_weight):
        field = place_of(claim)[1]
        value = json.loads(claim["value"] or "null")
        if field is None and isinstance(value, dict):
            is_imported |= claim["origin"] == "IMPORTED"
            if is_imported or not noun.explained:
                for key, part in value.items():
                    row |= _columns(noun, key, part)
        elif field == "title":
            row["title"] = value
            row["title_origin"] = TitleOrigin(
                "STATED" if claim["origin"] == "STATED" else "COMPOSED"
            )
        elif field is not None:
            explained.add(field)
            row |= _columns(noun, field, value)
    if is_imported or not noun.explained:
        return row, set()
    return row, {name for name in row_fields(noun) if camel(name) not in explained}


def row_fields(noun: type[Versioned]) -> list[str]:
    """The fields of a noun that need a value or a reason, as they are declared."""
    return [name for name in coded_fields(noun) if name not in noun.optional]


def _weight(claim: Mapping[str, Any]) -> tuple[Any, ...]:
    """Claims of one row in the order in which each overrules those before it."""
    weakness = tuple(-part for part in _strength(claim))
    return place_of(claim)[1] is not None, claim["is_preferred"], weakness, claim["id"]


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


def folded(noun: type[Versioned], row: dict[str, Any]) -> str:
    """The searchable text of a row."""
    texts = [
        row[column.name]
        for column in table_of(noun).columns
        if isinstance(column.type, type(CodepointText))
        and not column.foreign_keys
        and column.name not in noun.unsearched
        and row.get(column.name)
    ]
    return fold(" ".join(dict.fromkeys(texts)))


def composed_title(noun: type[Versioned], row: dict[str, Any]) -> str:
    """A title made from the parts of a row, where no source gives one."""
    shown: list[str] = []
    for alternatives in noun.title_from or [(part,) for part in noun.slug_from]:
        values = (row.get(name) for name in alternatives)
        value = next((value for value in values if value is not None), None)
        if isinstance(value, Enum):
            shown.append(str(value.value).replace("_", " ").capitalize())
        elif value is not None:
            shown.append(str(value))
    return ": ".join(shown) or str(row["id"])
