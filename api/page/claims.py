"""Evidence: the claims about a record, side by side for each of its fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.page import wording
from api.page.formatting import display_value, facts
from api.page.wording import DisplayValue, Named
from schema.model.factuality import Factuality
from schema.nouns.claim import SILENCES

DENIED = str(Factuality.DENIED.value)
SILENT = frozenset(status.value for status in SILENCES)
WHOLE = "The record as a whole"


@dataclass(frozen=True)
class ClaimView:
    """One claim as the page shows it."""

    claim: Mapping[str, Any]
    value: tuple[Named, ...]
    traits: tuple[str, ...]
    is_silent: bool


@dataclass(frozen=True)
class Group:
    """The claims about one field of a record, or about one field of a part of it."""

    label: str
    anchor: str
    """Its fragment, behind `claims-`."""
    element: Mapping[str, Any] | None
    claims: tuple[ClaimView, ...]

    @property
    def is_silence(self) -> bool:
        """Whether no source says anything of it."""
        return all(said.is_silent for said in self.claims)

    @property
    def is_contested(self) -> bool:
        """Whether sources say different things of it."""
        return any(said.claim["conflictKey"] for said in self.claims)


def said(
    type: str, claim: Mapping[str, Any], is_link: bool, titles: Mapping[str, str]
) -> ClaimView:
    """A claim about a record of this type, or about a part of it."""
    element = claim["element"]
    about = type if is_link or not element else element["__typename"]
    field = claim["elementField"] if is_link or element else claim["field"]
    traits = [claim["status"], claim["origin"], claim["factuality"], claim["support"]]
    return ClaimView(
        claim,
        tuple(_titled(named, titles) for named in _value(about, field, claim)),
        tuple(wording.choice(trait) for trait in traits if trait),
        claim["status"] in SILENT,
    )


def _value(type: str, field: str | None, claim: Mapping[str, Any]) -> tuple[Named, ...]:
    """The value of a claim: one, or several with their names."""
    if claim["value"] is None:
        return (Named("", DisplayValue(claim["stated"])),) if claim["stated"] else ()
    value = claim["value"]
    if field is None and isinstance(value, dict):
        named = facts(type, value, frozenset())
        return named or (
            (Named("", DisplayValue("", stated=claim["stated"])),) if claim["stated"] else ()
        )
    return (Named("", display_value(type, field or "", value)),)


def _titled(named: Named, titles: Mapping[str, str]) -> Named:
    """The same, with the title of the record that it points at, where the page knows it."""
    value = named.value
    known = titles.get(value.id) if value.id else None
    return Named(named.label, replace(value, text=known)) if known else named


def groups(
    type: str,
    claims: Sequence[Mapping[str, Any]],
    order: Sequence[str],
    is_link: bool,
    titles: Mapping[str, str],
) -> list[Group]:
    """The claims by what they are about, in the order of the fields; the whole comes last."""
    found: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for claim in claims:
        element = None if is_link else claim["element"]
        field = claim["elementField"] if is_link else claim["field"]
        part = None if is_link else claim["elementField"]
        found.setdefault((field, element and element["id"], part), []).append(claim)
    ranks = {field: rank for rank, field in enumerate(["title", *order])}
    keys = sorted(
        found,
        key=lambda key: (key[0] is None, ranks.get(key[0], len(ranks)), key[1] or "", key[2] or ""),
    )
    made: list[Group] = []
    seen: Counter[str] = Counter()
    for key in keys:
        name = key[0] or "record"
        seen[name] += 1
        anchor = name if seen[name] == 1 else f"{name}-{seen[name]}"
        made.append(
            _group(key, [said(type, claim, is_link, titles) for claim in found[key]], anchor)
        )
    return made


def _group(key: tuple[Any, ...], claims: Sequence[ClaimView], anchor: str) -> Group:
    field, element, part = key
    label = wording.label(field) if field else WHOLE
    if part:
        label = f"{label}: {wording.label(part).lower()}"
    accepted_first = sorted(claims, key=lambda said: not said.claim["isAccepted"])
    return Group(
        label, anchor, claims[0].claim["element"] if element else None, tuple(accepted_first)
    )


def reasons(claims: Sequence[Mapping[str, Any]], is_link: bool) -> dict[str, str]:
    """Why a field holds nothing, by field: an accepted silence says so, else a denial does."""
    found: dict[str, str] = {}
    for claim in sorted(claims, key=lambda claim: bool(claim["isAccepted"])):
        field = claim["elementField"] if is_link else claim["field"]
        is_silence = claim["isAccepted"] and claim["status"] in SILENT
        if not field or not (is_link or claim["element"] is None):
            continue
        if is_silence or claim["factuality"] == DENIED:
            found[field] = wording.choice(claim["status"] if is_silence else DENIED)
    return found
