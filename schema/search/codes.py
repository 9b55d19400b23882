"""Codes: the parties and officials that a name asked for is a code of, such as `PL` or `POL`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import sqlalchemy as sa

from schema.execution.executor import Executor
from schema.model.editions import valid
from schema.model.registry import known, table_with
from schema.model.traits import Trait
from schema.storage.sql import key_in
from schema.storage.statement import KEYS


class CodedActor(NamedTuple):
    """An actor with a code, what holds the code, and the scheme that it is of."""

    actor: str
    node: str
    code: str
    scheme: str


async def coded_actors(
    reader: Executor, code: str, actors: Collection[str]
) -> dict[str, CodedActor]:
    """The actors, of some nouns, that have a code; small letters stand for capital ones.

    No code has several words, so that one is asked for only where the name is one word.
    """

    def having_code() -> sa.Select[*tuple[Any, ...]]:
        table = table_with(Trait.IDENTIFIER).alias()
        columns = (table.c.record_id, table.c.id, table.c.value, table.c.scheme)
        return (
            sa.select(*columns)
            .where(key_in(table.c.value, KEYS), valid(table, reader.edition))
            .order_by(table.c.record_id, table.c.id)
        )

    if len(code.split()) > 1:
        return {}
    codes = sorted({code, code.upper() if code.islower() else code})
    found = [CodedActor(*row.values()) for row in await reader.rows("codes", having_code, codes)]
    return {each.actor: each for each in found if known(each.actor).__name__ in actors}
