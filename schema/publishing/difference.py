"""Differences: what a publication would change, told record by record."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from schema.dossiers.draft import Coding
from schema.model.noun import Record, Versioned
from schema.model.reflection import owner_column
from schema.model.registry import Row
from schema.nouns.claim import Claim, Passage
from schema.publishing.rows import RowChange

UNTOLD = frozenset({"since", "until", "folded", "title_origin"})
"""Columns that say nothing of their own."""
SHOWN = 100
"""How many characters of a text a line shows."""


def difference_lines(coding: Coding, changes: Sequence[RowChange]) -> Iterator[str]:
    """Each record with what becomes of it: its fields, its parts, its claims, their passages."""
    owners = {id: claim.record_id for id, claim in coding.claims.items()}
    owners |= {
        row["id"]: row["record_id"]
        for noun, *rows in changes
        if noun is Claim
        for row in rows
        if row
    }
    by_record: dict[str, list[RowChange]] = defaultdict(list)
    for change in changes:
        by_record[_record_of(change, owners)].append(change)
    for id, own in sorted(by_record.items()):
        of_record = [change for change in own if issubclass(change[0], Record)]
        yield f"{_kind(*of_record[0][1:]) if of_record else 'amended'} {id}"
        for change in sorted(own, key=_order):
            yield from _lines(*change)


def _record_of(change: RowChange, owners: dict[str, str]) -> str:
    noun, before, after = change
    row = after or before or {}
    if issubclass(noun, Record):
        return str(row["id"])
    owner = str(row[owner_column(noun)])
    return owners.get(owner, owner) if noun is Passage else owner


def _order(change: RowChange) -> tuple[bool, bool, bool, str]:
    """A record itself first, then its parts, claims and passages."""
    noun, before, after = change
    is_evidence = noun in (Claim, Passage)
    return not issubclass(noun, Record), is_evidence, noun is Passage, (after or before or {})["id"]


def _lines(noun: type[Versioned], before: Row | None, after: Row | None) -> Iterator[str]:
    row = after or before or {}
    if not issubclass(noun, Record):
        yield f"  {_kind(before, after)} {row['id']}"
    margin = "  " if issubclass(noun, Record) else "    "
    for name in row:
        old, new = (_shortened(each.get(name)) if each else None for each in (before, after))
        if name in UNTOLD or name == "id" or old == new:
            continue
        if before and after:
            yield f"{margin}{name}: {old} → {new}"
        elif new not in (None, "null") or old not in (None, "null"):
            yield f"{margin}{name}: {new if after else old}"


def _kind(before: Row | None, after: Row | None) -> str:
    if before and after:
        return "amended"
    return "added" if after else "retracted"


def _shortened(value: Any) -> str:
    """A value on one line, a long one cut."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, datetime.date | Decimal):
        value = str(value)
    text = json.dumps(value, ensure_ascii=False, default=str)
    more = f"… ({len(text):,} characters)"
    return text if len(text) <= SHOWN else text[:SHOWN] + more
