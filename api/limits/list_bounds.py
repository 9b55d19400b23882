"""Multiplicity: each field of the graph that holds objects, and how many it holds at most."""

from __future__ import annotations

from functools import cache

from schema.build import query_type
from schema.execution.root import bounds as of_roots
from schema.graph.catalog import Field, catalog
from schema.graph.declare import NestedField, PlainField, ViewField
from schema.model.bounds import PART, Bound, Term, at_most, figures, page_of, term
from schema.model.fanout import figure_of
from schema.model.fields import Relation, Value
from schema.model.noun import camel
from schema.model.registry import nouns, nouns_of, prefix_of
from schema.model.values import EQUIVALENTS, Money, PartialDate, Quantity, parts_of, value_fields


@cache
def multiplicities() -> dict[str, Bound]:
    """The bounds of fields, each by its type and its name: `Agreement.claims`.

    A field that holds one object is not among them unless that is a part of its owner; pages hold
    as many as their arguments say.
    """
    query_type()
    found = {f"Query.{name}": bound for name, bound in of_roots.items()}
    for kind in (PartialDate, Quantity, Money):
        for part in value_fields(kind):
            if parts_of(kind, part):
                found[f"{kind.__name__}.{camel(part)}"] = at_most(
                    EQUIVALENTS, weight=0, reason="The currencies of one sum."
                )
    for type, declared in catalog.items():
        for name, field in declared.items():
            bound = _bound(type, field)
            if bound is not None:
                found[f"{type}.{name}"] = bound
    return found


def _bound(type: str, field: Field) -> Bound | None:
    if isinstance(field, Value):
        return PART
    if isinstance(field, Relation):
        return None if field.single else _relation(type, field)
    if not isinstance(field, ViewField):
        return None
    declared = field.declared
    if isinstance(declared, PlainField):
        return PART
    if isinstance(declared, NestedField) and not field.is_list:
        return PART
    return declared.bound


def _relation(type: str, relation: Relation) -> Bound:
    """The bound of a list of a noun, or of what several nouns are."""
    if relation.indexed:
        return PART
    bound = page_of if relation.paged else figures
    names = sorted(nouns_of(type))
    terms = [(figure_of(name, relation), prefix_of(nouns()[name])) for name in names]
    owned = relation.through is None
    counted = Term((*terms,)) if terms else term(figure_of(type, relation))
    return bound(counted, is_owned=owned, reason=relation.bounded)
