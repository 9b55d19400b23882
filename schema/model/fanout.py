"""Fan-out: which lists are counted, and the owners with the most rows of each."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from schema.model.bounds import Figure
from schema.model.fields import Relation
from schema.model.noun import Derived, Link
from schema.model.reflection import owner_column
from schema.model.registry import nouns, table_of
from schema.model.traits import Trait, name_with
from schema.model.values import CodepointText

MOST = 100
"""Of how many owners of each noun a figure is kept; a page holds no more by default."""


class Fanout(SQLModel, table=True):
    """How many rows an owner had in the edition in which it had most of them."""

    figure: str = Field(primary_key=True, sa_type=CodepointText)
    owner: str = Field(primary_key=True, sa_type=CodepointText)
    count: int = Field(sa_type=sa.BigInteger)


fanout: sa.Table = Fanout.__table__  # type: ignore[attr-defined]  # set by SQLModel


def figure_of(noun: str, relation: Relation) -> Figure:
    """The figure that bounds a list of a noun."""
    if relation.target == "Revision":
        return Figure(_named(noun), "id", every_version=True)
    if relation.through:
        link, near, far = relation.through
        return Figure(_named(link), near, distinct=far)
    target = name_with(Trait.CLAIM) if relation.target == "Conflict" else relation.target
    return Figure(_named(target), relation.by, relation.where, relation.present)


def _named(noun: str) -> str:
    return table_of(nouns()[noun]).name


def parts(**more: Any) -> dict[str, Figure]:
    """How many parts a record has, by the noun of the parts."""
    return {
        name: Figure(_named(name), owner_column(noun), **more)
        for name, noun in nouns().items()
        if issubclass(noun, Link)
    }


def parts_ever() -> dict[str, Figure]:
    """How many parts a record had in all editions together."""
    return parts(distinct="id", every_version=True)


def parts_amended() -> dict[str, Figure]:
    """How often parts of a record were amended."""
    return parts(every_version=True, amending=True)


CHANGES = Figure("change", "record_id")
"""How many editions changed a record."""


QUOTED = Figure("passage", "source_id")
"""How many passages stand in a source."""


UNFIRM = Figure(
    "claim",
    "record_id",
    where=(("status", ("VAGUE", "NOT_STATED", "WITHHELD", "UNKNOWN", "NOT_APPLICABLE")),),
)
"""How many claims about a record give no firm value."""


CLAIMED = Figure("claim", "record_id")
"""How many claims are made of a record."""


CONTRADICTING = Figure("claim", "conflict_key")
"""How many claims contradict one another."""


COVERING = (
    Figure("source", present=("covers_earliest",)),
    Figure("source", present=("covers_latest",)),
    Figure("involvement", where=(("role", "COVERED"),), distinct="record_id"),
)
"""How many sources say what they cover: since when, until when, or whom."""


CIRCLES = Figure("circle")
"""How many an actor stands for beside itself."""


@cache
def figures() -> dict[str, Figure]:
    """Every figure that is kept, by its name: one for each list of a noun, and a few more."""
    holders: dict[str, Any] = {**nouns(), "Conflict": Derived.kinds["Conflict"]}
    counted = [
        figure_of(name, relation)
        for name, holder in holders.items()
        for relation in holder.declared.relations.values()
        if not (relation.single or relation.indexed)
    ]
    for each in (parts(), parts_ever(), parts_amended()):
        counted += each.values()
    counted += [CHANGES, QUOTED, UNFIRM, *COVERING, CIRCLES]
    return {figure.name: figure for figure in counted}
