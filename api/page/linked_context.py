"""The context of linked data, whole in each document, so that nobody needs to fetch one."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

VOCABULARY = "/vocabulary"
"""Where the server says what its own terms mean."""
PREFIXES = {
    "schema": "https://schema.org/",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LINK = "@id"
ANNOTATION: dict[str, Any] = {
    "id": "@id",
    "type": "@type",
    **{
        name: f"oa:{name}"
        for name in (
            "Annotation", "SpecificResource", "TextQuoteSelector", "TextPositionSelector",
            "describing", "identifying", "exact", "prefix", "suffix",
        )
    },
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "body": {"@id": "oa:hasBody", "@type": LINK},
    "target": {"@id": "oa:hasTarget", "@type": LINK},
    "source": {"@id": "oa:hasSource", "@type": LINK},
    "selector": {"@id": "oa:hasSelector", "@type": LINK},
    "start": {"@id": "oa:start", "@type": "xsd:nonNegativeInteger"},
    "end": {"@id": "oa:end", "@type": "xsd:nonNegativeInteger"},
    "subject": {"@id": "rdf:subject", "@type": LINK},
    "predicate": {"@id": "rdf:predicate", "@type": LINK},
    "object": "rdf:object",
}  # fmt: skip
"""The terms of W3C Web Annotation as its own context has them, for claims alone."""
ANNOTATED = ("claims", "findings")
"""The lists that hold annotations."""


def context(base_url: str) -> dict[str, Any]:
    """The context of a document of this server."""
    terms = f"{base_url}{VOCABULARY}#"
    lists = {
        name: {"@id": f"{terms}{name}", "@container": "@set", "@context": ANNOTATION}
        for name in ANNOTATED
    }
    return {"@version": 1.1, "@vocab": terms, "pactbook": terms, **PREFIXES, **lists}


def own(name: str) -> str:
    """The name of a field among annotations, where the standard may mean another by it."""
    return f"pactbook:{name}" if name in ANNOTATION else name


def iri(base_url: str, id: str) -> str:
    """The address that a record, a part of one or an edition has as linked data."""
    return f"{base_url}/{quote(id, safe='/@:~')}"
