"""The nouns by their names, their tables and the prefixes of their ids."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

from schema.model.editions import Edition
from schema.model.ids import prefix
from schema.model.metaclass import versioned_classes
from schema.model.noun import Versioned
from schema.model.traits import Trait, name_with


def table_named(noun: str) -> sa.Table:
    """The table behind a type of the graph."""
    kind: Any = Edition if noun == "Edition" else nouns()[noun]
    table: sa.Table = kind.__table__
    return table


def noun_of(id: str) -> type[Versioned] | None:
    """The noun that an id belongs to."""
    return prefixes().get(prefix(id))


def noun_with(trait: Trait) -> type[Versioned]:
    """The noun with a trait."""
    return nouns()[name_with(trait)]


def table_with(trait: Trait) -> sa.Table:
    """The table of the noun with a trait."""
    return table_of(noun_with(trait))


@cache
def nouns_of(target: str) -> frozenset[str]:
    """The nouns that a relation to a noun, or to an interface of nouns, can lead to."""
    return frozenset(
        name
        for name, noun in nouns().items()
        if target == "Node" or target in {base.__name__ for base in noun.__mro__}
    )


@cache
def nouns() -> dict[str, type[Versioned]]:
    """Every noun with a table, by its name in the graph; the package has declared them all."""
    return dict(sorted(versioned_classes.items()))


def table_of(noun: type[Versioned]) -> sa.Table:
    """The table of a noun."""
    table: sa.Table = noun.__table__  # type: ignore[attr-defined]  # set by SQLModel
    return table


def prefix_of(noun: type[Versioned]) -> str:
    """What the ids of a noun begin with: `verbatim-span` in `verbatim-span/…`."""
    return table_of(noun).name.replace("_", "-")


@cache
def prefixes() -> dict[str, type[Versioned]]:
    """Every noun by what its ids begin with."""
    return {prefix_of(noun): noun for noun in nouns().values()}


def known(id: str) -> type[Versioned]:
    """The noun of an id that was given out."""
    noun = noun_of(id)
    assert noun is not None
    return noun


Row = dict[str, Any]
"""One row of a versioned table."""
