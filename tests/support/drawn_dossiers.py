"""Dossiers that Hypothesis draws, which agree with each other or not."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.support.dossier_factory import TEXT, Data, pact, record


@st.composite
def dossiers(draw: st.DrawFn) -> tuple[str, str, Data]:
    """One of three sources, its text, and a coding that may agree with the others or not."""
    records = pact()
    agreement = records["agreement/alfa-bravo"]
    for name, choices in (
        ("label", [{"quote": "a pact"}, {"quote": "The pact"}, "NOT_STATED"]),
        ("purpose", [{"quote": "nothing else"}, "WITHHELD", "NOT_STATED"]),
        (
            "signed_on",
            [
                {"value": {"edtf": "2024-05-03"}, "quote": "3 May 2024"},
                {"value": {"edtf": "2024-05-04"}, "quote": "4 May 2024"},
            ],
        ),
    ):
        chosen = draw(st.sampled_from(choices))
        agreement[name] = (
            {**chosen, "preferred": draw(st.booleans())} if isinstance(chosen, dict) else chosen
        )
    agreement["parties"] = draw(st.permutations(agreement["parties"]))[: draw(st.integers(0, 2))]
    for stated in agreement["parties"]:
        stated["stated_as"] = draw(st.sampled_from(["they", "the sides"]))
        stated["basis"] = "Both of the sentence."
    if draw(st.booleans()):
        del records["official/anna-kowalska"]
    if draw(st.booleans()):
        records |= record(
            "procurement/drones",
            "Drones",
            agreement={"value": "agreement/alfa-bravo", "basis": "It covers them."},
            items=[
                {
                    "key": "drones",
                    "quote": "🛩 drones",
                    "label": {"quote": "drones"},
                    **dict.fromkeys(
                        (
                            "label_hedge",
                            "is_label_quoted",
                            "designation",
                            "category",
                            "ordered",
                            "part_of",
                        ),
                        "NOT_STATED",
                    ),
                }
            ],
        )
    if draw(st.integers(0, 4)) == 0:
        records = {}
    source = draw(st.sampled_from(["source/a", "source/b", "source/c"]))
    return source, draw(st.sampled_from(["", "A mark.\n"])) + TEXT, records
