"""Milestone: a stage that a record reached, dated."""

from __future__ import annotations

from schema.model.fields import choice, partial_date, reference
from schema.model.noun import Link
from schema.nouns.stage import Stage


class Milestone(Link, table=True):
    """A stage that a procurement or decision reached, with its date."""

    parent_key = "record_id"
    slug_from = ("stage",)

    stage: Stage = choice(Stage, "The stage it reached.")
    reached_on = partial_date("When it reached it.")

    record = reference("Record", "The procurement or decision.", required=True)
    covered_by = reference("Claim", "The row of a data set that gives it, where one does.")
