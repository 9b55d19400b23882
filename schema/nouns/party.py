"""Party: a state, institution, armed force, company, alliance, collective or unknown actor."""

from __future__ import annotations

from enum import Enum

import strawberry

from schema.model.fields import children, choice, reference, words
from schema.model.traits import Trait
from schema.nouns.actor import Actor


@strawberry.enum(description="What sort of actor a party is.")
class PartyKind(Enum):
    STATE = strawberry.enum_value(
        "STATE", description="A state or territory with an ISO 3166-1 code."
    )
    INSTITUTION = strawberry.enum_value(
        "INSTITUTION", description="A ministry, council, bureau or office of a state."
    )
    ARMED_FORCE = strawberry.enum_value("ARMED_FORCE", description="A military force or unit.")
    COMPANY = strawberry.enum_value("COMPANY", description="A firm.")
    ALLIANCE = strawberry.enum_value(
        "ALLIANCE", description="An alliance or international organisation."
    )
    COLLECTIVE = strawberry.enum_value(
        "COLLECTIVE", description="People named only as a group, such as `South Korean leaders`."
    )
    NON_STATE = strawberry.enum_value("NON_STATE", description="An armed or political group.")
    UNKNOWN = strawberry.enum_value("UNKNOWN", description="An actor nobody identifies.")


class Party(Actor, table=True):
    """Whoever agrees, buys, sells, says, decides or takes part, and is not one person."""

    trait = Trait.PARTY
    belongs = (("id", "state_id"), ("id", "parent_id"))

    kind: PartyKind | None = choice(PartyKind, "What sort of actor it is.")
    description: str | None = words("What it is, as the source puts it.")

    parent = reference("Party", "The party it is a part of.")
    institutions = children(
        "Party",
        "state_id",
        "The institutions, forces, companies and groups of a state.",
        paged=True,
    )
    tenures = children("Tenure", "party_id", "Who holds or held a post at it.", paged=True)
