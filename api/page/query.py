"""The question that a page asks of the graph: everything of one record, whatever its noun."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from schema.evidence.citation import CitationStyle
from schema.graph.catalog import ColumnField, catalog
from schema.graph.declare import ViewField
from schema.model.fields import Relation, Value
from schema.model.noun import Record, camel
from schema.model.registry import nouns, prefixes
from schema.model.values import parts_of, value_fields
from schema.nouns.claim import Support
from schema.planning.joins import UNCLAIMED

EDITION = "number mark publishedAt author summary"
EDITIONS = f"""query Editions($asOf: AsOf) {{
  newest: editions(direction: DESC, first: 1) {{ nodes {{ {EDITION} }} }}
  read: editions(direction: DESC, first: 1, asOf: $asOf) {{ nodes {{ {EDITION} }} }}
}}"""
CLAIM = (
    "id title field elementField element { __typename id title } stated value status origin basis "
    "factuality support isAccepted acceptedBy isPreferred conflictKey source { id title language }"
)
CHECKED = "\n".join(
    f"  {support.value}: claims(first: 0, asOf: $asOf, where: {{source: {{eq: $source}}, "
    f"support: {{eq: {support.value}}}}}) {{ totalCount }}"
    for support in Support
)
CHECKS = f"query Checks($source: ID!, $asOf: AsOf) {{\n{CHECKED}\n}}"
"""How many claims of a source were held against its words, by what came of it."""
HEDGE = "{ nodes { field elementField element { id } factuality } }"
QUOTED = "id exact prefix suffix start end isCut"
FEW = 20
"""How many entries a page shows of a list that may be very long."""
CLAIMS = 400
"""How many claims it shows."""
LISTED = 500
"""How many entries it shows of any other list."""
MOST = 20_000
"""How many passages it marks in one part of a text, and how much of any list is linked data."""
SHOWN_APART = (UNCLAIMED | {"title", "titleOrigin"}) - {"factuality"}
"""Fields that have a place of their own on the page."""


def type_of(id: str) -> str | None:
    """The type of the graph that an id belongs to; None for what is no id."""
    prefix = id.partition("/")[0]
    noun = prefixes().get(prefix)
    return noun.__name__ if noun else {"edition": "Edition"}.get(prefix)


def fields(name: str) -> list[str]:
    """The fields of a type that tell what it is, in reading order: what all records have, last."""
    found = [
        field
        for field, declared in catalog[name].items()
        if isinstance(declared, ColumnField | Value | Relation)
    ]
    shared = {camel(field) for field in Record.declared.relations}
    apart = _shown_apart(name)
    own = [field for field in found if field not in apart and field not in shared]
    return own + [field for field in found if field in shared and field not in apart]


def can_be_hedged(name: str) -> bool:
    """Whether a type says how sure it is; the factuality of a claim is a value like others."""
    return "hedges" in catalog.get(name, {})


def _shown_apart(name: str) -> frozenset[str]:
    """The fields of a type that have a place of their own."""
    return SHOWN_APART | {"factuality"} if can_be_hedged(name) else SHOWN_APART


def has_feed(name: str) -> bool:
    """Whether what becomes of the records of this type is logged, and so told in feeds."""
    return name in nouns() and issubclass(nouns()[name], Record)


def is_document(name: str) -> bool:
    """Whether a record of this type is a text with passages."""
    return "text" in catalog[name] and isinstance(catalog[name].get("passages"), ViewField)


@cache
def question(name: str, *, is_whole: bool = False) -> str:
    """The query for everything of one record of a type.

    Where it is not whole, only the first of very many claims and entries are read, which a page
    says of itself.
    """
    variables = "$id: ID!" + (", $start: Int!, $end: Int!" * is_document(name))
    selection = " ".join([*_all(name, is_whole), *_shown_fields(name, is_whole)])
    return (
        f"query Page({variables}) {{ node(id: $id) {{ "
        f"__typename id ... on {name} {{ {selection} }} }} }}"
    )


def _all(name: str, is_whole: bool) -> Iterator[str]:
    for field in fields(name):
        declared = catalog[name][field]
        if isinstance(declared, ColumnField):
            yield field
        elif isinstance(declared, Value):
            yield _value(field, declared)
        elif isinstance(declared, Relation) and declared.single | declared.required:
            yield f"{field} {{ {_head(declared.target)} }}"
        elif isinstance(declared, Relation) and declared.paged:
            first = FEW if declared.indexed else MOST if is_whole else LISTED
            yield f"{field}(first: {first}) {{ totalCount nodes {{ {_item(declared.target)} }} }}"
        elif isinstance(declared, Relation):
            yield f"{field} {{ {_item(declared.target)} }}"


WORKED_OUT = {
    "lineageCount": "lineageCount",
    "lineage": "lineage { id title }",
    "progress": "progress { value earliest latest isAccepted sources { nodes { id title } } }",
}
"""What a page selects of fields that are worked out."""


def _shown_fields(name: str, is_whole: bool) -> Iterator[str]:
    """The fields that have a place of their own."""
    known = catalog[name]
    yield from (field for field in ("title", "titleOrigin", "url") if field in known)
    if can_be_hedged(name):
        yield f"factuality hedges(first: {MOST if is_whole else LISTED}) {HEDGE}"
    yield from (selection for field, selection in WORKED_OUT.items() if field in known)
    if "changes" in known:
        fields = "fields(ofParts: false) { field before after }"
        change = f"kind addedClaimCount retractedClaimCount edition {{ {EDITION} }} {fields}"
        yield f"changes {{ totalCount nodes {{ {change} }} }}"
    elif "history" in known:
        yield f"history {{ totalCount nodes {{ edition {{ {EDITION} }} }} }}"
    if "claims" in known:
        claim = f"{CLAIM} passages {{ {QUOTED} }}"
        yield f"claims(first: {MOST if is_whole else CLAIMS}) {{ totalCount nodes {{ {claim} }} }}"
    if "citation" in known:
        for style in CitationStyle:
            yield f"cite{style.name}: citation(style: {style.name}) {{ text csl }}"
    if is_document(name):
        claim = "claim { id field elementField record { id title } }"
        stretch = f"start: $start, end: $end, first: {MOST}"
        yield f"passages({stretch}) {{ nodes {{ {QUOTED} isInHeading {claim} }} }}"


def _head(target: str) -> str:
    titled = " title" if "title" in catalog[target] else ""
    return f"__typename id{titled}{' factuality' * can_be_hedged(target)}"


def _item(target: str) -> str:
    """What a list shows of each of its records; no text as long as a document."""
    noun = nouns().get(target)
    unsearched = noun.unsearched if noun and "text" in noun.unsearched else ()
    left_out = {camel(column) for column in unsearched}
    found = [_head(target)]
    if can_be_hedged(target) and (noun is None or noun.explained):
        found.append(f"hedges {HEDGE}")
    apart = _shown_apart(target) | left_out
    for field, declared in catalog[target].items():
        if field in apart:
            continue
        if isinstance(declared, ColumnField):
            found.append(field)
        elif isinstance(declared, Value):
            found.append(_value(field, declared))
        elif isinstance(declared, Relation) and declared.single | declared.required:
            found.append(f"{field} {{ {_head(declared.target)} }}")
    return " ".join(found)


def _value(field: str, value: Value) -> str:
    parts = []
    for part in value_fields(value.kind):
        inner = " ".join(map(camel, parts_of(value.kind, part)))
        parts.append(f"{camel(part)} {{ {inner} }}" if inner else camel(part))
    return f"{field} {{ {' '.join(parts)} }}"
