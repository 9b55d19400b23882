"""The folded texts of rows, of which `where: {text}` asks; derived from the rows alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from schema.model.noun import Versioned
from schema.model.registry import Row, nouns, table_of
from schema.model.text import fold
from schema.model.values import CodepointText

BATCH = 5000
"""How many rows are read or written at once."""


def folded(noun: type[Versioned], row: dict[str, Any]) -> str:
    """The searchable text of a row."""
    texts = [row[name] for name in _columns(noun) if row.get(name)]
    return fold(" ".join(dict.fromkeys(texts)))


def _columns(noun: type[Versioned]) -> list[str]:
    return [
        column.name
        for column in table_of(noun).columns
        if isinstance(column.type, type(CodepointText))
        and not column.foreign_keys
        and column.name not in noun.unsearched
    ]


def versions(
    connection: sa.Connection, table: sa.Table, columns: list[str] | None = None
) -> Iterator[list[Row]]:
    """All versions of all rows of a table by their keys, a batch at a time."""
    key = (table.c.id, table.c.since)
    query = sa.select(*(table.c[name] for name in columns or table.c.keys()))
    query = query.order_by(*key).limit(BATCH)
    after = query
    while rows := [dict(row) for row in connection.execute(after).mappings()]:
        yield rows
        last = sa.tuple_(sa.literal(rows[-1]["id"]), sa.literal(rows[-1]["since"]))
        after = query.where(sa.tuple_(*key) > last)


def _wrong(connection: sa.Connection) -> Iterator[tuple[type[Versioned], list[Row]]]:
    """The rows whose folded text is not that of their texts, with what it should be."""
    for noun in nouns().values():
        table = table_of(noun)
        if "folded" not in table.c:
            continue
        for rows in versions(connection, table, ["id", "since", "folded", *_columns(noun)]):
            pairs = ((row, folded(noun, row)) for row in rows)
            wrong = [
                {"its_id": row["id"], "its_since": row["since"], "right": right}
                for row, right in pairs
                if row["folded"] != right
            ]
            if wrong:
                yield noun, wrong


def refold(connection: sa.Connection) -> None:
    """Folds the texts of all versions of all rows again; writes what differs."""
    for noun, rows in _wrong(connection):
        table = table_of(noun)
        own = (table.c.id == sa.bindparam("its_id"), table.c.since == sa.bindparam("its_since"))
        connection.execute(sa.update(table).where(*own).values(folded=sa.bindparam("right")), rows)


def verify_folded(connection: sa.Connection) -> Iterator[str]:
    """Where a folded text is not that of a row."""
    for _, rows in _wrong(connection):
        for row in rows:
            yield f"{row['its_id']}: its folded text is not that of edition {row['its_since']}."
