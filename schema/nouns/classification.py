"""Classification: where a record stands in a published scheme."""

from __future__ import annotations

from schema.model.fields import reference, words
from schema.model.noun import Link
from schema.model.traits import Trait


class Classification(Link, table=True):
    """A code from a published scheme, with the words of the source it stands for."""

    trait = Trait.CLASSIFICATION
    explained = False
    parent_key = "record_id"
    slug_from = ("scheme", "code")
    codes = frozenset({"scheme", "version"})
    ascribed = frozenset({"code", "label"})
    schema_org = "DefinedTerm"
    schema_org_properties = (("code", "termCode"), ("scheme", "inDefinedTermSet"))

    scheme: str = words("The scheme, such as `CAMEO`.")
    version: str | None = words("Its version, such as `1.1b3`.")
    code: str = words("The code, such as `042`.")
    label: str | None = words("What the code means in the scheme.")
    source_words: str | None = words("The source's own words for it.")

    record = reference("Record", "The record that is classified.", required=True)
    covered_by = reference("Claim", "The row of a data set that gives it, where one does.")
