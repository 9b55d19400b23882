"""Verbatim span: words of a speaker that a source quotes to the letter."""

from __future__ import annotations

from schema.model.fields import reference, words
from schema.model.noun import Link


class VerbatimSpan(Link, table=True):
    """Words of a speaker inside quotation marks, without the marks."""

    explained = False
    __tablename__ = "verbatim_span"  # pyright: ignore[reportAssignmentType]  # as SQLModel has it
    parent_key = "statement_id"
    slug_from = ("text",)

    text: str = words("The speaker's words, as the source quotes them.")

    statement = reference("Statement", "The statement they belong to.", required=True)
    covered_by = reference("Claim", "The row of a data set that gives it, where one does.")
