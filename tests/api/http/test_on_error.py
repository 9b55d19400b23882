"""`onError`: where the null of an error stands, by the proposal for GraphQL's specification."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from api.http.negotiation import GRAPHQL
from schema.execution.error_behavior import ErrorBehavior
from tests.support.book_schema import app, ask, code
from tests.support.clients import Client, within
from tests.support.databases import Store

SHELF = app()
VITAL = "{ book { title } broken vital }"
NESTED = """{
    party(by: {id: "party/poland"}) { id involvements(first: 1, last: 1) { totalCount } }
    editions(first: 1) { nodes { id } }
}"""
FINE = "{ parties(first: 2) { nodes { id } } }"
METHODS = pytest.mark.parametrize("method", ["POST", "GET"])


def shelved(method: str, **given: Any) -> Any:
    """The answer of the shelf of books to a query whose field that is never null fails."""
    asked = {"query": VITAL} | given
    if method == "GET":
        return ask(SHELF, method="GET", address=f"/graphql?{urlencode(asked)}").json()
    return ask(SHELF, json.dumps(asked).encode()).json()


def paths(answer: Any) -> list[Any]:
    """Where the errors of an answer stand."""
    return sorted(error["path"] for error in answer["errors"])


@METHODS
def test_null_leaves_the_null_where_the_error_is(method: str) -> None:
    answer = shelved(method, onError="NULL")
    assert answer["data"] == {"book": {"title": "Volume 1"}, "broken": None, "vital": None}
    assert paths(answer) == [["broken"], ["vital"]]


@METHODS
@pytest.mark.parametrize("given", [{}, {"onError": "PROPAGATE"}])
def test_propagation_is_what_everybody_has_who_does_not_ask(
    given: dict[str, str], method: str
) -> None:
    answer = shelved(method, **given)
    assert answer["data"] is None
    assert ["vital"] in paths(answer)


@METHODS
def test_halting_tells_the_first_error_alone(method: str) -> None:
    answer = shelved(method, onError="HALT")
    assert answer["data"] is None
    assert paths(answer) == [["broken"]]


def test_null_in_a_body_asks_for_nothing() -> None:
    assert shelved("POST", onError=None)["data"] is None


@METHODS
@pytest.mark.parametrize("given", ["ABORT", "null", "NO_PROPAGATE"])
def test_an_unknown_behavior_is_a_request_error(given: str, method: str) -> None:
    asked = {"query": VITAL, "onError": given}
    content = json.dumps(asked).encode() if method == "POST" else None
    address = "/graphql" if method == "POST" else f"/graphql?{urlencode(asked)}"
    response = ask(SHELF, content, method, address, accept=GRAPHQL)
    assert response.status_code == 400
    assert code(response) == "BAD_REQUEST"
    [error] = response.json()["errors"]
    assert error["message"] == (f"`onError` is '{given}'; it must be one of NULL, PROPAGATE, HALT.")
    assert "data" not in response.json()


def test_a_behavior_of_another_type_is_a_request_error() -> None:
    response = ask(SHELF, json.dumps({"query": VITAL, "onError": {}}).encode())
    assert response.json()["errors"][0]["message"] == "`onError` must be a string or null."


EXPECTED: dict[str, Any] = {
    "NULL": {"party": {"id": "party/poland", "involvements": None}, "editions": ...},
    "PROPAGATE": {"party": None, "editions": ...},
    "HALT": None,
}


@METHODS
def test_the_graph_behaves_so_within_a_record(seed: Store, method: str) -> None:
    async def work(client: Client) -> dict[str, Any]:
        asked = {}
        for behavior in ErrorBehavior:
            response = await client.ask(NESTED, method, on_error=behavior.value)
            asked[behavior.value] = response.json()
        return asked

    answers = within(seed, work)
    for behavior, data in EXPECTED.items():
        answer = answers[behavior]
        assert paths(answer) == [["party", "involvements"]]
        if data is None:
            assert answer["data"] is None
        else:
            assert answer["data"]["party"] == data["party"]
            assert answer["data"]["editions"]["nodes"]


@METHODS
def test_each_behavior_keeps_its_own_answer(seed: Store, method: str) -> None:
    """What is well is the same however errors behave, and no error is ever given again."""

    async def work(client: Client) -> None:
        first = [await client.ask(FINE, method, on_error=each.value) for each in ErrorBehavior]
        assert len({response.content for response in first}) == 1
        assert client.reads == len(ErrorBehavior)
        for each in ErrorBehavior:
            again = await client.ask(FINE, method, on_error=each.value)
            assert again.content == first[0].content
        assert (await client.ask(FINE, method)).content == first[0].content
        assert client.reads == len(ErrorBehavior)
        for each in (*ErrorBehavior, *ErrorBehavior):
            await client.ask(NESTED, method, on_error=each.value)
        assert client.reads == 3 * len(ErrorBehavior)

    within(seed, work)
