"""The index of words: every text of every version, as both databases' full-text search keeps it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa

from schema.indexing.documents import docs, docs_of, indexed_columns
from schema.indexing.folding import BATCH, refold, verify_folded, versions
from schema.model.editions import valid
from schema.model.noun import Link, Record, Versioned
from schema.model.registry import Row, nouns, prefix_of, table_of, table_with
from schema.model.traits import Trait
from schema.storage.engine import Progress
from schema.storage.sql import key_in


def update_index(
    connection: sa.Connection,
    closed: dict[type[Versioned], list[str]],
    opened: dict[type[Versioned], list[Row]],
    number: int,
    progress: Progress,
) -> None:
    """Closes what an edition replaced, and adds the texts of what it wrote."""
    replaced = [id for noun, ids in closed.items() if indexed_columns(noun) for id in ids]
    if replaced:
        connection.execute(
            sa.update(docs)
            .where(valid(docs, None), key_in(docs.c.node_id, replaced))
            .values(until=number)
        )
    written = {noun: rows for noun, rows in opened.items() if indexed_columns(noun)}
    done, total = 0, sum(map(len, written.values()))
    newest = _newest(connection)
    for noun, rows in written.items():
        owners = _owners(connection, noun, rows)
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            _insert(connection, docs_of(noun, batch, owners))
            done += len(batch)
            progress("indexing", done, total)
    _add_behind(connection, newest)


def reindex(connection: sa.Connection, noun: type[Versioned], rows: Sequence[Row]) -> None:
    """Puts the texts of some versions in the place of those that the index holds of them."""
    for start in range(0, len(rows) if indexed_columns(noun) else 0, BATCH):
        batch = rows[start : start + BATCH]
        versions = {(row["id"], row["since"]) for row in batch}
        query = sa.select(docs.c.number, docs.c.node_id, docs.c.since, docs.c.tok)
        query = query.where(key_in(docs.c.node_id, sorted({row["id"] for row in batch})))
        old = [row for row in connection.execute(query) if (row.node_id, row.since) in versions]
        numbers = [{"at": row.number, "tok": row.tok} for row in old]
        if numbers and connection.dialect.name == "sqlite":
            gone = "INSERT INTO search_fts (search_fts, rowid, tok) VALUES ('delete', :at, :tok)"
            connection.execute(sa.text(gone), numbers)
        if numbers:
            one = docs.c.number == sa.bindparam("at")
            connection.execute(sa.delete(docs).where(one), [{"at": row.number} for row in old])
        newest = _newest(connection)
        _insert(connection, docs_of(noun, batch, _owners(connection, noun, batch)))
        _add_behind(connection, newest)


def _newest(connection: sa.Connection) -> int:
    return connection.execute(sa.select(sa.func.max(docs.c.number))).scalar() or 0


def _add_behind(connection: sa.Connection, newest: int) -> None:
    """Adds the rows with higher numbers to the full-text table."""
    if connection.dialect.name == "sqlite":  # PostgreSQL's index knows the rows by itself
        new = "INSERT INTO search_fts (rowid, tok) SELECT number, tok FROM search_doc"
        connection.execute(sa.text(f"{new} WHERE number > :after"), {"after": newest})


def _insert(connection: sa.Connection, rows: Iterable[Row]) -> None:
    if batch := list(rows):
        connection.execute(sa.insert(docs), batch)


def _owners(
    connection: sa.Connection, noun: type[Versioned], rows: Sequence[Row]
) -> dict[str, str]:
    """The records of the claims that passages belong to."""
    if issubclass(noun, Record | Link):
        return {}
    claims = table_with(Trait.CLAIM)
    query = sa.select(claims.c.id, claims.c.record_id).distinct()
    keys = sorted({row["claim_id"] for row in rows})
    return dict(connection.execute(query.where(key_in(claims.c.id, keys))).all())


def rebuild(connection: sa.Connection) -> None:
    """Makes the whole index again from all versions of all rows, and their folded texts."""
    refold(connection)
    connection.execute(sa.delete(docs))
    for noun in nouns().values():
        for batch in _all_docs(connection, noun):
            _insert(connection, batch)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_fts (search_fts) VALUES ('rebuild')")


def _all_docs(connection: sa.Connection, noun: type[Versioned]) -> Iterator[Iterable[Row]]:
    """The index's rows for all versions of a noun, in batches."""
    if indexed_columns(noun):
        for rows in versions(connection, table_of(noun)):
            yield docs_of(noun, rows, _owners(connection, noun, rows))


def verify_index(connection: sa.Connection, counts: dict[str, int]) -> Iterator[str]:
    """Where the index, or a folded text, does not say what the rows say."""
    yield from verify_folded(connection)
    tokens: Counter[str] = Counter()
    names = [column.name for column in docs.c if column.name != "number"]
    matched = 0
    for noun in nouns().values():
        begins = docs.c.node_id >= f"{prefix_of(noun)}/"
        ends = docs.c.node_id < f"{prefix_of(noun)}0"  # the character after the slash
        query = sa.select(*(docs.c[name] for name in names)).where(begins, ends)
        indexed = Counter(tuple(row) for row in connection.execute(query))
        expected = Counter(
            tuple(row[name] for name in names)
            for batch in _all_docs(connection, noun)
            for row in batch
        )
        for row in (indexed - expected) + (expected - indexed):
            id, field = row[names.index("node_id")], row[names.index("field")]
            wrong = "lacks" if expected[row] else "wrongly holds"
            yield f"{id}: the index of words {wrong} its {field}."
        for row in indexed.elements():
            tokens.update(row[names.index("tok")].split())
        matched += indexed.total()
    counts["texts"] = connection.execute(sa.select(sa.func.count()).select_from(docs)).scalar_one()
    if matched != counts["texts"]:
        yield f"the index of words holds {counts['texts'] - matched} texts of nothing."
    if connection.dialect.name == "sqlite" and _fts_tokens(connection) != tokens:
        yield "the full-text table does not hold the words of the index."


def _fts_tokens(connection: sa.Connection) -> Counter[str]:
    """The tokens of SQLite's full-text table, counted without taking its lock for writing."""
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE temp.search_vocabulary USING fts5vocab(main, search_fts, 'row')"
    )
    rows = connection.exec_driver_sql("SELECT term, cnt FROM temp.search_vocabulary").all()
    connection.exec_driver_sql("DROP TABLE temp.search_vocabulary")
    return Counter(dict(rows))
