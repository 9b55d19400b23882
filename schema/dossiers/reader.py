"""The coder: reads a dossier whole, and names every mistake in it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from schema.dossiers.compiler import DossierCompiler
from schema.dossiers.draft import Coding, slug
from schema.dossiers.format import coded, entry_of, source_entry
from schema.dossiers.messages import describe
from schema.dossiers.yaml_source import Path as YamlPath
from schema.dossiers.yaml_source import SourceMap, parse
from schema.errors import DossierError, DossierRefusedError, nearest
from schema.model.noun import Versioned


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
    return DossierReader(lines, file.parent).code(data)


class DossierReader:
    """Reads one dossier; collects findings instead of stopping at the first."""

    def __init__(
        self, lines: SourceMap, folder: Path | None = None, text: str | None = None
    ) -> None:
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
        drafts = DossierCompiler(self.coding)
        for id, entry, path in entries:
            self.coding.records[id] = path
            drafts.record(id, entry, path)
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
            inside = mistake["loc"]
            name = ".".join(part for part in inside if isinstance(part, str)) or str(path[-1])
            self.refuse((*path, *inside), name, *describe(model, mistake))
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
        text = self.text or ""
        is_read = self.text is not None
        if not is_read and name is not None and self.folder is not None:
            try:
                text, is_read = (self.folder / name).read_bytes().decode("utf-8"), True
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
        if is_read and not any(map(str.isalnum, text)):
            self.refuse(
                ("source", "file"),
                "source.file",
                f"'{name}' holds no words.",
                "Put the text of the document there.",
            )
        digest = hashlib.sha256(text.encode()).hexdigest()
        if source is not None and source.sha256 and is_read and source.sha256 != digest:
            self.refuse(
                ("source", "sha256"),
                "source.sha256",
                f"the text has {digest}.",
                "Either the text or the sum was changed.",
            )
        self.coding = Coding(
            findings=self.findings,
            refused=self.refused,
            file=self.lines.file,
            summary=summary,
            source_id=source.id if source is not None else "source/refused",
            evident={"text": text, "sha256": digest, "file": name},
            lines=self.lines,
        )
        drafts = DossierCompiler(self.coding)
        for index, quote in enumerate(source.headings if source is not None else []):
            found = drafts.find(quote, ("source", "headings", index), "source.headings")
            if found:
                self.coding.headings.append((found.start, found.end))
