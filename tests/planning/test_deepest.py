"""What is written into one statement stays within what SQLite's parser takes."""

from __future__ import annotations

import pytest

from tests.support.databases import Store

INNER = "r14: record { mainDate { isApproximate earliest } noun title url factuality }"
MILESTONE = "element { ... on Milestone { %s } }"
CLAIM = f"passages {{ claim {{ {MILESTONE} }} }}"
CHAINS = [
    f"deliveries {{ nodes {{ hedges {{ nodes {{ {CLAIM} }} }} }} }}",
    f"claims(first: 3) {{ nodes {{ {MILESTONE} }} }}",
    f"claims(first: 3) {{ nodes {{ {CLAIM} }} }}",
    "events { nodes { claims(first: 2) { nodes { passages { claim { %s } } } } } }",
    "procurements { nodes { milestones { record { ... on Procurement { milestones { %s } } } } } }",
    "involvements(first: 3) { nodes { record { ... on Procurement { buyers { %s } } } } }",
]


@pytest.mark.parametrize("chain", CHAINS)
def test_a_value_among_several_is_read_however_deep(seed: Store, chain: str) -> None:
    answer = seed.answer("{ %s }" % (chain % INNER))
    assert answer.errors == []
    assert answer.data
