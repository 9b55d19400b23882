"""Broken documents: whatever is wrong with one, the answer says so, and never that we are."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.app import create_app
from api.settings import Settings
from tests.support.databases import Store

Ask = Callable[..., httpx2.Response]

VALID = [
    "query($slug: String!) { party(by: {slug: $slug}) { title names { text } } }",
    'query Second { ...Known } fragment Known on Query { party(by: {slug: "poland"}) { id } }',
    """fragment Known on Query { party(by: {slug: $slug}) { title ...More } }
    fragment More on Party { agreements(first: 1) @include(if: $yes) { nodes { title } } }
    query($slug: String!, $yes: Boolean = true) { ...Known }""",
    """query One($slug: String!) { party(by: {slug: $slug}) { title } }
    query Two($slug: Int) { parties(first: $slug) { totalCount } }""",
    """query($where: PartyWhere, $order: [PartyOrder!]) {
      parties(where: $where, orderBy: $order, asOf: {edition: 1}, first: 2) {
        edges { cursor node { __typename id ... on Node { id } } } pageInfo { endCursor } } }""",
    """query($ids: [ID!]! = ["party/poland"]) {
      nodes(ids: $ids) { __typename ... on Party { kind state { id } } ... on Record { url } } }""",
    "{ a: __type(name: \"Party\") { fields { name } } b: __schema { queryType { name } } }",
]  # fmt: skip
TOKEN = re.compile(r'\.\.\.|\$?\w+|"[^"]*"|\S')
OTHERS = [
    *("$nope", "$slug", "$yes", "Nope", "...", "...Nope", "...Known", "on", "{", "}", "(", ")"),
    *("!", "[", "]", ":", "=", "null", "1", '"x"', "[]", "{a: 1}", "@skip(if: $nope)", "@nope"),
    *("by", "slug", "Int", "PartyBy", "AsOf", "party", "id", "title", "first", "asOf", "query"),
    *("fragment", "fragment Known on Query { id }", "query Two { id }", "mutation", "type"),
]


@contextmanager
def asking(store: Store) -> Iterator[Ask]:
    """Asks the whole application over a database."""
    with asyncio.Runner() as runner:
        served = create_app(Settings(database_url=store.url))
        transport = httpx2.ASGITransport(served)
        client = httpx2.AsyncClient(transport=transport, base_url="http://pactbook.test")
        lifespan = served.router.lifespan_context(served)
        runner.run(lifespan.__aenter__())

        def ask(query: str, **more: Any) -> httpx2.Response:
            content = json.dumps({"query": query, **more})
            headers = {"content-type": "application/json"}
            return runner.run(client.post("/graphql", content=content, headers=headers))

        yield ask
        runner.run(client.aclose())
        runner.run(lifespan.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def ask(seed: Store) -> Iterator[Ask]:
    """Asks over the seed, on each database."""
    with asking(seed) as ask:
        yield ask


@st.composite
def broken(draw: st.DrawFn) -> str:
    """A valid document in which up to three words are left out, doubled, moved or replaced."""
    text = draw(st.sampled_from(VALID))
    if draw(st.booleans()):
        text += " " + draw(st.sampled_from(VALID))
    words = TOKEN.findall(text)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(words) - 1))
        change = draw(st.sampled_from(["leave out", "double", "move", "replace", "rename"]))
        if change == "leave out":
            del words[at : at + draw(st.integers(1, 3))]
        elif change == "double":
            words.insert(at, words[at])
        elif change == "move":
            words.insert(draw(st.integers(0, len(words) - 1)), words.pop(at))
        else:
            pool = OTHERS if change == "replace" else [each for each in words if each[-1].isalnum()]
            words[at] = draw(st.sampled_from(pool or OTHERS))
        words = words or ["{"]
    return " ".join(words)


VARIABLES = st.fixed_dictionaries(
    {},
    optional={
        "slug": st.sampled_from(["poland", None, 1, {}, [], True]),
        "where": st.sampled_from([None, {}, {"nope": 1}, {"title": {"eq": 1}}, [], "x"]),
        "order": st.sampled_from([None, [], [{"field": "NOPE"}], {"field": "TITLE"}, 1]),
        "ids": st.sampled_from([None, [], [None], "party/poland", [1], {"a": 1}]),
    },
)


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=broken(), variables=VARIABLES, name=st.sampled_from([None, "One", "Two", "Nope"]))
def test_no_document_breaks_the_server(
    ask: Ask, text: str, variables: dict[str, Any], name: str | None
) -> None:
    response = ask(text, variables=variables, operationName=name)
    assert response.status_code < 500, response.text
    for error in response.json().get("errors", ()):
        assert error["extensions"]["code"] != "INTERNAL_SERVER_ERROR", error
        assert error["message"]


BY = "party(by: {slug: $slug}) { title }"
OTHERWISE = "query Two($slug: Int) { parties(first: $slug) { totalCount } }"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("query($slug: String!) { %s }", None),
        ("query($slug: String!) { ...Known } fragment Known on Query { %s }", None),
        ("fragment Known on Query { %s } query($slug: String!) { ...Known }", None),
        (f"query One($slug: String!) {{ %s }} {OTHERWISE}", "One"),
        (f"{OTHERWISE} query One($slug: String!) {{ %s }}", "One"),
    ],
)
def test_the_only_field_of_an_input_may_be_a_variable(
    ask: Ask, text: str, name: str | None
) -> None:
    answer = ask(text % BY, variables={"slug": "poland"}, operationName=name).json()
    assert answer["data"] == {"party": {"title": "Poland"}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{{ {BY} }}", "Variable '$slug' is not defined."),
        (f"query($slug: String) {{ {BY} }}", "must be non-nullable to be used for OneOf"),
        (f"query($slug: String) {{ ...F }} fragment F on Query {{ {BY} }}", "must be non-nullable"),
        (
            "query($at: Int) { parties(asOf: {edition: $at}) { totalCount } }",
            "must be non-nullable to be used for OneOf",
        ),
        ('{ party(by: {slug: "a", id: "b"}) { id } }', "exactly one field must be specified"),
        ("{ party(by: {}) { id } }", "exactly one field must be specified"),
        ("{ party(by: {slug: null}) { id } }", "must be non-null"),
    ],
)
def test_what_is_wrong_with_such_an_input_is_told(ask: Ask, text: str, message: str) -> None:
    [error] = ask(text).json()["errors"]
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert message in error["message"]


@pytest.mark.parametrize("by", [{}, {"slug": None}, {"slug": "poland", "id": "party/poland"}])
def test_a_variable_that_is_such_an_input_has_one_field(ask: Ask, by: dict[str, Any]) -> None:
    query = "query($by: PartyBy!) { party(by: $by) { title } }"
    errors = ask(query, variables={"by": by}).json()["errors"]
    assert {error["extensions"]["code"] for error in errors} == {"BAD_USER_INPUT"}
    assert "exactly one field must be specified" in errors[0]["message"]
