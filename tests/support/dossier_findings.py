"""What a reader of dossiers says of one that is wrong."""

from __future__ import annotations

from pathlib import Path

from schema.dossiers.reader import read_dossier


def findings_of(folder: Path) -> list[tuple[int, str, str]]:
    """The findings of a dossier: the line, the field, what is wrong and what would be right."""
    found = read_dossier(folder).findings
    return [(each.line, each.field, f"{each.wrong} {each.right}".strip()) for each in found]
