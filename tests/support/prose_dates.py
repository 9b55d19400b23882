"""Dates in EDTF that prose can tell, as Hypothesis draws them, and what betrays a code in prose."""

from __future__ import annotations

import re

from hypothesis import strategies as st

CODE = re.compile(r"\d{4}-\d|\dX|\.\.|/|[~%?\[\]{}]|Y\d|\dS\d")
"""What only a date in EDTF has."""

YEARS = st.integers(1000, 2999).map(str) | st.sampled_from(["202X", "19XX", "XXXX", "-0044"])
MONTHS = st.integers(1, 12).map(lambda month: f"{month:02}") | st.sampled_from(["1X", "0X", "XX"])
SEASONS = st.integers(21, 41).map(str)
DAYS = st.integers(1, 28).map(lambda day: f"{day:02}") | st.sampled_from(["0X", "1X", "XX"])
SINGLE = st.one_of(
    YEARS,
    st.tuples(YEARS, MONTHS | SEASONS).map("-".join),
    st.tuples(YEARS, st.integers(1, 12).map("{:02}".format), DAYS).map("-".join),
)
QUALIFIED = st.tuples(SINGLE, st.sampled_from(["", "~", "?", "%"])).map("".join)
ENDS = QUALIFIED | st.sampled_from(["..", ""])
EDTF = st.one_of(
    QUALIFIED,
    st.tuples(ENDS, ENDS).map("/".join),
    st.lists(SINGLE, min_size=1, max_size=3).map(lambda dates: f"[{','.join(dates)}]"),
    st.lists(SINGLE, min_size=1, max_size=3).map(lambda dates: f"{{{','.join(dates)}}}"),
    SINGLE.map(lambda date: f"[..{date}]"),
)
