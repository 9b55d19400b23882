"""Claims as W3C Web Annotations: what a source says, and the words in it that say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.page.linked_context import iri, own
from api.page.linked_values import linked_value
from schema.model.registry import noun_with
from schema.model.traits import Trait

SAYS = (
    "stated", "status", "origin", "basis", "factuality", "support", "pointInTime", "isAccepted",
    "acceptedBy", "isPreferred", "conflictKey",
)  # fmt: skip
"""What else a claim says of itself."""


def target(base_url: str, passage: Mapping[str, Any], source: str) -> dict[str, Any]:
    """A passage as a part of its source, by its words and by its place.

    Words that the licence cuts short would select others, so only their place is told.
    """
    id = iri(base_url, passage["id"])
    place = {"id": f"{id}#position", "type": "TextPositionSelector"} | {
        name: passage[name] for name in ("start", "end")
    }
    words = {"id": f"{id}#quote", "type": "TextQuoteSelector"} | {
        name: passage[name] for name in ("exact", "prefix", "suffix") if passage.get(name)
    }
    selectors = [place] if passage.get("isCut") else [words, place]
    return {
        "id": id,
        "type": "SpecificResource",
        "source": iri(base_url, source),
        "selector": selectors,
    }


def annotation(
    base_url: str,
    claim: Mapping[str, Any],
    record: Mapping[str, Any],
    passages: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """A claim about a record, of which the claim need not say more than its id."""
    source = claim["source"]["id"]
    targets: Iterable[Any] = [target(base_url, each, source) for each in passages]
    about = claim.get("element") or record
    field = claim.get("elementField") if claim.get("element") else claim.get("field")
    value = claim.get("value")
    made: dict[str, Any] = {
        "id": iri(base_url, claim["id"]),
        "type": ["Annotation", f"pactbook:{noun_with(Trait.CLAIM).__name__}"],
        "motivation": "describing" if field else "identifying",
        "target": [*targets] or iri(base_url, source),
        "prov:hadPrimarySource": {"@id": iri(base_url, source)},
    }
    if claim.get("title"):
        made["schema:name"] = claim["title"]
    made |= {own(name): claim[name] for name in SAYS if claim.get(name) is not None}
    if field:
        body = {"id": f"{made['id']}#body", "type": "rdf:Statement"}
        body |= {"subject": iri(base_url, about["id"]), "predicate": f"pactbook:{field}"}
        place = f"{made['id']}#value"
        object = linked_value(base_url, about.get("__typename") or "", field, value, place)
        made["body"] = body if object is None else {**body, "object": object}
    else:
        made["body"] = iri(base_url, about["id"])
        if isinstance(value, Mapping):
            type = about.get("__typename") or ""
            made[own("value")] = linked_value(base_url, type, "", value)
    return made
