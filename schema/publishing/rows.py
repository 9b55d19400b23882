"""Rows of versioned tables that are valid now, and what a publication changes of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from schema.model.editions import valid
from schema.model.noun import Link, Record, Versioned
from schema.model.registry import Row, noun_of, table_of
from schema.publishing.originals import originals, restored
from schema.storage.sql import key_in

RowChange = tuple[type[Versioned], Row | None, Row | None]
"""A noun, its row before (None: added) and its row after (None: retracted)."""


def current(
    connection: sa.Connection, noun: type[Versioned], column: str, keys: Sequence[str]
) -> dict[str, Row]:
    """The valid rows of a noun whose column is one of the keys, by id, with what is withheld."""
    table = table_of(noun)
    query = sa.select(table).where(valid(table, None), key_in(table.c[column], keys))
    rows = connection.execute(query).mappings().all()
    known = originals(connection, (row["id"] for row in rows)) if rows else {}
    return {row["id"]: restored(row, known) for row in rows}


def current_of_any(connection: sa.Connection, ids: Iterable[str]) -> dict[str, Row]:
    """The valid rows of any noun with these ids."""
    rows: dict[str, Row] = {}
    for noun, keys in by_noun(ids).items():
        rows |= current(connection, noun, "id", keys)
    return rows


def by_noun(ids: Iterable[str]) -> dict[type[Versioned], list[str]]:
    """Ids in their order, by the nouns they belong to; those of no noun are left out."""
    keys: dict[type[Versioned], list[str]] = defaultdict(list)
    for id in sorted(ids):
        noun = noun_of(id)
        if noun is not None:
            keys[noun].append(id)
    return keys


def difference(noun: type[Versioned], before: Row | None, after: Row | None) -> list[RowChange]:
    """The change from one row to another, if there is any."""
    if before is not None and after is not None:
        same = all(after.get(name) == value for name, value in before.items() if name != "since")
        return [] if same else [(noun, before, after)]
    return [] if before is after else [(noun, before, after)]


def foreign_keys(noun: type[Versioned]) -> list[str]:
    """The columns that point at records, but for those of the evidence itself."""
    if not issubclass(noun, Record | Link):
        return []
    keys = [relation.key for relation in noun.declared.relations.values()]
    return [key for key in dict.fromkeys(keys) if key.endswith("_id")]


def stored_choice_of(noun: type[Versioned], name: str, value: Any) -> Any:
    """A value as the column keeps it: one of its choices where it has some."""
    kind = table_of(noun).c[name].type
    if isinstance(kind, sa.Enum) and kind.enum_class and isinstance(value, str):
        return kind.enum_class(value)
    return value
