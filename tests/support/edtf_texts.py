"""Dates in EDTF of all levels, as Hypothesis draws them."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

SIGNS = st.sampled_from(["", "", "", "?", "~", "%"])
DAYS = st.dates(datetime.date(1890, 1, 1), datetime.date(2030, 12, 31))
FINENESS = st.sampled_from([4, 7, 10])


def _opened(text: str, places: set[int]) -> str:
    """A date some of whose digits are left open."""
    return "".join(
        "X" if place in places and each.isdigit() else each for place, each in enumerate(text)
    )


PLAIN = st.builds(lambda day, fineness: day.isoformat()[:fineness], DAYS, FINENESS)
OPENED = st.builds(_opened, PLAIN, st.sets(st.integers(0, 9), max_size=3))
SEASONS = st.builds(lambda day, season: f"{day:%Y}-{season}", DAYS, st.integers(21, 41))
LONG = st.builds(
    lambda year, exponent: f"Y{year}{exponent}",
    st.integers(-(10**9), 10**9).filter(lambda year: abs(year) > 9999),
    st.sampled_from(["", "", "E3", "S3", "E2S2"]),
)
EARLY = st.builds(
    lambda year, month: f"-{year:04}{month}",
    st.integers(1, 9999),
    st.sampled_from(["", "-01", "-12-31"]),
)
SIGNIFICANT = st.builds(lambda day, digits: f"{day:%Y}S{digits}", DAYS, st.integers(1, 4))


def _doubted(text: str, signs: tuple[str, str, str], after: str) -> str:
    if text.startswith(("Y", "-")):
        return text + after
    parts = zip(signs, text.split("-"), strict=False)
    return "-".join(sign + part for sign, part in parts) + after


POINTS = st.one_of(
    PLAIN,
    OPENED,
    SEASONS,
    LONG,
    EARLY,
    SIGNIFICANT,
    st.builds(_doubted, st.one_of(PLAIN, OPENED), st.tuples(SIGNS, SIGNS, SIGNS), SIGNS),
    st.builds(lambda text, sign: text + sign, st.one_of(SEASONS, LONG, SIGNIFICANT), SIGNS),
)
ENDS = st.one_of(POINTS, POINTS, st.sampled_from(["", ".."]))
INTERVALS = st.builds("{}/{}".format, ENDS, ENDS)
MEMBERS = st.one_of(POINTS, st.builds("{}..{}".format, PLAIN, PLAIN))


def _set(members: list[str], marks: str, before: str, after: str) -> str:
    return marks[0] + before + ",".join(members) + after + marks[1]


SETS = st.builds(
    _set,
    st.lists(MEMBERS, min_size=1, max_size=3),
    st.sampled_from(["[]", "{}"]),
    st.sampled_from(["", "", ".."]),
    st.sampled_from(["", "", ".."]),
)
EDTF = st.one_of(POINTS, POINTS, INTERVALS, SETS)
"""Dates of all levels; some have no such day, and some are bounded the wrong way round."""
NEARLY = st.one_of(
    EDTF, st.text(alphabet="0123456789X-/.?~%[]{},YES QTZ:", max_size=16), st.text(max_size=8)
)
"""What may be a date or none."""
