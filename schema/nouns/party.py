"""Party: a state, institution, armed force, company, alliance, collective or unknown actor."""

from __future__ import annotations

from schema.model.choices import Choice, described
from schema.model.fields import children, choice, reference, words
from schema.model.traits import Trait
from schema.nouns.actor import Actor


@described("What sort of actor a party is.")
class PartyKind(Choice):
    STATE = ("STATE", "A state or territory with an ISO 3166-1 code.")
    INSTITUTION = ("INSTITUTION", "A ministry, council, bureau or office of a state.")
    ARMED_FORCE = ("ARMED_FORCE", "A military force or unit.")
    COMPANY = ("COMPANY", "A firm.")
    ALLIANCE = ("ALLIANCE", "An alliance or international organisation.")
    COLLECTIVE = ("COLLECTIVE", "People named only as a group, such as `South Korean leaders`.")
    NON_STATE = ("NON_STATE", "An armed or political group.")
    UNKNOWN = ("UNKNOWN", "An actor nobody identifies.")


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
