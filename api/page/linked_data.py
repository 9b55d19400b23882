"""A record as JSON-LD: our own terms, schema.org where it fits, PROV for where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.page.formatting import with_fields
from api.page.linked_context import ANNOTATION, context, iri
from api.page.linked_values import (
    in_language,
    linked_value,
    literal,
    reference,
    schema_org_value,
)
from api.page.query import can_be_hedged, fields, is_document
from api.page.web_annotation import annotation, target
from schema.graph.catalog import ColumnField, catalog
from schema.model.fields import Relation, RoleRelation
from schema.model.ids import split
from schema.model.noun import Versioned
from schema.model.reflection import schema_org_properties
from schema.model.registry import noun_with, nouns
from schema.model.traits import Trait

PROV = {
    "author": "prov:wasAttributedTo",
    "publisher": "prov:wasAttributedTo",
    "isBasedOn": "prov:wasDerivedFrom",
}
"""What properties of schema.org are in PROV."""


def linked_data(record: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    """The document of a record, of a part of one, of a claim or of an edition."""
    type, record = record["__typename"], with_fields(record)
    if type == noun_with(Trait.CLAIM).__name__:
        made = annotation(base_url, record, record["record"], record["passages"])
        return {"@context": [context(base_url), ANNOTATION], **made}
    if type == noun_with(Trait.PASSAGE).__name__:
        made = target(base_url, record, record["source"]["id"])
        return {"@context": [context(base_url), ANNOTATION], **made}
    node = _node(record, base_url)
    for name, value in (*_provenance(record, base_url), *_evidence(record, base_url)):
        node.setdefault(name, []).append(value)
    return {"@context": context(base_url), **node}


def _node(record: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    """A record with its fields, or what a list shows of one."""
    type, id = record["__typename"], record["id"]
    noun = nouns().get(type)
    kind = f"schema:{noun.schema_org}" if noun else "prov:Activity"
    node: dict[str, Any] = {"@id": iri(base_url, id), "@type": [f"pactbook:{type}", kind]}
    if noun:
        node["@type"].append("prov:Entity")
    if record.get("title"):
        node["schema:name"] = [record["title"]]
    if record.get("url"):
        node["schema:mainEntityOfPage"] = [{"@id": record["url"]}]
    names = [*fields(type), *(["factuality"] if can_be_hedged(type) else [])]
    for name in names:
        value = _value(record, name, base_url)
        if value is not None and value != []:
            node[name] = value if isinstance(value, list) else [value]
    for name, value in _in_schema_org(noun, record, base_url) if noun else ():
        node.setdefault(name, []).append(value)
    unsure = [
        {key: each[key] for key in ("field", "elementField", "factuality") if each[key]}
        for each in _page(record, "hedges")
    ]
    return node | ({"hedges": unsure} if unsure else {})


def _value(record: Mapping[str, Any], name: str, base_url: str) -> Any:
    """The value of a field as linked data; None for none."""
    type, value = record["__typename"], record.get(name)
    declared = catalog[type][name]
    if value is None:
        return None
    if isinstance(declared, ColumnField):
        return literal(type, name, value)
    if isinstance(declared, Relation):
        if declared.single or declared.required:
            return reference(base_url, value)
        return [_node(each, base_url) for each in _ends(declared, value)]
    place = f"{iri(base_url, record['id'])}#{name}"
    return linked_value(base_url, type, name, value, place)


def _page(record: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    """What a connection has, where a record has that one."""
    return record[name]["nodes"] if name in record else ()


def _ends(declared: Relation, value: Any) -> Sequence[Mapping[str, Any]]:
    """The records that a relation leads to."""
    if declared.single or declared.required:
        return [value]
    found: Sequence[Mapping[str, Any]] = value["nodes"] if declared.paged else value
    return found


def _in_schema_org(
    noun: type[Versioned], record: Mapping[str, Any], base_url: str
) -> Iterator[tuple[str, Any]]:
    """The same as properties of schema.org, and as PROV has them where it does."""
    for name, term in schema_org_properties(noun).items():
        declared, value = catalog[noun.__name__].get(name), record.get(name)
        if value is None or declared is None:
            continue
        values: list[Any]
        if isinstance(declared, RoleRelation):
            links = _ends(declared, value)
            values = [reference(base_url, _actor(each, record)) for each in links]
        elif isinstance(declared, Relation):
            values = [{"@id": iri(base_url, each["id"])} for each in _ends(declared, value)]
        else:
            values = [each for each in [schema_org_value(value)] if each is not None]
        for each in values:
            yield f"schema:{term}", each
            if term in PROV:
                is_agent = not isinstance(each, Mapping)
                agent = {"@type": "prov:Agent", "schema:name": each}
                yield PROV[term], agent if is_agent else each
    yield from _alternate_names(noun, record)


def _alternate_names(noun: type[Versioned], record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What else it is called, each name in its language."""
    for name, declared in catalog[noun.__name__].items():
        if not isinstance(declared, Relation) or name not in record:
            continue
        target = nouns().get(declared.target)
        if target is not None and target.is_name:
            for each in _ends(declared, record[name]):
                yield "schema:alternateName", in_language(each["title"], each.get("language"))


def _actor(link: Mapping[str, Any], owner: Mapping[str, Any]) -> Mapping[str, Any]:
    """The other end of a link."""
    return next(
        value
        for value in link.values()
        if isinstance(value, Mapping) and "id" in value and value["id"] != owner["id"]
    )


def _provenance(record: Mapping[str, Any], base_url: str) -> Iterator[tuple[str, Any]]:
    """Which edition wrote it, which sources it rests on, and what it is a version of."""
    id, edition = split(record["id"])
    if edition is not None:
        yield "prov:specializationOf", {"@id": iri(base_url, id)}
    for source in _page(record, "sources"):
        yield "prov:wasDerivedFrom", {"@id": iri(base_url, source["id"])}
    if "publishedAt" in record:
        yield from _activity(record)
    history = [*_page(record, "changes"), *_page(record, "history")]
    if history:
        written = history[0]["edition"]
        activity = {"@id": iri(base_url, f"edition/{written['number']}"), "@type": "prov:Activity"}
        yield "prov:wasGeneratedBy", {**activity, **dict(_activity(written))}
        yield "schema:dateModified", {"@value": written["publishedAt"], "@type": "xsd:dateTime"}


def _activity(edition: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """An edition as an activity: when it ended, and who answers for it."""
    yield "prov:endedAtTime", {"@value": edition["publishedAt"], "@type": "xsd:dateTime"}
    agent = {"@type": "prov:Agent", "schema:name": edition["author"]}
    yield "prov:wasAssociatedWith", agent
    yield "rdfs:label", edition["summary"]


def _evidence(record: Mapping[str, Any], base_url: str) -> Iterator[tuple[str, Any]]:
    """The claims about it; of a source, the claims that rest on its words as well."""
    for claim in _page(record, "claims"):
        yield "claims", annotation(base_url, claim, record, claim["passages"])
    if not is_document(record["__typename"]):
        return
    quoted: dict[str, list[Mapping[str, Any]]] = {}
    claims: dict[str, Mapping[str, Any]] = {}
    for passage in _page(record, "passages"):
        claim = passage["claim"]
        claims[claim["id"]] = claim
        quoted.setdefault(claim["id"], []).append(passage)
    for id, claim in claims.items():
        made = {**claim, "source": {"id": record["id"]}}
        yield "findings", annotation(base_url, made, claim["record"], quoted[id])
