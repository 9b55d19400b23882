"""Many records of every noun, written straight into a database, so that planners choose in earnest.

The rows are made from the declarations, the same ones each time. They rest on no claims and say
nothing of the world: only how many there are, and how their values spread, is as in a record.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Any

import sqlalchemy as sa

from schema.model.changelog import ChangeKind, change_log
from schema.model.editions import Edition, Identity
from schema.model.noun import Record, Versioned, cached_per_model
from schema.model.registry import nouns, nouns_of, prefix_of, table_of
from schema.model.values import PartialDate, unwrap_optional, value_fields

ROWS = 4000
"""How many records there are of each noun."""
MANY = {"Claim": 3 * ROWS, "Involvement": 2 * ROWS}
"""Of these there are more than one for each record."""
EDITIONS = 20
FEW = 0.004
"""The share of what is seldom, so that no planner takes a walk for the sooner way."""
FIRST_DAY = datetime.date(1990, 1, 1)
DRAWN = ("East", "West", "North", "South")


@cached_per_model
def ids_of(noun: type[Versioned]) -> list[str]:
    """The ids of all records of a noun."""
    return [f"{prefix_of(noun)}/{number:06d}" for number in range(MANY.get(noun.__name__, ROWS))]


def fill(connection: sa.Connection) -> None:
    """Writes the records into a migrated database that holds nothing, and has it look at them."""
    editions: sa.Table = Edition.__table__  # type: ignore[attr-defined]  # set by SQLModel
    identities: sa.Table = Identity.__table__  # type: ignore[attr-defined]  # set by SQLModel
    start = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
    told = [
        {
            "number": number,
            "published_at": start + datetime.timedelta(days=number),
            "author": "tester",
            "summary": f"Edition {number}",
            "idempotency_key": str(number),
            "mark": f"{number:016x}",
        }
        for number in range(1, EDITIONS + 1)
    ]
    _write(connection, editions, told)
    _write(
        connection,
        identities,
        [{"id": id, "noun": prefix_of(noun)} for noun in nouns().values() for id in ids_of(noun)],
    )
    drawn = random.Random(1)
    for noun in nouns().values():
        _write(connection, table_of(noun), list(_rows(noun, drawn)))
    _write(connection, change_log, list(_changes(drawn)))
    connection.exec_driver_sql("ANALYZE")


def _write(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Adds rows as fast as the database takes them, past all types of columns."""
    names = [column.name for column in table.columns]
    listed = ", ".join(f'"{name}"' for name in names)
    driven: Any = connection.connection.cursor()
    told = [tuple(_bare(row[name]) for name in names) for row in rows]
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" for _ in names)
        driven.executemany(f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})', told)
        return
    with driven.copy(f'COPY "{table.name}" ({listed}) FROM STDIN') as copy:
        for row in told:
            copy.write_row(row)


def _bare(value: Any) -> Any:
    """A value as the driver writes it."""
    value = value.value if isinstance(value, Enum) else value
    return str(value) if isinstance(value, datetime.date) else value


def _rows(noun: type[Versioned], drawn: random.Random) -> Iterator[dict[str, Any]]:
    """Every version of every record of a noun; one record in eight has been amended."""
    columns, values = _columns(noun, drawn), _values(noun, drawn)

    def row(id: str, number: int, since: int, until: int | None) -> dict[str, Any]:
        made = {name: draw(number) for name, draw in columns.items()}
        for draw in values:
            made |= draw()
        return {**made, "id": id, "since": since, "until": until}

    for number, id in enumerate(ids_of(noun)):
        first = drawn.randint(1, EDITIONS // 2)
        later = drawn.randint(first + 1, EDITIONS) if number % 8 == 0 else None
        yield row(id, number, first, later)
        if later is not None:
            yield row(id, number, later, None)


def _columns(noun: type[Versioned], drawn: random.Random) -> dict[str, Callable[[int], Any]]:
    """How each column of a noun is drawn; the parts of values are drawn together, elsewhere."""
    keys = {
        relation.key: relation.target
        for relation in noun.declared.relations.values()
        if relation.single and relation.by == "id"
    }
    found: dict[str, Callable[[int], Any]] = {}
    for name, info in noun.model_fields.items():
        kind = unwrap_optional(info.annotation)
        required = info.annotation == kind
        if name in keys:
            draw = _pointed(keys[name], drawn, upward=keys[name] == noun.__name__)
        elif isinstance(kind, type) and issubclass(kind, Enum):
            draw = _unevenly([member.value for member in kind], drawn)
        elif kind is bool:
            draw = _unevenly([False, True], drawn)
        elif kind is int:
            draw = _among(range(5000), drawn)
        else:
            draw = _worded(name, drawn)
        found[name] = draw if required else _seldom(draw, drawn)
    return found


def _among(values: Sequence[Any], drawn: random.Random) -> Callable[[int], Any]:
    return lambda number: values[int(drawn.random() * len(values))]


def _unevenly(values: Sequence[Any], drawn: random.Random) -> Callable[[int], Any]:
    """The last of a list is what few records hold, so that an index must find them."""
    often = _among(values[:-1] or values, drawn)
    return lambda number: values[-1] if drawn.random() < FEW else often(number)


def _worded(name: str, drawn: random.Random) -> Callable[[int], Any]:
    """Texts: of every two, one that few records share, and one that many do."""

    def draw(number: int) -> str:
        first = DRAWN[int(drawn.random() * len(DRAWN))]
        if number % 2 and name not in ("title", "sha256", "conflict_key"):
            return f"{first} {name} {number % 10}"
        return f"{first} {name} of {number}{' and so on' * 4}"

    return draw


def _seldom(draw: Callable[[int], Any], drawn: random.Random) -> Callable[[int], Any]:
    return lambda number: None if drawn.random() < FEW else draw(number)


def _pointed(target: str, drawn: random.Random, *, upward: bool) -> Callable[[int], Any]:
    """The id of a record of a noun; of parties and officials, some are met more than others.

    Within one noun the earlier stand above the later, so that nobody stands above itself.
    """
    among = [ids_of(nouns()[name]) for name in sorted(nouns_of(target))]
    power = 3 if target == "Actor" else 1

    def draw(number: int) -> str | None:
        ids = among[int(drawn.random() * len(among))]
        if upward:
            ids = ids[: number // 4]
        return ids[int(drawn.random() ** power * len(ids))] if ids else None

    return draw


def _values(noun: type[Versioned], drawn: random.Random) -> list[Callable[[], dict[str, Any]]]:
    return [_value(name, value.kind, drawn) for name, value in noun.declared.values.items()]


def _value(name: str, kind: Any, drawn: random.Random) -> Callable[[], dict[str, Any]]:
    """The parts of a value; few hold nothing."""
    empty = dict.fromkeys(f"{name}_{part}" for part in value_fields(kind))
    dated, priced = kind is PartialDate, "currency" in value_fields(kind)

    def draw() -> dict[str, Any]:
        if drawn.random() < FEW:
            return empty
        row: dict[str, Any] = {**empty, f"{name}_stated": "about then"}
        least = int(drawn.random() * 12_000)
        if dated:
            day = FIRST_DAY + datetime.timedelta(days=least)
            row[f"{name}_earliest"] = day
            row[f"{name}_latest"] = day + datetime.timedelta(days=(0, 0, 30, 365)[least % 4])
        else:
            row[f"{name}_minimum"] = least
            row[f"{name}_maximum"] = least * (1 + least % 2)
        if priced:
            row[f"{name}_currency"] = "KRW" if drawn.random() < FEW else "EUR"
        return row

    return draw


def _changes(drawn: random.Random) -> Iterator[dict[str, Any]]:
    for noun in nouns().values():
        for number, id in enumerate(ids_of(noun)) if issubclass(noun, Record) else ():
            yield {
                "edition": number % EDITIONS + 1,
                "record_id": id,
                "noun": prefix_of(noun),
                "kind": drawn.choice([ChangeKind.ADDED, ChangeKind.AMENDED]),
            }
