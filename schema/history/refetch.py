"""Refetching: changes and versions are found again by their ids."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from schema.execution.executor import Executor
from schema.execution.nodes import finders, rows_found
from schema.execution.views import to_objects
from schema.history.changes import Change, change_between, change_of_entry, log_entries
from schema.model.changelog import change_log
from schema.model.noun import Versioned
from schema.model.registry import noun_of, table_of
from schema.planning.selection import SelectedField
from schema.storage.sql import key_in
from schema.storage.statement import KEYS, given

_NUMBER = "(0|[1-9][0-9]{0,8})"
_CHANGE = re.compile(rf"change/(.+)/(?:{_NUMBER}\.\.)?{_NUMBER}", re.DOTALL)
_REVISION = re.compile(rf"revision/(.+)/{_NUMBER}", re.DOTALL)


async def _changes(
    reader: Executor, ids: Sequence[str], selected: SelectedField
) -> Mapping[str, Any]:
    """Changes of one edition, or of two; one statement beside what is selected of them."""
    meant = [match for id in ids if (match := _CHANGE.fullmatch(id))]
    records = sorted({match[1] for match in meant})
    by_record: dict[str, list[Any]] = defaultdict(list)

    def in_order() -> sa.Select[*tuple[Any, ...]]:
        return log_entries(reader).order_by(change_log.c.record_id, change_log.c.edition.desc())

    for row in await reader.rows("refetched changes", in_order, records):
        by_record[row["record_id"]].append(row)
    found: list[Change] = []
    for match in meant:
        record, start, end = match[1], match[2], int(match[3])
        entries = by_record[record]
        if start is None:
            found += [change_of_entry(row) for row in entries if row["edition"] == end]
        elif max(int(start), end) <= reader.number:
            least, most = sorted((int(start), end))
            between = [row for row in entries if least < row["edition"] <= most]
            # They come the newest first.
            found += [change_between(row, int(start), end) for row in between[:1]]
    objects = await to_objects(reader, "Change", found, selected)
    return {str(change.id): each for change, each in zip(found, objects, strict=True)}


async def _revisions(
    reader: Executor, ids: Sequence[str], selected: SelectedField
) -> Mapping[str, Any]:
    """Versions of records; one statement a noun."""
    by_noun: dict[type[Versioned], list[tuple[str, int]]] = defaultdict(list)
    for id in ids:
        match = _REVISION.fullmatch(id)
        noun = noun_of(match[1]) if match else None
        if match and noun:
            by_noun[noun].append((match[1], int(match[2])))
    found: dict[str, Any] = {}
    for noun, meant in by_noun.items():

        def versions(noun: type[Versioned] = noun) -> tuple[sa.FromClause, sa.Select[Any]]:
            table = table_of(noun).alias()
            query: sa.Select[Any] = sa.select().select_from(table)
            query = query.where(key_in(table.c.id, KEYS), key_in(table.c.since, given("editions")))
            if reader.as_of is not None:
                query = query.where(table.c.since <= reader.edition)
            return table, query

        read = await rows_found(
            reader,
            selected,
            "Revision",
            versions,
            ("id", "since"),
            sorted({id for id, _ in meant}),
            purpose=noun.__name__,
            editions=sorted({since for _, since in meant}),
        )
        found |= {f"revision/{id}/{since}": read.get((id, since)) for id, since in meant}
    return found


finders["change"] = _changes
finders["revision"] = _revisions
