"""The migration of values: old rows are read anew exactly, and nothing is lost on the way back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from api.database.migrate import migrate
from tests.support.databases import Store, Stores

BEFORE = "0009"
DATES = {
    "2023-24": ("2023-12-01", "2023-12-31", "SEASON"),
    "2024-21~": ("2024-03-01", "2024-05-31", "YEAR"),
    "2023-30": ("2023-12-01", "2023-12-31", "SEASON"),
    "2024-36": ("2024-10-01", "2024-12-31", "SEASON"),
    "2023-24/..": ("2023-12-01", None, "INTERVAL"),
    "2022-24/2023-21": ("2022-12-01", "2023-05-31", "INTERVAL"),
    "19XX": ("1900-01-01", "1999-12-31", "DECADE"),
    "202X": ("2020-01-01", "2029-12-31", "DECADE"),
    "[2022,2024]": ("2022-01-01", "2024-12-31", "INTERVAL"),
    "2024-10-24": ("2024-10-24", "2024-10-24", "DAY"),
    "2024?": ("2024-01-01", "2024-12-31", "YEAR"),
    "1950S2": ("1950-01-01", "1950-12-31", "YEAR"),
    "2024/2026": ("2024-01-01", "2026-12-31", "INTERVAL"),
}
"""As the release before kept them."""
SUMS = (600000000000, 1050, 1, -250, 99999999999999999)


@pytest.fixture
def old(stores: Stores) -> Iterator[Store]:
    """A database of the release before, with a decision for each date and sum."""
    store = stores.bare()
    migrate(store.url, BEFORE)
    with store.connect() as connection, connection.begin():
        connection.execute(
            sa.text(
                "INSERT INTO edition (number, mark, published_at, author, summary, "
                "idempotency_key) VALUES (1, 'm', '2024-01-01', 'a', 's', 'k')"
            )
        )
        for place, (edtf, (low, high, precision)) in enumerate(DATES.items()):
            id = f"decision/{place:02}"
            connection.execute(
                sa.text("INSERT INTO record (id, noun) VALUES (:id, 'decision')"), {"id": id}
            )
            connection.execute(
                sa.text(
                    "INSERT INTO decision (id, since, title, title_origin, folded, decided_on_edtf,"
                    " decided_on_earliest, decided_on_latest, decided_on_precision, value_minimum) "
                    "VALUES (:id, 1, 't', 'STATED', 't', :edtf, :low, :high, :precision, :sum)"
                ),
                {
                    "id": id,
                    "edtf": edtf,
                    "low": low,
                    "high": high,
                    "precision": precision,
                    "sum": SUMS[place] if place < len(SUMS) else None,
                },
            )
    yield store
    stores.drop(store)


def held(store: Store, columns: str) -> list[tuple[Any, ...]]:
    with store.connect() as connection:
        rows = connection.execute(sa.text(f"SELECT {columns} FROM decision ORDER BY id"))
        return [tuple(part if part is None else str(part) for part in row) for row in rows]


BOUNDS = "decided_on_earliest, decided_on_latest, decided_on_precision"


def test_old_rows_are_read_anew_and_back(old: Store) -> None:
    sums = held(old, "value_minimum")
    migrate(old.url)
    assert dict(zip(DATES, held(old, BOUNDS), strict=True)) == {
        **DATES,
        "2023-24": ("2023-06-01", "2024-02-29", "SEASON"),
        "2024-21~": ("2024-03-01", "2024-11-30", "SEASON"),
        "2023-30": ("2023-12-01", "2024-02-29", "SEASON"),
        "2023-24/..": ("2023-06-01", None, "INTERVAL"),
        "2022-24/2023-21": ("2022-06-01", "2023-11-30", "INTERVAL"),
        "19XX": ("1900-01-01", "1999-12-31", "CENTURY"),
        "[2022,2024]": ("2022-01-01", "2024-12-31", "SET"),
        "1950S2": ("1900-01-01", "1999-12-31", "CENTURY"),
    }
    assert held(old, "value_minimum") == [
        (None if sum is None else f"{int(sum) * 10}",) for (sum,) in sums
    ]
    with old.connect() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT decided_on_edtf, decided_on_is_approximate, decided_on_is_uncertain "
                "FROM decision ORDER BY id"
            )
        )
        doubts = {edtf: (bool(about), bool(unsure)) for edtf, about, unsure in rows}
    assert {edtf: doubt for edtf, doubt in doubts.items() if any(doubt)} == {
        "2024-21~": (True, False),
        "2024?": (False, True),
        "1950S2": (True, False),
    }
    migrate(old.url, BEFORE)
    assert dict(zip(DATES, held(old, BOUNDS), strict=True)) == DATES
    assert held(old, "value_minimum") == sums


@pytest.mark.parametrize(
    "change",
    [
        "value_minimum = 1005",
        "value_ceiling = 1000",
        "value_share = 'bundle'",
        "value_certainty = 'ESTIMATE'",
        "decided_on_edtf = '[..1984]'",
        "decided_on_edtf = '2024-1X'",
        "decided_on_edtf = '-0044'",
    ],
)
def test_the_way_back_refuses_what_would_be_lost(old: Store, change: str) -> None:
    migrate(old.url)
    with old.connect() as connection, connection.begin():
        connection.execute(sa.text(f"UPDATE decision SET {change} WHERE id = 'decision/01'"))
    with pytest.raises(RuntimeError, match=r"Correct or retract it by its dossier"):
        migrate(old.url, BEFORE)


def test_a_sum_that_no_database_holds_is_refused(old: Store) -> None:
    with old.connect() as connection, connection.begin():
        connection.execute(
            sa.text("UPDATE decision SET value_minimum = 1000000000000000000 WHERE id LIKE '%01'")
        )
    with pytest.raises(RuntimeError, match=r"decision/01 would lose a value"):
        migrate(old.url)
