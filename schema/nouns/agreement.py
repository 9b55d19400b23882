"""Agreement: what parties agreed together."""

from __future__ import annotations

from schema.model.choices import Choice, described
from schema.model.fields import children, choice, flag, partial_date, reference, role, words
from schema.model.noun import Record


@described("The form of an agreement.")
class AgreementKind(Choice):
    TREATY = (
        "TREATY",
        "A treaty under international law.",
        "treaty, pact, convention, accord, protocol, alliance",
    )
    DEFENCE_COOPERATION_AGREEMENT = (
        "DEFENCE_COOPERATION_AGREEMENT",
        "A framework for routine defence cooperation, as DCAD counts them.",
        "agreement, cooperation, arrangement, partnership",
    )
    MEMORANDUM = (
        "MEMORANDUM",
        "A memorandum of understanding.",
        "memorandum, mou, letter of intent, understanding",
    )
    CONTRACT = (
        "CONTRACT",
        "A contract or deal for goods.",
        "contract, deal, order, purchase, sale, procure, procurement",
    )
    JOINT_STATEMENT = (
        "JOINT_STATEMENT",
        "A joint statement.",
        "joint statement, joint declaration, communique, joint communique",
    )
    POLITICAL_COMMITMENT = (
        "POLITICAL_COMMITMENT",
        "A commitment in words, without an instrument.",
        "commitment, commit, pledge, promise, vow, declaration",
    )


@described("What became of an agreement.")
class AgreementStatus(Choice):
    NEGOTIATED = (
        "NEGOTIATED",
        "It is being negotiated.",
        "negotiate, negotiation, talks, talk, draft, under discussion, discuss",
    )
    SIGNED = (
        "SIGNED",
        "It is signed.",
        "sign, signature, ink, conclude, initial",
    )
    IN_FORCE = (
        "IN_FORCE",
        "It is in force.",
        "in force, into force, enforce, take effect, into effect, effective, in effect, ratify",
    )
    REAFFIRMED = (
        "REAFFIRMED",
        "It existed before and was confirmed; nothing was signed.",
        "reaffirm, reaffirmation, renew, confirm, reiterate, recommit, affirm",
    )
    SUSPENDED = (
        "SUSPENDED",
        "It is halted for now.",
        "suspend, suspension, halt, pause, freeze, on hold",
    )
    ENDED = (
        "ENDED",
        "It has ended.",
        (
            "end, expire, expiry, terminate, termination, withdraw, withdrawal, lapse, denounce, "
            "abrogate, cancel"
        ),
    )


class Agreement(Record, table=True):
    """What parties agreed together: a treaty, memorandum, contract or commitment."""

    dated_by = ("signed_on", "in_force_on")
    spans = (("signed_on", "ended_on"), ("in_force_on", "ended_on"))
    progresses = (("status", ("SUSPENDED",)),)
    placed_by = ("events",)
    happens = has_participants = True

    kind: AgreementKind | None = choice(AgreementKind, "The form of the agreement.")
    status: AgreementStatus | None = choice(AgreementStatus, "What became of it.")
    label: str | None = words("What the source calls it, such as `a landmark deal`.")
    instrument_title: str | None = words("The title of the signed instrument.")
    sector: str | None = words("The field of cooperation, such as `arms procurement`.")
    purpose: str | None = words("What it is for, as the source puts it.")
    is_binding: bool | None = flag(
        "Whether it binds the parties in law.",
        phrases_if_true="binding, legally bind",
        phrases_if_false="non binding, nonbinding, not binding, not legally binding",
    )
    signed_on = partial_date("When it was signed.")
    in_force_on = partial_date("When it came into force.")
    ended_on = partial_date("When it ended.")

    amends = reference("Agreement", "The agreement that this one amends.")
    amendments = children("Agreement", "amends_id", "The agreements that amend this one.")
    parties = role("PARTY", "Who agreed.")
    signatories = role("SIGNATORY", "Who signed.")
    procurements = children("Procurement", "agreement_id", "The purchases made under it.")
    events = children("Event", "agreement_id", "The events at which it was made or confirmed.")
    involvements = children("Involvement", "record_id", "Everybody in it, and as what.")
