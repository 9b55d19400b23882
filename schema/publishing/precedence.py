"""Ages: since when a source speaks of a field, and since when an editor prefers a claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from schema.model.registry import Row, table_of
from schema.nouns.claim import Claim, place_of
from schema.publishing.acceptance import Ages
from schema.storage.sql import key_in


def ages_of(connection: sa.Connection, claims: Collection[Row], number: int) -> Ages:
    """How old each claim is that has a rival; what an edition only rewrote is no younger.

    A claim that is not published yet is as old as the edition of this number, which is to come.
    """
    count = Counter(map(place_of, claims))
    rivals = [claim for claim in claims if count[place_of(claim)] > 1]
    table = table_of(Claim)
    query = (
        sa.select(table)
        .where(key_in(table.c.record_id, sorted({claim["record_id"] for claim in rivals})))
        .order_by(table.c.since)
    )
    spoke: dict[tuple[Any, ...], int] = {}
    preferred: dict[str, int] = {}
    ended: dict[str, int | None] = {}
    for row in connection.execute(query).mappings() if rivals else ():
        id, since = row["id"], row["since"]
        spoke.setdefault((row["source_id"], *place_of(dict(row))), since)
        if ended.get(id) != since or not row["is_preferred"]:
            preferred.pop(id, None)
        if row["is_preferred"]:
            preferred.setdefault(id, since)
        ended[id] = row["until"]
    return {
        claim["id"]: (
            spoke.get((claim["source_id"], *place_of(claim)), number),
            number if ended.get(claim["id"]) else preferred.get(claim["id"], number),
        )
        for claim in rivals
    }
