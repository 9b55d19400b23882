"""The index of words: every text of every version, as both databases' full-text search keeps it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa

from schema.indexing.documents import _columns, docs, docs_of
from schema.model.editions import Edition, valid
from schema.model.noun import Link, Record, Versioned
from schema.model.registry import Row, nouns, prefix_of, table_of, table_with
from schema.model.traits import Trait
from schema.storage.engine import Progress
from schema.storage.sql import key_in

BATCH = 5000
"""How many rows one statement adds."""


def update_index(
    connection: sa.Connection,
    closed: dict[type[Versioned], list[str]],
    opened: dict[type[Versioned], list[Row]],
    number: int,
    progress: Progress,
) -> None:
    """Closes what an edition replaced, and adds the texts of what it wrote."""
    gone = [id for noun, ids in closed.items() if _columns(noun) for id in ids]
    if gone:
        connection.execute(
            sa.update(docs)
            .where(valid(docs, None), key_in(docs.c.node_id, gone))
            .values(until=number)
        )
    done, total = 0, sum(len(rows) for noun, rows in opened.items() if _columns(noun))
    newest = connection.execute(sa.select(sa.func.max(docs.c.number))).scalar() or 0
    for noun, rows in opened.items():
        if not _columns(noun):
            continue
        owners = _owners(connection, noun, rows)
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            found = list(docs_of(noun, batch, owners))
            if found:
                connection.execute(sa.insert(docs), found)
            done += len(batch)
            progress("indexing", done, total)
    _feed(connection, newest)


def _owners(connection: sa.Connection, noun: type[Versioned], rows: list[Row]) -> dict[str, str]:
    """The records of the claims that passages belong to."""
    if issubclass(noun, Record | Link):
        return {}
    claims = table_with(Trait.CLAIM)
    query = sa.select(claims.c.id, claims.c.record_id).distinct()
    keys = sorted({row["claim_id"] for row in rows})
    return dict(connection.execute(query.where(key_in(claims.c.id, keys))).all())


def _feed(connection: sa.Connection, after: int) -> None:
    """Has SQLite's full-text table learn the rows that are new; PostgreSQL's index knows them."""
    if connection.dialect.name == "sqlite":
        new = "INSERT INTO search_fts (rowid, tok) SELECT number, tok FROM search_doc"
        connection.execute(sa.text(f"{new} WHERE number > :after"), {"after": after})


def is_missing(connection: sa.Connection) -> bool:
    """Whether a database holds editions and no index of them."""
    editions: sa.Table = Edition.__table__  # type: ignore[attr-defined]  # set by SQLModel
    published = connection.execute(sa.select(editions.c.number).limit(1)).first()
    held = connection.execute(sa.select(docs.c.number).limit(1)).first()
    return published is not None and held is None


def rebuild(connection: sa.Connection) -> None:
    """Makes the whole index again from all versions of all rows."""
    connection.execute(sa.delete(docs))
    for noun in nouns().values():
        for batch in every_doc(connection, noun):
            connection.execute(sa.insert(docs), batch)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_fts (search_fts) VALUES ('rebuild')")


def every_doc(connection: sa.Connection, noun: type[Versioned]) -> Iterator[list[Row]]:
    """The index's rows for all versions of a noun, in batches."""
    if not _columns(noun):
        return
    table = table_of(noun)
    query = sa.select(table).order_by(table.c.id, table.c.since)
    for part in connection.execute(query).mappings().partitions(BATCH):
        rows = [dict(row) for row in part]
        found = list(docs_of(noun, rows, _owners(connection, noun, rows)))
        if found:
            yield found


def verify_index(connection: sa.Connection, counts: dict[str, int]) -> Iterator[str]:
    """Where the index does not say what the rows say."""
    tokens: Counter[str] = Counter()
    columns = [column for column in docs.c if column.name != "number"]
    matched = 0
    for noun in nouns().values():
        begins = docs.c.node_id >= f"{prefix_of(noun)}/"
        ends = docs.c.node_id < f"{prefix_of(noun)}0"  # the character after the slash
        query = sa.select(*columns).where(begins, ends)
        held = Counter(tuple(row) for row in connection.execute(query))
        wanted = Counter(
            tuple(row[column.name] for column in columns)
            for batch in every_doc(connection, noun)
            for row in batch
        )
        for row in (held - wanted) + (wanted - held):
            told = dict(zip((column.name for column in columns), row, strict=True))
            wrong = "lacks" if wanted[row] else "wrongly holds"
            yield f"{told['node_id']}: the index of words {wrong} its {told['field']}."
        for row in held.elements():
            tokens.update(row[columns.index(docs.c.tok)].split())
        matched += held.total()
    counts["texts"] = connection.execute(sa.select(sa.func.count()).select_from(docs)).scalar_one()
    if matched != counts["texts"]:
        yield f"the index of words holds {counts['texts'] - matched} texts of nothing."
    if connection.dialect.name == "sqlite" and _learnt(connection) != tokens:
        yield "the full-text table does not hold the words of the index."


def _learnt(connection: sa.Connection) -> Counter[str]:
    """The tokens of SQLite's full-text table, counted without taking its lock for writing."""
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE temp.search_vocabulary USING fts5vocab(main, search_fts, 'row')"
    )
    rows = connection.exec_driver_sql("SELECT term, cnt FROM temp.search_vocabulary").all()
    connection.exec_driver_sql("DROP TABLE temp.search_vocabulary")
    return Counter(dict(rows))
