"""What the nouns declare: references, link lists, owners and plain columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schema.model.fields import FieldNameText, JsonText, Relation, RoleRelation
from schema.model.noun import Versioned, cached_per_model, camel
from schema.model.registry import noun_with, nouns
from schema.model.traits import Trait
from schema.model.values import value_fields


def owner_column(noun: type[Versioned]) -> str:
    """The column of a part or a claim that names what it belongs to."""
    return noun.parent_key or "record_id"


@cached_per_model
def references(noun: type[Versioned]) -> dict[str, Relation]:
    """The records that a dossier can point at, by the name of the field."""
    return {
        name: relation
        for name, relation in noun.declared.relations.items()
        if relation.single
        and relation.by == "id"
        and name != "covered_by"
        and relation.key.endswith("_id")
        and relation.key != noun.parent_key
    }


def link_lists(noun: type[Versioned]) -> Iterator[tuple[str, type[Versioned], str | None]]:
    """The lists of links a dossier can give a noun: field, link noun, role if it is one."""
    known = nouns()
    for name, relation in noun.declared.relations.items():
        target = known.get(relation.target)
        if isinstance(relation, RoleRelation):
            yield name, noun_with(Trait.INVOLVEMENT), relation.role
        elif (
            target and relation.by == target.parent_key and name not in ("involvements", "passages")
        ):
            yield name, target, None


PRIVATE = frozenset({"since", "until", "folded", "hedged_fields"})
"""Columns that the graph never shows."""


@cached_per_model
def plain_columns(noun: type[Versioned]) -> dict[str, Any]:
    """The public columns of a noun that are no keys of relations and no parts of values."""
    keys = {relation.key for relation in noun.declared.relations.values()} - {"id"}
    pieces = {
        value.column(name, part)
        for name, value in noun.declared.values.items()
        for part in value_fields(value.kind)
    }
    return {
        name: info
        for name, info in noun.model_fields.items()
        if name not in PRIVATE | keys | pieces
    }


@cached_per_model
def schema_org_properties(noun: type[Versioned]) -> dict[str, str]:
    """The fields of a noun, as the graph names them, that are properties of schema.org as well."""
    return {
        camel(field): term
        for kind in reversed(noun.__mro__)
        for field, term in vars(kind).get("schema_org_properties", ())
    }


def roles_apart(noun: type[Versioned]) -> dict[str, RoleRelation]:
    """The roles by which a record names actors who take no part in it, by their fields."""
    roles = {} if noun.has_participants else noun.declared.relations
    return {name: role for name, role in roles.items() if isinstance(role, RoleRelation)}


def shown_kind(info: Any) -> Any:
    """What the graph shows of a column: its annotation, or what its text means."""
    meaning = type(getattr(info, "sa_type", None))
    return meaning | None if meaning in (FieldNameText, JsonText) else info.annotation


def parent_of(noun: type[Versioned]) -> dict[str, Any]:
    """The relation of a link to the record it belongs to, by its name."""
    return {
        name: relation
        for name, relation in noun.declared.relations.items()
        if relation.key == noun.parent_key
    }
