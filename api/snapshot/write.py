"""Writes one edition into one SQLite file: the same bytes whenever and wherever it is written."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from graphql import GraphQLError, GraphQLSchema, get_operation_ast, parse

from api.files.column import JSON_TYPE, Column, Node
from api.files.formats import SEPARATOR, Form, value_of
from api.files.reading import Ask, pages
from api.http.codec import encoded
from api.snapshot.package import described, sources_of
from api.snapshot.seal import UNSEALED, RowDigest, seal
from api.snapshot.tables import Table, definition, quoted, stored_type, tables
from api.snapshot.views import views
from schema.build import build
from schema.errors import InputError, NeedsGraphQLCoreError, UnknownEditionError
from schema.execution.context import Context
from schema.execution.operation import OperationPlan
from schema.filtering.page import PageSize
from schema.storage.open import snapshots
from schema.storage.snapshot import Duration

ABOUT, DICTIONARY = "snapshot", "dictionary"
PACKAGE, SEAL = "datapackage.json", "sha256"
CANONICAL = "snapshot.sqlite"
"""The name of the file in the descriptor inside of it, whatever it is called outside."""
PAGE = 500
"""How many records are read at once."""
NEWEST = "{ editions(direction: DESC, first: 1) { nodes { number } } }"
EDITION = (
    "query At($number: Int!) "
    "{ edition(number: $number) { number publishedAt author summary mark } }"
)
PRAGMAS = ("page_size = 4096", "encoding = 'UTF-8'", "journal_mode = OFF", "synchronous = OFF")
Progress = Callable[[str, int, int], None]


def write(url: str, file: Path, number: int | None, progress: Progress) -> tuple[int, str]:
    """Writes a snapshot of an edition, or of the newest; its number, and the seal of the file.

    Its descriptor is written beside it. InputError where the file or the edition cannot be had.
    """
    beside = descriptor_of(file)
    for path in (file, beside):
        if path.exists():
            raise InputError(f"{path} is there already. Give another name, or remove it first.")
    with TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as folder:
        made, descriptor = Path(folder) / "snapshot", Path(folder) / "descriptor"
        package = asyncio.run(_written(url, made, number, progress))
        found = seal(made)
        size = made.stat().st_size
        for resource in package["resources"]:
            resource |= {"path": file.name, "bytes": size}
        descriptor.write_bytes(orjson.dumps(package, option=orjson.OPT_INDENT_2))
        # Unlike a move, a link takes nobody's place.
        os.link(descriptor, beside)
        os.link(made, file)
    return package["edition"]["number"], found


def descriptor_of(file: Path) -> Path:
    """The descriptor beside a snapshot."""
    return file.with_name(f"{file.stem}.{PACKAGE}")


async def _written(url: str, file: Path, number: int | None, progress: Progress) -> dict[str, Any]:
    """Writes a snapshot that is not sealed yet; its descriptor."""
    schema = build()._schema  # noqa: SLF001  # Strawberry has no other way in
    known = tables(schema)
    async with _reading(url, schema) as ask:
        edition = await _edition(ask, number)
        with _database(file, edition["number"]) as database:
            for table in known.values():
                database.execute(definition(table, known))
            for done, table in enumerate(known.values()):
                progress(table.name, done, len(known))
                await _fill(ask, database, table, edition["number"])
            return _describe(database, known, edition)


@asynccontextmanager
async def _reading(url: str, schema: GraphQLSchema) -> AsyncIterator[Ask]:
    """What gives the data of operations, all as one state of the database has them."""
    pool = snapshots(url)

    @cache
    def plan(text: str) -> OperationPlan:
        document = parse(text)
        operation = get_operation_ast(document)
        assert operation is not None
        return OperationPlan(schema, document, operation)

    async def ask(text: str, variables: dict[str, Any]) -> dict[str, Any]:
        assert context.snapshot is not None
        context.snapshot.budget.begin()
        operation = plan(text)
        coerced = operation.variables.coerced(variables)
        assert not isinstance(coerced, list), coerced
        try:
            data = operation.run(context, coerced)
            found = data if isinstance(data, dict) else await data
        except (NeedsGraphQLCoreError, GraphQLError) as error:
            raise InputError("The database holds what the graph cannot show.") from error
        read: dict[str, Any] = orjson.loads(encoded({"data": found}))["data"]
        return read

    try:
        async with Context(pool, sizes=PageSize(PAGE, PAGE), duration=Duration.LONG) as context:
            async with context.lock:
                await context.waiting()
            yield ask
    finally:
        await pool.dispose()


async def _edition(ask: Ask, number: int | None) -> dict[str, Any]:
    """The edition that is wanted, or the newest."""
    nodes = (await ask(NEWEST, {}))["editions"]["nodes"]
    newest = nodes[0]["number"] if nodes else 0
    if not 1 <= (newest if number is None else number) <= newest:
        raise UnknownEditionError(number or 0, newest)
    found = (await ask(EDITION, {"number": newest if number is None else number}))["edition"]
    return {
        "number": found["number"],
        "published_at": found["publishedAt"],
        **{key: found[key] for key in ("author", "summary", "mark")},
    }


@contextmanager
def _database(file: Path, edition: int) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        for pragma in (*PRAGMAS, f"user_version = {edition}"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("BEGIN")
        yield database
        database.execute("COMMIT")
        # Pages are laid out anew, in the order of the tables.
        database.execute("VACUUM")


async def _fill(ask: Ask, database: sqlite3.Connection, table: Table, edition: int) -> None:
    """Writes the rows of a table."""
    form = Form(table.columns)
    places = ", ".join("?" * len(table.columns))
    into = f"INSERT INTO {quoted(table.name)} VALUES ({places})"  # declared names
    arguments = {"asOf": {"edition": edition}}
    async for nodes in pages(ask, table.listing, arguments, PAGE, PAGE):
        rows = nodes if table.part is None else [row for node in nodes for row in node[table.part]]
        database.executemany(
            into, ([_stored(form, column, row) for column in table.columns] for row in rows)
        )


def _stored(form: Form, column: Column, node: Node) -> Any:
    """A value as SQLite keeps it."""
    value = value_of(form, column, node)
    if value is None:
        return None
    if column.datatype == JSON_TYPE:
        return orjson.dumps(value).decode()
    if column.is_list:
        return SEPARATOR.join(value) or None
    return int(value) if isinstance(value, bool) else value


def _describe(
    database: sqlite3.Connection, known: dict[str, Table], edition: Mapping[str, Any]
) -> dict[str, Any]:
    """Adds the views, the dictionary and what the snapshot is; its descriptor."""
    database.execute(
        f'CREATE TABLE {DICTIONARY} ("table" TEXT NOT NULL, "column" TEXT, "type" TEXT, '
        "description TEXT NOT NULL)"
    )
    lines: list[tuple[str, str | None, str | None, str]] = []
    for table in known.values():
        lines.append((table.name, None, None, table.description))
        lines += [
            (table.name, column.name, stored_type(column), column.description)
            for column in table.columns
        ]
    for name, description, query in views(known):
        database.execute(f"CREATE VIEW {quoted(name)} AS {query}")
        lines.append((name, None, None, description))
    database.executemany(f"INSERT INTO {DICTIONARY} VALUES (?, ?, ?, ?)", lines)
    cursor = database.execute(sources_of(known))
    names = [each[0] for each in cursor.description]
    sources = [dict(zip(names, row, strict=True)) for row in cursor]
    digests = {table.name: rows_of(database, table.name) for table in known.values()}
    package = described(known, edition, digests, sources, CANONICAL)
    about = {
        **{f"edition_{key}": value for key, value in edition.items()},
        PACKAGE: orjson.dumps(package).decode(),
        SEAL: UNSEALED,
    }
    database.execute(f"CREATE TABLE {ABOUT} (key TEXT NOT NULL PRIMARY KEY, value TEXT)")
    database.executemany(f"INSERT INTO {ABOUT} VALUES (?, ?)", about.items())
    return package


def rows_of(database: sqlite3.Connection, table: str) -> RowDigest:
    """The digest of the rows of a table, in their order."""
    found = RowDigest()
    for row in database.execute(f"SELECT * FROM {quoted(table)} ORDER BY rowid"):  # declared names
        found.add(row)
    return found
