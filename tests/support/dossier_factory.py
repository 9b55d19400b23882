"""Makes dossiers for tests: a text, and records that code it completely."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from schema.dossiers.format import coded
from schema.publishing.derived_row import row_fields

TEXT = """Alfa and Bravo Sign a Pact 🕊
Alfa and Bravo signed ‘a pact’ on 3 May 2024, said Anna Kowalska of Alfa.
Others put it on 4 May 2024. The pact covers 🛩 drones and nothing else.
"""
LONGER = "Alfa and Bravo signed ‘a pact’ on 3 May 2024, said Anna Kowalska of Alfa. 🛩 drones!\n"
"""Another text, of one line, in which every quote of the pact stands."""
SOURCE = "source/first"

Data = dict[str, Any]


class _Plain(yaml.SafeDumper):
    """YAML that repeats what is shared, so that every line stands for itself."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def record(id: str, title: str, **fields: Any) -> Data:
    """One record by its id: every field that is not given is NOT_STATED."""
    noun = coded()[id.partition("/")[0]]
    return {id: {"title": title, **dict.fromkeys(row_fields(noun), "NOT_STATED"), **fields}}


def pact() -> Data:
    """Two parties, an official and an agreement, coded from the text."""
    return deepcopy(
        record(
            "party/alfa",
            "Alfa",
            kind={"value": "STATE", "basis": "It signs with a state."},
            name={"quote": {"exact": "Alfa", "suffix": " and Bravo signed"}},
            names=[
                {
                    "text": "Alfa",
                    "language": "en",
                    "kind": "COMMON",
                    "basis": "The text is in English.",
                }
            ],
        )
        | record(
            "party/bravo",
            "Bravo",
            kind={"value": "STATE", "basis": "It signs with a state."},
            name={"quote": {"exact": "Bravo", "suffix": " signed"}},
        )
        | record(
            "official/anna-kowalska",
            "Anna Kowalska",
            claims=[{"stated": "Anna Kowalska", "quote": "Anna Kowalska"}],
            name={"quote": "Anna Kowalska"},
            state={"value": "party/alfa", "quote": "Anna Kowalska of Alfa"},
        )
        | record(
            "agreement/alfa-bravo",
            "Alfa and Bravo: a pact",
            kind={"value": "TREATY", "quote": "‘a pact’"},
            label={"value": "a pact", "quote": "a pact"},
            signed_on={"value": {"edtf": "2024-05-03"}, "quote": "3 May 2024"},
            sector={"quote": "🛩 drones"},
            parties=[
                {"actor": "party/alfa", "stated_as": "Alfa", "quote": "Alfa and Bravo signed"},
                {"actor": "party/bravo", "stated_as": "Bravo", "quote": "Alfa and Bravo signed"},
            ],
        )
    )


def make(
    folder: Path,
    records: Data | None = None,
    *,
    source: str = SOURCE,
    text: str = TEXT,
    **given: Any,
) -> Path:
    """A dossier's folder: the pact or the records, and the fields that are given of its source."""
    fields = record(source, "A text about a pact")[source] | given
    described = {"id": source, "file": "text.txt", **fields}
    data = {
        "summary": "A pact",
        "source": described,
        "records": pact() if records is None else records,
    }
    return write(folder, yaml.dump(data, Dumper=_Plain, allow_unicode=True, sort_keys=False), text)


def write(folder: Path, dossier: str, text: str | bytes = TEXT) -> Path:
    """A dossier's folder with a YAML file as it is given."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dossier.yaml").write_text(dossier, "utf-8")
    (folder / "text.txt").write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def line(folder: Path, part: str) -> int:
    """The line of the YAML file on which a part of it first stands."""
    lines = (folder / "dossier.yaml").read_text("utf-8").splitlines()
    return next(number for number, words in enumerate(lines, 1) if part in words)
