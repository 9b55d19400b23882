"""Involvement: a party or official has a role in a record."""

from __future__ import annotations

from typing import ClassVar

from schema.model.choices import Choice, described
from schema.model.fields import choice, reference, words
from schema.model.noun import Link
from schema.model.traits import Trait


@described("What a party or official is in a record.")
class InvolvementRole(Choice):
    PARTY = (
        "PARTY",
        "Agrees: a party to an agreement.",
        (
            "sign, agree, agreement, pact, deal, treaty, accord, contract, memorandum, reaffirm, "
            "commit, commitment, conclude, cooperation, between ~, with ~, party"
        ),
    )
    SIGNATORY = (
        "SIGNATORY",
        "Signs an agreement.",
        "sign, signature, signatory, ink",
    )
    BUYER = (
        "BUYER",
        "Buys.",
        (
            "~ buy, ~ purchase, ~ order, ~ procure, ~ procurement, ~ acquire, ~ acquisition, ~ "
            "receive, ~ sign, ~ import, ~ get, order by ~, buy by ~, purchase by ~, acquire by ~, "
            "sell to ~, sale to ~, deliver to ~, delivery to ~, export to ~, supply to ~, for ~, "
            "contract with ~"
        ),
    )
    SUPPLIER = (
        "SUPPLIER",
        "The goods come from it.",
        (
            "from ~, ~ supply, ~ supplier, ~ sell, ~ export, ~ deliver, ~ provide, ~ offer, ~ "
            "donate, ~ send, ~ transfer, make in ~, supply by ~, sell by ~, deliver by ~, "
            "supplier ~"
        ),
    )
    MANUFACTURER = (
        "MANUFACTURER",
        "Makes the goods.",
        (
            "by ~, ~ make, ~ maker, ~ manufacture, ~ manufacturer, ~ produce, ~ producer, ~ "
            "build, ~ builder, ~ develop, maker ~, manufacturer ~, producer ~, of ~"
        ),
    )
    FUNDER = (
        "FUNDER",
        "Pays.",
        (
            "~ fund, ~ finance, ~ pay, ~ loan, ~ lend, ~ grant, ~ money, fund by ~, finance by ~, "
            "pay by ~, loan from ~, grant from ~, money from ~, credit from ~"
        ),
    )
    END_USER = (
        "END_USER",
        "Uses the goods.",
        (
            "for ~, to ~, use by ~, operate by ~, ~ use, ~ operate, ~ operator, ~ receive, ~ "
            "field, equip ~, arm ~"
        ),
    )
    SPEAKER = (
        "SPEAKER",
        "Says the words.",
        (
            "according to ~, say ~, add ~, write ~, statement by ~, statement of ~, statement "
            "from ~, ~ say, ~ tell, ~ state, ~ statement, ~ announce, ~ declare, ~ condemn, ~ "
            "denounce, ~ accuse, ~ call, ~ characterise, ~ characterize, ~ describe, ~ express, ~ "
            "voice, ~ worry, ~ concern, ~ apprehensive, ~ fear, ~ warn, ~ report, ~ reveal, ~ "
            "praise, ~ welcome, ~ hail, ~ laud, ~ thank, ~ deny, ~ reject, ~ dismiss, ~ demand, ~ "
            "urge, ~ ask, ~ request, ~ insist, ~ agree, ~ pledge, ~ promise, ~ vow, ~ commit, ~ "
            "reaffirm, ~ reiterate, ~ confirm, ~ stress, ~ note, ~ add, ~ write, ~ attention, ~ "
            "decline, ~ want"
        ),
    )
    ATTRIBUTED_SOURCE = (
        "ATTRIBUTED_SOURCE",
        "Is named as the origin of the report of the words.",
        (
            "according to ~, ~ say, say ~, ~ report, ~ announce, ~ tell, ~ statement, statement "
            "from ~, statement by ~, statement of ~, report by ~, report from ~, cite ~, quote ~"
        ),
    )
    TARGET = (
        "TARGET",
        "The words or measures are about it.",
        "*",
    )
    AUDIENCE = (
        "AUDIENCE",
        "The words are addressed to it.",
        (
            "to ~, tell ~, address ~, urge ~, call on ~, warn ~, ask ~, with ~, assure ~, before "
            "~, thank ~"
        ),
    )
    AFFECTED = (
        "AFFECTED",
        "Is named as affected or threatened by what the words tell.",
        "*",
    )
    PARTICIPANT = (
        "PARTICIPANT",
        "Takes part in an event.",
        (
            "meet, meeting, convene, discuss, discussion, talk, talks, deliberate, attend, "
            "participate, participation, take part, join, visit, sign, host, lead, hold, "
            "announce, dispatch, deploy, deployment, train, exercise, drill, send, accompany, "
            "gather, welcome, speak, receive, summit, between ~, with ~, and ~"
        ),
    )
    VISITOR = (
        "VISITOR",
        "Makes a visit.",
        (
            "~ visit, ~ arrive, ~ travel, ~ trip, ~ tour, ~ fly, visit by ~, visit of ~, visit "
            "from ~, trip of ~, trip by ~, visitor ~, welcome ~, receive ~, host ~"
        ),
    )
    HOST = (
        "HOST",
        "Receives a visit or holds a meeting.",
        (
            "visit to ~, visit ~, trip to ~, travel to ~, arrive in ~, tour of ~, ~ host, host by "
            "~, ~ receive, ~ welcome, ~ hold, in ~, at ~"
        ),
    )
    BODY = (
        "BODY",
        "The body whose meeting it is.",
        (
            "meeting of ~, session of ~, sitting of ~, ~ meet, ~ convene, ~ gather, ~ sit, ~ "
            "debate, ~ session"
        ),
    )
    ORIGIN = (
        "ORIGIN",
        "Troops or goods set out from it.",
        (
            "from ~, leave ~, ~ dispatch, ~ send, ~ deploy, ~ deployment, ~ troops, ~ soldiers, ~ "
            "forces"
        ),
    )
    DESTINATION = (
        "DESTINATION",
        "Troops or goods are sent to it.",
        "to ~, in ~, into ~, against ~, for ~, at ~, onto ~, towards ~, reach ~",
    )
    DECIDER = (
        "DECIDER",
        "Decides or considers.",
        (
            "~ decide, ~ decision, ~ announce, ~ consider, ~ weigh, ~ approve, ~ agree, ~ plan, ~ "
            "pledge, ~ intend, ~ intention, ~ impose, ~ send, ~ deploy, ~ ban, ~ order, ~ vote, ~ "
            "commit, ~ will, decision of ~, decision by ~, decide by ~, approve by ~, impose by ~"
        ),
    )
    BENEFICIARY = (
        "BENEFICIARY",
        "Is to gain from a decision.",
        (
            "to ~, for ~, aid ~, help ~, support ~, assist ~, arm ~, train ~, equip ~, ~ receive, "
            "~ get"
        ),
    )
    COVERED = (
        "COVERED",
        "Is one that a source sets out to cover; it takes no part in it.",
        "*",
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
