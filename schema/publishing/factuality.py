"""Factuality: how sure it is that a row exists, and which of its values are not confirmed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from schema.model.factuality import CONFIRMED, STRENGTH, Factuality
from schema.model.noun import Versioned
from schema.nouns.claim import is_denied, place_of
from schema.publishing.precedence import GIVING

Claims = Collection[Mapping[str, Any]]


def derive_factuality(
    noun: type[Versioned], claims: Claims, covering: Claims = ()
) -> dict[str, Any]:
    """The columns that tell of a row how sure it is, by the claims about it.

    `covering` is the row of a data set that gives a link which has no claim of its own.
    """
    hedged = sorted(
        field
        for claim in claims
        if claim["is_accepted"]
        and claim["factuality"] not in (None, *CONFIRMED)
        and (field := place_of(claim)[1]) is not None
    )
    return {
        "factuality": _existence(noun, [*claims, *covering]),
        "hedged_fields": f" {' '.join(hedged)} " if hedged else None,
    }


def _existence(noun: type[Versioned], claims: Claims) -> Factuality:
    """The strongest factuality that the existence of a row rests on.

    Who denies it as a whole and describes it all the same does not say that it is there. A title
    is not counted: where no source gives one, it is the coder's. Of a statement, what is claimed
    as a whole is what it tells, so that all who speak of it count.
    """
    whole = [claim for claim in claims if place_of(claim)[1] is None]
    denying = {claim["source_id"] for claim in whole if is_denied(claim)}
    parts = [
        claim
        for claim in claims
        if place_of(claim)[1] not in (None, "title") and claim["source_id"] not in denying
    ]
    found = _strongest([*whole, *parts] if noun.is_report else whole) or _strongest(parts)
    return found or (Factuality.DENIED if denying else Factuality.ASSERTED)


def _strongest(claims: Iterable[Mapping[str, Any]]) -> Factuality | None:
    """The strongest of the claims that give something; None where none does."""
    given = {claim["factuality"] for claim in claims if claim["status"] in GIVING}
    return next((Factuality(each) for each in STRENGTH if each in given), None)
