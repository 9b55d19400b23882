"""Verifies a snapshot offline: that no byte differs, and that what it holds fits together."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from api.snapshot.seal import SealError, digest
from api.snapshot.write import ABOUT, PACKAGE, SEAL, rows_of

UNREADABLE = "It is no snapshot, or too damaged to be read."
PASSAGES = (
    'SELECT p.id, p.exact, p.start, p."end", s.text FROM passages AS p '
    "JOIN sources AS s ON s.id = p.source_id WHERE s.text IS NOT NULL"
)
TEXTS = "SELECT id, text, sha256 FROM sources WHERE text IS NOT NULL AND sha256 IS NOT NULL"


@dataclass
class Report:
    """What was found in a file, and what it is."""

    findings: list[str] = field(default_factory=list)
    seal: str = ""
    edition: str = ""
    rows: int = 0


def verify(file: Path) -> Report:
    """What is wrong with a file; nothing where it is as it was written."""
    content = file.read_bytes()
    report = Report()
    place = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(place, uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            about: dict[str, Any] = dict(database.execute(f"SELECT key, value FROM {ABOUT}"))
            report.seal, report.edition = str(about[SEAL]), str(about["edition_number"])
            found = digest(content, report.seal)
            if found != report.seal:
                sealed = f"Its bytes are not those that were sealed: their SHA-256 is {found}."
                report.findings.append(sealed)
            resources = orjson.loads(about[PACKAGE])["resources"]
            report.findings += _rows(database, resources, report)
            report.findings += _structure(database)
            report.findings += _texts(database)
    except (sqlite3.Error, SealError, UnicodeError, ValueError, LookupError, TypeError):
        report.findings.append(UNREADABLE)
    return report


def _rows(
    database: sqlite3.Connection, resources: Sequence[Mapping[str, Any]], report: Report
) -> Iterator[str]:
    """The tables that do not hold what their descriptor says."""
    for resource in resources:
        rows = rows_of(database, resource["title"])
        report.rows += rows.count
        found = rows.count, f"sha256:{rows.hash.hexdigest()}"
        if found != (resource["rowCount"], resource["rowHash"]):
            yield f"The rows of `{resource['title']}` are not those that were written."


def _structure(database: sqlite3.Connection) -> Iterator[str]:
    """What SQLite itself finds wrong."""
    for [line] in database.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield f"SQLite: {line}"
    for table, row, other, _ in database.execute("PRAGMA foreign_key_check"):
        yield f"Row {row} of `{table}` refers to nothing in `{other}`."


def _texts(database: sqlite3.Connection) -> Iterator[str]:
    """The texts that are not what their source says, and the passages that stand elsewhere."""
    for id, text, sha256 in database.execute(TEXTS):
        if hashlib.sha256(text.encode()).hexdigest() != sha256:
            yield f"The text of {id} has another SHA-256 than it says."
    for id, exact, start, end, text in database.execute(PASSAGES):
        if text[start:end] != exact:
            yield f"The words of {id} do not stand where it says."
