"""Affiliation: a state that a group belongs to, together with other states."""

from __future__ import annotations

from schema.model.fields import reference
from schema.model.noun import Link


class Affiliation(Link, table=True):
    """One of several states that a group of people belongs to.

    `officials from Poland and South Korea` belong to both: what they say and do counts for each.
    """

    explained = False
    parent_key = "party_id"
    slug_from = ("state_id",)
    belongs = (("party_id", "state_id"),)
    title_from = (("state_id",),)

    party = reference("Party", "The group.", required=True)
    state = reference("Party", "The state.", required=True)
    covered_by = reference("Claim", "The row of a data set that gives it, where one does.")
