"""Replacing: what a publication would take away that is published, for which it needs leave."""

from __future__ import annotations

from collections.abc import Sequence

from schema.dossiers.draft import Coding
from schema.errors import ReplacementError
from schema.model.noun import Link, Record, camel
from schema.model.registry import Row, known
from schema.nouns.claim import Claim
from schema.publishing.rows import RowChange

Place = tuple[str, str | None, str | None]
"""What a claim is about: a record or a part of one, its field, and that of the part."""


def replacement(coding: Coding, changes: Sequence[RowChange]) -> ReplacementError | None:
    """Why a publication needs leave: another text, or what would go; None where it needs none.

    A claim that another one of the same field takes the place of is amended.
    """
    gone = {before["id"]: noun for noun, before, after in changes if before and after is None}
    records = [id for id, noun in gone.items() if issubclass(noun, Record)]
    parts = [
        before["id"]
        for noun, before, after in changes
        if before and after is None and issubclass(noun, Link) and _owner(noun, before) not in gone
    ]
    spoken = {
        (claim.record_id, claim.element_id, claim.element_field or claim.field)
        for claim in coding.claims.values()
    }
    retracted = [
        before for noun, before, after in changes if before and not after and noun is Claim
    ]
    claims = {
        _described(claim)
        for claim in retracted
        if _place(claim) not in spoken and not _is_evident(claim)
        if not {claim["record_id"], claim["element_id"]} & gone.keys()
    }
    published = next((old for _, old, _ in changes if old and old["id"] == coding.source_id), {})
    is_other_text = published.get("sha256") not in (None, coding.evident["sha256"])
    if not (is_other_text or records or parts or claims):
        return None
    return ReplacementError(
        coding.source_id,
        is_other_text=is_other_text,
        retracted=sorted(records),
        parts=sorted(parts),
        claims=sorted(claims),
    )


def _owner(noun: type[Link], row: Row) -> str:
    return str(row[noun.parent_key or "record_id"])


def _place(claim: Row) -> Place:
    return claim["record_id"], claim["element_id"], claim["element_field"] or claim["field"]


def _described(claim: Row) -> str:
    """What a claim is about, as a message names it."""
    field = ".".join(part for part in (claim["field"], claim["element_field"]) if part)
    return f"{claim['element_id'] or claim['record_id']} {field}".strip()


def _is_evident(claim: Row) -> bool:
    """Whether it is of what the file of the source shows by itself."""
    evident = {camel(name) for name in known(claim["record_id"]).evident}
    return claim["element_id"] is None and claim["field"] in evident
