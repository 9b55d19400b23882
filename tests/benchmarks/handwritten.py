"""Each question as one statement by hand that gives finished JSON, for both databases."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.cursors import cursor, placed

FOLDER = Path(__file__).with_name("sql")
MONEY = {
    "sqlite": (
        r"CASE WHEN \1 % 1000 = 0 THEN printf('%d', \1 / 1000) "
        r"WHEN \1 IS NOT NULL THEN rtrim(printf('%d.%03d', \1 / 1000, \1 % 1000), '0') END"
    ),
    "postgresql": r"trim_scale(\1 / 1000.0)::text",
}
"""Hundredths as the graph writes a sum: `12.5`, and no more zeros than it needs."""
Variables = dict[str, Any]
Found = Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class Operation:
    """How one question is asked by hand: what is bound, and what is made of the rows."""

    bind: Callable[[Variables], dict[str, Any]]
    told: Callable[[Found], str]


def statement(kind: str, name: str) -> str:
    """The text of a question's statement for a database."""
    text = (FOLDER / kind / f"{name}.sql").read_text("utf-8")
    reach = (FOLDER / "reach.sql").read_text("utf-8").strip()
    return re.sub(r"{money (.+?)}", MONEY[kind], re.sub(r"{reach (.+?)}", reach, text))


def _after(variables: Variables) -> dict[str, Any]:
    return {"after": placed(variables["after"])[0]}


def _agreements(rows: Found) -> str:
    nodes = ",".join([told for _, told in rows[:50]])
    end = f'"{cursor("agreements:ID+", rows[:50][-1][0])}"' if rows else "null"
    more = "true" if len(rows) > 50 else "false"
    info = f'{{"hasNextPage":{more},"endCursor":{end}}}'
    return f'{{"agreements":{{"nodes":[{nodes}],"pageInfo":{info}}}}}'


def _official(rows: Found) -> str:
    if not rows:
        return '{"official":null}'
    [(head, nodes, last, more)] = rows
    end = "null" if last is None else f'"{cursor("involvements:ID+", last)}"'
    info = f'{{"hasNextPage":{"true" if more else "false"},"endCursor":{end}}}'
    part = f'"involvements":{{"nodes":{nodes},"pageInfo":{info}}}'
    return f'{{"official":{head[:-1]},{part}}}}}'


def _procurements(rows: Found) -> str:
    return f'{{"procurements":{{"nodes":[{",".join([told for (told,) in rows])}]}}}}'


def _statements(rows: Found) -> str:
    kept = rows[:20]
    nodes = ",".join([row[3] for row in kept])
    scope = "statements:MADE_ON-,ID-"
    first, last = (
        [f'"{cursor(scope, str(kept[end][0]), kept[end][1])}"' for end in (0, -1)]
        if kept
        else ("null", "null")
    )
    more = "true" if len(rows) > 20 else "false"
    info = f'"hasNextPage":{more},"hasPreviousPage":false,"startCursor":{first},"endCursor":{last}'
    total = kept[0][2] if kept else 0
    return f'{{"statements":{{"totalCount":{total},"nodes":[{nodes}],"pageInfo":{{{info}}}}}}}'


def _named(name: str) -> Callable[[Found], str]:
    return lambda rows: f'{{"{name}":{rows[0][0] if rows else "null"}}}'


OPERATIONS = {
    "agreements": Operation(_after, _agreements),
    "relationship": Operation(
        lambda given: dict(zip(("one", "other"), given["between"], strict=True)),
        _named("relationship"),
    ),
    "official": Operation(lambda given: given, _official),
    "procurements": Operation(_after, _procurements),
    "statements": Operation(lambda given: given, _statements),
    "agreement": Operation(lambda given: given, _named("agreement")),
    "spending": Operation(lambda given: given, _named("statistics")),
}
