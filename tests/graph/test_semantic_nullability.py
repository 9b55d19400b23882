"""`@semanticNonNull`: a field that has it is null only where an error says why."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLField,
    build_schema,
    get_named_type,
    is_leaf_type,
    is_non_null_type,
    is_required_argument,
    print_schema,
)

from schema.graph.semantic_nullability import DIRECTIVE
from tests.support.checkout import CONTRACT
from tests.support.databases import Store

SCHEMA = build_schema(CONTRACT.read_text("utf-8"))
GIVEN = {
    "between": '["party/nobody", "party/nowhere"]',
    "by": '{id: "party/nobody"}',
    "since": "{edition: 1}",
    "from": "1",
    "id": '"party/nobody"',
    "ids": '["party/nobody"]',
    "name": '"Nobody"',
    "number": "1000000",
    "to": "1",
    "text": '"nothing of the kind"',
}
"""An argument for each that a root field needs, for which there is nothing."""


def is_marked(field: GraphQLField) -> bool:
    """Whether a null of a field is no answer."""
    node = field.ast_node
    assert node is not None
    return any(each.name.value == DIRECTIVE for each in node.directives or ())


def nullable() -> dict[str, GraphQLField]:
    """The root fields that may be null."""
    assert SCHEMA.query_type is not None
    fields = SCHEMA.query_type.fields
    return {name: field for name, field in fields.items() if not is_non_null_type(field.type)}


def asked(name: str, field: GraphQLField, **given: str) -> str:
    """A query of a field, with an argument for each that it needs."""
    needed = {
        each: GIVEN[each] for each, argument in field.args.items() if is_required_argument(argument)
    }
    told = ", ".join(f"{each}: {value}" for each, value in {**needed, **given}.items())
    inner = "" if is_leaf_type(get_named_type(field.type)) else "{ __typename }"
    return f"{{ {name}{f'({told})' if told else ''} {inner} }}"


def marked() -> Iterator[tuple[str, GraphQLField]]:
    """The root fields of which a null is no answer."""
    return ((name, field) for name, field in nullable().items() if is_marked(field))


def test_what_finds_one_thing_is_null_where_there_is_none(seed: Store) -> None:
    for name, field in nullable().items():
        if not is_marked(field):
            assert seed.ask(asked(name, field)) == {name: None}


@pytest.mark.parametrize("given", [{}, {"first": "-1"}, {"asOf": "{edition: 1000000}"}])
def test_all_else_is_null_by_an_error_alone(
    seed: Store, empty: Store, given: dict[str, str]
) -> None:
    for read in (seed, empty):
        _holds(read, given)


def _holds(read: Store, given: dict[str, str]) -> None:
    for name, field in marked():
        if given.keys() <= field.args.keys():
            answer = read.answer(asked(name, field, **given))
            assert answer.data is not None, answer.errors
            paths = [error.path for error in answer.errors or ()]
            assert (answer.data[name] is None) == ([name] in paths), name
            assert not given or paths == [[name]]


def test_the_marked_fields_are_told() -> None:
    assert {name for name, _ in marked()} >= {"coverage", "network", "statistics"}
    directive = SCHEMA.get_directive(DIRECTIVE)
    assert directive is not None
    assert directive.description
    assert "levels: [Int!]! = [0]" in print_schema(SCHEMA)
    assert directive.args["levels"].description
