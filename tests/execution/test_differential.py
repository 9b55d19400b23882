"""The differential test: what the product answers is what graphql-core answers, naively.

Generated operations go through the product, on both databases, and through an oracle that shares
no line of execution with it (`tests.oracle` says what it covers); whole answers are compared, data
to the character and errors with their paths and places.

`OPERATIONS` operations are asked in all, half of them on each database; the environment variable
PACTBOOK_OPERATIONS asks more, as `.ci/run` does, and as for the long run:

    PACTBOOK_OPERATIONS=100000 python -m pytest tests/execution/test_differential.py

Operations are numbered, and each number gives the same operation every time, also in the long
run. PACTBOOK_FIRST_OPERATION begins at another number. A failure tells the number, the smallest
part of the operation that shows the difference, its variables and both answers. With
`--log-cli-level=info` each part tells what share of all fields of the graph its operations reach.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from schema.build import build
from schema.execution.context import Context
from schema.storage.open import snapshots
from tests.oracle.comparing import difference, mistakes
from tests.oracle.drawn_operations import effective
from tests.oracle.executor import Oracle
from tests.oracle.graph import covered
from tests.oracle.operations import operation, schema
from tests.oracle.reachable_fields import reachable
from tests.oracle.rows import Rows
from tests.oracle.shrinking import shrunk
from tests.oracle.small_record import publish_record
from tests.support.databases import Answer, Store, Stores

OPERATIONS = int(os.environ.get("PACTBOOK_OPERATIONS", "1000"))
FIRST = int(os.environ.get("PACTBOOK_FIRST_OPERATION", "0"))
ENOUGH = 200
"""How many operations a chunk needs to be sure to reach most fields."""
CHUNKS = min(max(OPERATIONS // (2 * ENOUGH), 1), 10)
"""Parts of the operations on each database, so that they can be asked side by side."""
DRAWN = 25
"""How many operations Hypothesis draws on each database; it takes ten times as long."""

logger = logging.getLogger(__name__)
Ask = Callable[[str, dict[str, Any]], Answer]


@dataclass
class Asked:
    """A small record in a database, and the oracle that has read it."""

    store: Store
    oracle: Oracle

    def differences(self, ask: Ask, query: str, variables: dict[str, Any]) -> str | None:
        """What differs, told of the smallest part of the operation that shows it."""
        if difference(self.oracle, query, variables, ask(query, variables)) is None:
            return None
        query, variables = shrunk(
            query,
            variables,
            lambda part: difference(self.oracle, *part, ask(*part)) is not None,
        )
        return difference(self.oracle, query, variables, ask(query, variables))


@pytest.fixture(scope="session")
def asked(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """The small record, for reading only."""
    folder = tmp_path_factory.mktemp("record")
    store = stores.filled("record", lambda store: publish_record(store, folder))
    with store.connect() as connection:
        return Asked(store, Oracle(Rows(connection)))


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Strawberry's log of errors is costly and says nothing new."""
    logger = logging.getLogger("strawberry.execution")
    logger.disabled = True
    yield
    logger.disabled = False


def numbers(kind: str, chunk: int) -> range:
    """The numbers of the operations of a chunk: even ones on SQLite, odd ones on PostgreSQL."""
    start = FIRST + 2 * chunk + (kind == "postgresql")
    return range(start, FIRST + OPERATIONS, 2 * CHUNKS)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_product_answers_as_graphql_core_does(asked: Asked, stores: Stores, chunk: int) -> None:
    asked.oracle.selected.clear()
    found: list[str] = []
    empty = failed = 0
    with asked.store.asking() as ask:
        for number in numbers(stores.kind, chunk):
            query, variables = operation(asked.oracle, number)
            answer = ask(query, variables)
            failed += bool(answer.errors)
            empty += not answer.data
            if difference(asked.oracle, query, variables, answer) is not None:
                told = asked.differences(ask, query, variables)
                found.append(f"Operation {number} differs:\n{told}")
                if len(found) == 3:
                    break
    reached = reachable(schema())
    share = len(asked.oracle.selected & reached) / len(reached)
    count = len(numbers(stores.kind, chunk))
    logger.info("%d: %.0f%% of fields, %d errors, %d empty", count, share * 100, failed, empty)
    assert not found, "\n\n".join(found)
    if count >= ENOUGH:
        assert share > 0.5, "the operations select too little to show anything"
        assert 0 < failed < count / 10
        assert empty < count / 10


SCALARS = {
    "Date": st.dates().map(lambda day: nodes.String(day.isoformat())),
    "DateTime": st.datetimes().map(lambda instant: nodes.String(f"{instant.isoformat()}Z")),
    "Decimal": st.decimals().map(lambda number: nodes.String(str(number))),
}
HEALTHY = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def test_what_hypothesis_draws_is_answered_alike(asked: Asked) -> None:
    @settings(
        max_examples=DRAWN,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=HEALTHY,
    )
    @given(queries(covered(), custom_scalars=SCALARS), st.integers(0, 10**6))
    def check(query: str, seed: int) -> None:
        text, variables = effective(asked.oracle, query, seed)
        assert asked.differences(ask, text, variables) is None

    with asked.store.asking() as ask:
        check()


def turned(value: Any) -> Any:
    """An answer with the keys of its objects the other way round."""
    if isinstance(value, dict):
        return {key: turned(each) for key, each in reversed(value.items())}
    return [turned(each) for each in value] if isinstance(value, list) else value


def shortened(value: Any) -> Any:
    """An answer whose lists lack their last member."""
    if isinstance(value, dict):
        return {key: shortened(each) for key, each in value.items()}
    return [shortened(each) for each in value[:-1]] if isinstance(value, list) else value


@pytest.mark.parametrize("broken", [turned, shortened])
def test_a_broken_executor_is_found(asked: Asked, broken: Callable[[Any], Any]) -> None:
    with asked.store.asking() as ask:
        for number in range(100):
            query, variables = operation(asked.oracle, number)
            answer = ask(query, variables)
            answer.data = broken(answer.data)
            if difference(asked.oracle, query, variables, answer) is not None:
                return
    pytest.fail("nothing was noticed")


WRONG = """{ ok: party(by: {slug: "poland"}) { title }
  procurement(by: {slug: "rounds"}) { id quantity { minimum } }
  nodes(ids: ["party/poland", "agreement/alfa-bravo"]) {
    id ... on Agreement { parties { actor { id } } } } }"""
"""An operation whose answer holds two errors: a number over 32 bits, and an actor of nobody."""


def test_errors_and_nulls_spread_as_the_specification_says(asked: Asked) -> None:
    with asked.store.asking() as ask:
        answer = ask(WRONG, {})
    assert difference(asked.oracle, WRONG, {}, answer) is None
    assert answer.data == {
        "ok": {"title": "Poland"},
        "procurement": {"id": "procurement/rounds", "quantity": {"minimum": None}},
        "nodes": [{"id": "party/poland"}, None],
    }
    assert [path for _, path, _ in mistakes(answer.errors)] == [
        ("nodes", 1, "parties", 1, "actor"),
        ("procurement", "quantity", "minimum"),
    ]


@pytest.mark.parametrize("change", ["message", "path", "missing", "twice", "data", "edition"])
def test_a_wrong_error_is_found(asked: Asked, change: str) -> None:
    with asked.store.asking() as ask:
        answer = ask(WRONG, {})
    first = answer.errors[0]
    if change == "message":
        first.message += "!"
    elif change == "path":
        first.path = [*first.path, 0]
    elif change == "missing":
        answer.errors.pop()
    elif change == "twice":
        answer.errors.append(first)
    elif change == "data":
        answer.data["nodes"] = None
    else:
        answer.extensions["edition"] -= 1
    assert difference(asked.oracle, WRONG, {}, answer) is not None


def test_shrinking_keeps_the_difference_and_drops_the_rest(asked: Asked) -> None:
    query = """query Asked($slug: String = "poland", $no: Boolean = false) {
      editions(first: 2) { nodes { id } } ...Rest }
      fragment Rest on Query { party(by: {slug: $slug}) { id title @skip(if: $no) url } }"""
    smallest, variables = shrunk(
        query, {"slug": "ukraine", "no": False}, lambda part: "title" in part[0]
    )
    assert " ".join(smallest.split()) == (
        'query Asked($slug: String = "poland") '
        "{ ... on Query { party(by: { slug: $slug }) { title } } }"
    )
    assert variables == {"slug": "ukraine"}


INSIDE: list[tuple[str, dict[str, Any]]] = [
    ('{ party(by: {slug: "poland"}) { title institutions(first: -1) { totalCount } } }', {}),
    ("{ parties(first: 2) { nodes { tenures(last: 101) { totalCount } } } }", {}),
    ('{ parties(where: {id: {eq: "x"}}) { nodes { tenures(first: -1) { totalCount } } } }', {}),
    ('{ parties(first: 1) { nodes { involvements(after: "x") { totalCount } } } }', {}),
    ('{ party(by: {slug: "poland"}) { title claims(field: NOTHING) { nodes { id } } } }', {}),
    ('{ node(id: "party/poland") { ... on Record { claims(field: X) { nodes { id } } } } }', {}),
    ('{ source(by: {slug: "order"}) { passages(start: -1) { nodes { id } } } }', {}),
    # Of several mistakes in one list the size of its page is told first, and its cursor last.
    *(
        (
            f"query($m: MoneySpan) {{ decisions({page}, where: {{value: $m}}) {{ __typename }} }}",
            {"m": {"until": "NaN"}},
        )
        for page in ("last: -1", 'after: "x"')
    ),
    (
        """query($style: CitationStyle = APA) {
          party(by: {slug: "poland"}) { title citation(style: $style) { id } } }""",
        {"style": None},
    ),
    (
        """query($no: Boolean = false) {
          parties(first: 1) { totalCount pageInfo { endCursor @skip(if: $no) } } }""",
        {"no": None},
    ),
]
"""What is wrong with the arguments of a field inside of a root field, and once of no object."""


@pytest.mark.parametrize(("query", "variables"), INSIDE)
def test_what_is_wrong_inside_of_a_root_field_is_told_where_it_stands(
    asked: Asked, query: str, variables: dict[str, Any]
) -> None:
    with asked.store.asking() as ask:
        answer = ask(query, variables)
    told = difference(asked.oracle, query, variables, answer)
    assert told is None, told


AHEAD = """fragment Known on Query { party(by: {slug: $slug}) { title } }
query($slug: String!) { ...Known }"""


def test_a_fragment_may_use_a_variable_of_an_operation_after_it(asked: Asked) -> None:
    with asked.store.asking() as ask:
        answer = ask(AHEAD, {"slug": "poland"})
    assert difference(asked.oracle, AHEAD, {"slug": "poland"}, answer) is None


GIVEN_UP = """query($ids: [ID!] = []) {
  editions { nodes { id } } parties { nodes { id } } nodes(ids: $ids) { id } }"""


def test_an_answer_that_is_null_leaves_no_connection_open(asked: Asked) -> None:
    async def read() -> None:
        reading = snapshots(asked.store.url)
        async with Context(reading) as context:
            await build().execute(GIVEN_UP, variable_values={"ids": None}, context_value=context)
        running = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*running, return_exceptions=True)
        assert context.snapshot is None
        await reading.dispose()

    asyncio.run(read())
