"""Claim: what one source says of one field of one record, with the exact passage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from sqlmodel import Field

from schema.model.choices import Choice, described
from schema.model.factuality import Factuality
from schema.model.fields import (
    FieldNameText,
    Id,
    ModelFields,
    children,
    choice,
    field_name,
    json_text,
    number,
    reference,
    words,
)
from schema.model.noun import Derived, Titled, Versioned
from schema.model.traits import Trait


@described("What a source tells of a field.")
class ClaimStatus(Choice):
    KNOWN = ("KNOWN", "It gives the value.")
    VAGUE = ("VAGUE", "It gives something too vague to bound, such as `recently`.")
    NOT_STATED = ("NOT_STATED", "It was read and does not say.")
    WITHHELD = ("WITHHELD", "It says that it will not say.")
    UNKNOWN = ("UNKNOWN", "It says that nobody knows.")
    NOT_APPLICABLE = ("NOT_APPLICABLE", "The field has no meaning for this record.")


SILENCES = (
    ClaimStatus.NOT_STATED,
    ClaimStatus.WITHHELD,
    ClaimStatus.UNKNOWN,
    ClaimStatus.NOT_APPLICABLE,
)
"""The statuses that are the reason of a null."""


@described("How a claim comes from its source.")
class ClaimOrigin(Choice):
    STATED = ("STATED", "The source says it.")
    INFERRED = ("INFERRED", "The coder read it from context; `basis` says how.")
    EXTERNAL = ("EXTERNAL", "From another source than the one being coded; see `basis`.")
    IMPORTED = ("IMPORTED", "From a row of a data set.")


@described("How the words that a claim quotes carry its value.")
class Support(Choice):
    SUPPORTED = ("SUPPORTED", "The words carry it, as the check of publishing reads them.")
    BASIS_GIVEN = (
        "BASIS_GIVEN",
        "The check cannot read it in the words; `basis` says why they do.",
    )
    UNSUPPORTED = ("UNSUPPORTED", "Neither; what says so today is refused.")


class Claim(Titled, table=True):
    """What one source says of one field of one record, or of the record as a whole."""

    trait = Trait.CLAIM
    explained = False
    unsearched = frozenset({"folded", "value", "field", "element_field", "conflict_key"})
    found_by = (("conflict_key",), ("source_id", "record_id"), ("source_id", "element_id"))

    record = reference("Record", "The record that the claim is about.", required=True)
    field: str | None = field_name(
        "The field of the record, such as `SIGNED_ON` or `BUYERS`; null when the claim is of the "
        "record as a whole."
    )
    element = reference("Link", "The part of the field, such as one of the buyers.")
    element_field: str | None = field_name("The field of that part, such as `DESIGNATION`.")
    stated: str | None = words(
        "The value in the source's own words; cut, and ending in `…`, where the licence of a "
        "source hides its text and they are more than may be quoted."
    )
    value: str | None = json_text(
        "The value as the record holds it: a text, number or flag, a value object as an object, a "
        "record by its id; null for a silence."
    )
    status: ClaimStatus = choice(ClaimStatus, "What the source tells of the field.")
    origin: ClaimOrigin | None = choice(
        ClaimOrigin, "How the claim comes from the source; null for a silence."
    )
    basis: str | None = words("Why the coder reads the source so, where it does not say it.")
    factuality: Factuality | None = choice(
        Factuality, "How far the source vouches for it; null for a silence."
    )
    point_in_time: str | None = words(
        "The time of which it speaks, in EDTF such as `2025-03`, where the source says so; else "
        "that is when the source was published."
    )
    support: Support | None = choice(
        Support,
        "Whether the quoted words carry the value; null for a silence, for a row of a data set, "
        "for a title made from parts, and for what was published before this was checked.",
    )
    is_accepted: bool = Field(
        default=False, description="Whether the record holds this claim's value."
    )
    accepted_by: str | None = words("Who accepted it.")
    is_preferred: bool = Field(
        default=False, description="Whether an editor chose it over others that say differently."
    )
    conflict_key: str | None = words("Shared by the claims that contradict one another.")

    source = reference("Source", "The source that says it.", required=True)
    passages = children(
        "Passage",
        "claim_id",
        "The exact words of the source that it rests on.",
        order=("start", "id"),
        bounded="The words that one claim quotes.",
    )


class Passage(Versioned, table=True):
    """The exact words of a source, with where they stand in its text."""

    trait = Trait.PASSAGE
    explained = False
    parent_key = "claim_id"

    exact: str = words(
        "The words, to the character; where the licence of the source hides its text, as many of "
        "them as may be quoted."
    )
    prefix: str = words("Up to 24 characters before them; empty where the text is hidden.")
    suffix: str = words("Up to 24 characters after them; empty where the text is hidden.")
    start: int = number("Where the words begin, in Unicode code points from the text's start.")
    end: int = number("Where the words end, in code points: `text[start:end] == exact`.")
    start_utf16: int = number("Where the words begin in UTF-16 units, as browsers count.")
    end_utf16: int = number("Where the words end in UTF-16 units.")
    is_in_heading: bool = Field(
        default=False,
        description="Whether the words stand in a heading, which often says more than the text.",
    )
    is_cut: bool = Field(
        default=False,
        description="Whether `exact` shows but the beginning of the words, or nothing of them, "
        "because the licence of the source hides its text and lets no more be quoted.",
    )

    claim = reference("Claim", "The claim that rests on the words.", required=True)
    source = reference("Source", "The source that the words stand in.", required=True)


class Conflict(Derived):
    """Claims of different sources, or of one, that give one field different values."""

    declared: ClassVar[ModelFields] = ModelFields(
        relations={
            "record": replace(
                Claim.declared.relations["record"],
                description="The record of which they say different things.",
            ),
            "accepted": children(
                "Claim",
                "id",
                "The claim whose value the record holds.",
                single=True,
                required=True,
            ),
            "claims": children(
                "Claim",
                "conflict_key",
                "All the claims, the accepted one among them.",
                key="conflict_key",
            ),
        }
    )
    columns: ClassVar[dict[str, Any]] = {
        "field": (FieldNameText | None, "The field of the record that they are about."),
        "element_field": (
            FieldNameText | None,
            "The field of a part of it, such as `DESIGNATION`.",
        ),
    }
    id: ClassVar[Id] = Id("conflict/{conflict_key}", ("conflict_key",), names_field=True)


class Revision(Derived):
    """One version of a record: the edition that wrote it and the one that replaced it."""

    declared: ClassVar[ModelFields] = ModelFields(
        relations={
            "edition": children(
                "Edition",
                "number",
                "The edition that wrote this version.",
                key="since",
                single=True,
                required=True,
            ),
            "ended_by": children(
                "Edition",
                "number",
                "The edition that replaced it; null while it is current.",
                key="until",
                single=True,
            ),
        }
    )
    columns: ClassVar[dict[str, Any]] = {
        "title": (str, "The title of the record in this version."),
    }
    id: ClassVar[Id] = Id("revision/{id}/{since}", ("id", "since"))


def place_of(claim: Mapping[str, Any]) -> tuple[str, str | None]:
    """The row that a claim is about, and the field of that row; no field for the row itself."""
    if claim["element_id"]:
        return claim["element_id"], claim["element_field"]
    return claim["record_id"], claim["field"]


def is_denied(claim: Mapping[str, Any]) -> bool:
    """Whether a claim says that something is not so."""
    factuality = claim["factuality"]
    return bool(getattr(factuality, "value", factuality) == Factuality.DENIED.value)
