"""Traits: what the machinery knows of a noun, which it finds by its trait and not by its name."""

from __future__ import annotations

from enum import Enum


class Trait(Enum):
    """What the records of a noun are; one noun has each trait, and says so itself."""

    SOURCE = "documents that claims rest on"
    PASSAGE = "the exact words of a source that a claim rests on"
    CLAIM = "what a source says of a field of a record"
    INVOLVEMENT = "the parts that actors take in records, each in a role"
    PARTY = "actors that others belong to"
    IDENTIFIER = "codes of a record in other data sets"
    CLASSIFICATION = "places of a record in published schemes"
    EVALUATION = "judging words of a source on a record"


noun_names: dict[Trait, str] = {}
"""The name of the noun with each trait; a noun enters itself when it is declared."""


def name_with(trait: Trait) -> str:
    """The name in the graph of the noun with a trait."""
    return noun_names[trait]
