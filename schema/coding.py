"""From a dossier to claims and links: every quote found in the text, every mistake named."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from schema.claim import SILENCES, ClaimOrigin, ClaimStatus
from schema.dossier import (
    Evidence,
    FieldClaim,
    Quote,
    coded,
    columns,
    entry_of,
    link_lists,
    references,
    source_entry,
)
from schema.errors import DossierError, DossierRefusedError, nearest
from schema.lines import Lines, parse
from schema.lines import Path as YamlPath
from schema.noun import Versioned, camel, nouns
from schema.value import PartialDate

CONTEXT = 24
"""How many characters a passage shows before and after its words."""


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
    origin: str
    basis: str | None
    factuality: str | None
    is_preferred: bool
    passages: list[PassageDraft]
    path: YamlPath

    @property
    def target(self) -> str:
        """The record or link whose row the claim fills."""
        return self.element_id or self.record_id

    @property
    def target_field(self) -> str | None:
        """The field of that row."""
        return self.element_field if self.element_id else self.field


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
    """A whole dossier, ready to be weighed against what is published."""

    file: str
    summary: str
    source_id: str
    evident: dict[str, Any]
    lines: Lines
    headings: list[tuple[int, int]] = field(default_factory=list)
    claims: dict[str, ClaimDraft] = field(default_factory=dict)
    links: dict[str, LinkDraft] = field(default_factory=dict)
    records: dict[str, YamlPath] = field(default_factory=dict)
    references: list[tuple[str, str, YamlPath, str]] = field(default_factory=list)
    """Ids that must exist: id, noun wanted, where it is written, field."""
    findings: list[DossierError] = field(default_factory=list)
    """What is wrong with the dossier itself; publishing adds what the database knows."""
    refused: set[str] = field(default_factory=set)
    """Records of which a part was refused, so that nobody misses that part."""

    @property
    def text(self) -> str:
        """The text of the document."""
        return str(self.evident["text"])

    @cached_property
    def fingerprint(self) -> str:
        """What makes two dossiers the same."""
        claims = [
            [c.id, c.basis, c.factuality, c.origin, c.is_preferred, c.stated]
            + [passage.start for passage in c.passages]
            for c in self.claims.values()
        ]
        links = [[link.id, link.values] for link in self.links.values()]
        parts = [self.source_id, self.evident, claims, links, self.headings]
        return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def slug(text: str) -> str:
    """Text as a part of an id: ASCII where it can be, else a fingerprint."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    letters = sum(character.isalnum() for character in text)
    if len(made.replace("-", "")) >= letters and len(made) <= 60:
        return made
    print_ = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{made[:40].strip('-')}-{print_}".strip("-")


def noun_of(id: str) -> type[Versioned] | None:
    """The noun that an id belongs to."""
    by_prefix = {str(noun.__tablename__): noun for noun in nouns().values()}
    return by_prefix.get(id.partition("/")[0])


def read_dossier(folder: Path) -> Coding:
    """The coding in a dossier's folder, with its findings; what is no YAML is refused at once."""
    file = folder / "dossier.yaml" if folder.is_dir() else folder
    if not file.is_file():
        raise DossierRefusedError(
            [
                DossierError(
                    str(file),
                    1,
                    "dossier",
                    "there is no such file.",
                    "A dossier is a folder with a dossier.yaml and the text it codes.",
                )
            ]
        )
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = f"the file is not UTF-8 at byte {error.start}."
        finding = DossierError(str(file), 1, "YAML", wrong, "Save it as UTF-8.")
        raise DossierRefusedError([finding]) from error
    data, lines, findings = parse(text, str(file))
    if findings:
        raise DossierRefusedError(findings)
    return Coder(lines, file.parent).code(data)


class Coder:
    """Reads one dossier; collects findings instead of stopping at the first."""

    def __init__(self, lines: Lines, folder: Path | None = None, text: str | None = None) -> None:
        self.lines, self.folder, self.text = lines, folder, text
        self.findings: list[DossierError] = []
        self.refused: set[str] = set()
        self.coding: Coding

    def code(self, data: Any) -> Coding:
        """The coding of a dossier's data, with every finding."""
        if not isinstance(data, dict):
            self.refuse(
                (), "dossier", "it is not a mapping.", "It holds summary, source and records."
            )
            data = {}
        for key in data.keys() - {"summary", "source", "records"}:
            near = nearest(str(key), ["summary", "source", "records"])
            self.refuse(
                (key,),
                str(key),
                "a dossier has no such field.",
                f"Did you mean '{near}'?" if near else "It holds summary, source and records.",
            )
        summary = data.get("summary")
        if not isinstance(summary, str) or not summary.strip():
            self.refuse(
                ("summary",),
                "summary",
                "it is missing.",
                "Say in one line what the dossier publishes.",
            )
        source: Any = self.validate(source_entry(), data.get("source", {}), ("source",))
        self._source(source, str(summary))
        records = data.get("records") or {}
        if not isinstance(records, dict):
            self.refuse(
                ("records",), "records", "it is not a mapping.", "Write `id: {…}` for each record."
            )
            records = {}
        entries: list[tuple[str, Any, YamlPath]] = []
        if source is not None:
            entries.append((source.id, source, ("source",)))
        for id, given in records.items():
            path: YamlPath = ("records", id)
            noun = self._noun(id, path)
            entry = self.validate(entry_of(noun), given or {}, path) if noun else None
            self.coding.records[str(id)] = path
            if entry is not None:
                entries.append((id, entry, path))
        for id, entry, path in entries:
            self.coding.records[id] = path
            self._record(id, entry, path)
        self.coding.findings = self.findings
        self.coding.refused = self.refused
        return self.coding

    def refuse(self, path: YamlPath, name: str, wrong: str, right: str = "") -> None:
        """One more finding."""
        self.findings.append(self.lines.error(path, name, wrong, right))

    def validate(self, model: type[BaseModel], given: Any, path: YamlPath) -> Any:
        """The validated entry without the fields that are refused; None when too little is left."""
        try:
            return model.model_validate(given)
        except ValidationError as error:
            mistakes = error.errors()
        for mistake in mistakes:
            self._explain(model, mistake, path)
        wrong = {mistake["loc"][0] for mistake in mistakes if mistake["loc"]}
        if not isinstance(given, dict) or not wrong & given.keys():
            return None
        self.refused.add(str(path[-1]))
        try:
            return model.model_validate(
                {key: part for key, part in given.items() if key not in wrong}
            )
        except ValidationError:
            return None

    def _explain(self, model: type[BaseModel], mistake: Any, path: YamlPath) -> None:
        inside = mistake["loc"]
        place, given = (*path, *inside), mistake.get("input")
        name = ".".join(str(part) for part in inside if isinstance(part, str)) or str(path[-1])
        kind = mistake["type"]
        if kind == "extra_forbidden":
            owner: Any = model
            for part in inside[:-1]:
                owner = _inner(owner, part)
            known = list(owner.model_fields) if owner else []
            near = nearest(str(inside[-1]), known)
            self.refuse(
                place,
                name,
                f"there is no field '{inside[-1]}'.",
                f"Did you mean '{near}'?" if near else f"It has {', '.join(known)}.",
            )
        elif kind == "enum":
            choices = [
                word.strip(" '")
                for word in mistake["ctx"]["expected"].replace(" or ", ", ").split(",")
            ]
            near = nearest(str(given), choices)
            self.refuse(
                place,
                name,
                f"'{given}' is not one of {', '.join(choices)}.",
                f"Did you mean '{near}'?" if near else "",
            )
        elif kind == "value_error":
            self.refuse(place, name, f"{mistake['ctx']['error']}.")
        elif kind == "missing":
            self.refuse(place, name, "it is missing.")
        else:
            self.refuse(
                place,
                name,
                f"{mistake['msg']}, not {json.dumps(given, ensure_ascii=False, default=str)[:80]}.",
            )

    def _noun(self, id: Any, path: YamlPath) -> type[Versioned] | None:
        prefix, _, rest = str(id).partition("/")
        noun = coded().get(prefix)
        if noun is None or noun.__name__ == "Source":
            choices = [choice for choice in coded() if choice != "source"]
            near = nearest(prefix, choices)
            self.refuse(
                path,
                str(id),
                f"'{prefix}' is no noun.",
                f"Did you mean '{near}/{rest}'?" if near else f"Nouns: {', '.join(choices)}.",
            )
            return None
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rest):
            self.refuse(
                path,
                str(id),
                f"'{rest}' is no slug.",
                f"Write it like '{prefix}/{slug(rest) or 'south-korea'}'.",
            )
            return None
        return noun

    def _source(self, source: Any, summary: str) -> None:
        name = source.file if source is not None else None
        text = self.text if self.text is not None else ""
        if self.text is None and name is not None and self.folder is not None:
            try:
                text = (self.folder / name).read_bytes().decode("utf-8")
            except OSError:
                self.refuse(
                    ("source", "file"),
                    "source.file",
                    f"'{name}' is not beside the dossier.",
                    "Put the text there.",
                )
            except UnicodeDecodeError as error:
                self.refuse(
                    ("source", "file"),
                    "source.file",
                    f"'{name}' is not UTF-8 at byte {error.start}.",
                    "Save it as UTF-8.",
                )
            if "\0" in text:
                self.refuse(
                    ("source", "file"),
                    "source.file",
                    f"'{name}' holds a NUL character, which a database cannot keep.",
                    "Save it without.",
                )
        digest = hashlib.sha256(text.encode()).hexdigest()
        if source is not None and source.sha256 and text and source.sha256 != digest:
            self.refuse(
                ("source", "sha256"),
                "source.sha256",
                f"the text has {digest}.",
                "Either the text or the sum was changed.",
            )
        self.coding = Coding(
            file=self.lines.file,
            summary=summary,
            source_id=source.id if source is not None else "source/refused",
            evident={"text": text, "sha256": digest, "file": name},
            lines=self.lines,
        )
        for index, quote in enumerate(source.headings if source is not None else []):
            found = self._find(quote, ("source", "headings", index), "source.headings")
            if found:
                self.coding.headings.append((found.start, found.end))

    def _find(self, quote: Quote, path: YamlPath, name: str) -> PassageDraft | None:
        text = self.coding.text
        whole = quote.prefix + quote.exact + quote.suffix
        starts = _places(whole, text)
        if len(starts) == 1:
            start = starts[0] + len(quote.prefix)
            return PassageDraft(quote.exact, start, start + len(quote.exact))
        if not text:
            return None
        shown = quote.exact if len(quote.exact) <= 60 else quote.exact[:57] + "…"
        if not starts:
            folded = (
                text.translate(_CURLY).casefold().find(quote.exact.translate(_CURLY).casefold())
            )
            like = text[folded : folded + len(quote.exact)] if folded >= 0 else ""
            if like and like != quote.exact:
                right = f"The text has '{like}'."
            else:
                right = (
                    "Its prefix or suffix does not fit."
                    if quote.exact in text
                    else "Copy the words from the text."
                )
            self.refuse(path, name, f"the text does not hold '{shown}'.", right)
            return None
        places = "; ".join(
            f"{start}: …{text[max(0, start - 16) : start + len(whole) + 16]}…".replace("\n", " ")
            for start in starts[:5]
        )
        self.refuse(
            path,
            name,
            f"'{shown}' stands {len(starts)} times in the text ({places}).",
            "Single it out by a prefix or suffix.",
        )
        return None

    def _evidence(self, given: Evidence, path: YamlPath, name: str) -> list[PassageDraft]:
        quotes = [
            *([(given.quote, (*path, "quote"))] if given.quote else []),
            *((quote, (*path, "quotes", index)) for index, quote in enumerate(given.quotes)),
        ]
        found = [self._find(quote, place, name) for quote, place in quotes]
        origin = _origin(given)
        if given.status not in SILENCES:
            if origin is ClaimOrigin.STATED and not quotes:
                self.refuse(
                    path,
                    name,
                    "a value that the source states needs a quote.",
                    "Give the passage, or a basis for an inference.",
                )
            if origin in (ClaimOrigin.INFERRED, ClaimOrigin.EXTERNAL) and not given.basis:
                self.refuse(
                    path, name, f"an {origin.value} value needs a basis.", "Write why it is so."
                )
        return [passage for passage in found if passage]

    def _claim(
        self,
        given: Evidence,
        record_id: str,
        field: str | None,
        path: YamlPath,
        value: Any,
        element: str | None = None,
        element_field: str | None = None,
    ) -> ClaimDraft:
        name = ".".join(part for part in (field, element_field) if part) or "claims"
        passages = self._evidence(given, path, name)
        silent = given.status in SILENCES
        stated = given.stated
        if stated is None and passages and not silent:
            stated = passages[0].exact
        target = element or record_id
        of = (element_field if element else field) or "record"
        value = None if silent else value
        print_ = hashlib.sha256(
            json.dumps(
                [given.status.value, value, [p.exact for p in passages]],
                sort_keys=True,
                default=str,
            ).encode()
        ).hexdigest()[:6]
        base = f"claim/{self.coding.source_id.partition('/')[2]}.{target.replace('/', '.')}.{of}.{print_}"
        id, again = base, 1
        while id in self.coding.claims:
            again += 1
            id = f"{base}-{again}"
        claim = ClaimDraft(
            id=id,
            record_id=record_id,
            field=field,
            element_id=element,
            element_field=element_field,
            stated=stated,
            value=value,
            status=str(given.status.value),
            origin=str(_origin(given).value),
            basis=given.basis,
            factuality=None if silent else str(given.factuality.value),
            is_preferred=given.preferred,
            passages=passages,
            path=path,
        )
        self.coding.claims[id] = claim
        return claim

    def _fields(
        self,
        noun: type[Versioned],
        entry: Any,
        id: str,
        path: YamlPath,
        record: str,
        field: str | None,
    ) -> None:
        """The claims of the fields of a record, or of a link that belongs to it."""
        element = id if id != record else None
        pointing = references(noun)
        for name in [*columns(noun), *pointing, *noun.declared.values]:
            for index, given in enumerate(getattr(entry, name, []) or []):
                place = (
                    (*path, name, index) if (*path, name, index) in self.lines.at else (*path, name)
                )
                value = self._value(noun, name, given, place)
                graph = camel(name)
                self._claim(
                    given, record, field or graph, place, value, element, graph if element else None
                )

    def _value(
        self, noun: type[Versioned], name: str, given: FieldClaim[Any], path: YamlPath
    ) -> Any:
        value = given.value
        if given.status in SILENCES:
            if value is not None:
                self.refuse(
                    path,
                    name,
                    f"a {given.status.value} field has no value.",
                    "Leave out the value or the status.",
                )
            return None
        quotes = given.all_quotes
        if name in references(noun):
            if value is None:
                self.refuse(
                    path,
                    name,
                    "it needs the id of a record as its value.",
                    "Write {value: noun/slug, quote: …}.",
                )
                return None
            target = references(noun)[name].target
            self.coding.references.append((value, target, (*path, "value"), name))
            return value
        if name in noun.declared.values:
            kind = noun.declared.values[name].kind
            stated = given.stated or (quotes[0].exact if quotes else None)
            made = {"stated": stated} | (_plain(value) if value else {})
            if kind is PartialDate:
                self._date(made, (*path, "value"), name)
            return made
        kind, _ = columns(noun)[name]
        if value is None and kind is str and quotes:
            return quotes[0].exact
        if value is None:
            self.refuse(path, name, "it needs a value.", "Write {value: …, quote: …}.")
        return _plain(value)

    def _date(self, made: dict[str, Any], path: YamlPath, name: str) -> None:
        try:
            PartialDate.of(**made)
        except ValueError as error:
            self.refuse((*path, "edtf"), name, f"{error}.")
            del made["edtf"]

    def _record(self, id: str, entry: Any, path: YamlPath) -> None:
        noun = noun_of(id)
        assert noun is not None
        covering = self._whole(id, noun, entry, path)
        title = entry.title
        if isinstance(title, str):
            composed = FieldClaim[str](value=title, basis="Made from the record's parts.")
            self._claim(composed, id, "title", (*path, "title"), title)
        elif title is not None:
            value = title.value or (title.all_quotes[0].exact if title.all_quotes else "")
            self._claim(title, id, "title", (*path, "title"), value)
        self._fields(noun, entry, id, path, id, None)
        for name, link, role in link_lists(noun):
            given_links = getattr(entry, name, [])
            for index, given in enumerate(given_links):
                place = (
                    (*path, name, index) if (*path, name, index) in self.lines.at else (*path, name)
                )
                if given.silence:
                    silence = FieldClaim[str](status=ClaimStatus(given.silence.value))
                    self._claim(silence, id, camel(name), place, None)
                else:
                    self._link(id, name, link, role, given, place, covering)

    def _whole(self, id: str, noun: type[Versioned], entry: Any, path: YamlPath) -> str | None:
        covering = None
        for index, given in enumerate(entry.claims):
            value = _plain(given.value)
            if given.origin is ClaimOrigin.IMPORTED and entry.imported is not None:
                value = _plain(entry.imported)
                for name, relation in references(noun).items():
                    if name in value:
                        place = (*path, "imported", name)
                        self.coding.references.append((value[name], relation.target, place, name))
                for name, declared in noun.declared.values.items():
                    if name in value and declared.kind is PartialDate:
                        self._date(value[name], (*path, "imported", name), name)
            claim = self._claim(given, id, None, (*path, "claims", index), value)
            covering = claim.id if given.origin is ClaimOrigin.IMPORTED else covering
        return covering

    def _link(
        self,
        record: str,
        name: str,
        link: type[Versioned],
        role: str | None,
        given: Any,
        path: YamlPath,
        covering: str | None,
    ) -> None:
        plain = not link.explained
        values = _plain({key: getattr(given, key, None) for key in columns(link)}) if plain else {}
        if role:
            values["role"] = role
        for key, relation in references(link).items() if plain else ():
            values[relation.key] = getattr(given, key)
            self.coding.references.append(
                (values[relation.key], relation.target, (*path, key), f"{name}.{key}")
            )
        parts = [str(values[part]) for part in link.slug_from if values.get(part)]
        if not plain:
            stated = [
                getattr(given, part, None) or [] for part in link.slug_from if hasattr(given, part)
            ]
            parts = [
                str(found[0].value or (found[0].all_quotes or [Quote(exact="none")])[0].exact)
                for found in stated
                if found
            ]
        ending = given.key or ".".join(slug(part.replace("/", " ")) for part in parts)
        if not ending:
            self.refuse(
                path,
                name,
                "it needs a key, because nothing in it makes an id.",
                "Write key: some-slug.",
            )
            return
        id = f"{link.__tablename__}/{record.replace('/', '.')}.{ending}"
        if id in self.coding.links:
            first = self.lines.line(self.coding.links[id].path)
            self.refuse(
                path, name, f"'{id}' stands twice, first on line {first}.", "Give each its own key."
            )
            return
        evident = bool(given.all_quotes or given.basis)
        covered = covering if not evident else None
        self.coding.links[id] = LinkDraft(id, record, values, covered, path)
        if covered is None:
            self._claim(given, record, camel(name), path, values, id, None)
        if not plain:
            self._fields(link, given, id, path, record, camel(name))


def _places(part: str, text: str) -> list[int]:
    """Where a text holds another, overlaps included."""
    found, start = [], text.find(part)
    while start >= 0:
        found.append(start)
        start = text.find(part, start + 1)
    return found


_CURLY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})


def _origin(given: Evidence) -> ClaimOrigin:
    return given.origin or (ClaimOrigin.INFERRED if given.basis else ClaimOrigin.STATED)


def _plain(value: Any) -> Any:
    """A validated value as JSON holds it."""
    if isinstance(value, BaseModel):
        return {key: _plain(part) for key, part in value if part is not None}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if part is not None}
    return value


def _inner(model: Any, part: Any) -> Any:
    """The model inside a field of a model, for naming the fields it has."""
    if model is None or isinstance(part, int):
        return model
    annotation = getattr(model.model_fields.get(part), "annotation", None)
    found = _models(annotation)
    return found[0] if found else None


def _models(annotation: Any) -> list[Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models(part)]
