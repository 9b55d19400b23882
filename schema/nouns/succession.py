"""Succession: a state came to be on the territory of another that is no more."""

from __future__ import annotations

from schema.model.fields import reference
from schema.model.noun import Link


class Succession(Link, table=True):
    """A state that came to be on the territory of a former one, or took it over.

    It says nothing of treaties or debts: who answers for these is a matter of law.
    """

    explained = False
    parent_key = "party_id"
    slug_from = ("successor_id",)
    title_from = (("successor_id",),)

    party = reference("Party", "The former state.", required=True)
    successor = reference("Party", "The state that followed it.", required=True)
    covered_by = reference("Claim", "The row of a data set that gives it, where one does.")
