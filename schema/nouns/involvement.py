"""Involvement: a party or official has a role in a record."""

from __future__ import annotations

from typing import ClassVar

from schema.model.choices import Choice, described
from schema.model.fields import choice, reference, words
from schema.model.noun import Link
from schema.model.traits import Trait


@described("What a party or official is in a record.")
class InvolvementRole(Choice):
    PARTY = ("PARTY", "Agrees: a party to an agreement.")
    SIGNATORY = ("SIGNATORY", "Signs an agreement.")
    BUYER = ("BUYER", "Buys.")
    SUPPLIER = ("SUPPLIER", "The goods come from it.")
    MANUFACTURER = ("MANUFACTURER", "Makes the goods.")
    FUNDER = ("FUNDER", "Pays.")
    END_USER = ("END_USER", "Uses the goods.")
    SPEAKER = ("SPEAKER", "Says the words.")
    ATTRIBUTED_SOURCE = ("ATTRIBUTED_SOURCE", "Is named as the origin of the report of the words.")
    TARGET = ("TARGET", "The words or measures are about it.")
    AUDIENCE = ("AUDIENCE", "The words are addressed to it.")
    AFFECTED = ("AFFECTED", "Is named as affected or threatened by what the words tell.")
    PARTICIPANT = ("PARTICIPANT", "Takes part in an event.")
    VISITOR = ("VISITOR", "Makes a visit.")
    HOST = ("HOST", "Receives a visit or holds a meeting.")
    BODY = ("BODY", "The body whose meeting it is.")
    ORIGIN = ("ORIGIN", "Troops or goods set out from it.")
    DESTINATION = ("DESTINATION", "Troops or goods are sent to it.")
    DECIDER = ("DECIDER", "Decides or considers.")
    BENEFICIARY = ("BENEFICIARY", "Is to gain from a decision.")
    COVERED = ("COVERED", "Is one that a source sets out to cover; it takes no part in it.")


class Involvement(Link, table=True):
    """A party or official takes part in a record as something: its buyer, speaker, host …"""

    trait = Trait.INVOLVEMENT
    explained = False
    reach: ClassVar[dict[str, str]] = {
        "PARTY": "WITH",
        "SIGNATORY": "WITH",
        "BUYER": "TO",
        "SUPPLIER": "FROM",
        "MANUFACTURER": "FROM",
        "FUNDER": "FROM",
        "END_USER": "TO",
        "SPEAKER": "FROM",
        "TARGET": "TO",
        "AUDIENCE": "TO",
        "AFFECTED": "TO",
        "PARTICIPANT": "WITH",
        "VISITOR": "FROM",
        "HOST": "TO",
        "BODY": "WITH",
        "ORIGIN": "FROM",
        "DESTINATION": "TO",
        "DECIDER": "FROM",
        "BENEFICIARY": "TO",
    }
    """Which way a role ties its actor to the others: what goes out from it, comes to it, or is
    shared with it. A role that is left out ties nobody."""
    not_beside: ClassVar[dict[str, str]] = {"TARGET": "SPEAKER"}
    """Roles that tie nobody to whom has another role in the record as well: a speaker's own state
    is not its target."""
    parent_key = "record_id"
    slug_from = ("role", "actor_id")
    found_by = (
        ("actor_id", "record_id", "role", "until"),
        ("record_id", "role", "until", "actor_id", "id", "factuality"),
    )
    title_from = (("role",), ("stated_as", "actor_id"))

    role: InvolvementRole = choice(InvolvementRole, "What the actor is in the record.")
    stated_as: str | None = words("What the source calls the actor there, such as `they`.")

    record = reference("Record", "The record it takes part in.", required=True)
    actor = reference("Actor", "The party or official.", required=True)
    covered_by = reference("Claim", "The row of a data set that gives it, where one does.")
