"""Lineages: a source made from another is no second witness; it stands with the one at its head."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from schema.execution.executor import Executor
from schema.graph.catalog import types
from schema.graph.declare import ResolvedField, add_field
from schema.model.editions import Identity, valid
from schema.model.registry import table_with
from schema.model.traits import Trait, name_with
from schema.planning.selection import SelectedField
from schema.storage.sql import key_in
from schema.storage.statement import KEYS


def heads(sources: sa.Select[Any], as_of: Any) -> sa.Subquery:
    """The `head` of each `source` that a statement names in its only column.

    The head is the document at the end of the chain of `derivedFrom`. Publishing refuses a chain
    that runs in a circle; should one stand all the same, its sources have no head.
    """
    [source] = sources.subquery().c
    chain = sa.select(source.label("source"), source.label("at")).cte(recursive=True)
    step = table_with(Trait.SOURCE).alias()
    chain = chain.union(
        sa.select(chain.c.source, step.c.derived_from_id)
        .join(step, step.c.id == chain.c.at)
        .where(valid(step, as_of), step.c.derived_from_id.is_not(None))
    )
    end = table_with(Trait.SOURCE).alias()
    return (
        sa.select(chain.c.source, chain.c.at.label("head"))
        .join(end, end.c.id == chain.c.at)
        .where(valid(end, as_of), end.c.derived_from_id.is_(None))
        .subquery()
    )


async def heads_of(reader: Executor, sources: Iterable[str]) -> dict[str, str]:
    """The heads of sources by their ids, themselves where they have none; one statement."""
    keys = sorted({*sources})

    def heads_of_keys() -> sa.Select[*tuple[Any, ...]]:
        ids: Any = Identity.__table__  # type: ignore[attr-defined]  # set by SQLModel
        return sa.select(heads(sa.select(ids.c.id).where(key_in(ids.c.id, KEYS)), reader.edition))

    rows = await reader.rows("heads", heads_of_keys, keys)
    return dict(zip(keys, keys, strict=True)) | {row["source"]: row["head"] for row in rows}


async def _lineage(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> Sequence[Any]:
    head = await heads_of(reader, (item["id"] for item in items))
    records = await reader.by_ids(sorted({*head.values()}), selected, name_with(Trait.SOURCE))
    return [records[head[item["id"]]] for item in items]


async def _lineages(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> Sequence[Any]:
    """How many heads the sources of each record's claims have; one statement for all records."""
    keys = sorted({item["id"] for item in items})
    rows = await reader.rows("lineages", lambda: _lineage_counts(reader), keys)
    counts = {row["record_id"]: row["number"] for row in rows}
    return [counts.get(item["id"], 0) for item in items]


def _lineage_counts(reader: Executor) -> sa.Select[*tuple[Any, ...]]:
    """The number of heads of each record's sources."""
    claims = table_with(Trait.CLAIM).alias()
    pairs = (
        sa.select(claims.c.record_id, claims.c.source_id)
        .where(valid(claims, reader.edition), key_in(claims.c.record_id, KEYS))
        .distinct()
        .cte()
    )
    head_of = heads(sa.select(pairs.c.source_id).distinct(), reader.edition)
    head = sa.func.coalesce(head_of.c.head, pairs.c.source_id)
    return (
        sa.select(pairs.c.record_id, sa.func.count(head.distinct()).label("number"))
        .select_from(pairs.outerjoin(head_of, head_of.c.source == pairs.c.source_id))
        .group_by(pairs.c.record_id)
    )


add_field(
    name_with(Trait.SOURCE),
    "lineage",
    ResolvedField(
        "The document at the head of what this one was made from: itself when it was made from "
        "nothing else.",
        lambda: types[name_with(Trait.SOURCE)],
        _lineage,
    ),
)
add_field(
    "Record",
    "lineage_count",
    ResolvedField(
        "On how many independent sources its claims rest; a copy counts with what it was made "
        "from.",
        lambda: int,
        _lineages,
    ),
)
