"""The names of the code: the coined ones that were given up do not come back."""

from __future__ import annotations

import io
import tokenize

import pytest

from tests.support.import_graph import MODULES

RETIRED = frozenset(
    [
        "Asked",
        "Asking",
        "Atom",
        "Branch",
        "Calls",
        "Coder",
        "CtePlan",
        "Cutting",
        "Drafts",
        "FieldGroup",
        "Here",
        "Kept",
        "Keyset",
        "KeysetPage",
        "LateError",
        "LateWalkError",
        "Newest",
        "ObjectSelection",
        "PlanNode",
        "PostgresNewest",
        "RowStatement",
        "Said",
        "Seen",
        "Shelf",
        "Snapshots",
        "SqliteNewest",
        "Tallies",
        "Telling",
        "Told",
        "UnfitError",
        "UntoldError",
        "ViewPage",
        "Weighing",
        "_Characters",
        "_Elsewhere",
        "_Listed",
        "_Met",
        "_Shaper",
        "_Told",
        "_again",
        "_driven",
        "_grounds",
        "_learnt",
        "_told_to_sqlite",
        "counting_for",
        "disagreements",
        "finisher",
        "found_in",
        "is_late",
        "late_key",
        "level_of",
        "names_edition",
        "pointers",
        "row_of",
        "settle",
        "sort_out",
        "spared",
        "sums_of",
        "terms_of",
        "tree_of",
        "unheard",
        "worth",
    ]
)
"""Words of no field; what the same things are called now, the packages say."""


@pytest.mark.parametrize(
    "module", [name for name in MODULES if name.partition(".")[0] in ("api", "schema")]
)
def test_no_retired_name_comes_back(module: str) -> None:
    read = io.StringIO(MODULES[module].read_text("utf-8")).readline
    names = {
        token.string for token in tokenize.generate_tokens(read) if token.type == tokenize.NAME
    }
    assert not names & RETIRED
