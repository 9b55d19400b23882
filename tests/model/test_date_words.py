"""Dates in words: every EDTF reads as prose, with its doubts, and none shows its code."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from schema.model.date_words import date_in_words
from tests.support.prose_dates import CODE, EDTF


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2024-10-24", "October 24, 2024"),
        ("2024-10", "October 2024"),
        ("2024", "2024"),
        ("2024-36", "the fourth quarter of 2024"),
        ("2024-21", "spring 2024"),
        ("2023-24", "winter 2023"),
        ("2023-28", "winter 2023 (northern)"),
        ("2023-30", "summer 2023 (southern)"),
        ("2024-38", "the second third of 2024"),
        ("2024-41", "the second half of 2024"),
        ("202X", "the 2020s"),
        ("19XX", "a year from 1900 to 1999"),
        ("2024-10/..", "from October 2024 on"),
        ("../2024-10", "until October 2024"),
        ("2024-10/", "from October 2024 to an unknown date"),
        ("/2024-10", "from an unknown date to October 2024"),
        ("../..", "at an unknown time"),
        ("2024-10/2024-12", "from October 2024 to December 2024"),
        ("2024/2024", "2024"),
        ("2024~/2025?", "from about 2024 to 2025 (uncertain)"),
        ("2024~", "about 2024"),
        ("2024?", "2024 (uncertain)"),
        ("2024%", "about 2024 (uncertain)"),
        ("2024-10~", "about October 2024"),
        ("202X~", "about the 2020s"),
        ("2004-06~-11", "about June 11, 2004"),
        ("?2004-06-11", "June 11, 2004 (uncertain)"),
        ("2024-XX", "a month of 2024"),
        ("2024-1X", "a month from October to December 2024"),
        ("2024-X1", "January or November 2024"),
        ("2024-10-XX", "a day in October 2024"),
        ("2024-XX-XX", "a day in 2024"),
        ("2024-02-2X", "a day from February 20 to 29, 2024"),
        ("XXXX-12", "December of an unknown year"),
        ("XXXX-12-25", "December 25, an unknown year"),
        ("XXXX", "an unknown year"),
        ("-0044", "45 BC"),
        ("0000", "1 BC"),
        ("0476", "the year 476"),
        ("Y20240", "the year 20240"),
        ("Y-17E7", "170000001 BC"),
        ("1950S2", "1950 (estimated, from 1900 to 1999)"),
        ("[..1984]", "1984 or earlier"),
        ("[1984..]", "1984 or later"),
        ("[1667,1668,1670..1672]", "1667, 1668 or any date from 1670 to 1672"),
        ("{1960,1961-12}", "1960 and December 1961"),
        ("recently", None),
        ("2024-13", None),
        ("2024-02-30", None),
        ("[]", None),
    ],
)
def test_a_date_is_told_in_words(edtf: str, words: str | None) -> None:
    assert date_in_words(edtf) == words


@given(edtf=EDTF)
def test_no_date_shows_its_code_or_hides_its_doubt(edtf: str) -> None:
    words = date_in_words(edtf)
    assert words
    assert not CODE.search(words), words
    assert ("about" in words) is bool(re.search("[~%]", edtf))
    assert ("uncertain" in words) is bool(re.search("[?%]", edtf))
