"""What describes a snapshot: a Data Package (Frictionless), with licences, sources and hashes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from api.files.column import JSON_TYPE, TEXT, Column
from api.snapshot.seal import RowDigest
from api.snapshot.tables import KEY, Table, quoted
from schema.model.registry import nouns
from schema.model.traits import Trait, name_with

TYPES = {
    "integer": "integer",
    "boolean": "boolean",
    "decimal": "number",
    "double": "number",
    "date": "date",
    "dateTime": "datetime",
    JSON_TYPE: "any",
}
"""The types of the Table Schema by the datatypes of columns; all others are strings."""
UNFIT = re.compile(r"[^A-Za-z0-9._]+")


def described(
    known: Mapping[str, Table],
    edition: Mapping[str, Any],
    digests: Mapping[str, RowDigest],
    sources: Sequence[Mapping[str, Any]],
    path: str,
) -> dict[str, Any]:
    """The descriptor of a snapshot of an edition whose tables have these rows."""
    licences = sorted({source["licence"] for source in sources if source["licence"]})
    return {
        "profile": "data-package",
        "name": "pactbook",
        "title": f"Pactbook, edition {edition['number']}",
        "description": "Who agreed, bought, said, decided and met with whom, and where it is "
        "written. Each source has its own licence, in `sources` and `licences`; where it hides a "
        "text, that is left out, and only short quotations of it are in `passages`.",
        "version": str(edition["number"]),
        "created": edition["published_at"],
        "edition": dict(edition),
        "licenses": [
            {"name": UNFIT.sub("-", licence).strip("-") or "other", "title": licence}
            for licence in licences
        ],
        "sources": [
            {"title": source["title"]} | ({"path": source["address"]} if source["address"] else {})
            for source in sources
        ],
        "resources": [
            _resource(table, digests[table.name], path, known) for table in known.values()
        ],
    }


def _resource(
    table: Table, digest: RowDigest, path: str, known: Mapping[str, Table]
) -> dict[str, Any]:
    return {
        "name": table.name.replace("_", "-"),
        "title": table.name,
        "description": table.description,
        "path": path,
        "format": "sqlite",
        "mediatype": "application/vnd.sqlite3",
        "dialect": {"sql": {"table": table.name}},
        "rowCount": digest.count,
        "rowHash": f"sha256:{digest.hash.hexdigest()}",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": [KEY],
            "foreignKeys": [
                {
                    "fields": [column.name],
                    "reference": {
                        "resource": known[column.target].name.replace("_", "-"),
                        "fields": [KEY],
                    },
                }
                for column in table.columns
                if column.target is not None and column.target in known
            ],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.is_required and not column.is_list:
        constraints["required"] = True
    if column.choices:
        constraints["enum"] = [*column.choices]
    found = {
        "name": column.name,
        "type": TYPES.get(column.datatype, TEXT),
        "description": column.description,
    }
    return {**found, **({"constraints": constraints} if constraints else {})}


def sources_of(known: Mapping[str, Table]) -> str:
    """The query for the sources that a descriptor names."""
    noun = name_with(Trait.SOURCE)
    assert noun in nouns()
    columns = f"title, address, licence FROM {quoted(known[noun].name)}"
    return f"SELECT {columns} ORDER BY {KEY}"
