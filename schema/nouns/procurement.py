"""Procurement: one purchase from intent to delivery."""

from __future__ import annotations

from schema.model.fields import (
    children,
    choice,
    flag,
    money,
    partial_date,
    quantity,
    reference,
    role,
    words,
)
from schema.model.noun import Record
from schema.nouns.stage import Stage


class Procurement(Record, table=True):
    """One purchase from intent to delivery; goods go from the supplier to the buyer."""

    dated_by = ("ordered_on", "delivered_on")
    progresses = (("stage", ("SUSPENDED",)),)
    placed_by = ("agreement",)
    happens = has_participants = True

    stage: Stage | None = choice(Stage, "How far it has come.")
    label: str | None = words("What the source calls the goods as a whole.")
    designation: str | None = words("The model that is bought, such as `K9 Thunder`.")
    category: str | None = words("What sort of goods it is, such as `drones`.")
    quantity = quantity("How many are ordered in all.")
    value = money("What it costs.")
    ordered_on = partial_date("When it was ordered.")
    delivered_on = partial_date("When it was, or is to be, delivered.")
    purpose: str | None = words("What it is for, as the source puts it.")
    contracting_authority: str | None = words("The body that signed for the buyer.")
    is_government_to_government: bool | None = flag(
        "Whether states contract with each other rather than with a company.",
        phrases_if_true="government to government, g2g, intergovernmental, foreign military sale",
        phrases_if_false="direct commercial sale, commercial contract",
    )

    agreement = reference("Agreement", "The agreement it is made under.")
    buyers = role("BUYER", "Who buys.")
    suppliers = role("SUPPLIER", "Where the goods come from.")
    manufacturers = role("MANUFACTURER", "Who makes the goods.")
    funders = role("FUNDER", "Who pays, where it is not the buyer.")
    end_users = role("END_USER", "Who uses the goods.")
    items = children(
        "Item", "procurement_id", "The goods, line by line.", bounded="The lines of one purchase."
    )
    deliveries = children("Delivery", "procurement_id", "What was delivered, lot by lot.")
    milestones = children(
        "Milestone",
        "record_id",
        "The stages it reached, with their dates.",
        bounded="The rungs of one ladder.",
    )
    involvements = children("Involvement", "record_id", "Everybody in it, and as what.")
