"""The bytes of an answer have a bound, which is kept while the answer is made."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings

from api.app import create_app
from api.settings import Settings
from schema.errors import AnswerTooLargeError
from schema.execution.json_writer import Writer
from schema.storage.byte_budget import Budget
from tests.support.circular_queries import BACK, CIRCLE, circles
from tests.support.databases import Store

MOST = 1_000_000_000
TYPED = "schema: __schema { queryType { name } }"
"""What only graphql-core can answer, so that it goes through all that is asked beside it."""
TOLD = "procurements { nodes { id title claims { nodes { id value passages { exact } } } } }"
MADE = "sources { nodes { id passages { nodes { exact claim { id source { id title } } } } } }"
SHARED = (
    "procurements { nodes { claims { nodes { record { id claims { nodes { record { id"
    " title } } } } } } } }"
)
PAGED = "parties(first: 5) { nodes { id involvements { nodes { record { id title url } } } } }"
NAMES = "a: title b: title c: title d: title"
TWICE = (
    f"sources {{ nodes {{ {NAMES} passages {{ nodes {{ id }} }} }} edges {{ node {{ title }}"
    f" cursor }} }}"
)
VIEWS = (
    "timeline(first: 20) { nodes { id record { id title claims { nodes { source { title } } } } } }"
)


class Asked:
    """An application that is asked again and again, and the statements that it took."""

    def __init__(self, runner: asyncio.Runner, client: httpx2.AsyncClient) -> None:
        self.runner, self.client = runner, client

    def answer(self, query: str, path: str = "/graphql") -> httpx2.Response:
        """What it answers to a query, by POST."""
        return self.runner.run(self.client.post(path, json={"query": query}))

    def page(self, path: str) -> httpx2.Response:
        """A page."""
        return self.runner.run(self.client.get(path))


@contextmanager
def asking(store: Store, **given: Any) -> Iterator[Asked]:
    """An application over a store, with no bound on what a query may cost or how long it takes."""
    wide = {"cost": MOST, "operation_seconds": 100.0, "answers_kept": 0, **given}
    served = create_app(Settings(database_url=store.url, **wide))
    transport = httpx2.ASGITransport(served)
    with asyncio.Runner() as runner:
        lifespan = served.router.lifespan_context(served)
        runner.run(lifespan.__aenter__())
        yield Asked(
            runner, httpx2.AsyncClient(transport=transport, base_url="http://pactbook.test")
        )
        runner.run(lifespan.__aexit__(None, None, None))


def code(response: httpx2.Response) -> str | None:
    """The code of the one error of an answer, of which nothing else was made; None for none."""
    told = response.json()
    if "errors" not in told:
        return None
    assert (response.status_code, told["data"]) == (200, None)
    [error] = told["errors"]
    assert error["path"] == []
    return str(error["extensions"]["code"])


@pytest.mark.parametrize("asked", [TOLD, MADE, SHARED, PAGED, TWICE, VIEWS])
def test_an_answer_may_be_as_large_as_the_bound_and_no_larger(seed: Store, asked: str) -> None:
    query = f"{{ {asked} }}"
    with asking(seed) as wide:
        content = wide.answer(query).content
    with asking(seed, answer_bytes=len(content)) as exact:
        assert [exact.answer(query).content for _ in range(3)] == [content] * 3
    with asking(seed, answer_bytes=len(content) - 1) as narrow:
        told = [narrow.answer(query) for _ in range(3)]
    assert [code(response) for response in told] == ["ANSWER_TOO_LARGE"] * 3
    [error] = told[0].json()["errors"]
    assert f"larger than {len(content) - 1:,} bytes (PACTBOOK_ANSWER_BYTES)" in error["message"]


@pytest.mark.parametrize("query", [CIRCLE, BACK])
def test_a_circle_is_an_error_and_not_memory(seed: Store, query: str) -> None:
    with asking(seed) as asked:
        assert code(asked.answer(query)) == "ANSWER_TOO_LARGE"
        beside = asked.answer("{ parties(first: 1) { nodes { id } } }")
        assert beside.json()["data"]["parties"]["nodes"]


def test_what_helps_is_what_the_error_says(seed: Store) -> None:
    fewer = """{ procurements(first: 1) { nodes {
      claims { nodes { record { claims { nodes { id } } } } } } } }"""
    with asking(seed) as asked:
        assert asked.answer(fewer).json()["data"]["procurements"]["nodes"]


@pytest.mark.parametrize("query", [CIRCLE, BACK])
def test_graphql_core_makes_no_more(seed: Store, query: str) -> None:
    with asking(seed) as asked:
        assert code(asked.answer(f"{query[:-1]} {TYPED} }}")) == "ANSWER_TOO_LARGE"


def test_what_is_too_large_is_read_once(seed: Store) -> None:
    query = f"{{ {SHARED} }}"
    heard: list[str] = []
    with asking(seed) as wide:
        length = len(wide.answer(query).content)
    with asking(seed, answer_bytes=length // 2) as asked:
        asked.answer(query)
        reading = asked.client._transport.app.graph.runner.context(  # type: ignore[attr-defined]  # our own
            {"type": "http", "headers": [], "scheme": "http", "server": None}
        ).snapshots
        reading.listen(lambda text, values: heard.append(text))
        asked.answer(query)
    texts = [text for text in heard if not text.startswith("BEGIN")]
    assert len(texts) == len({*texts})


@pytest.mark.parametrize("bytes", [4_096, 65_536])
def test_no_circle_answers_more_than_the_bound(seed: Store, bytes: int) -> None:
    with asking(seed, answer_bytes=bytes, depth=40, operation_seconds=20.0) as asked:

        @settings(
            deadline=None,
            max_examples=25,
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        )
        @given(circles())
        def law(query: str) -> None:
            for each in (query, f"{query[:-1]} {TYPED} }}" if query.endswith("}") else query):
                response = asked.answer(query if "fragment" in query else each)
                told = response.json()
                codes = {error["extensions"]["code"] for error in told.get("errors", ())}
                assert codes <= {"ANSWER_TOO_LARGE", "QUERY_TOO_COMPLEX", "TIMEOUT"}, told["errors"]
                assert codes or len(response.content) <= bytes

        law()


def test_a_page_of_a_record_keeps_to_the_bound(seed: Store) -> None:
    [node] = seed.ask("{ sources(first: 1) { nodes { id } } }")["sources"]["nodes"]
    with asking(seed, answer_bytes=1_024) as asked:
        response = asked.page(f"/{node['id']}?format=json")
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "ANSWER_TOO_LARGE"


def test_rows_are_counted_by_all_that_they_hold() -> None:
    budget = Budget(1_000)
    budget.take([("a" * 1_000, 1)] * 100)
    with pytest.raises(AnswerTooLargeError):
        budget.take([("a" * 1_000, 1)] * 1_000)
    with pytest.raises(AnswerTooLargeError):
        budget.remains()
    budget.begin()
    assert budget.remains() == budget.whole


def test_what_is_written_twice_counts_twice() -> None:
    part = b'"' + b"a" * 98 + b'"'
    assert len(Writer(304).one([part] * 3)) == 304
    for times in (3, 10_000):
        with pytest.raises(AnswerTooLargeError):
            Writer(303).one([part] * times)
