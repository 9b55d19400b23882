"""Delivery: a lot of goods that was handed over."""

from __future__ import annotations

from schema.model.fields import partial_date, quantity, reference
from schema.model.noun import Link


class Delivery(Link, table=True):
    """A lot of goods that was, or is to be, handed over."""

    parent_key = "procurement_id"
    slug_from = ("delivered_on_stated", "delivered_on_edtf")

    delivered_on = partial_date("When it was handed over.")
    delivered = quantity("How many were handed over.")

    procurement = reference("Procurement", "The purchase it belongs to.", required=True)
    item = reference("Item", "The line of goods it is of.")
    covered_by = reference("Claim", "The row of a data set that gives it, where one does.")
