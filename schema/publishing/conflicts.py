"""Conflicts: which claims of one field contradict each other, and which go together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

from schema.dossiers.draft import link_id
from schema.dossiers.format import coded_columns
from schema.model.comparison import canonical, is_refined, is_same
from schema.model.noun import Versioned, cached_per_model, camel
from schema.model.reflection import link_lists, references
from schema.model.registry import Row, known
from schema.nouns.claim import is_denied, place_of
from schema.publishing.ages import UNRIVALLED, Ages
from schema.publishing.precedence import ladders


def denied_part(denial: Mapping[str, Any]) -> str | None:
    """The id of the part that a denial of one speaks of; None for all other claims."""
    record, field = place_of(denial)
    value = json.loads(denial["value"] or "null")
    if denial["element_id"] is not None or not isinstance(value, dict):
        return None
    for name, link, _ in link_lists(known(record)):
        if camel(name) == field:
            names = {relation.key: name for name, relation in references(link).items()}
            parts = [value.get(camel(names.get(part, part))) for part in link.slug_from]
            return link_id(record, link, parts)
    return None


def contested_claims(
    noun: type[Versioned], field: str | None, rivals: Sequence[Row], ages: Ages
) -> list[Row]:
    """The claims of one field that contradict each other; none where they go together.

    Words are each source's own, and many stand side by side. A narrower date refines a wider one,
    a later rung of a ladder is progress. Whoever denies what another says contradicts it.
    """
    if field == "title" or (field is not None and is_in_words(noun, field)):
        return []
    given = [claim for claim in rivals if claim["status"] == "KNOWN"]
    affirmed = [claim for claim in given if not is_denied(claim)]
    values = {canonical(claim["value"]) for claim in affirmed}
    denials = [claim for claim in given if is_denied(claim) and canonical(claim["value"]) in values]
    if field is None:
        return [*affirmed, *denials] if affirmed and denials else []
    if field in ladders(noun):
        is_contested = not _is_progress(noun, field, affirmed, ages)
    else:
        is_contested = not all(
            is_same(one["value"], other["value"])
            or is_refined(one["value"], other["value"])
            or is_refined(other["value"], one["value"])
            for one, other in combinations(affirmed, 2)
        )
    return [*affirmed, *denials] if is_contested or denials else []


def _is_progress(noun: type[Versioned], field: str, claims: Sequence[Row], ages: Ages) -> bool:
    """Whether what sources say of a ladder at different times can all have been so.

    What is planned or possible says nothing of how far it has come.
    """
    rungs, resumable = ladders(noun)[field]
    reached = [claim for claim in claims if claim["factuality"] not in ("PLANNED", "HYPOTHETICAL")]
    steps = sorted(
        {(ages.get(claim["id"], UNRIVALLED).time, json.loads(claim["value"])) for claim in reached}
    )
    for (before, lower), (after, higher) in pairwise(steps):
        is_lower = rungs.index(higher) < rungs.index(lower) and lower not in resumable
        if is_lower or before == after:
            return False
    return True


@cached_per_model
def _words(noun: type[Versioned]) -> frozenset[str]:
    """The fields of a noun that hold words, which describe and are neither typed nor coded."""
    columns = coded_columns(noun)
    return frozenset(camel(name) for name, (kind, _) in columns.items() if kind is str)


def is_in_words(noun: type[Versioned], field: str) -> bool:
    """Whether a field holds words of the source rather than a typed or coded value."""
    return field in _words(noun)
