"""Bounds: whatever runs the wrong way round is refused, and found where it was once published."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from schema.dossiers.reader import read_dossier
from schema.model.intervals import mistake
from schema.model.values import Money, PartialDate, Quantity
from schema.storage.engine import connected
from tests.support.databases import Store
from tests.support.dossier_factory import Data, line, make, record

DAYS = st.dates(datetime.date(1000, 1, 1), datetime.date(2999, 12, 31))
FINE = [lambda day: f"{day:%Y-%m-%d}", lambda day: f"{day:%Y-%m}", lambda day: f"{day:%Y}"]
DATES = st.builds(lambda day, written: written(day), DAYS, st.sampled_from(FINE))


def findings_of(folder: Path) -> list[tuple[int, str, str]]:
    """What is wrong with a dossier."""
    found = read_dossier(folder).findings
    return [(each.line, each.field, f"{each.wrong} {each.right}".strip()) for each in found]


def drones(**fields: Any) -> Data:
    return record("procurement/drones", "Drones", **fields)


@pytest.mark.parametrize(
    ("field", "value", "at", "message"),
    [
        (
            "quantity",
            {"minimum": 12, "maximum": 9},
            "minimum: 12",
            "it is bounded the wrong way round, from 12 to 9. Write minimum: 9, maximum: 12.",
        ),
        (
            "value",
            {"minimum": "10.50", "maximum": "9", "currency": "EUR"},
            "minimum: '10.50'",
            "it is bounded the wrong way round, from 10.50 to 9. Write minimum: 9, maximum: 10.50.",
        ),
        (
            "ordered_on",
            {"edtf": "2024-12/2024-10"},
            "edtf: 2024-12",
            (
                "it is bounded the wrong way round, from 2024-12-01 to 2024-10-31. "
                "Write 2024-10/2024-12."
            ),
        ),
        (
            "ordered_on",
            {"edtf": "[2025..2020]"},
            "edtf: '[2025",
            (
                "it is bounded the wrong way round, from 2025-01-01 to 2020-12-31. "
                "Write the earlier date first."
            ),
        ),
    ],
)
def test_bounds_the_wrong_way_round_are_refused_by_line_and_value(
    tmp_path: Path, field: str, value: Data, at: str, message: str
) -> None:
    folder = make(tmp_path, drones(**{field: {"value": value, "quote": "🛩 drones"}}))
    assert findings_of(folder) == [(line(folder, at), field, message)]


def test_rows_of_data_sets_parts_and_sources_are_bounded_too(tmp_path: Path) -> None:
    whole = {"origin": "IMPORTED", "quote": "🛩 drones"}
    wrong = {"minimum": 2, "maximum": 1}
    item = {"quote": "🛩 drones", "key": "x", "ordered": {"value": wrong, "quote": "🛩 drones"}}
    records = drones(imported={"quantity": wrong}, claims=[whole], items=[item])
    period = {"value": {"edtf": "2023/2017"}, "quote": "3 May 2024"}
    assert [field for _, field, _ in findings_of(make(tmp_path, records, covers=period))] == [
        "covers",
        "quantity",
        "ordered",
    ]


def held(day: str) -> Data:
    return {"value": {"edtf": day}, "quote": "3 May 2024", "basis": "For the test."}


@pytest.mark.parametrize(
    ("id", "start", "end"),
    [
        ("tenure/a", "started_on", "ended_on"),
        ("event/a", "happened_on", "ended_on"),
        ("agreement/a", "signed_on", "ended_on"),
        ("agreement/a", "in_force_on", "ended_on"),
    ],
)
def test_nothing_ends_before_it_begins(tmp_path: Path, id: str, start: str, end: str) -> None:
    def dossier(first: Any, last: Any) -> Path:
        return make(tmp_path, record(id, "A", **{start: first, end: last}))

    folder = dossier(held("2024-05"), held("2023"))
    assert findings_of(folder) == [
        (
            line(folder, f"{end}:"),
            end,
            (
                f"it ends on 2023-12-31, before {start}, which is 2024-05-01 at the earliest. "
                f"Let {end} be the later one."
            ),
        )
    ]
    assert findings_of(dossier(held("2024-05"), held("2024"))) == []
    assert findings_of(dossier(held("2024-05"), held("2024-05-01/.."))) == []
    assert findings_of(dossier([held("2024-05"), held("2022")], held("2023"))) == []
    assert findings_of(dossier(held("2024-05"), held("2023") | {"factuality": "DENIED"})) == []


def test_what_two_sources_say_may_not_fit(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path / "a", record("tenure/a", "A", started_on=held("2024"))))
    later = make(tmp_path / "b", record("tenure/a", "A", ended_on=held("2023")), source="source/b")
    assert empty.publish(later).edition == 2
    assert not empty.check().findings


@given(first=DATES, last=DATES)
def test_a_date_is_taken_only_when_it_does_not_end_before_it_begins(first: str, last: str) -> None:
    value = {"edtf": f"{first}/{last}"}
    made = PartialDate.of(**value)
    assert made.earliest is not None
    assert made.latest is not None
    wrong = mistake(PartialDate, value)
    assert (wrong is not None) == (made.earliest > made.latest)
    if wrong is not None:
        part, what, right = wrong
        assert (part, f"from {made.earliest} to {made.latest}." in what) == ("edtf", True)
        assert mistake(PartialDate, {"edtf": right.removeprefix("Write ").rstrip(".")}) is None


NUMBERS = st.none() | st.integers(0, 2**31 - 1)
SUMS = st.none() | st.decimals(-(10**14), 10**14, places=3).map(str)


@given(quantity=st.tuples(NUMBERS, NUMBERS), money=st.tuples(SUMS, SUMS))
def test_a_number_is_taken_only_when_its_bounds_are_in_order(
    quantity: tuple[int | None, int | None], money: tuple[str | None, str | None]
) -> None:
    for kind, bounds in ((Quantity, quantity), (Money, money)):
        value = dict(zip(("minimum", "maximum"), bounds, strict=True))
        given = {part: bound for part, bound in value.items() if bound is not None}
        least, most = (None if bound is None else Decimal(bound) for bound in bounds)
        wrong = mistake(kind, given)
        assert (wrong is not None) == (least is not None and most is not None and least > most)


def test_what_was_once_published_is_found_and_mended(empty: Store, tmp_path: Path) -> None:
    fields = {
        "quantity": {"value": {"minimum": 9, "maximum": 12}, "basis": "For the test."},
        "ordered_on": held("2024-10/2024-12"),
    }
    records = drones(**fields) | record(
        "tenure/a", "A", started_on=held("2023"), ended_on=held("2024")
    )
    empty.publish(make(tmp_path, records))
    with connected(empty.url, writes=True) as connection, connection.begin():
        for old, new in (
            ('"maximum":12,"minimum":9', '"maximum":9,"minimum":12'),
            ("2024-10/2024-12", "2024-12/2024-10"),
            ('{"edtf":"2023",', '{"edtf":"2025",'),
        ):
            swap = sa.text("UPDATE claim SET value = replace(value, :old, :new)")
            connection.execute(swap, {"old": old, "new": new})
        for change in (
            (
                "procurement SET quantity_minimum = 12, quantity_maximum = 9, ordered_on_edtf = "
                "'2024-12/2024-10', ordered_on_earliest = '2024-12-01', "
                "ordered_on_latest = '2024-10-31'"
            ),
            (
                "tenure SET started_on_edtf = '2025', started_on_earliest = '2025-01-01', "
                "started_on_latest = '2025-12-31'"
            ),
        ):
            assert connection.execute(sa.text(f"UPDATE {change}")).rowcount == 1
    claims = "{ claims(first: 100) { nodes { id field } } }"
    ids = {each["field"]: each["id"] for each in empty.ask(claims)["claims"]["nodes"]}
    assert sorted(found for found in empty.check().findings if "source/first again" in found) == [
        (
            f"{ids['ORDERED_ON']}: ordered_on: it is bounded the wrong way round, from 2024-12-01 "
            "to 2024-10-31. Write 2024-10/2024-12. Set it right, and publish the dossier of "
            "source/first again."
        ),
        (
            f"{ids['QUANTITY']}: quantity: it is bounded the wrong way round, from 12 to 9. "
            "Write minimum: 9, maximum: 12. Set it right, and publish the dossier of "
            "source/first again."
        ),
        (
            "tenure/a: ended_on 2024-12-31 lies before started_on 2025-01-01. "
            "Set it right, and publish the dossier of source/first again."
        ),
    ]
    touching = make(tmp_path / "b", drones(), source="source/b")
    assert empty.publish(touching, replace=False).edition == 2, "nobody is stuck by it"
    empty.publish(make(tmp_path, records), replace=False)
    assert not [found for found in empty.check().findings if "again" in found]
