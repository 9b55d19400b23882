"""Source passages: those that stand in one stretch of a source's text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.errors import InputError
from schema.execution.derived import DerivedRelation, derived_connections
from schema.execution.executor import Executor
from schema.filtering.keyset import OrderKey
from schema.graph.arguments import argument, optional_argument, paging
from schema.graph.catalog import types
from schema.graph.declare import ResolvedField, add_field
from schema.model.bounds import page_of, term
from schema.model.fanout import QUOTED
from schema.model.registry import table_with
from schema.model.traits import Trait, name_with
from schema.model.values import list_of
from schema.planning.selection import SelectedField
from schema.storage.sql import key_in
from schema.storage.statement import KEYS, given

MOST_RECORDS = 100
"""Of how many records passages may be asked for at a time."""
LONGEST = 100_000
"""How many code points a stretch may have, so that its passages are no endless list."""


async def _passages(
    reader: Executor, sources: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> list[Any]:
    """The passages of each source that overlap the stretch, by two statements for all pages."""
    start, end, about = arguments["start"], arguments["end"], arguments.get("records")
    passage = name_with(Trait.PASSAGE)
    if not 0 <= start <= end <= start + LONGEST:
        raise InputError(
            f"A stretch from {start} to {end} cannot be read. Begin at 0 or later, and ask for at "
            f"most {LONGEST} code points."
        )
    if about is not None and len(about) > MOST_RECORDS:
        raise InputError(
            f"{len(about)} records are too many. Ask for the passages of at most {MOST_RECORDS}."
        )

    table = table_with(Trait.PASSAGE).alias()
    keys = [OrderKey(name.upper(), table.c[name], False) for name in ("start", "end", "id")]

    def overlapping() -> tuple[sa.Select[*tuple[Any, ...]], list[OrderKey]]:
        query = (
            sa.select(table.c.id)
            .where(key_in(table.c.source_id, KEYS), reader.scope.valid(passage, table))
            .where(table.c.start < given("end"), table.c.end > given("start"))
            .where(*([] if about is None else [_is_about(reader, table)]))
        )
        return query, keys

    relation = DerivedRelation(
        passage, overlapping, lambda rows: [row["id"] for row in rows], owner=table.c.source_id
    )
    ids = [source["id"] for source in sources]
    return await derived_connections(
        reader, relation, selected, arguments, ids, start=start, end=end, about=about
    )


def _is_about(reader: Executor, passages: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether a passage carries a claim about one of some records, or about a part of one."""
    claims = table_with(Trait.CLAIM).alias()
    return passages.c.claim_id.in_(
        sa.select(claims.c.id).where(
            key_in(claims.c.record_id, given("about")),
            claims.c.source_id == passages.c.source_id,
            reader.scope.valid(name_with(Trait.CLAIM), claims),
        )
    )


def _arguments() -> dict[str, Any]:
    about = (
        f"Only those that claims about one of these records rest on; at most {MOST_RECORDS} ids."
    )
    first = "Where the stretch begins, in code points."
    behind = f"Where it ends, in code points; at most {LONGEST} behind its start."
    return {
        "start": (argument(int, first), 0),
        "end": (argument(int, behind), LONGEST),
        "records": optional_argument(list_of(strawberry.ID), about),
        **paging("passages"),
    }


add_field(
    name_with(Trait.SOURCE),
    "passages",
    ResolvedField(
        "The passages that claims rest on in one stretch of the text, in reading order; with "
        "`records` those of what you show alone.",
        lambda: types[f"{name_with(Trait.PASSAGE)}Connection"],
        _passages,
        _arguments,
        bound=page_of(term(QUOTED), is_owned=True),
    ),
)
