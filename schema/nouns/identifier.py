"""Identifier: a code or number of a record in another data set."""

from __future__ import annotations

from schema.model.fields import reference, words
from schema.model.noun import Link
from schema.model.traits import Trait


class Identifier(Link, table=True):
    """A code or number that another data set gives the same thing."""

    trait = Trait.IDENTIFIER
    explained = False
    parent_key = "record_id"
    slug_from = ("scheme", "value")
    found_by = (("value", "scheme"),)
    codes = frozenset({"scheme"})
    schema_org = "PropertyValue"
    schema_org_properties = (("scheme", "propertyID"), ("value", "value"))

    scheme: str = words("The data set or standard, such as `ISO 3166-1 alpha-3`.")
    value: str = words("The code, such as `KOR`.")

    record = reference("Record", "The record that it identifies.", required=True)
    covered_by = reference("Claim", "The row of a data set that gives it, where one does.")
