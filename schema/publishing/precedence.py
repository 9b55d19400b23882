"""Precedence: how strong a claim is, and where it stands among its rivals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, cast

from schema.model.factuality import STRENGTH
from schema.model.noun import Versioned, cached_per_model, camel
from schema.model.values import unwrap_optional
from schema.nouns.claim import is_denied, place_of
from schema.publishing.ages import UNRIVALLED, Ages

GIVING = ("KNOWN", "VAGUE")
"""What gives a value, the firmer first; all else is a silence."""
_NONE = (len(STRENGTH), 0)
"""The strength of what gives no value."""


def is_only_denied(id: str, claims: Iterable[Mapping[str, Any]]) -> bool:
    """Whether all who speak of a record, or of a part of one, deny it as a whole.

    Who denies it as a whole and describes it all the same does not say that it is there.
    """
    denying: set[str] = set()
    affirming: set[str] = set()
    speaking: set[str] = set()
    for claim in claims:
        source, is_whole = claim["source_id"], place_of(claim) == (id, None)
        if is_denied(claim):
            denying |= {source} if is_whole else set()
        elif claim["status"] in GIVING:
            (affirming if is_whole else speaking).add(source)
    return bool(denying) and not affirming and speaking <= denying


def whole_row(noun: type[Versioned], claim: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values that a claim of a whole row gives, by field: that of a data set, or of a link."""
    if place_of(claim)[1] is not None or (noun.explained and claim["origin"] != "IMPORTED"):
        return {}
    value = json.loads(claim["value"] or "null")
    return value if isinstance(value, dict) else {}


def strength(claim: Mapping[str, Any]) -> tuple[int, int]:
    """How strong a claim is, the less the stronger: who vouches for it, then how firm it is."""
    if claim["status"] not in GIVING or is_denied(claim):
        return _NONE
    return STRENGTH.index(claim["factuality"]), GIVING.index(claim["status"])


def precedence(
    noun: type[Versioned], field: str | None, claim: Mapping[str, Any], ages: Ages
) -> tuple[Any, ...]:
    """Where a claim stands among its rivals, the first of which fills the field.

    The newest choice of an editor comes first, then the strongest. Of a ladder then comes who
    speaks of the latest time; of all else what is said of the field before what is said of the
    whole row, then who spoke first. The order of publishing and the id decide last.
    """
    age = ages.get(claim["id"], UNRIVALLED)
    is_preferred = claim["is_preferred"]
    chosen = not is_preferred, -age.preferring if is_preferred else 0
    is_whole = place_of(claim)[1] is None
    if field in ladders(noun):
        first, last = age.time
        rank: tuple[Any, ...] = -first, -last, is_whole
    else:
        rank = is_whole, *age.published
    return *chosen, *strength(claim), *rank, age.edition, claim["id"]


@cached_per_model
def ladders(noun: type[Versioned]) -> dict[str, tuple[list[str], tuple[str, ...]]]:
    """The fields of a noun that are ladders: their rungs, and those from which any may follow."""
    return {
        camel(name): ([rung.value for rung in _choices(noun, name)], resumable)
        for name, resumable in noun.progresses
    }


def _choices(noun: type[Versioned], name: str) -> type[Enum]:
    return cast("type[Enum]", unwrap_optional(noun.model_fields[name].annotation))
