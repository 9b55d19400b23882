"""The vocabulary of linked data: what our own terms mean, read off the declarations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.page.formatting import described, field_names
from api.page.linked_context import PREFIXES, VOCABULARY
from schema.graph.catalog import INTERFACES, catalog
from schema.model.fields import Relation, Value
from schema.model.registry import nouns

SHOWN = {interface.__name__ for interface in INTERFACES}


def vocabulary(base_url: str) -> dict[str, Any]:
    """A class for each type of the graph, a property for each field."""
    place = f"{base_url}{VOCABULARY}"
    graph = [{"@id": place, "@type": "rdfs:Resource", "rdfs:label": "Pactbook"}]
    graph += [*_classes(place), *_properties(place)]
    return {"@context": {**PREFIXES, "pactbook": f"{place}#"}, "@graph": graph}


def _types() -> list[str]:
    """The types whose records and values are told as linked data."""
    values = {
        declared.kind.__name__
        for fields in catalog.values()
        for declared in fields.values()
        if isinstance(declared, Value)
    }
    return sorted({*nouns(), *SHOWN, *values, "Edition"})


def _classes(place: str) -> Iterator[dict[str, Any]]:
    for name in _types():
        noun = nouns().get(name)
        above = [f"schema:{noun.schema_org}"] if noun else []
        if noun:
            above += [
                f"pactbook:{interface.__name__}"
                for interface in INTERFACES
                if issubclass(noun, interface)
            ]
        yield {
            "@id": f"pactbook:{name}",
            "@type": "rdfs:Class",
            "rdfs:label": name,
            "rdfs:comment": described(name),
            "rdfs:subClassOf": [{"@id": each} for each in above],
            "rdfs:isDefinedBy": {"@id": place},
        }


def _properties(place: str) -> Iterator[dict[str, Any]]:
    """Each name once, whichever types have it, so that one question finds it in all of them."""
    fields: dict[str, list[str]] = {}
    for type in _types():
        for name in catalog.get(type) or field_names(type):
            fields.setdefault(name, []).append(type)
    for name, types in sorted(fields.items()):
        targets = {
            declared.target
            for declared in (catalog.get(type, {}).get(name) for type in types)
            if isinstance(declared, Relation)
        }
        yield {
            "@id": f"pactbook:{name}",
            "@type": "rdf:Property",
            "rdfs:label": name,
            "rdfs:comment": [*dict.fromkeys(described(type, name) for type in types)],
            "schema:domainIncludes": [{"@id": f"pactbook:{type}"} for type in types],
            "schema:rangeIncludes": [{"@id": f"pactbook:{each}"} for each in sorted(targets)],
            "rdfs:isDefinedBy": {"@id": place},
        }
