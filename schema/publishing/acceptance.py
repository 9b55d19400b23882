"""Acceptance: which claim fills a field, and which claims contradict each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from schema.model.comparison import is_refined
from schema.model.noun import Versioned
from schema.model.registry import known
from schema.nouns.claim import is_denied, place_of
from schema.publishing.ages import Ages
from schema.publishing.conflicts import contested_claims, denied_part
from schema.publishing.precedence import precedence, strength, whole_row

Claims = list[dict[str, Any]]


def resolve(by_target: Mapping[str, Claims], author: str, ages: Ages) -> None:
    """Marks, among the claims of rows, which are accepted and which contradict each other."""
    for target, claims in by_target.items():
        resolve_conflicts(target, claims, author, ages)
    _resolve_denied_parts(by_target, author, ages)


def resolve_conflicts(target: str, claims: Claims, author: str, ages: Ages) -> None:
    """Marks, among the claims of one row, which are accepted and which contradict each other."""
    noun = known(target)
    by_field: dict[str | None, Claims] = defaultdict(list)
    for claim in claims:
        by_field[place_of(claim)[1]].append(claim)
    for field, rivals in by_field.items():
        contested = contested_claims(noun, field, rivals, ages)
        if field is None:
            # Whoever affirms a row gives it; where somebody denies it, one of them stands for all.
            affirming = [claim for claim in rivals if not is_denied(claim)]
            accepted = affirming[:0] if contested else affirming
            if contested and affirming:
                accepted = [min(affirming, key=lambda claim: precedence(noun, None, claim, ages))]
        else:
            first = filling(noun, field, claims, ages)
            accepted = [first] if first and place_of(first)[1] == field else []
        _mark(rivals, accepted, contested, f"{target}#{field or 'record'}", author)


def _mark(claims: Claims, accepted: Claims, contested: Claims, key: str, author: str) -> None:
    accepting, contesting = ({claim["id"] for claim in marked} for marked in (accepted, contested))
    for claim in claims:
        is_accepted = claim["id"] in accepting
        if is_accepted != claim["is_accepted"]:
            claim["accepted_by"] = author if is_accepted else None
        claim["is_accepted"] = is_accepted
        claim["conflict_key"] = key if claim["id"] in contesting else None


def _resolve_denied_parts(by_target: Mapping[str, Claims], author: str, ages: Ages) -> None:
    """Sets the denial of a part, which is a claim of the field, beside those who affirm it."""
    for target, claims in by_target.items():
        for denial in claims:
            part = denied_part(denial) if is_denied(denial) else None
            if part is None or part not in by_target:
                continue
            affirming = [
                claim
                for claim in by_target[part]
                if place_of(claim)[1] is None and not is_denied(claim)
            ]
            if affirming:
                noun = known(part)
                first = min(affirming, key=lambda claim: precedence(noun, None, claim, ages))
                _mark(affirming, [first], affirming, f"{target}#{part}", author)
                denial["conflict_key"] = f"{target}#{part}"


def filling(
    noun: type[Versioned], field: str, claims: Iterable[dict[str, Any]], ages: Ages
) -> dict[str, Any] | None:
    """The claim that fills a field of a row: one of the field, or one of the whole row.

    Of dates the narrower one that lies within what is chosen, and is as sure, takes its place.
    """
    rivals = [
        claim
        for claim in claims
        if not is_denied(claim) and (place_of(claim)[1] == field or field in whole_row(noun, claim))
    ]
    rivals.sort(key=lambda claim: precedence(noun, field, claim, ages))
    first = rivals[0] if rivals else None
    if first is None or first["is_preferred"]:
        return first
    firmness = strength(first)
    for claim in rivals[1:]:
        is_equal = strength(claim) == firmness and place_of(claim)[1] == field
        if is_equal and is_refined(first["value"], claim["value"]):
            first = claim
    return first
