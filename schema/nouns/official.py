"""Official: a person who acts for a party, if need be known only by a post."""

from __future__ import annotations

from schema.model.fields import children, words
from schema.nouns.actor import Actor


class Official(Actor, table=True):
    """A person who acts for a party; a source may give the post and no name."""

    belongs = (("id", "state_id"),)
    is_person = True
    schema_org = "Person"
    schema_org_properties = (("description", "description"),)

    name_order: str | None = words("Which name comes first, such as `family name first`.")
    description: str | None = words("How the source introduces the person.")

    tenures = children("Tenure", "official_id", "The posts the person holds or held.")
