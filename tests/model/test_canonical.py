"""Canonical forms: what means the same is written alike, and what says more exactly refines."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from schema.model.canonical import canonical_edtf, canonical_number, refines
from schema.model.edtf import Point, parsed
from tests.support.edtf_texts import EDTF


def drawn(text: str) -> str:
    """A date that is one, and not bounded the wrong way round."""
    try:
        date = parsed(text)
    except ValueError:
        assume(False)
    assume(isinstance(date, Point) or not date.is_reversed)
    return text


DATES = EDTF.map(drawn)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("100000000", "100000000.00"),
        ("100", "0100"),
        ("1.5", "1.50"),
        ("0", "-0"),
        ("0", "-0.00"),
        ("1500", "1.5e3"),
    ],
)
def test_numbers_that_are_one_are_written_alike(one: str, other: str) -> None:
    assert canonical_number(one) == canonical_number(other) == one


@pytest.mark.parametrize("number", ["", "many", "NaN", "Infinity", True])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="is not a number; write it in digits"):
        canonical_number(number)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_a_canonical_number_is_the_same_number(number: Decimal) -> None:
    text = canonical_number(number)
    assert Decimal(text) == number
    assert canonical_number(text) == canonical_number(f"{number:f}00") == text


@pytest.mark.parametrize(
    ("canonical", "same"),
    [
        ("2024-10", ["2024-10-XX", "2024-10 ", "2024-10/2024-10", "2024-10-01/2024-10-31"]),
        ("2024-10/2024-12", ["2024-36", "2024-1X", "2024-36/2024-12", "[2024-10..2024-12]"]),
        ("2024-10-24", ["2024-10-24/2024-10-24", "2024-10-24T09:30:00Z", "[2024-10-24]"]),
        ("2024", ["2024-XX", "2024-XX-XX", "2024-01/2024-12", "{2024}", "2024S4"]),
        ("2024-07/2024-12", ["2024-41", "2024-35/2024-36"]),
        ("../1984", ["[..1984]"]),
        ("1900/1999", ["19XX"]),
        ("2024-10~", ["2024-10-XX~", "2024-10~/2024-10~"]),
        ("[2021..2022,2024]", ["[2024,2022,2021]", "[2021..2022,2024-XX]"]),
        ("2024-21", ["2024-21/2024-21"]),
        ("XXXX-12", ["XXXX-12-XX"]),
        ("?2024-06-~11", ["2024?-06-~11"]),
    ],
)
def test_dates_that_are_one_are_written_alike(canonical: str, same: list[str]) -> None:
    assert {canonical_edtf(each) for each in [canonical, *same]} == {canonical}


@given(DATES)
@example("-1379-12-31/Y591148")
@example("[Y-20000..2024-10-24]")
def test_a_canonical_date_means_the_same(text: str) -> None:
    canonical = canonical_edtf(text)
    assert canonical_edtf(canonical) == canonical
    assert parsed(canonical).span == parsed(text).span
    assert not refines(text, canonical)
    assert not refines(canonical, text)


@pytest.mark.parametrize(
    ("narrower", "wider"),
    [
        ("2024-10-24", "2024-10"),
        ("2024-10", "2024"),
        ("2024-10", "2024-36"),
        ("2024-36", "2024"),
        ("2024-02", "2023-24"),
        ("2023-24", "2023/2024"),
        ("2023-12-05", "XXXX-12"),
        ("156X-12-25", "15XX-12"),
        ("2023-12-10/2023-12-12", "XXXX-12"),
        ("2024", "2024~"),
        ("2024~", "2024%"),
        ("2024", "[2022,2024]"),
        ("2024-05", "2024/.."),
        ("-0044-03-15", "-0044"),
        ("Y20240", "Y2E4/.."),
        ("{2022-03,2024-05}", "{2022,2024}"),
    ],
)
def test_a_narrower_date_refines_a_wider_one(narrower: str, wider: str) -> None:
    assert refines(narrower, wider)
    assert not refines(wider, narrower)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2024-10", "2024-11"),
        ("2024-07", "2024-21"),  # spring nowhere on earth
        ("2023-11-05", "XXXX-12"),
        ("2023", "[2022,2024]"),
        ("2022", "{2022,2024}"),
        ("2024-10-24", "2024-10-24"),
        ("2024-10/2025-01", "2024"),
        ("2024/2023", "202X"),
    ],
)
def test_what_lies_elsewhere_refines_nothing(one: str, other: str) -> None:
    assert not refines(one, other)
    assert not refines(other, one)


@given(DATES, DATES, DATES)
def test_refining_is_an_order_within_the_bounds(one: str, other: str, third: str) -> None:
    if refines(one, other):
        assert not refines(other, one)
        (low, high), (first, last) = parsed(one).span, parsed(other).span
        assert first <= low <= high <= last
        if refines(other, third):
            assert refines(one, third)


@given(DATES, st.data())
def test_a_date_is_refined_by_its_parts(text: str, data: st.DataObject) -> None:
    """What is drawn rarely lies within something else, so parts of it are made here."""
    date = parsed(text)
    assume(isinstance(date, Point) and not any(date.doubts))
    (year, month, day), _ = date.span
    assume(1 <= year <= 9999)
    first = f"{int(year):04}-{month:02}-{day:02}"
    wider = data.draw(st.sampled_from([text, f"{text}~", f"{text}/.."]))
    if canonical_edtf(first) != canonical_edtf(wider):
        assert refines(first, wider)
