"""Field names: the fields of all nouns, as one closed list that clients can know."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from schema.model.choices import Choice, described
from schema.model.fields import Relation
from schema.model.noun import Versioned, camel, snake
from schema.model.reflection import plain_columns
from schema.model.registry import nouns
from schema.model.traits import Trait, name_with

APART = ("id", "title_origin")
"""Columns that are the tracker's own."""
NAMED = 6
"""How many nouns the description of a name lists; what more of them have, it counts."""


@cache
def field_names() -> type[Choice]:
    """The names of fields: each member is named as clients write it, its value is the field."""
    owners: dict[str, list[str]] = defaultdict(list)
    for name, noun in nouns().items():
        for field in _fields(noun):
            owners[camel(field)].append(name)
    declare: Any = Choice  # called as a function, with members that only exist at run time
    members = {constant(field): (field, _text(field, owners[field])) for field in sorted(owners)}
    made: type[Choice] = declare("FieldName", members, module=__name__)
    return described("A field of a record, a part or a claim: `SIGNED_ON` is `signedOn`.")(made)


def _fields(noun: type[Versioned]) -> list[str]:
    """What a noun declares, but for what leads to evidence and versions."""
    apart = {"Edition", "Revision", "Conflict", name_with(Trait.CLAIM)}
    relations: dict[str, Relation] = noun.declared.relations
    return [
        *(column for column in plain_columns(noun) if column not in APART),
        *noun.declared.values,
        *(name for name, relation in relations.items() if relation.target not in apart),
    ]


def _text(field: str, owners: list[str]) -> str:
    many = len(owners) > NAMED
    return f"`{field}` of {f'{len(owners)} nouns' if many else ', '.join(owners)}."


@cache
def constant(field: str) -> str:
    """The name of a field as clients write it among others: `signedOn` is `SIGNED_ON`."""
    return snake(field).upper()
