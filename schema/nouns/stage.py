"""Stage: the one ladder that procurements and decisions climb."""

from __future__ import annotations

from enum import Enum

import strawberry


@strawberry.enum(description="How far a procurement or a decision has come; one ladder for both.")
class Stage(Enum):
    MENTIONED = strawberry.enum_value("MENTIONED", description="Somebody speaks of it.")
    UNDER_CONSIDERATION = strawberry.enum_value(
        "UNDER_CONSIDERATION", description="It is being considered; nothing is promised."
    )
    REQUESTED = strawberry.enum_value("REQUESTED", description="Somebody asked for it.")
    NOTIFIED = strawberry.enum_value("NOTIFIED", description="A parliament was told of it.")
    APPROVED = strawberry.enum_value("APPROVED", description="Those who decide agreed to it.")
    COMMITTED = strawberry.enum_value("COMMITTED", description="It is promised.")
    ALLOCATED = strawberry.enum_value("ALLOCATED", description="Goods or money are set aside.")
    SIGNED = strawberry.enum_value("SIGNED", description="The contract is signed.")
    IN_PRODUCTION = strawberry.enum_value("IN_PRODUCTION", description="The goods are being made.")
    PARTLY_DELIVERED = strawberry.enum_value(
        "PARTLY_DELIVERED", description="Some of it has arrived."
    )
    DELIVERED = strawberry.enum_value("DELIVERED", description="All of it has arrived.")
    SUSPENDED = strawberry.enum_value("SUSPENDED", description="It is halted for now.")
    CANCELLED = strawberry.enum_value("CANCELLED", description="It will not come.")
