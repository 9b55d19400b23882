"""The page of one record: everything that its template shows, made from the graph's answer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.page import annotation, wording
from api.page.claims import Group, groups, reasons
from api.page.formatting import (
    described,
    display_value,
    hedged,
    hedges,
    is_link,
    item,
    with_fields,
)
from api.page.query import can_be_hedged, fields, is_document
from api.page.wording import DisplayValue, Item
from schema.evidence.citation import CitationStyle
from schema.graph.catalog import catalog
from schema.model.factuality import CONFIRMED, Factuality
from schema.model.fields import Relation
from schema.model.ids import unqualified
from schema.model.noun import camel

PART = 60_000
"""How many code points of a long text one page shows."""
INLINE = 8
"""How many entries of a list stand open; a longer list is folded up."""
STYLES = {"CHICAGO": "Chicago", "BIBTEX": "BibTeX"}
"""Styles that are not called by capital letters."""


@dataclass(frozen=True)
class Row:
    """One line of the table: a field with its value, its list, or the reason why it is empty."""

    name: str
    label: str
    description: str
    value: DisplayValue | None = None
    entries: tuple[Item, ...] = ()
    reason: str | None = None
    total: int = 0
    claims: int = 0

    @property
    def is_long(self) -> bool:
        """Whether its list is folded up."""
        return len(self.entries) > INLINE


@dataclass(frozen=True)
class Quoted:
    """Words of the text, and the claims that rest on them."""

    exact: str
    fragment: str
    claims: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Document:
    """A source's text, or one part of a long one."""

    paragraphs: Sequence[annotation.Paragraph]
    quoted: Sequence[Quoted]
    part: int
    parts: int
    is_hidden: bool
    checked: Sequence[tuple[str, int]]
    """How many claims were held against the words that they quote, by what came of it."""


@dataclass
class Page:
    """One record, ready to be shown."""

    id: str
    type: str
    noun: str
    description: str
    title: str
    is_composed: bool
    hedge: str | None
    """How it is less than asserted, as a sentence."""
    permalink: str
    language: str | None
    rows: list[Row]
    lists: list[Row]
    groups: list[Group]
    silences: list[Group]
    claims: int
    hidden_claims: int
    quotes: Sequence[Mapping[str, Any]]
    document: Document | None
    lineages: int | None
    progress: Sequence[Mapping[str, Any]]
    history: Sequence[Mapping[str, Any]]
    hidden_history: int
    citations: list[tuple[str, str]]
    csl: str
    newest: Mapping[str, Any] = field(default_factory=dict)
    read: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id_alone(self) -> str:
        """Its id without the edition."""
        return unqualified(self.id)

    @property
    def contested(self) -> list[Group]:
        """The fields of which sources say different things."""
        return [group for group in self.groups if group.is_contested]


def page_of(record: Mapping[str, Any], base_url: str, part: int, checks: Mapping[str, Any]) -> Page:
    """The page of a record as the graph answered; of a source, with what its checks came to."""
    record = with_fields(record)
    type, id = record["__typename"], record["id"]
    claims, changes = (_listed(record, *names) for names in (["claims"], ["changes", "history"]))
    shown = claims["nodes"]
    rows, lists = _rows(record, shown)
    titles = dict(_titles(record))
    grouped = groups(type, shown, fields(type), is_link(type), titles)
    return Page(
        id=id,
        type=type,
        noun=wording.label(type),
        description=described(type),
        title=record.get("title")
        or record.get("exact")
        or wording.label(unqualified(id).replace("/", " ")),
        is_composed=record.get("titleOrigin") == "COMPOSED",
        hedge=_hedge(record),
        permalink=record.get("url") or f"{base_url}/{id}",
        language=record.get("language") if is_document(type) else None,
        rows=rows,
        lists=lists,
        groups=[group for group in grouped if not group.is_silence],
        silences=[group for group in grouped if group.is_silence],
        claims=claims["totalCount"],
        hidden_claims=claims["totalCount"] - len(shown),
        quotes=_quotes(record),
        document=_document(record, part, checks) if is_document(type) else None,
        lineages=record.get("lineageCount"),
        progress=record.get("progress") or (),
        history=changes["nodes"],
        hidden_history=changes["totalCount"] - len(changes["nodes"]),
        citations=_citations(record),
        csl=_csl(record),
    )


def _listed(record: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """The first of some lists that a record has, with how long it is."""
    lists = (record[name] for name in names if name in record)
    return next(lists, {"nodes": [], "totalCount": 0})


def _hedge(record: Mapping[str, Any]) -> str | None:
    """What the head of a record says of it that no source presents as a fact."""
    factuality = record.get("factuality")
    words = wording.hedge(factuality)
    if not can_be_hedged(record["__typename"]) or words is None or factuality is None:
        return None
    meaning = Factuality(factuality).description
    uncounted = "" if factuality in CONFIRMED else " It is counted apart from what is confirmed."
    return f"{words.capitalize()} only: {meaning[:1].lower()}{meaning[1:]}{uncounted}"


def _titles(value: Any) -> Iterator[tuple[str, str]]:
    """The title of every record that an answer holds, by id."""
    if isinstance(value, list):
        for each in value:
            yield from _titles(each)
    elif isinstance(value, dict):
        if value.get("id") and value.get("title"):
            yield unqualified(value["id"]), value["title"]
        for each in value.values():
            yield from _titles(each)


def _rows(
    record: Mapping[str, Any], claims: Sequence[Mapping[str, Any]]
) -> tuple[list[Row], list[Row]]:
    """The lines of the table, and the lists that stand apart from it."""
    type = record["__typename"]
    found = reasons(claims, is_link(type))
    counted = Counter(
        claim["elementField"] if is_link(type) else claim["field"] for claim in claims
    )
    unsure = hedges(record)
    rows = [
        _row(record, name, found.get(name), counted[name], unsure.get(name))
        for name in fields(type)
        if name in record and not (name == "text" and is_document(type))
    ]
    shown = [
        row
        for row in rows
        if (row.value or row.entries or row.reason) and not _repeats(type, row, rows)
    ]
    apart = [row for row in shown if _is_long(type, row.name)]
    return [row for row in shown if row not in apart], apart


def _row(
    record: Mapping[str, Any], name: str, reason: str | None, claims: int, hedge: str | None
) -> Row:
    """One field of a record."""
    type, value = record["__typename"], record[name]
    head = (name, wording.label(name), described(type, name))
    declared = catalog[type][name]
    if isinstance(declared, Relation) and not (declared.single or declared.required):
        nodes = value["nodes"] if declared.paged else value
        fixed = frozenset(camel(column) for column, _ in declared.where)
        entries = tuple(item(node, record["id"], fixed) for node in nodes)
        total = value["totalCount"] if declared.paged else len(nodes)
        return Row(*head, entries=entries, reason=reason, total=total, claims=claims)
    if value is None:
        return Row(*head, reason=reason, claims=claims)
    return Row(*head, value=hedged(display_value(type, name, value), hedge), claims=claims)


def _is_long(type: str, name: str) -> bool:
    """Whether a list may be very long."""
    declared = catalog[type][name]
    return isinstance(declared, Relation) and declared.indexed


def _repeats(type: str, row: Row, rows: Sequence[Row]) -> bool:
    """Whether a list says only what the finer lists of the same records say already."""
    declared = catalog[type][row.name]
    if not isinstance(declared, Relation) or declared.where:
        return False
    finer = {
        each.own or each.value.id
        for other in rows
        if isinstance(beside := catalog[type][other.name], Relation)
        and (beside.target, beside.by) == (declared.target, declared.by)
        and beside.where
        for each in other.entries
    }
    return bool(row.entries) and {each.own or each.value.id for each in row.entries} <= finer


def _quotes(record: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The passages that a record itself is, or that it rests on alone."""
    if "exact" in record:
        return [record]
    return record.get("passages") or () if not is_document(record["__typename"]) else ()


def _document(record: Mapping[str, Any], part: int, checks: Mapping[str, Any]) -> Document:
    """The text of a source, its passages marked, and what rests on each of them."""
    text = record["text"] or ""
    passages = record["passages"]["nodes"]
    start = (part - 1) * PART
    quoted: dict[tuple[int, int], list[Mapping[str, Any]]] = {}
    for passage in passages:
        quoted.setdefault((passage["start"], passage["end"]), []).append(passage)
    return Document(
        annotation.paragraphs(text, passages, start, start + PART),
        [
            Quoted(
                same[0]["exact"],
                annotation.name(same[0]),
                tuple({passage["claim"]["id"]: passage["claim"] for passage in same}.values()),
            )
            for same in quoted.values()
        ],
        part,
        max(1, -(-len(text) // PART)),
        record["text"] is None,
        [(support, counted["totalCount"]) for support, counted in checks.items()],
    )


def _citations(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The citation in each style."""
    found = [(style.name, record.get(f"cite{style.name}")) for style in CitationStyle]
    return [(STYLES.get(style, style), cited["text"]) for style, cited in found if cited]


def _csl(record: Mapping[str, Any]) -> str:
    """The item for reference managers, whatever the style."""
    cited = next((record[key] for key in record if key.startswith("cite")), None)
    return json.dumps(cited["csl"], ensure_ascii=False, indent=2) if cited else ""
