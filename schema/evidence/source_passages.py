"""Source passages: those that stand in one stretch of a source's text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.errors import InputError
from schema.execution.executor import Executor
from schema.graph.arguments import argument, optional_argument
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import ResolvedField, add_field
from schema.model.bounds import figures, term
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
) -> list[list[TypedObject]]:
    """The passages of each source that overlap the stretch, by two statements for all."""
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

    def overlapping() -> sa.Select[*tuple[Any, ...]]:
        table = table_with(Trait.PASSAGE).alias()
        return (
            sa.select(table.c.id, table.c.source_id)
            .where(key_in(table.c.source_id, KEYS), reader.scope.valid(passage, table))
            .where(table.c.start < given("end"), table.c.end > given("start"))
            .where(*([] if about is None else [_is_about(reader, table)]))
            .order_by(table.c.start, table.c.end, table.c.id)
        )

    ids = [source["id"] for source in sources]
    by_source: dict[str, list[str]] = defaultdict(list)
    for row in await reader.rows("stretch", overlapping, ids, start=start, end=end, about=about):
        by_source[row["source_id"]].append(row["id"])
    passages = [id for own in by_source.values() for id in own]
    records = await reader.by_ids(passages, selected, passage)
    return [[records[id] for id in by_source[source["id"]]] for source in sources]


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
    }


add_field(
    name_with(Trait.SOURCE),
    "passages",
    ResolvedField(
        "The passages that claims rest on in one stretch of the text, in reading order; with "
        "`records` those of what you show alone.",
        lambda: list_of(types[name_with(Trait.PASSAGE)]),
        _passages,
        _arguments,
        bound=figures(term(QUOTED), is_owned=True),
    ),
)
