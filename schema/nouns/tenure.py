"""Tenure: an official holds a post at a party over an interval."""

from __future__ import annotations

from schema.model.fields import flag, partial_date, reference, words
from schema.model.noun import Record


class Tenure(Record, table=True):
    """A person holds a post at a party; its dates are those a source gives."""

    belongs = (("official_id", "party_id"),)
    dated_by = ("started_on",)
    spans = (("started_on", "ended_on"),)
    schema_org = "OrganizationRole"
    schema_org_properties = (
        ("post", "roleName"),
        ("started_on", "startDate"),
        ("ended_on", "endDate"),
    )

    post: str | None = words("The post, such as `President`.")
    started_on = partial_date("When the person took the post.")
    ended_on = partial_date("When the person left it.")
    is_acting: bool | None = flag(
        "Whether the person holds it for the time being only.",
        phrases_if_true="acting, interim, caretaker",
    )

    official = reference("Official", "The person who holds the post.")
    party = reference("Party", "The party the post is at: an institution, or the state itself.")
