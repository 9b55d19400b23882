"""Drafts: the claims and links that the entries of a dossier make, with their passages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from enum import Enum
from typing import Any

from pydantic import BaseModel

from schema.dossiers.draft import ClaimDraft, Coding, LinkDraft, PassageDraft, slug
from schema.dossiers.format import Evidence, FieldClaim, Quote, columns
from schema.dossiers.quotes import ambiguous, missing, places
from schema.dossiers.yaml_source import Path as YamlPath
from schema.model.intervals import mistake, reversed_spans
from schema.model.noun import Versioned, camel
from schema.model.reflection import link_lists, references
from schema.model.registry import noun_of, prefix_of
from schema.model.values import PartialDate, ValueObject
from schema.nouns.claim import SILENCES, ClaimOrigin, ClaimStatus, Factuality


class DossierCompiler:
    """Makes the claims and links of a coding; what cannot be made becomes a finding."""

    def __init__(self, coding: Coding) -> None:
        self.coding, self.lines = coding, coding.lines

    def refuse(self, path: YamlPath, name: str, wrong: str, right: str = "") -> None:
        """One more finding."""
        self.coding.findings.append(self.lines.error(path, name, wrong, right))

    def find(self, quote: Quote, path: YamlPath, name: str) -> PassageDraft | None:
        """Where a quote stands; a finding when it stands nowhere, or in several places."""
        text = self.coding.text
        starts = places(quote, text)
        if len(starts) == 1:
            return PassageDraft(quote.exact, starts[0], starts[0] + len(quote.exact))
        if text:
            self.refuse(path, name, *(ambiguous(quote, text) if starts else missing(quote, text)))
        return None

    def _evidence(self, given: Evidence, path: YamlPath, name: str) -> list[PassageDraft]:
        quotes = [
            *([(given.quote, (*path, "quote"))] if given.quote else []),
            *((quote, (*path, "quotes", index)) for index, quote in enumerate(given.quotes)),
        ]
        found = [self.find(quote, place, name) for quote, place in quotes]
        origin = _origin(given)
        if given.status not in SILENCES:
            if given.preferred and given.factuality is Factuality.DENIED:
                self.refuse(
                    path,
                    name,
                    "no editor can prefer a denial, because it fills nothing.",
                    "Leave out `preferred`, or prefer the claim that gives the value.",
                )
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
        source = self.coding.source_id.partition("/")[2]
        base = f"claim/{source}.{target.replace('/', '.')}.{of}.{print_}"
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
            origin=None if silent else str(_origin(given).value),
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
        for name, given, place in self._given(noun, entry, path):
            value = self._value(noun, name, given, place)
            graph = camel(name)
            self._claim(
                given, record, field or graph, place, value, element, graph if element else None
            )

    def _given(
        self, noun: type[Versioned], entry: Any, path: YamlPath
    ) -> Iterator[tuple[str, FieldClaim[Any], YamlPath]]:
        """What an entry says of each field: the field, the claim, and where it is written."""
        for name in [*columns(noun), *references(noun), *noun.declared.values]:
            for index, given in enumerate(getattr(entry, name, []) or []):
                at = (*path, name, index)
                yield name, given, at if at in self.lines.at else (*path, name)

    def _denied(
        self, noun: type[Versioned], entry: Any, path: YamlPath
    ) -> Iterator[tuple[str, Any]]:
        """The fields of a link that there is not, as the denial names them."""
        for name, given, place in self._given(noun, entry, path):
            self._evidence(given, place, name)
            value = self._value(noun, name, given, place)
            if value is not None:
                yield camel(name), value

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
            self._bounds(kind, made, (*path, "value"), name)
            return made
        kind, _ = columns(noun)[name]
        if value is None and kind is str and quotes:
            return quotes[0].exact
        if value is None:
            self.refuse(path, name, "it needs a value.", "Write {value: …, quote: …}.")
        return _plain(value)

    def _bounds(self, kind: ValueObject, made: dict[str, Any], path: YamlPath, name: str) -> None:
        """Refuses what is no date, and bounds the wrong way round."""
        if wrong := mistake(kind, made):
            part, *told = wrong
            self.refuse((*path, part), name, *told)
            del made[part]

    def _spans(self, noun: type[Versioned], entry: Any, path: YamlPath) -> None:
        """Refuses what ends before it begins by all that the document says."""
        given: dict[str, list[Any]] = {}
        for name in {name for pair in noun.spans for name in pair}:
            claims = [claim for claim in getattr(entry, name) if not _is_denial(claim)]
            values = [claim.value for claim in claims] + [getattr(entry.imported, name, None)]
            dates = [_plain(value) for value in values if value is not None]
            given[name] = [date for date in dates if not mistake(PartialDate, date)]
        for start, first, end, last in reversed_spans(noun, given):
            wrong = f"it ends on {last}, before {start}, which is {first} at the earliest."
            self.refuse((*path, end), end, wrong, f"Let {end} be the later one.")

    def record(self, id: str, entry: Any, path: YamlPath) -> None:
        """The claims and links of one record."""
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
        self._spans(noun, entry, path)
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
                    if name in value:
                        self._bounds(declared.kind, value[name], (*path, "imported", name), name)
                value = {camel(name): part for name, part in value.items()}
            claim = self._claim(given, id, None, (*path, "claims", index), value)
            if given.origin is ClaimOrigin.IMPORTED and not _is_denial(given):
                covering = claim.id
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
        told = {camel(key): value for key, value in values.items()}
        for key, relation in references(link).items() if plain else ():
            values[relation.key] = told[camel(key)] = id = getattr(given, key)
            self.coding.references.append((id, relation.target, (*path, key), f"{name}.{key}"))
        if _is_denial(given):
            # There is no such link, so the claim is of the field.
            told |= dict(self._denied(link, given, path)) if not plain else {}
            self._claim(given, record, camel(name), path, told)
            return
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
        id = f"{prefix_of(link)}/{record.replace('/', '.')}.{ending}"
        if id in self.coding.links:
            first = self.lines.line(self.coding.links[id].path)
            self.refuse(
                path, name, f"'{id}' stands twice, first on line {first}.", "Give each its own key."
            )
            return
        hedged = given.factuality is not Factuality.ASSERTED
        evident = bool(given.all_quotes or given.basis or hedged)
        covered = covering if not evident else None
        self.coding.links[id] = LinkDraft(id, record, values, covered, path)
        if covered is None:
            self._claim(given, record, camel(name), path, told, id, None)
        if not plain:
            self._fields(link, given, id, path, record, camel(name))


def _is_denial(given: Evidence) -> bool:
    return given.status not in SILENCES and given.factuality is Factuality.DENIED


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
