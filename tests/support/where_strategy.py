"""Any `where` over records of all nouns, for stating laws of the questions that take one."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

ACTORS = ["party/poland", "party/south-korea", "party/north-korea", "official/jacek-siewiera"]
ACTS = ["AGREEMENT", "DECISION", "EVENT", "PROCUREMENT", "STATEMENT"]
NOUNS = [*ACTS, "OFFICIAL", "PARTY", "SOURCE", "TENURE"]
FACTUALITIES = ["ASSERTED", "REPORTED", "ALLEGED", "HYPOTHETICAL", "PLANNED"]
SOURCES = ["source/poland-south-korea-defense-ties", "source/iso-3166-1-and-cldr"]

_involvement = st.fixed_dictionaries(
    {"actor": st.sampled_from(ACTORS)},
    optional={
        "through": st.booleans(),
        "role": st.lists(st.sampled_from(["PARTY", "SPEAKER", "PARTICIPANT", "BUYER"]), max_size=2),
    },
)
_days = st.dates().map(str)


def wheres(nouns: list[str] = NOUNS) -> st.SearchStrategy[dict[str, Any]]:
    """A `where` of few or many conditions; most find something."""
    return st.fixed_dictionaries(
        {},
        optional={
            "nouns": st.lists(st.sampled_from(nouns), min_size=1, max_size=9, unique=True),
            "involves": st.lists(_involvement, max_size=2),
            "text": st.sampled_from(["korea", "drone", "meeting poland", "siewiera", "zzz"]),
            "kinds": st.lists(st.sampled_from(["MEETING", "CONTRACT", "AID", "STATE"]), max_size=3),
            "stages": st.lists(st.sampled_from(["SIGNED", "APPROVED"]), max_size=2),
            "factualities": st.lists(st.sampled_from(FACTUALITIES), max_size=3),
            "sources": st.lists(st.sampled_from(SOURCES), min_size=1, max_size=2),
            "happened": st.one_of(
                st.fixed_dictionaries({"from": _days}),
                st.fixed_dictionaries({"isKnown": st.booleans()}),
                st.fixed_dictionaries({"isStated": st.booleans()}),
            ),
        },
    )
