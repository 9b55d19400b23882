"""Query plans: what a database does for the statements of the graph, read from its own mouth."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa

from schema.model.registry import nouns, table_named
from tests.support.databases import Answer, Store

LARGE = frozenset({table_named(name).name for name in nouns()} | {"record", "change"})
"""The tables that grow with the record; the others hold a row an edition, or one row."""


@dataclass(frozen=True)
class Step:
    """How a plan reads one table: by which index, and whether all of it."""

    table: str
    index: str | None
    is_whole: bool


@dataclass(frozen=True)
class Plan:
    """What a database does for one statement."""

    statement: str
    steps: tuple[Step, ...]
    sorts: bool
    """Whether it sorts all that it finds."""

    def whole(self) -> list[str]:
        """The large tables that are read from end to end."""
        return sorted({step.table for step in self.steps if step.is_whole} & LARGE)

    def indexes(self) -> set[str]:
        """The indexes that it uses."""
        return {step.index for step in self.steps if step.index}


def plans_of(store: Store, connection: sa.Connection, answer: Answer) -> Iterator[Plan]:
    """The plans of all statements behind an answer."""
    for statement, given in zip(answer.statements, answer.parameters, strict=True):
        read = _sqlite if store.is_sqlite else _postgresql
        yield read(connection, statement, tuple(given) if isinstance(given, list) else given)


_DETAIL = re.compile(
    r"(SCAN|SEARCH) (\w+)(?: USING (AUTOMATIC )?(?:PARTIAL )?(?:COVERING )?INDEX (\w+)?)?"
)


def _sqlite(connection: sa.Connection, statement: str, given: Any) -> Plan:
    names = {alias: table for table, alias in re.findall(r'"?(\w+)"? AS (\w+)', statement)}
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
    told = [str(detail) for *_, detail in rows]
    steps: list[Step] = []
    for met in filter(None, map(_DETAIL.match, told)):
        how, table, made, index = (str(part or "") for part in met.groups())
        # An index made for one statement takes reading all of the table.
        steps.append(Step(names.get(table, table), index or None, how == "SCAN" or bool(made)))
    return Plan(statement, tuple(steps), "USE TEMP B-TREE FOR ORDER BY" in told)


def _postgresql(connection: sa.Connection, statement: str, given: Any) -> Plan:
    asked: Any = f"EXPLAIN (FORMAT JSON) {statement}"
    if isinstance(given, tuple):  # a prepared one has its places as PostgreSQL has them
        raw: Any = connection.connection.driver_connection
        row = psycopg.RawCursor(raw).execute(asked, given).fetchone()
        assert row is not None
        [found] = row
    else:
        found = connection.exec_driver_sql(asked, given).scalar_one()
    told = json.loads(found) if isinstance(found, str) else found
    nodes = list(_nodes(told[0]["Plan"]))
    steps = [
        Step(
            node["Relation Name"],
            next((one["Index Name"] for one in _nodes(node) if "Index Name" in one), None),
            node["Node Type"] == "Seq Scan"
            or (node["Node Type"].startswith("Index") and "Index Cond" not in node),
        )
        for node in nodes
        if "Relation Name" in node
    ]
    return Plan(statement, tuple(steps), any(node["Node Type"] == "Sort" for node in nodes))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)
