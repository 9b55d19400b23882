"""What an operation may ask for: size, depth, repetition and cost."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from graphql import OperationDefinitionNode, get_introspection_query, parse, validate
from hypothesis import given
from hypothesis import strategies as st

from api.http.negotiation import GRAPHQL
from api.limits.cost import KNOWN, Costs
from api.limits.documents import Documents
from api.limits.limits import Limits
from api.limits.node_count import CountedOperation, pages
from tests.support.book_schema import app, code, graph, query

SHELF = app()
GRAPH = graph._schema


def cost(text: str, **variables: object) -> int:
    """The cost of the only operation of a text."""
    return costs_of(text).of(variables)


def costs_of(text: str) -> Costs:
    """The costs of the only operation of a text."""
    document = parse(text)
    [operation] = (n for n in document.definitions if isinstance(n, OperationDefinitionNode))
    return Costs(CountedOperation(GRAPH, document, operation, 20, 100, pages(GRAPH)))


DOUBLE = """
{ ...F ...F }
fragment F on Query { books { ...P } }
fragment P on BookConnection { ... on BookConnection { ... { nodes { title } } } }
"""

MORE = "fragment F on Book { similar(first: 4) { nodes { title } } }"


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("{ book { title } }", 1),
        ("{ books { nodes { title } } }", 20),
        ("{ books(first: 7) { nodes { title } } }", 7),
        ("{ books(last: 7) { edges { node { title } } } }", 7),
        ("{ books(first: 3, last: 7) { nodes { title } } }", 7),
        ("{ books(first: null) { nodes { title } } }", 20),
        ("{ books(first: 1000000000) { nodes { title } } }", 100),
        ("{ books(first: -5) { nodes { title } } }", 0),
        ("{ books(first: 50) { totalCount } }", 0),
        ("{ books(first: 50) { pageInfo { hasNextPage } } }", 50),
        ("{ books(first: 5) { nodes { title } edges { node { title } } } }", 10),
        ("{ books(first: 5) { nodes { similar(first: 4) { nodes { title } } } } }", 25),
        ("{ books(first: 5) { nodes { similar(first: 4) { totalCount } } } }", 5),
        ("{ books(first: 5) { nodes { sequel { similar { nodes { title } } } } } }", 110),
        (
            "{ books(first: 5) { edges { __typename } nodes { title } pageInfo { hasNextPage } } }",
            10,
        ),
        ("{ book { plainSimilar { title } } }", 11),
        ("{ book { plainSimilar(first: 5) { similar { nodes { title } } } } }", 106),
        ("{ a: books { nodes { title } } b: books { nodes { title } } }", 40),
        ('{ nodes(ids: ["a", "b"]) { similar(first: 3) { nodes { title } } } }', 8),
        ("{ __schema { types { name } } books(first: 1) { nodes { __typename } } }", 1),
        (DOUBLE, 20),
        (f"{{ book {{ {'plainSimilar { title } ' * 480} }} }}", 11),
        ("{ book { ...F similar(first: 4) { edges { node { id } } } } } " + MORE, 9),
        ("{ book { ...F a: similar(first: 4) { nodes { id } } } } " + MORE, 9),
    ],
)
def test_the_cost_is_the_number_of_nodes(text: str, nodes: int) -> None:
    assert cost(text) == nodes


def test_variables_and_their_absence_count() -> None:
    text = """query($n: Int, $ids: [ID!]!) {
        books(first: $n) { nodes { title } }
        nodes(ids: $ids) { title }
    }"""
    assert cost(text, n=3, ids=["a", "b"]) == 5
    assert cost(text, ids=["a"]) == 21


VARIABLES = st.fixed_dictionaries(
    {},
    optional={
        "n": st.none() | st.integers(-1, 4),
        "m": st.none() | st.integers(-1, 4),
        "ids": st.lists(st.sampled_from("ab"), max_size=3),
        "title": st.none() | st.text(),
    },
)


@given(st.lists(VARIABLES, max_size=KNOWN + 10))
def test_a_remembered_cost_is_the_cost(asked: list[dict[str, Any]]) -> None:
    text = """query($n: Int = 7, $m: Int, $ids: [ID!]!, $title: String) {
        books(first: $n, last: $m) { nodes { similar(first: $m) { nodes { title } } } }
        nodes(ids: $ids) { similar { nodes { title } } } book(title: $title) { title }
    }"""
    costs = costs_of(text)
    for variables in asked:
        assert costs.of(variables) == cost(text, **variables)
        assert len(costs.known) <= KNOWN
    assert {name for name, _ in costs.counting or ()} <= {"ids", "m", "n"}


@given(st.lists(st.integers(0, 100), min_size=1, max_size=5))
def test_nested_pages_multiply(sizes: list[int]) -> None:
    text, product, total = "title", 1, 0
    for size in sizes:
        product *= size
        total += product
    for size in reversed(sizes):
        text = f"similar(first: {size}) {{ nodes {{ {text} }} }}"
    assert cost(f"{{ book {{ {text} }} }}") == 1 + total


def test_fragments_spread_twice_are_one_list_of_the_answer() -> None:
    links = [f"fragment F{n} on Book {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60)]
    links.append("fragment F60 on Book { similar(first: 1) { nodes { title } } }")
    assert cost("{ book { ...F0 } }" + " ".join(links)) == 2


def test_the_cost_is_told() -> None:
    response = query(SHELF, "{ books(first: 3) { nodes { title } } }")
    assert response.json()["extensions"] == {"cost": {"nodes": 3, "ceiling": 10_000}}


def test_a_refused_cost_says_the_cost_the_ceiling_and_the_cure() -> None:
    text = "query($n: Int) { books(first: $n) { nodes { similar { nodes { title } } } } }"
    response = query(app(Limits(cost=100)), text, GRAPHQL, variables={"n": 5})
    [error] = response.json()["errors"]
    assert (response.status_code, error["extensions"]["code"]) == (400, "QUERY_TOO_COMPLEX")
    assert "105 nodes" in error["message"]
    assert "ceiling is 100" in error["message"]
    assert "`books.nodes.similar.nodes`, up to 100" in error["message"]
    assert "Lower `first` of `books` to 4." in error["message"]
    assert response.json()["extensions"] == {"cost": {"nodes": 105, "ceiling": 100}}
    assert query(app(Limits(cost=100)), text, variables={"n": 4}).json()["data"]


SMALL = Limits(
    source_characters=500, tokens=80, comments=3, depth=4, aliases=2, directives=3, errors=2
)


@pytest.mark.parametrize(
    "text",
    [
        "{ book { title } }" + " " * 500,
        "{" + "book { title } " * 20 + "}",
        "#\n" * 4 + "{ book { title } }",
        "{ book { sequel { sequel { sequel { title } } } } }",
        "{ book { sequel { ...F } } } fragment F on Book { sequel { sequel { title } } }",
        "{ book { ... { ... on Book { sequel { sequel { sequel { title } } } } } } }",
        "{ a: book { title } b: book { title } c: book { title } }",
        "{ book @a @b @c @d { title } }",
    ],
)
def test_each_ceiling_refuses(text: str) -> None:
    assert code(query(app(SMALL), text)) == "QUERY_TOO_COMPLEX"


@pytest.mark.parametrize(
    "text",
    [
        "{ book { sequel { sequel { title } } } }",
        "{ a: book { title } b: book { title } }",
        "#\n" * 3 + "{ book { title } }",
        "{ book { title @include(if: true) @skip(if: false) } }",
    ],
)
def test_what_is_just_below_the_ceilings_passes(text: str) -> None:
    assert "errors" not in query(app(SMALL), text).json()


def test_introspection_is_not_measured() -> None:
    assert "errors" not in query(app(Limits(depth=1)), get_introspection_query()).json()


@pytest.mark.parametrize(
    "text",
    [
        "{ book { ...A } } fragment A on Book { sequel { ...A } }",
        "{ book { ...A } } fragment A on Book { ...B } fragment B on Book { sequel { ...A } }",
        "{ book { ...Nope } }",
    ],
)
def test_fragments_in_a_circle_or_undefined_are_left_to_validation(text: str) -> None:
    assert code(query(SHELF, text)) == "GRAPHQL_VALIDATION_FAILED"


def test_few_errors_are_reported() -> None:
    assert len(query(app(SMALL), "{ a b c d e f g }").json()["errors"]) == 2
    text = """query($a: Int!, $b: Int!, $c: Int!, $d: Int!) {
        books(first: $a, last: $b) { nodes { similar(first: $c, last: $d) { totalCount } } }
    }"""
    errors = query(app(SMALL), text).json()["errors"]
    assert [error["extensions"]["code"] for error in errors] == ["BAD_USER_INPUT"] * 2


def test_deep_input_is_refused_and_not_fatal() -> None:
    where: dict[str, object] = {}
    for _ in range(250):
        where = {"both": [where]}
    text = "query($w: Where) { books(where: $w) { totalCount } }"
    assert code(query(SHELF, text, variables={"w": where})) == "BAD_USER_INPUT"


def test_what_variables_hold_is_bounded() -> None:
    text = """query($w: Where, $ids: [ID!]!) {
        books(where: $w, first: 1) { totalCount } nodes(ids: $ids) { title } }"""
    bounded = app(Limits(variable_objects=300, variable_values=1000, cost=2000))

    def asked(objects: int, values: int) -> dict[str, Any]:
        where: dict[str, object] = {"both": [{}] * (objects - 1)}
        given = {"w": where, "ids": ["a"] * values}
        answer: dict[str, Any] = query(bounded, text, variables=given).json()
        return answer

    assert "errors" not in asked(300, 1000)
    for objects, values in ((301, 1), (1, 1001)):
        [error] = asked(objects, values)["errors"]
        assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"
        assert "may hold 300 objects and 1000 other values at most" in error["message"]


@pytest.mark.parametrize(
    "text",
    [
        "{ book {" + "... { title } " * 490 + "} }",
        "{ book {" + "... { sequel { title } } " * 240 + "} }",
        "{ book {" + "title @nope " * 600 + "} }",
        "{ book {" + "title " * 1990 + "} }",
        "fragment F0 on Book { title } " + "".join(
            f"fragment F{n} on Book {{ ...F{n - 1} }}" for n in range(1, 240)
        ) + "{ book { ...F239 } }",
    ],
)  # fmt: skip
def test_what_repeats_a_lot_is_bounded(text: str) -> None:
    told = (None, "QUERY_TOO_COMPLEX", "GRAPHQL_VALIDATION_FAILED")
    assert code(query(SHELF, text)) in told


def test_fields_that_repeat_are_one_field() -> None:
    answer = query(SHELF, "{" + "book { title } " * 490 + "}").json()
    assert answer["data"] == {"book": {"title": "Volume 1"}}


def test_a_text_is_parsed_and_validated_once() -> None:
    served = app()
    with mock.patch("api.limits.documents.validate", wraps=validate) as validated:
        for number in range(5):
            text = "query($n: Int) { books(first: $n) { nodes { title } } }"
            assert query(served, text, variables={"n": number}).status_code == 200
        assert code(query(served, "{ nothing }")) == code(query(served, "{ nothing }"))
    assert validated.call_count == 2


def test_errors_of_a_cached_document_stay_as_they_are() -> None:
    documents = Documents(GRAPH, Limits())
    served = app()
    assert query(served, "{ nothing }").json() == query(served, "{ nothing }").json()
    assert documents.read("{ nothing }") is documents.read("{ nothing }")
