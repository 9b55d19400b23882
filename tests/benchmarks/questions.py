"""The seven questions, each with the variables it is asked with: other ones each time."""

from __future__ import annotations

import calendar
import json
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from schema.storage.engine import connected
from tests.benchmarks.cursors import cursor
from tests.benchmarks.words import ACTS

Variables = dict[str, Any]
FOLDER = Path(__file__).with_name("queries")
TITLES = {
    "agreements": "50 agreements with parties, claims and sources",
    "relationship": "what is between two states",
    "official": "an official with 50 involvements",
    "procurements": "500 procurements, flat",
    "statements": "a filtered, ordered page with its total",
    "agreement": "one agreement by its id",
    "spending": "a buyer's sums by year and supplier",
}
AGREEMENTS_BETWEEN, INVOLVEMENTS, PURCHASES = 40, 80, 400
"""About how much those hold that are asked about, at any scale: so that a larger data set alone
cannot make their answers larger."""
PICKED = {
    "agreements": "SELECT id FROM agreement ORDER BY id",
    "relationship": (
        "SELECT a.actor_id, b.actor_id FROM involvement a JOIN involvement b "
        "ON b.record_id = a.record_id AND b.role = 'PARTY' AND b.actor_id > a.actor_id "
        "WHERE a.role = 'PARTY' GROUP BY a.actor_id, b.actor_id "
        f"ORDER BY abs(count(*) - {AGREEMENTS_BETWEEN}), a.actor_id, b.actor_id LIMIT 200"
    ),
    "official": (
        "SELECT actor_id FROM involvement WHERE actor_id LIKE 'official/%' GROUP BY actor_id "
        f"ORDER BY abs(count(*) - {INVOLVEMENTS}), actor_id LIMIT 200"
    ),
    "procurements": "SELECT id FROM procurement ORDER BY id",
    "agreement": "SELECT id FROM agreement ORDER BY id",
    "spending": (
        "SELECT actor_id FROM involvement WHERE role = 'BUYER' GROUP BY actor_id "
        f"ORDER BY abs(count(*) - {PURCHASES}), actor_id LIMIT 40"
    ),
}


@dataclass(frozen=True)
class Question:
    """A document, and the variables it is asked with, one set a request."""

    name: str
    document: str
    variables: list[Variables]

    @property
    def operation(self) -> str:
        """The name of the operation in the document."""
        return self.name.capitalize()

    @property
    def bodies(self) -> list[bytes]:
        """The bodies of the requests, as front ends send them."""
        return [
            json.dumps(
                {"query": self.document, "operationName": self.operation, "variables": each},
                ensure_ascii=False,
            ).encode()
            for each in self.variables
        ]


def questions(url: str, names: list[str], count: int = 32) -> list[Question]:
    """The questions of these names, each with as many variables, chosen from a database."""
    found = []
    with connected(url) as connection:
        for name in names:
            document = (FOLDER / f"{name}.graphql").read_text("utf-8")
            found.append(Question(name, document, _variables(connection, name, count)))
    return found


def _variables(connection: sa.Connection, name: str, count: int) -> list[Variables]:
    """As many variables, all different where there are enough, in an order without any."""
    random = Random(name)
    if name == "statements":
        return [_month(random) for _ in range(count)]
    rows = [tuple(row) for row in connection.exec_driver_sql(PICKED[name].replace("%", "%%"))]
    if name in ("agreements", "procurements"):
        page = 500 if name == "procurements" else 50
        rows = rows[: max(1, len(rows) - page)]
    picked = [rows[random.randrange(len(rows))] for _ in range(count)]
    if len(rows) >= count:
        picked = random.sample(rows, count)
    return [_asked(name, row) for row in picked]


def _asked(name: str, row: tuple[Any, ...]) -> Variables:
    if name in ("agreements", "procurements"):
        return {"after": cursor(f"{name}:ID+", row[0])}
    if name == "relationship":
        return {"between": [*row]}
    return {"buyer" if name == "spending" else "id": row[0]}


def _month(random: Random) -> Variables:
    year, month = random.randrange(2001, 2025), random.randrange(1, 13)
    first = f"{year}-{month:02d}-"
    last = calendar.monthrange(year, month)[1]
    return {"act": random.choice(ACTS), "from": f"{first}01", "until": f"{first}{last}"}
