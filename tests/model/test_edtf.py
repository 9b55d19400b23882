"""EDTF: what a date says, between which days it lies, and what is told where it is none."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given

from schema.model.canonical import refines
from schema.model.edtf import DatePrecision, Point, parsed
from schema.model.intervals import mistake
from schema.model.values import PartialDate
from tests.support.databases import Store
from tests.support.dossier_factory import line, make, record
from tests.support.dossier_findings import findings_of
from tests.support.edtf_texts import EDTF, NEARLY

BOUNDS = {
    "[..1984]": (None, "1984-12-31", "SET"),
    "[2024-10-24]": ("2024-10-24", "2024-10-24", "DAY"),
    "{2022-03,2024}": ("2022-03-01", "2024-12-31", "SET"),
    "XXXX-12": (None, None, None),
    "-0044": (None, "0001-01-01", "INTERVAL"),
    "Y20240": ("9999-12-31", None, "INTERVAL"),
    "-0044/1950": (None, "1950-12-31", "INTERVAL"),
    "2024/Y20240": ("2024-01-01", None, "INTERVAL"),
    "2024-1X": ("2024-10-01", "2024-12-31", "YEAR"),
    "2024-12-2X": ("2024-12-20", "2024-12-29", "MONTH"),
    "156X-12-25": ("1560-12-25", "1569-12-25", "DECADE"),
    "1950S2": ("1900-01-01", "1999-12-31", "CENTURY"),
    "19XX": ("1900-01-01", "1999-12-31", "CENTURY"),
    "202X": ("2020-01-01", "2029-12-31", "DECADE"),
    "1XXX": ("1000-01-01", "1999-12-31", "INTERVAL"),
    "2024-XX": ("2024-01-01", "2024-12-31", "YEAR"),
    "19XX/..": ("1900-01-01", None, "INTERVAL"),
    "../..": (None, None, None),
    "2024/": ("2024-01-01", None, "INTERVAL"),
    "2024-21": ("2024-03-01", "2024-11-30", "SEASON"),
    "2024-22": ("2024-06-01", "2025-02-28", "SEASON"),
    "2024-23": ("2024-03-01", "2024-11-30", "SEASON"),
    "2023-24": ("2023-06-01", "2024-02-29", "SEASON"),
    "2023-25": ("2023-03-01", "2023-05-31", "SEASON"),
    "2023-28": ("2023-12-01", "2024-02-29", "SEASON"),
    "2023-29": ("2023-09-01", "2023-11-30", "SEASON"),
    "2023-30": ("2023-12-01", "2024-02-29", "SEASON"),
    "2023-31": ("2023-03-01", "2023-05-31", "SEASON"),
    "2023-32": ("2023-06-01", "2023-08-31", "SEASON"),
    "2024-36": ("2024-10-01", "2024-12-31", "SEASON"),
    "2024-38": ("2024-05-01", "2024-08-31", "SEASON"),
    "2024-41": ("2024-07-01", "2024-12-31", "SEASON"),
    "2024-10-24T09:30:00+02:00": ("2024-10-24", "2024-10-24", "DAY"),
    " 2024-10 ": ("2024-10-01", "2024-10-31", "MONTH"),
    "9999-22": ("9999-06-01", None, "INTERVAL"),
}


@pytest.mark.parametrize("edtf", BOUNDS)
def test_a_date_lies_between_the_days_that_its_edtf_gives(edtf: str) -> None:
    date = PartialDate.of(edtf=edtf)
    days = [day and day.isoformat() for day in (date.earliest, date.latest)]
    assert (*days, date.precision and date.precision.value) == BOUNDS[edtf]


@pytest.mark.parametrize(
    ("edtf", "about", "unsure"),
    [
        ("2024", False, False),
        ("2024~", True, False),
        ("2024?", False, True),
        ("2024%", True, True),
        ("2024-?10-~24", True, True),
        ("2024~/2025?", True, True),
        ("[2022,2024~]", True, False),
        ("1950S2", True, False),
    ],
)
def test_what_is_in_doubt_says_so(edtf: str, about: bool, unsure: bool) -> None:
    date = PartialDate.of(edtf=edtf)
    assert (date.is_approximate, date.is_uncertain) == (about, unsure)


@pytest.mark.parametrize(
    ("edtf", "right"),
    [
        ("2025-Q3", "a quarter is written 2025-35"),
        ("2025Q3/2025-Q4", "a quarter is written 2025-35"),
        ("202x", "write 202X"),
        ("2024..2025", "write 2024/2025"),
        ("Y2024", "write 2024"),
        ("Y-44", "write -0044"),
        ("2024-02-30", "there is no such day"),
        ("2023-02-29", "there is no such day"),
        ("2024-13", "write it like 2024, 2024-10, 2024-10-24 or 2024-10/2024-12"),
        ("May 2024", "write it like 2024, 2024-10, 2024-10-24 or 2024-10/2024-12"),
        ("202X-21", "write the year in digits"),
        ("2024-21-05", "write it like 2024, 2024-10, 2024-10-24 or 2024-10/2024-12"),
        ("", "write it like 2024, 2024-10, 2024-10-24 or 2024-10/2024-12"),
    ],
)
def test_what_is_no_date_is_told_what_to_write(edtf: str, right: str) -> None:
    with pytest.raises(ValueError, match=r"EDTF|season") as refused:
        parsed(edtf)
    assert str(refused.value).endswith(right)
    if right.startswith(("write 2", "write -", "a quarter")):
        parsed(right.rpartition(" ")[2])


@pytest.mark.parametrize(
    ("edtf", "right"),
    [
        ("2024-10-24/2024-10-20", "2024-10-20/2024-10-24"),
        ("2008/2004", "2004/2008"),
        ("202X/201X", "201X/202X"),
        ("2024-22/2024-21", "2024-21/2024-22"),
        ("2024-28/2024-27", "2024-27/2024-28"),
        ("2024/-0044", "-0044/2024"),
        ("[2024..2022]", None),
        ("{2020,2024..2022}", None),
    ],
)
def test_what_ends_before_it_begins_is_refused(edtf: str, right: str | None) -> None:
    found = mistake(PartialDate, {"edtf": edtf})
    assert found is not None
    assert found[1].startswith("it is bounded the wrong way round, from ")
    assert found[2] == (f"Write {right}." if right else "Write the earlier date first.")
    assert right is None or mistake(PartialDate, {"edtf": right}) is None


@pytest.mark.parametrize("edtf", ["2024-24/2024-21", "2024-23/2024-21", "2024-06/2024"])
def test_what_is_in_order_somewhere_on_earth_is_taken(edtf: str) -> None:
    """A southern winter comes before the spring of its year."""
    assert mistake(PartialDate, {"edtf": edtf}) is None


@given(NEARLY)
def test_every_text_is_a_date_or_a_value_error(text: str) -> None:
    try:
        date = parsed(text)
    except ValueError:
        return
    made = PartialDate.of(edtf=text)
    if isinstance(date, Point) or not date.is_reversed:
        low, high = date.span
        assert low <= high
        assert (made.earliest or datetime.date.min) <= (made.latest or datetime.date.max)
    else:
        assert mistake(PartialDate, {"edtf": text}) is not None
    assert (made.precision is None) == (made.earliest is None and made.latest is None)


@given(EDTF, EDTF)
def test_bounds_hold_those_of_each_refinement(one: str, other: str) -> None:
    try:
        is_finer = refines(one, other)
    except ValueError:
        return
    if is_finer:
        fine, wide = (PartialDate.of(edtf=each) for each in (one, other))
        assert wide.earliest is None or (fine.earliest and wide.earliest <= fine.earliest)
        assert wide.latest is None or (fine.latest and fine.latest <= wide.latest)


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    for text in [*BOUNDS, "2024-1X", "202x", "2025-Q3", "2024-XX-1X", "Y"]:
        try:
            PartialDate.of(edtf=text)
        except ValueError:
            continue
    assert capfd.readouterr() == ("", "")


PRECISE = """{ event(by: {slug: "a"}) { happenedOn {
    edtf earliest latest precision isApproximate isUncertain } } }"""


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("[..1984]", "by 1984"),
        ("19XX", "in the 20th century"),
        ("-0044", "in 45 BC"),
        ("2023-24", "in winter 2023"),
        ("2024~", "about 2024"),
        ("2024?", "perhaps in 2024"),
        ("XXXX-12", "in December"),
        ("Y20240", "in the year 20240"),
        ("2024-1X", "late in 2024"),
        ("{2022,2024}", "in 2022 and 2024"),
        ("1950S2", "around 1950"),
    ],
)
def test_dates_are_kept_and_told_alike(empty: Store, tmp_path: Path, edtf: str, words: str) -> None:
    given_ = {"value": {"edtf": edtf}, "quote": words, "basis": "As the text says."}
    folder = make(tmp_path, record("event/a", "A", happened_on=given_), text=f"It was {words}.\n")
    empty.publish(folder)
    date = PartialDate.of(edtf=edtf)
    assert empty.ask(PRECISE)["event"]["happenedOn"] == {
        "edtf": edtf,
        "earliest": date.earliest and date.earliest.isoformat(),
        "latest": date.latest and date.latest.isoformat(),
        "precision": date.precision and date.precision.value,
        "isApproximate": date.is_approximate,
        "isUncertain": date.is_uncertain,
    }
    [placed] = empty.ask("""{ timeline(where: {nouns: [EVENT]}, first: 1) { nodes {
        date { edtf precision isApproximate isUncertain } } } }""")["timeline"]["nodes"]
    assert placed["date"]["edtf"] == edtf
    assert placed["date"]["isApproximate"] is date.is_approximate
    assert not empty.check().findings


def test_a_quarter_is_refused_with_its_line(tmp_path: Path) -> None:
    given_ = {"value": {"edtf": "2025-Q3"}, "quote": "3 May 2024"}
    folder = make(tmp_path, record("event/a", "A", happened_on=given_))
    at = line(folder, "edtf: 2025-Q3")
    wrong = "'2025-Q3' is not an EDTF date; a quarter is written 2025-35."
    assert findings_of(folder) == [(at, "happened_on", wrong)]
    assert DatePrecision.SEASON is PartialDate.of(edtf="2025-35").precision
