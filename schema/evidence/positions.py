"""Positions: who says what, where sources disagree, and who says nothing beside them."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.evidence.lineage import heads_of
from schema.execution.derived import (
    BY_ID,
    Row,
    SequenceRelation,
    records_field,
    rising,
    sequence_connections,
)
from schema.execution.executor import Executor
from schema.execution.nodes import finders, rows_found
from schema.execution.views import to_lists
from schema.graph.arguments import paging
from schema.graph.catalog import types
from schema.graph.declare import ResolvedField, add_field, plain, view
from schema.graph.values import JSON
from schema.model.bounds import figures, page_of, term
from schema.model.comparison import canonical
from schema.model.editions import valid
from schema.model.fanout import CONTRADICTING, UNFIRM
from schema.model.registry import table_with
from schema.model.traits import Trait, name_with
from schema.model.values import list_of
from schema.nouns.claim import is_denied, place_of
from schema.planning.selection import SelectedField
from schema.storage.sql import key_in
from schema.storage.statement import KEYS

RANK = rising("rank", sa.BigInteger())
"""What is accepted comes first."""


@view()
class Position:
    """One value among those that sources give one field, with everybody who gives it."""

    id: strawberry.ID = plain(
        "The field in conflict, and a fingerprint of the value: `position/<record>#<field>=…`."
    )
    value: JSON = plain(
        "The value without the words it is stated in, as the first claim that is listed gives it."
    )
    stated: str | None = plain("The words for it of the first claim that is listed.")
    is_denied: bool = plain("Whether its claims say that it is not so; others say that it is.")
    is_accepted: bool = plain("Whether the record holds this value.")
    claims: Any = records_field(
        name_with(Trait.CLAIM),
        "claims",
        "The claims of this value, the accepted one first.",
        "claim_rows",
        [RANK, BY_ID],
        page_of(term(CONTRADICTING), is_shared=True),
    )
    sources: Any = records_field(
        name_with(Trait.SOURCE),
        "sources",
        "The sources that give it.",
        "source_rows",
        [BY_ID],
        page_of(term(CONTRADICTING), is_shared=True),
    )
    lineage_count: int = plain(
        "On how many independent sources it rests: a copy counts with what it was made from."
    )
    claim_rows: Sequence[Row]
    source_rows: Sequence[Row]


def _position(key: str, value: str, claims: list[Any], head: Mapping[str, str]) -> Position:
    """One value, with its claims and their sources."""
    first = json.loads(claims[0]["value"] or "null")
    words = first.get("stated") if isinstance(first, dict) else None
    firm = {name: part for name, part in first.items() if name != "stated"} if words else None
    sources = sorted({claim["source_id"] for claim in claims})
    fingerprint = hashlib.sha256(value.encode()).hexdigest()[:8]
    return Position(
        id=strawberry.ID(f"position/{key}={fingerprint}"),
        value=JSON(firm or first),
        stated=words or claims[0]["stated"],
        is_denied=is_denied(claims[0]),
        is_accepted=claims[0]["is_accepted"],
        claim_rows=[{"rank": not claim["is_accepted"], "id": claim["id"]} for claim in claims],
        source_rows=[{"id": source} for source in sources],
        lineage_count=len({head[source] for source in sources}),
    )


def _claims(
    reader: Executor, claims: sa.FromClause, key: str, columns: Sequence[str]
) -> sa.Select[*tuple[Any, ...]]:
    """Columns of the valid claims whose `key` is one of those that are bound."""
    query = sa.select(*(claims.c[name] for name in columns))
    return query.where(valid(claims, reader.edition), key_in(claims.c[key], KEYS))


async def _positions(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> Sequence[Any]:
    """The values of each conflict, the accepted one first, then those with most lineages."""

    def contradicting_claims() -> sa.Select[*tuple[Any, ...]]:
        claims = table_with(Trait.CLAIM).alias()
        columns = (
            "id",
            "conflict_key",
            "value",
            "stated",
            "factuality",
            "is_accepted",
            "source_id",
        )
        query = _claims(reader, claims, "conflict_key", columns)
        return query.order_by(claims.c.is_accepted.desc(), claims.c.id)

    keys = sorted({item["conflict_key"] for item in items})
    rows = await reader.rows("positions", contradicting_claims, keys)
    head = await heads_of(reader, (row["source_id"] for row in rows))
    values: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        denied = "not " if is_denied(row) else ""
        values[row["conflict_key"]][denied + canonical(row["value"])].append(row)
    lists: list[list[Position]] = []
    for item in items:
        key = item["conflict_key"]
        positions = [_position(key, value, claims, head) for value, claims in values[key].items()]
        positions.sort(key=lambda each: (not each.is_accepted, -each.lineage_count, each.id))
        lists.append(positions)
    return await to_lists(reader, "Position", lists, selected)


SILENCES = SequenceRelation(
    name_with(Trait.CLAIM), [BY_ID], lambda rows: [row["id"] for row in rows]
)


async def _silences(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> Sequence[Any]:
    """The claims beside each conflict that give its field no firm value."""

    def vague_claims() -> sa.Select[*tuple[Any, ...]]:
        claims = table_with(Trait.CLAIM).alias()
        columns = ("id", "record_id", "field", "element_id", "element_field")
        query = _claims(reader, claims, "record_id", columns)
        return query.where(claims.c.status != "KNOWN").order_by(claims.c.id)

    keys = sorted({item["record_id"] for item in items})
    rows = await reader.rows("silences", vague_claims, keys)
    by_place: dict[Any, list[Row]] = {place_of(item): [] for item in items}
    for row in rows:
        if (place := place_of(row)) in by_place:
            by_place[place].append(row)
    lists = [by_place[place_of(item)] for item in items]
    return await sequence_connections(reader, SILENCES, lists, selected, arguments)


async def _conflicts(
    reader: Executor, ids: Sequence[str], selected: SelectedField
) -> Mapping[str, Any]:
    """Conflicts by their ids; one statement."""
    kind = "Conflict"

    def accepted() -> tuple[sa.FromClause, sa.Select[Any]]:
        claims = table_with(Trait.CLAIM).alias()
        is_key = key_in(claims.c.conflict_key, KEYS)
        query: sa.Select[Any] = sa.select().select_from(claims)
        return claims, query.where(
            is_key, claims.c.is_accepted.is_(True), valid(claims, reader.edition)
        )

    keys = [id.partition("/")[2] for id in ids]
    found = await rows_found(reader, selected, kind, accepted, ("conflict_key",), keys)
    return {f"conflict/{key}": each for (key,), each in found.items()}


finders["conflict"] = _conflicts
add_field(
    "Conflict",
    "positions",
    ResolvedField(
        "The different values, each once, with everybody who gives it; the accepted one first.",
        lambda: list_of(types["Position"]),
        _positions,
        needs=("conflict_key",),
        bound=figures(
            term(CONTRADICTING), is_owned=True, reason="The different values of one field."
        ),
    ),
)
add_field(
    "Conflict",
    "silences",
    ResolvedField(
        "What other claims say of the field without a firm value: that it is withheld, not stated, "
        "or something too vague to bound. They contradict nobody.",
        lambda: types[f"{name_with(Trait.CLAIM)}Connection"],
        _silences,
        lambda: paging("claims"),
        needs=("record_id", "field", "element_id", "element_field"),
        bound=page_of(term(UNFIRM), is_shared=True),
    ),
)
