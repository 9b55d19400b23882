"""Stage: the one ladder that procurements and decisions climb."""

from __future__ import annotations

from schema.model.choices import Choice, described


@described("How far a procurement or a decision has come; one ladder for both.")
class Stage(Choice):
    MENTIONED = (
        "MENTIONED",
        "Somebody speaks of it.",
        "mention, speak, discuss, talk, interest, interested, rumour, rumor",
    )
    UNDER_CONSIDERATION = (
        "UNDER_CONSIDERATION",
        "It is being considered; nothing is promised.",
        (
            "consider, consideration, mull, weigh, explore, study, examine, evaluate, assess, "
            "look at, talks, negotiate, negotiation, plan, intend, intention, interest, "
            "interested"
        ),
    )
    REQUESTED = (
        "REQUESTED",
        "Somebody asked for it.",
        "request, ask, seek, apply, tender, letter of request, letter of intent",
    )
    NOTIFIED = (
        "NOTIFIED",
        "A parliament was told of it.",
        "notify, notification, inform, parliament, congress",
    )
    APPROVED = (
        "APPROVED",
        "Those who decide agreed to it.",
        (
            "approve, approval, agree, decide, decision, clear, clearance, green light, "
            "authorise, authorize, endorse, ratify, vote, pass"
        ),
    )
    COMMITTED = (
        "COMMITTED",
        "It is promised.",
        "commit, commitment, pledge, promise, vow, undertake, guarantee",
    )
    ALLOCATED = (
        "ALLOCATED",
        "Goods or money are set aside.",
        "allocate, allocation, earmark, set aside, budget, appropriate, reserve",
    )
    SIGNED = (
        "SIGNED",
        "The contract is signed.",
        "sign, signature, signatory, ink, contract, deal, conclude, award, order, buy, purchase",
    )
    IN_PRODUCTION = (
        "IN_PRODUCTION",
        "The goods are being made.",
        (
            "produce, production, build, manufacture, assemble, assembly, construct, "
            "construction, make"
        ),
    )
    PARTLY_DELIVERED = (
        "PARTLY_DELIVERED",
        "Some of it has arrived.",
        "deliver, delivery, arrive, hand over, receive, batch, transfer, instalment, installment",
    )
    DELIVERED = (
        "DELIVERED",
        "All of it has arrived.",
        "deliver, delivery, arrive, arrival, hand over, receive, transfer, handover",
    )
    SUSPENDED = (
        "SUSPENDED",
        "It is halted for now.",
        "suspend, suspension, halt, pause, freeze, on hold, delay, postpone, stop, shelve",
    )
    CANCELLED = (
        "CANCELLED",
        "It will not come.",
        (
            "cancel, cancelled, cancellation, scrap, drop, terminate, termination, abandon, call "
            "off, withdraw, axe"
        ),
    )
