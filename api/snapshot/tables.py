"""The tables of a snapshot, made from the columns of files: one a noun."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from graphql import GraphQLSchema

from api.files.column import JSON_TYPE, Column
from api.files.columns import HEDGES, columns, lists
from api.files.document import selected
from api.files.reading import Listing
from schema.graph.catalog import catalog, plural
from schema.model.fields import Relation
from schema.model.noun import snake
from schema.model.reflection import owner_column
from schema.model.registry import nouns

KEY = "id"
STORED = {"integer": "INTEGER", "boolean": "INTEGER", "decimal": "NUMERIC", "double": "REAL"}
"""The types of SQLite by the datatypes of columns; all others are texts."""


@dataclass(frozen=True)
class Table:
    """The table of a noun."""

    name: str
    noun: str
    description: str
    columns: tuple[Column, ...]
    listing: Listing
    """The list of the graph that it is read from."""
    part: str | None = None
    """The field of each record of the list that holds its rows, where they have no list."""


@cache
def tables(schema: GraphQLSchema) -> dict[str, Table]:
    """Every table by the name of its noun."""
    listed = {noun: _listed(schema, list, noun) for list, noun in lists(schema).items()}
    others = [name for name in nouns() if name not in listed]
    return listed | {name: _part(schema, name, listed) for name in others}


def _listed(schema: GraphQLSchema, name: str, noun: str) -> Table:
    root = schema.query_type
    assert root is not None
    kept = tuple(_kept(schema, noun))
    listing = Listing(name, noun, root.fields[name], kept)
    return Table(snake(name), noun, _description(schema, noun), kept, listing)


def _part(schema: GraphQLSchema, noun: str, listed: dict[str, Table]) -> Table:
    """The table of what is listed nowhere, and read with what it belongs to."""
    key = owner_column(nouns()[noun])
    owner, field = next(
        (owner, field)
        for owner in listed
        for field, relation in catalog[owner].items()
        if isinstance(relation, Relation) and relation.target == noun and relation.by == key
    )
    kept = tuple(_kept(schema, noun))
    whole = replace(
        columns(schema, owner)[KEY], selection=(field, selected(kept)), value=lambda node: None
    )
    listing = replace(listed[owner].listing, columns=(whole,))
    return Table(snake(plural(noun)), noun, _description(schema, noun), kept, listing, field)


def _kept(schema: GraphQLSchema, noun: str) -> Iterator[Column]:
    """What a table holds: no lists, which are tables of their own, and no addresses."""
    for column in columns(schema, noun).values():
        if not (column.is_list or column.is_address) or column.name == HEDGES:
            yield column


def _description(schema: GraphQLSchema, noun: str) -> str:
    return inspect.cleandoc(schema.type_map[noun].description or noun)


def quoted(name: str) -> str:
    """A name as SQL has it."""
    return f'"{name}"'


def definition(table: Table, known: dict[str, Table]) -> str:
    """The statement that makes a table."""
    lines = ",\n  ".join(_column(column, known) for column in table.columns)
    return f"CREATE TABLE {quoted(table.name)} (\n  {lines}\n)"


def _column(column: Column, known: dict[str, Table]) -> str:
    parts = [quoted(column.name), stored_type(column)]
    if column.name == KEY:
        parts.append("PRIMARY KEY")
    if column.is_required and not column.is_list:
        parts.append("NOT NULL")
    if column.choices:
        choices = ", ".join(f"'{choice}'" for choice in column.choices)
        parts.append(f"CHECK ({quoted(column.name)} IN ({choices}))")
    elif column.datatype == "boolean":
        parts.append(f"CHECK ({quoted(column.name)} IN (0, 1))")
    elif column.datatype == JSON_TYPE:
        name = quoted(column.name)
        parts.append(f"CHECK ({name} IS NULL OR json_valid({name}))")
    if column.target in known:
        parts.append(f"REFERENCES {quoted(known[column.target].name)} ({quoted(KEY)})")
    return " ".join(parts)


def stored_type(column: Column) -> str:
    """The type of a column in SQLite."""
    return STORED.get(column.datatype, "TEXT")
