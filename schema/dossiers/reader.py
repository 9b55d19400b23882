"""Reads a dossier whole, and names every mistake in it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from schema.dossiers.claims import ClaimCompiler
from schema.dossiers.compiler import DossierCompiler
from schema.dossiers.draft import Coding, slug
from schema.dossiers.format import SLUG, coded, entry_of, source_entry
from schema.dossiers.messages import describe, named, without_repeats
from schema.dossiers.yaml_source import Findings, SourceMap, parse
from schema.dossiers.yaml_source import Path as YamlPath
from schema.errors import DossierError, DossierRefusedError, nearest
from schema.model.noun import Versioned
from schema.model.registry import noun_with, prefix_of
from schema.model.traits import Trait

PARTS = ("summary", "source", "records")
"""What a dossier holds."""


def read_dossier(folder: Path) -> Coding:
    """The coding in a dossier's folder, with its findings; what is no YAML is refused at once."""
    file = folder / "dossier.yaml" if folder.is_dir() else folder
    if not file.is_file():
        right = "A dossier is a folder with a dossier.yaml and the text it codes."
        missing = DossierError(str(file), 1, "dossier", "there is no such file.", right)
        raise DossierRefusedError([missing])
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = f"the file is not UTF-8 at byte {error.start}."
        finding = DossierError(str(file), 1, "YAML", wrong, "Save it as UTF-8.")
        raise DossierRefusedError([finding]) from error
    data, findings = parse(text, str(file))
    if findings:
        raise DossierRefusedError(findings)
    return DossierReader(findings.lines, file.parent).code(data)


class DossierReader:
    """Reads one dossier; collects findings instead of stopping at the first."""

    def __init__(
        self, lines: SourceMap, folder: Path | None = None, text: str | None = None
    ) -> None:
        self.folder, self.text = folder, text
        self.findings = Findings(lines)
        self.refuse = self.findings.refuse
        self.refused: set[str] = set()

    def code(self, data: Any) -> Coding:
        """The coding of a dossier's data, with every finding."""
        if not isinstance(data, dict):
            right = "It holds summary, source and records."
            self.refuse((), "dossier", "it is not a mapping.", right)
            data = {}
        for key in data.keys() - {*PARTS}:
            near = nearest(str(key), [*PARTS])
            right = f"Did you mean '{near}'?" if near else "It holds summary, source and records."
            self.refuse((key,), str(key), "a dossier has no such field.", right)
        summary = data.get("summary")
        if not isinstance(summary, str) or not summary.strip():
            right = "Say in one line what the dossier publishes."
            self.refuse(("summary",), "summary", "it is missing.", right)
        described = data.get("source", {})
        source: Any = self._validated(source_entry(), described, ("source",))
        if self.text is None and isinstance(described, dict) and not _names_text(described):
            right = "Name the file of the text, or write `text: WITHHELD` where it cannot be had."
            self._refuse_file("it is missing.", right)
        coding = self._coding_of(source, str(summary))
        compiler = DossierCompiler(coding)
        entries: list[tuple[str, Any, YamlPath]] = []
        if source is not None:
            entries.append((source.id, source, ("source",)))
        records = data.get("records") or {}
        if not isinstance(records, dict):
            right = "Write `id: {…}` for each record."
            self.refuse(("records",), "records", "it is not a mapping.", right)
            records = {}
        for id, given in records.items():
            path: YamlPath = ("records", id)
            noun = self._noun(id, path)
            entry = self._validated(entry_of(noun), given or {}, path) if noun else None
            coding.records[str(id)] = path
            if entry is not None:
                entries.append((id, entry, path))
        for id, entry, path in entries:
            coding.records[id] = path
            compiler.record(id, entry, path)
        return coding

    def _validated(self, model: type[BaseModel], given: Any, path: YamlPath) -> Any:
        """The validated entry without the fields that are refused; None when too little is left."""
        try:
            return model.model_validate(given)
        except ValidationError as error:
            mistakes = [*without_repeats(model, error.errors())]
        for mistake in mistakes:
            inside = mistake["loc"]
            name = named(inside) or str(path[-1])
            self.refuse((*path, *inside), name, *describe(model, mistake))
        wrong = {mistake["loc"][0] for mistake in mistakes if mistake["loc"]}
        if not isinstance(given, dict) or not wrong & given.keys():
            return None
        self.refused.add(str(path[-1]))
        try:
            return model.model_validate({key: given[key] for key in given if key not in wrong})
        except ValidationError:
            return None

    def _noun(self, id: Any, path: YamlPath) -> type[Versioned] | None:
        """The noun of a record's id; a finding where the id is none of a record."""
        prefix, _, rest = str(id).partition("/")
        source = prefix_of(noun_with(Trait.SOURCE))
        choices = [choice for choice in coded() if choice != source]
        if prefix not in choices:
            near = nearest(prefix, choices)
            right = f"Did you mean '{near}/{rest}'?" if near else f"Nouns: {', '.join(choices)}."
            self.refuse(path, str(id), f"'{prefix}' is no noun.", right)
            return None
        if not re.fullmatch(SLUG, rest):
            right = f"Write it like '{prefix}/{slug(rest) or 'south-korea'}'."
            self.refuse(path, str(id), f"'{rest}' is no slug.", right)
            return None
        return coded()[prefix]

    def _coding_of(self, source: Any, summary: str) -> Coding:
        """The coding of a document, with nothing of its records yet."""
        is_withheld = source is not None and source.text is not None
        name = source.file if source is not None else None
        text = self.text if self.text is not None else self._file_text(name)
        if is_withheld:
            self._check_withheld(source, text)
        elif text is not None and not any(map(str.isalnum, text)):
            right = "Put the text of the document there, or write `text: WITHHELD`."
            self._refuse_file(f"'{name}' holds no words.", right)
        digest = hashlib.sha256((text or "").encode()).hexdigest()
        pinned = source.sha256 if source is not None and not is_withheld else None
        if pinned and text is not None and pinned != digest:
            wrong, right = f"the text has {digest}.", "Either the text or the sum was changed."
            self.refuse(("source", "sha256"), "source.sha256", wrong, right)
        evident = {"text": text or "", "sha256": digest, "file": name}
        coding = Coding(
            findings=self.findings,
            refused=self.refused,
            summary=summary,
            source_id=source.id if source is not None else "source/refused",
            evident=dict.fromkeys(evident) if is_withheld else evident,
        )
        passage = ClaimCompiler(coding).passage
        for index, quote in enumerate(source.headings if source is not None else []):
            heading = passage(quote, ("source", "headings", index), "source.headings")
            if heading:
                coding.headings.append((heading.start, heading.end))
        return coding

    def _check_withheld(self, source: Any, text: str | None) -> None:
        """Refuses a text that is withheld and there all the same."""
        if text is not None and any(map(str.isalnum, text)):
            wrong = f"the text is WITHHELD, and '{source.file}' holds words."
            self._refuse_file(wrong, "Leave out `text: WITHHELD`, or the file.")
        if source.sha256:
            wrong = "the text is WITHHELD, so that nothing has this sum."
            self.refuse(("source", "sha256"), "source.sha256", wrong, "Leave it out.")

    def _file_text(self, name: str | None) -> str | None:
        """The text in the file beside the dossier; None where it cannot be read."""
        if name is None or self.folder is None:
            return None
        try:
            text = (self.folder / name).read_bytes().decode("utf-8")
        except OSError:
            self._refuse_file(f"'{name}' is not beside the dossier.", "Put the text there.")
            return None
        except UnicodeDecodeError as error:
            wrong = f"'{name}' is not UTF-8 at byte {error.start}."
            self._refuse_file(wrong, "Save it as UTF-8.")
            return None
        if "\0" in text:
            wrong = f"'{name}' holds a NUL character, which a database cannot keep."
            self._refuse_file(wrong, "Save it without.")
        return text

    def _refuse_file(self, wrong: str, right: str) -> None:
        self.refuse(("source", "file"), "source.file", wrong, right)


def _names_text(source: dict[Any, Any]) -> bool:
    """Whether a source says in which file its text is, or that it is withheld."""
    return source.get("file") is not None or source.get("text") is not None
