"""Values of the graph as linked data: typed literals, nodes of value objects, links to records."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from graphql import get_named_type

from api.page.formatting import field_of
from api.page.linked_context import iri, own
from api.page.query import type_of
from schema.graph.catalog import ColumnField, catalog
from schema.model.fields import Value

XSD = {"Date": "xsd:date", "DateTime": "xsd:dateTime", "Decimal": "xsd:decimal"}
LINKED = re.compile(r"https?://[^\s\"'<>{}|\\^`]+")
LANGUAGE = re.compile("[a-z]{2,3}")


def literal(type: str, name: str, value: Any) -> Any:
    """A scalar of a field, with its type where it is more than a text."""
    field = field_of(type, name)
    datatype = XSD.get(get_named_type(field.type).name) if field else None
    return {"@value": value, "@type": datatype} if datatype else value


def in_language(text: str, language: Any) -> Any:
    """A text in a language, if that is one."""
    if isinstance(language, str) and LANGUAGE.fullmatch(language):
        return {"@value": text, "@language": language}
    return text


def value_object(kind: str, value: Mapping[str, Any], place: str = "") -> dict[str, Any]:
    """A date, a quantity or a sum, with what is known of it, under an address of its own."""
    node: dict[str, Any] = {"@type": f"pactbook:{kind}"} if kind else {}
    node |= {"@id": place} if place else {}
    for name, part in value.items():
        if isinstance(part, Mapping):
            node[own(name)] = value_object("", part)
        elif isinstance(part, list):
            node[own(name)] = [value_object("", e) if isinstance(e, Mapping) else e for e in part]
        elif part is not None:
            node[own(name)] = literal(kind, name, part)
    return node


def linked_value(base_url: str, type: str, name: str, value: Any, place: str = "") -> Any:
    """A value of a field of a type, as the graph or the JSON of a claim gives it.

    `place` is the address of a value that has parts.
    """
    declared = catalog.get(type, {}).get(name)
    if isinstance(value, Mapping):
        if isinstance(declared, Value):
            return value_object(declared.kind.__name__, value, place)
        if "id" in value:
            return reference(base_url, value)
        named = ((own(key), linked_value(base_url, type, key, each)) for key, each in value.items())
        return {key: each for key, each in named if each is not None}
    if isinstance(value, list):
        return [linked_value(base_url, type, name, each) for each in value]
    is_id = isinstance(value, str) and not isinstance(declared, ColumnField) and type_of(value)
    if is_id and field_of(type, name):
        return {"@id": iri(base_url, value)}
    return None if value is None else literal(type, name, value)


def reference(base_url: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """A link to a record, with its title."""
    node: dict[str, Any] = {"@id": iri(base_url, record["id"])}
    return node | ({"schema:name": record["title"]} if record.get("title") else {})


def schema_org_value(value: Any) -> Any:
    """A value as schema.org takes it: a date only where it is one day; None for what it cannot."""
    if isinstance(value, Mapping):
        if "edtf" not in value:
            return None
        is_day = value.get("earliest") and value["earliest"] == value.get("latest")
        return {"@value": value["earliest"], "@type": "xsd:date"} if is_day else None
    if isinstance(value, str) and LINKED.fullmatch(value):
        return {"@id": value}
    return value
