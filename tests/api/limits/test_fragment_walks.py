"""Walks over documents: fragments spread again and again are not looked through again and again.

What is counted is how many selections are looked at, whoever looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    Visitor,
    parse,
    validate,
    visit,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.http.immutable import pins_edition
from api.limits.depth import Tally
from api.limits.documents import Document, Documents
from api.limits.limits import Limits
from api.limits.list_bounds import multiplicities
from schema.build import build
from schema.errors import AnswerTooLargeError
from schema.execution.context import Context
from schema.execution.operation import OperationPlan
from schema.graph.validation import RULES
from schema.storage.open import snapshots
from schema.storage.snapshot import ReadPool
from tests.support.book_schema import app, query
from tests.support.databases import Store

GRAPH = build()._schema
LIMITS = Limits(selections=300, depth=40)
DOCUMENTS = Documents(GRAPH, LIMITS, multiplicities())


class Selections(tuple[Any, ...]):
    """The selections of a set; each look at one is counted."""

    looks = 0

    def __iter__(self) -> Iterator[Any]:
        for node in super().__iter__():
            Selections.looks += 1
            yield node

    def __getitem__(self, at: Any) -> Any:
        Selections.looks += 1
        return super().__getitem__(at)


class Counting(Visitor):
    """Has every look at a selection counted, and says how many selections there are."""

    def __init__(self) -> None:
        super().__init__()
        self.size = 0

    def enter_selection_set(self, node: SelectionSetNode, *_: object) -> None:
        self.size += len(node.selections)
        object.__setattr__(node, "selections", Selections(node.selections))


def counted(text: str) -> tuple[DocumentNode, int]:
    """A document whose walks are counted, and its size."""
    document, counting = parse(text), Counting()
    visit(document, counting)
    Selections.looks = 0
    return document, counting.size


def looks() -> int:
    """How many selections were looked at since the last time."""
    count, Selections.looks = Selections.looks, 0
    return count


PLACES = [
    *("{}", "... {{ {} }}", "... on Party {{ {} }}", "parent {{ {} }}", "a: parent {{ {} }}"),
    "institutions(first: 1) {{ nodes {{ {} }} }}",
    "names {{ record {{ ... on Party {{ {} }} }} }}",
]


@st.composite
def tangled(draw: st.DrawFn) -> str:
    """A valid document: each fragment spreads later ones, several times, at several places."""
    count = draw(st.integers(1, 12))

    def body(first: int) -> str:
        parts = ["id"]
        for _ in range(draw(st.integers(0, 3)) if first < count else 0):
            place = draw(st.sampled_from(PLACES))
            parts.append(place.format(f"...F{draw(st.integers(first, count - 1))}"))
        if first < count:  # so that all are used
            parts.append(f"...F{first}")
        return " ".join(parts)

    made = [f"query {{ parties(first: 1) {{ nodes {{ {body(0)} }} }} }}"]
    made += [f"fragment F{n} on Party {{ {body(n + 1)} }}" for n in range(count)]
    return "\n".join(made)


def doubled(depth: int, part: str) -> str:
    """A document of which each fragment spreads the next twice."""
    links = "".join(
        f"fragment F{n} on Party {{ {part % (n + 1)} {part % (n + 1)} }}" for n in range(depth)
    )
    last = f"fragment F{depth} on Party {{ id }}"
    return f"{{ parties(first: 1) {{ nodes {{ ...F0 }} }} }} {links} {last}"


@settings(deadline=None)
@given(tangled())
@example(doubled(60, "...F%d"))
@example(doubled(60, "... {{ ...F%d }}".format()))
def test_a_walk_looks_at_each_selection_a_few_times(text: str) -> None:
    document, size = counted(text)
    visit(document, tally := Tally(LIMITS.name_characters))
    assert looks() <= 2 * size
    _, count = tally.extent(tally.operations[0].selection_set)
    assert looks() <= 2 * size
    assert pins_edition(document, None, {}, 0) is False
    assert looks() <= size
    validate(GRAPH, document, RULES)
    assert looks() <= 30 * (size + count)


@settings(max_examples=20, deadline=None)
@given(tangled())
def test_what_is_accepted_is_planned_within_the_ceiling(seed: Store, text: str) -> None:
    document, _ = counted(text)
    try:
        DOCUMENTS.measure(document)
    except GraphQLError as error:
        assert (error.extensions or {})["code"] == "QUERY_TOO_COMPLEX"  # noqa: PT017  # or it is none
        return
    assert validate(GRAPH, document, RULES) == []
    [operation] = (n for n in document.definitions if isinstance(n, OperationDefinitionNode))
    looks()
    DOCUMENTS.costs(Document(document, ()), operation).of({})
    assert looks() <= 2 * LIMITS.selections
    with asyncio.Runner() as runner:
        reading = snapshots(seed.url)
        with suppress(AnswerTooLargeError):  # of a state with its names, each with all of them
            told = runner.run(read(OperationPlan(GRAPH, document, operation), reading))
            assert told.keys() == {"parties"}
        runner.run(reading.dispose())
    assert looks() <= 20 * LIMITS.selections


async def read(operation: OperationPlan, reading: ReadPool) -> dict[str, Any]:
    """What an operation finds, which is planned for it."""
    async with Context(reading) as context:
        data = operation.run(context, {})
        return data if isinstance(data, dict) else await data


@pytest.mark.parametrize(
    ("depth", "spread", "count"),
    [
        (10, "a: sequel {{ ...F{0} }} b: sequel {{ ...F{0} }}", "5118"),
        (20, "...F{0} ...F{0} ", "3145728"),
        (60, "...F{0} ...F{0} ", "more than 1000000000"),
    ],
)
def test_what_fragments_blow_up_is_refused_by_its_number(
    depth: int, spread: str, count: str
) -> None:
    text = f"{{ book {{ ...F0 }} }} fragment F{depth} on Book {{ title }}" + "".join(
        f"fragment F{n} on Book {{ {spread.format(n + 1)} }}" for n in range(depth)
    )
    [error] = query(app(), text).json()["errors"]
    assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"
    assert f"selects {count} fields and fragments" in error["message"]
    assert "at most 5000 are allowed" in error["message"]
    assert "Spread fragments in fewer places" in error["message"]
