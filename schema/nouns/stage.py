"""Stage: the one ladder that procurements and decisions climb."""

from __future__ import annotations

from schema.model.choices import Choice, described


@described("How far a procurement or a decision has come; one ladder for both.")
class Stage(Choice):
    MENTIONED = ("MENTIONED", "Somebody speaks of it.")
    UNDER_CONSIDERATION = ("UNDER_CONSIDERATION", "It is being considered; nothing is promised.")
    REQUESTED = ("REQUESTED", "Somebody asked for it.")
    NOTIFIED = ("NOTIFIED", "A parliament was told of it.")
    APPROVED = ("APPROVED", "Those who decide agreed to it.")
    COMMITTED = ("COMMITTED", "It is promised.")
    ALLOCATED = ("ALLOCATED", "Goods or money are set aside.")
    SIGNED = ("SIGNED", "The contract is signed.")
    IN_PRODUCTION = ("IN_PRODUCTION", "The goods are being made.")
    PARTLY_DELIVERED = ("PARTLY_DELIVERED", "Some of it has arrived.")
    DELIVERED = ("DELIVERED", "All of it has arrived.")
    SUSPENDED = ("SUSPENDED", "It is halted for now.")
    CANCELLED = ("CANCELLED", "It will not come.")
