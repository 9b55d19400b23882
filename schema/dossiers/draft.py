"""The coding of a document: its claims and links, ready to be published."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from schema.dossiers.yaml_source import Findings
from schema.dossiers.yaml_source import Path as YamlPath
from schema.model.noun import Versioned
from schema.model.registry import prefix_of


@dataclass
class PassageDraft:
    """Where a quote stands in the text."""

    exact: str
    start: int
    end: int


@dataclass
class ClaimDraft:
    """A claim as it will be published, but for what other sources say."""

    id: str
    record_id: str
    field: str | None
    element_id: str | None
    element_field: str | None
    stated: str | None
    value: Any
    status: str
    origin: str | None
    basis: str | None
    factuality: str | None
    point_in_time: str | None
    is_preferred: bool
    passages: list[PassageDraft]
    path: YamlPath

    @property
    def place(self) -> str:
        """The field it is about, and the field of the part of it, where there are any."""
        return ".".join(part for part in (self.field, self.element_field) if part)


@dataclass
class LinkDraft:
    """A link that the dossier gives a record."""

    id: str
    parent_id: str
    values: dict[str, Any]
    covered_by: str | None
    path: YamlPath


@dataclass
class Coding:
    """A whole dossier, ready to be put beside what is published."""

    summary: str
    source_id: str
    evident: dict[str, Any]
    findings: Findings
    """What is wrong with the dossier itself; publishing adds what the database knows."""
    headings: list[tuple[int, int]] = field(default_factory=list)
    claims: dict[str, ClaimDraft] = field(default_factory=dict)
    links: dict[str, LinkDraft] = field(default_factory=dict)
    records: dict[str, YamlPath] = field(default_factory=dict)
    references: list[tuple[str, str, YamlPath, str]] = field(default_factory=list)
    """Ids that must exist: id, noun wanted, where it is written, field."""
    refused: set[str] = field(default_factory=set)
    """Records of which a part was refused, so that nobody misses that part."""

    @property
    def text(self) -> str:
        """The text of the document; empty where it is withheld."""
        return self.evident["text"] or ""

    @property
    def is_withheld(self) -> bool:
        """Whether the text cannot be had."""
        return self.evident["text"] is None

    @cached_property
    def fingerprint(self) -> str:
        """What makes two dossiers the same."""
        claims = [
            [c.id, c.basis, c.factuality, c.origin, c.is_preferred, c.stated, c.point_in_time]
            + [passage.start for passage in c.passages]
            for c in self.claims.values()
        ]
        links = [[link.id, link.values] for link in self.links.values()]
        parts = [self.source_id, self.evident, claims, links, self.headings]
        return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def slug(text: str) -> str:
    """Text as a part of an id: ASCII where it can be, else a fingerprint."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    letters = sum(character.isalnum() for character in text)
    if len(words.replace("-", "")) >= letters and len(words) <= 60:
        return words
    fingerprint = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{words[:40].strip('-')}-{fingerprint}".strip("-")


def link_id(record: str, link: type[Versioned], parts: Iterable[Any]) -> str | None:
    """The id of a link by the values that make it; None where there are none."""
    ending = ".".join(slug(str(part).replace("/", " ")) for part in parts if part)
    return f"{prefix_of(link)}/{record.replace('/', '.')}.{ending}" if ending else None
