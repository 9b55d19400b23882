"""Evaluation: a source's judging word on a record, kept apart from facts."""

from __future__ import annotations

from schema.model.fields import reference, words
from schema.model.noun import Link
from schema.model.traits import Trait


class Evaluation(Link, table=True):
    """A writer's judgement, such as `landmark`: words of the source, never a fact here."""

    trait = Trait.EVALUATION
    explained = False
    parent_key = "record_id"
    slug_from = ("text",)

    text: str = words("The judging word or words.")

    record = reference("Record", "The record that is judged.", required=True)
    covered_by = reference("Claim", "The row of a data set that gives it, where one does.")
