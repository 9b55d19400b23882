"""Party: a state, institution, armed force, company, alliance, collective or unknown actor."""

from __future__ import annotations

from schema.model.choices import Choice, described
from schema.model.fields import children, choice, partial_date, reference, words
from schema.model.traits import Trait
from schema.nouns.actor import Actor


@described("What sort of actor a party is.")
class PartyKind(Choice):
    STATE = (
        "STATE",
        "A state or territory of ISO 3166-1, or a state that is no more.",
        "~, state, country, nation, republic, kingdom, territory",
    )
    INSTITUTION = (
        "INSTITUTION",
        "A ministry, council, bureau or office of a state.",
        (
            "ministry, office, council, bureau, agency, department, committee, administration, "
            "service, services, institute, institution, authority, parliament, court, commission, "
            "government, board, directorate, inspectorate, presidency, chancellery, centre, "
            "center"
        ),
    )
    ARMED_FORCE = (
        "ARMED_FORCE",
        "A military force or unit.",
        (
            "army, navy, air force, armed forces, military, troops, force, brigade, battalion, "
            "division, regiment, marines, guard, fleet, corps, squadron, command"
        ),
    )
    COMPANY = (
        "COMPANY",
        "A firm.",
        (
            "company, firm, corporation, maker, manufacturer, producer, supplier, contractor, "
            "conglomerate, shipbuilder, inc, ltd, limited, corp, plc, llc, gmbh, ag, s a, oy, ab, "
            "holding, industries, aerospace, enterprise"
        ),
    )
    ALLIANCE = (
        "ALLIANCE",
        "An alliance or international organisation.",
        (
            "alliance, organisation, organization, union, bloc, league, treaty, coalition, "
            "community, association, nato"
        ),
    )
    COLLECTIVE = (
        "COLLECTIVE",
        "People named only as a group, such as `South Korean leaders`.",
        (
            "officials, leaders, people, crews, troops, youth, members, delegation, soldiers, "
            "community, citizens, ministers, diplomats, experts, sources, residents, workers, "
            "forces, lawmakers, critics, analysts"
        ),
    )
    NON_STATE = (
        "NON_STATE",
        "An armed or political group.",
        (
            "group, militia, rebels, movement, insurgents, militants, fighters, faction, "
            "guerrilla, terrorist"
        ),
    )
    UNKNOWN = (
        "UNKNOWN",
        "An actor nobody identifies.",
        "unidentified, unknown, unnamed, anonymous",
    )


class Party(Actor, table=True):
    """Whoever agrees, buys, sells, says, decides or takes part, and is not one person."""

    trait = Trait.PARTY
    belongs = (("id", "state_id"), ("id", "parent_id"))
    spans = (("existed_from", "existed_until"),)
    optional = frozenset({"existed_from", "existed_until", "affiliations", "members", "successors"})
    schema_org = "Organization"
    schema_org_properties = (
        ("description", "description"),
        ("parent", "parentOrganization"),
        ("existed_from", "foundingDate"),
        ("existed_until", "dissolutionDate"),
    )

    kind: PartyKind | None = choice(PartyKind, "What sort of actor it is.")
    description: str | None = words("What it is, as the source puts it.")

    existed_from = partial_date("When it came to be, where a source says so.")
    existed_until = partial_date("When it ended; null for what there still is.")

    parent = reference("Party", "The party it is a part of.")
    affiliations = children(
        "Affiliation",
        "party_id",
        "The states that a group belongs to where it is of several; then `state` is null.",
        bounded="The states of one group of people.",
    )
    groups = children(
        "Affiliation", "state_id", "The groups of people from it and other states.", indexed=True
    )
    members = children(
        "Membership", "party_id", "The members of an alliance or union, over time.", indexed=True
    )
    memberships = children(
        "Membership",
        "member_id",
        "The alliances and unions it is or was a member of.",
        indexed=True,
    )
    successors = children(
        "Succession",
        "party_id",
        "The states that followed one that is no more.",
        bounded="The states that one became.",
    )
    predecessors = children(
        "Succession",
        "successor_id",
        "The states that are no more which it followed.",
        bounded="The states that one was made of.",
    )
    institutions = children(
        "Party",
        "state_id",
        "The institutions, forces, companies and groups of a state.",
        indexed=True,
    )
    tenures = children("Tenure", "party_id", "Who holds or held a post at it.", indexed=True)
