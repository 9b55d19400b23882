"""Involvement: a party or official has a role in a record."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

import strawberry

from schema.model.fields import choice, reference, words
from schema.model.noun import Link
from schema.model.traits import Trait


@strawberry.enum(description="What a party or official is in a record.")
class InvolvementRole(Enum):
    PARTY = strawberry.enum_value("PARTY", description="Agrees: a party to an agreement.")
    SIGNATORY = strawberry.enum_value("SIGNATORY", description="Signs an agreement.")
    BUYER = strawberry.enum_value("BUYER", description="Buys.")
    SUPPLIER = strawberry.enum_value("SUPPLIER", description="The goods come from it.")
    MANUFACTURER = strawberry.enum_value("MANUFACTURER", description="Makes the goods.")
    FUNDER = strawberry.enum_value("FUNDER", description="Pays.")
    END_USER = strawberry.enum_value("END_USER", description="Uses the goods.")
    SPEAKER = strawberry.enum_value("SPEAKER", description="Says the words.")
    ATTRIBUTED_SOURCE = strawberry.enum_value(
        "ATTRIBUTED_SOURCE", description="Is named as the origin of the report of the words."
    )
    TARGET = strawberry.enum_value("TARGET", description="The words or measures are about it.")
    AUDIENCE = strawberry.enum_value("AUDIENCE", description="The words are addressed to it.")
    AFFECTED = strawberry.enum_value(
        "AFFECTED", description="Is named as affected or threatened by what the words tell."
    )
    PARTICIPANT = strawberry.enum_value("PARTICIPANT", description="Takes part in an event.")
    VISITOR = strawberry.enum_value("VISITOR", description="Makes a visit.")
    HOST = strawberry.enum_value("HOST", description="Receives a visit or holds a meeting.")
    BODY = strawberry.enum_value("BODY", description="The body whose meeting it is.")
    ORIGIN = strawberry.enum_value("ORIGIN", description="Troops or goods set out from it.")
    DESTINATION = strawberry.enum_value(
        "DESTINATION", description="Troops or goods are sent to it."
    )
    DECIDER = strawberry.enum_value("DECIDER", description="Decides or considers.")
    BENEFICIARY = strawberry.enum_value("BENEFICIARY", description="Is to gain from a decision.")
    COVERED = strawberry.enum_value(
        "COVERED", description="Is one that a source sets out to cover; it takes no part in it."
    )


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
    parent_key = "record_id"
    slug_from = ("role", "actor_id")
    found_by = (
        ("actor_id", "record_id", "role", "until"),
        ("record_id", "role", "until", "actor_id", "id"),
    )
    title_from = (("role",), ("stated_as", "actor_id"))

    role: InvolvementRole = choice(InvolvementRole, "What the actor is in the record.")
    stated_as: str | None = words("What the source calls the actor there, such as `they`.")

    record = reference("Record", "The record it takes part in.", required=True)
    actor = reference("Actor", "The party or official.", required=True)
    covered_by = reference("Claim", "The row of a data set that gives it, where one does.")
