"""Originals: rows as their sources have them, where readers are shown less."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from schema.indexing.folding import folded
from schema.model.registry import Row, known
from schema.model.withheld import withheld
from schema.storage.sql import key_in

Originals = Mapping[tuple[str, int], Mapping[str, str]]
"""The words of texts that readers are shown less of: by id and edition of a version, by column."""


def originals(
    connection: sa.Connection, ids: Iterable[str] | None = None, source: str | None = None
) -> Originals:
    """What is withheld: of rows with these ids, of the words of a source, or all of it."""
    query = sa.select(withheld)
    if ids is not None:
        query = query.where(key_in(withheld.c.node_id, sorted(set(ids))))
    if source is not None:
        query = query.where(withheld.c.source_id == source)
    found: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    for cell in connection.execute(query).mappings():
        found[cell["node_id"], cell["since"]][cell["field"]] = cell["words"]
    return found


def restored(row: Mapping[Any, Any], words: Originals) -> Row:
    """A row as its source has it."""
    whole: Row = dict(row)
    if cells := words.get((row["id"], row["since"])):
        whole |= cells
        if "is_cut" in whole:
            whole["is_cut"] = False
        if "folded" in whole:
            whole["folded"] = folded(known(row["id"]), whole)
    return whole
