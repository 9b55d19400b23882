"""Membership: a party is a member of an alliance or union over an interval."""

from __future__ import annotations

from schema.model.fields import partial_date, reference
from schema.model.noun import Link


class Membership(Link, table=True):
    """A state is a member of an alliance or union; what the alliance does is not its own deed."""

    parent_key = "party_id"
    slug_from = ("member",)
    spans = (("started_on", "ended_on"),)
    title_from = (("member_id",),)

    started_on = partial_date("When it became a member.")
    ended_on = partial_date(
        "When it ceased to be one; null while it is, or where no date is known."
    )

    party = reference("Party", "The alliance or union.", required=True)
    member = reference("Party", "The member.", required=True)
    covered_by = reference("Claim", "The row of a data set that gives it, where one does.")
