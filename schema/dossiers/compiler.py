"""Compiles the entries of a dossier: to claims and links, with the passages they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

from pydantic import BaseModel

from schema.dossiers.claims import ClaimCompiler
from schema.dossiers.draft import Coding, LinkDraft, link_id
from schema.dossiers.evidence import FieldClaim, Silence
from schema.dossiers.format import coded_columns, coded_fields
from schema.dossiers.yaml_source import Path as YamlPath
from schema.model.factuality import Factuality
from schema.model.intervals import mistake, reversed_spans
from schema.model.noun import Versioned, camel
from schema.model.reflection import link_lists, references
from schema.model.registry import known
from schema.model.values import PartialDate, ValueObject
from schema.nouns.claim import ClaimOrigin, ClaimStatus


class DossierCompiler:
    """Makes the claims and links of a coding; what cannot be made becomes a finding."""

    def __init__(self, coding: Coding) -> None:
        self.coding = coding
        self.lines = coding.findings.lines
        self.refuse = coding.findings.refuse
        self.claims = ClaimCompiler(coding)

    def record(self, id: str, entry: Any, path: YamlPath) -> None:
        """The claims and links of one record."""
        noun = known(id)
        covering = self._claims_as_whole(id, noun, entry, path)
        if id == self.coding.source_id and self.coding.is_withheld:
            reason = FieldClaim[str](status=ClaimStatus.WITHHELD)
            self.claims.add(reason, id, "text", (*path, "text"), None)
        title = entry.title
        if isinstance(title, str):
            composed = FieldClaim[str](value=title, basis="Made from the record's parts.")
            self.claims.add(composed, id, "title", (*path, "title"), title)
        elif title is not None:
            value = title.value or title.first_words or ""
            self.claims.add(title, id, "title", (*path, "title"), value)
        for name, claim, at in self._field_claims(noun, entry, path):
            self.claims.add(claim, id, camel(name), at, self._value(noun, name, claim, at))
        self._check_spans(noun, entry, path)
        for name, link, role in link_lists(noun):
            for index, part in enumerate(getattr(entry, name, [])):
                at = self._item_path(path, name, index)
                if part.silence:
                    silence = FieldClaim[str](status=ClaimStatus(part.silence.value))
                    self.claims.add(silence, id, camel(name), at, None)
                else:
                    self._link(id, name, link, role, part, at, covering)

    def _field_claims(
        self, noun: type[Versioned], entry: Any, path: YamlPath
    ) -> Iterator[tuple[str, FieldClaim[Any], YamlPath]]:
        """What an entry says of each field: the field, the claim, and where it is written."""
        for name in coded_fields(noun):
            for index, claim in enumerate(getattr(entry, name, []) or []):
                yield name, claim, self._item_path(path, name, index)

    def _item_path(self, path: YamlPath, name: str, index: int) -> YamlPath:
        """Where an item of a list is written, which may stand alone without a list."""
        item = (*path, name, index)
        return item if item in self.lines.at else (*path, name)

    def _value(
        self, noun: type[Versioned], name: str, claim: FieldClaim[Any], path: YamlPath
    ) -> Any:
        """The value of a field as its claim holds it."""
        value = claim.value
        if claim.is_silence:
            if value is not None:
                wrong = f"a {claim.status.value} field has no value."
                self.refuse(path, name, wrong, "Leave out the value or the status.")
            return None
        if name in references(noun):
            if value is None:
                wrong = "it needs the id of a record as its value."
                self.refuse(path, name, wrong, "Write {value: noun/slug, quote: …}.")
            else:
                target = references(noun)[name].target
                self.coding.references.append((value, target, (*path, "value"), name))
            return value
        if name in noun.declared.values:
            parts = {"stated": claim.stated or claim.first_words} | (_plain(value) if value else {})
            self._check_bounds(noun.declared.values[name].kind, parts, (*path, "value"), name)
            return parts
        if value is None and coded_columns(noun)[name][0] is str and claim.first_words:
            return claim.first_words
        if value is None:
            self.refuse(path, name, "it needs a value.", "Write {value: …, quote: …}.")
        return _plain(value)

    def _check_bounds(
        self, kind: ValueObject, parts: dict[str, Any], path: YamlPath, name: str
    ) -> None:
        """Refuses what is no date, and bounds the wrong way round."""
        if wrong := mistake(kind, parts):
            part, *message = wrong
            self.refuse((*path, part), name, *message)
            del parts[part]

    def _check_spans(self, noun: type[Versioned], entry: Any, path: YamlPath) -> None:
        """Refuses what ends before it begins by all that the document says."""
        dates: dict[str, list[Any]] = {}
        for name in {name for pair in noun.spans for name in pair}:
            values = [claim.value for claim in getattr(entry, name) if not claim.is_denial]
            values.append(getattr(entry.imported, name, None))
            given = [_plain(value) for value in values if isinstance(value, BaseModel)]
            dates[name] = [date for date in given if not mistake(PartialDate, date)]
        for start, first, end, last in reversed_spans(noun, dates):
            wrong = f"it ends on {last}, before {start}, which is {first} at the earliest."
            self.refuse((*path, end), end, wrong, f"Let {end} be the later one.")

    def _claims_as_whole(
        self, id: str, noun: type[Versioned], entry: Any, path: YamlPath
    ) -> str | None:
        """Adds the claims of a record as a whole; gives that of the row of a data set."""
        covering = None
        for index, claim in enumerate(entry.claims):
            value = _plain(claim.value)
            is_row = claim.origin is ClaimOrigin.IMPORTED
            whole = claim
            if is_row and entry.imported is not None:
                value = self._row_values(noun, entry.imported, (*path, "imported"))
                whole = self._of_columns(claim, entry, path)
                self._row_silences(id, claim, entry.imported, (*path, "imported"))
            draft = self.claims.add(whole, id, None, (*path, "claims", index), value)
            if is_row and not claim.is_denial:
                covering = draft.id
        return covering

    def _of_columns(self, claim: Any, entry: Any, path: YamlPath) -> Any:
        """The claim of a row, with the columns that its values come from as its basis."""
        for name in entry.columns.keys() - entry.imported.model_fields_set:
            known = ", ".join(sorted(entry.imported.model_fields_set))
            right = f"Write it under `imported`, or one of {known}."
            self.refuse((*path, "columns", name), "columns", f"the row gives no '{name}'.", right)
        listed = "; ".join(f"{camel(name)}: {column}" for name, column in entry.columns.items())
        basis = " ".join(part for part in (claim.basis, listed and f"Columns: {listed}.") if part)
        return claim.model_copy(update={"basis": basis or None, "origin": ClaimOrigin.IMPORTED})

    def _row_silences(self, id: str, claim: Any, row: BaseModel, path: YamlPath) -> None:
        """Adds why a row gives no value, on the words of the row."""
        for name in sorted(row.model_fields_set):
            cell = getattr(row, name)
            reason = Silence("NOT_STATED") if cell is None else cell
            if isinstance(reason, Silence):
                quotes = {"quote": claim.quote, "quotes": claim.quotes}
                silence = FieldClaim[str](status=ClaimStatus(reason.value), **quotes)
                self.claims.add(silence, id, camel(name), (*path, name), None)

    def _row_values(
        self, noun: type[Versioned], given: BaseModel, path: YamlPath
    ) -> dict[str, Any]:
        """The values that a row of a data set gives, by the names that the graph uses."""
        row: dict[str, Any] = {
            name: _plain(value)
            for name, value in given
            if value is not None and not isinstance(value, Silence)
        }
        for name, relation in references(noun).items():
            if name in row:
                self.coding.references.append((row[name], relation.target, (*path, name), name))
        for name, declared in noun.declared.values.items():
            if name in row:
                self._check_bounds(declared.kind, row[name], (*path, name), name)
        return {camel(name): value for name, value in row.items()}

    def _link(
        self,
        record: str,
        name: str,
        link: type[Versioned],
        role: str | None,
        entry: Any,
        path: YamlPath,
        covering: str | None,
    ) -> None:
        """Adds a link of a record with its claims, or the claim that there is no such link."""
        values: dict[str, Any] = {}
        if not link.explained:
            values = _plain({key: getattr(entry, key, None) for key in coded_columns(link)})
        values |= {"role": role} if role else {}
        content = {camel(key): value for key, value in values.items()}
        for key, relation in references(link).items() if not link.explained else ():
            values[relation.key] = content[camel(key)] = target = getattr(entry, key)
            self.coding.references.append((target, relation.target, (*path, key), f"{name}.{key}"))
        if entry.is_denial:
            # There is no such link, so the claim is of the field.
            content |= dict(self._denied_fields(link, entry, path)) if link.explained else {}
            self.claims.add(entry, record, camel(name), path, content)
            return
        if (id := self._link_id(record, name, link, entry, values, path)) is None:
            return
        hedged = entry.factuality is not Factuality.ASSERTED
        is_covered = not (entry.all_quotes or entry.basis or hedged)
        covered = covering if is_covered else None
        self.coding.links[id] = LinkDraft(id, record, values, covered, path)
        if covered is None:
            self.claims.add(entry, record, camel(name), path, content, id, None)
        if link.explained:
            for key, claim, at in self._field_claims(link, entry, path):
                value = self._value(link, key, claim, at)
                self.claims.add(claim, record, camel(name), at, value, id, camel(key))

    def _denied_fields(
        self, link: type[Versioned], entry: Any, path: YamlPath
    ) -> Iterator[tuple[str, Any]]:
        """The fields of a link that there is not, as the denial names them."""
        for name, claim, at in self._field_claims(link, entry, path):
            self.claims.passages(claim, at, name)
            value = self._value(link, name, claim, at)
            if value is not None:
                yield camel(name), value

    def _link_id(
        self,
        record: str,
        name: str,
        link: type[Versioned],
        entry: Any,
        values: dict[str, Any],
        path: YamlPath,
    ) -> str | None:
        """The id of a link, made of its key or its values; a finding where there is none."""
        if link.explained:
            claims = [getattr(entry, part, None) for part in link.slug_from]
            firsts = [each[0] for each in claims if each]
            parts: list[Any] = [
                _plain(first.value) or first.first_words or "none" for first in firsts
            ]
        else:
            parts = [values.get(part) for part in link.slug_from]
        id = link_id(record, link, [entry.key] if entry.key else parts)
        if id is None:
            wrong = "it needs a key, because nothing in it makes an id."
            self.refuse(path, name, wrong, "Write key: some-slug.")
            return None
        if id in self.coding.links:
            first = self.lines.line(self.coding.links[id].path)
            wrong = f"'{id}' stands twice, first on line {first}."
            self.refuse(path, name, wrong, "Give each its own key.")
            return None
        return id


def _plain(value: Any) -> Any:
    """A validated value as JSON holds it."""
    if isinstance(value, BaseModel):
        return _plain(dict(value))
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value
