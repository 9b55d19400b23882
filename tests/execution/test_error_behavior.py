"""Error behavior: what `NULL` answers, from which each other answer can be made."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    build_schema,
    execute_sync,
    parse,
)
from graphql.execution import ExecutionResult
from hypothesis import given
from hypothesis import strategies as st

from schema.execution.error_behavior import BehavingExecutor, ErrorBehavior

SCHEMA = build_schema("""
type Query {
  leaf: Int
  vital: Int!
  inner: Query
  whole: Query!
  list: [Query]
  full: [Query!]
  each: [Query]!
  all: [Query!]!
}
""")
LEAVES, OBJECTS = ("leaf", "vital"), ("inner", "whole")
LISTS = ("list", "full", "each", "all")
FAILED = RuntimeError("broken")

VALUES = st.just(1) | st.none() | st.just(FAILED)
SELECTION = st.recursive(
    st.dictionaries(st.sampled_from(LEAVES), VALUES, min_size=1),
    lambda inner: st.fixed_dictionaries(
        {"vital": VALUES},
        optional={
            **dict.fromkeys(OBJECTS, inner | st.none() | st.just(FAILED)),
            **dict.fromkeys(
                LISTS, st.lists(st.none() | st.just(FAILED), max_size=1) | st.just(FAILED) | inner
            ),
        },
    ),
    max_leaves=8,
)


def text(data: dict[str, Any]) -> str:
    """The selection of all that there is."""
    parts = []
    for name, value in data.items():
        inner = ""
        if name not in LEAVES:
            inner = text(value) if isinstance(value, dict) else "{ leaf }"
        parts.append(f"{name} {inner}")
    return "{ " + " ".join(parts) + " }"


def rooted(data: Any) -> Any:
    """The objects that are read; a list has its one object twice."""
    if not isinstance(data, dict):
        return data
    return {
        name: [rooted(value), rooted(value)]
        if name in LISTS and isinstance(value, dict)
        else rooted(value)
        for name, value in data.items()
    }


def answered(data: dict[str, Any], behavior: ErrorBehavior) -> ExecutionResult:
    """What comes of asking for all data."""
    return execute_sync(
        SCHEMA,
        parse(text(data)),
        rooted(data),
        SimpleNamespace(on_error=behavior),
        executor_class=BehavingExecutor,
    )


class MissingError(Exception):
    """Something is null that may not be."""


def propagated(kind: GraphQLOutputType, value: Any) -> Any:
    """A value with its nulls where the types allow them; MissingError where they do not."""
    if isinstance(kind, GraphQLNonNull):
        found = propagated(kind.of_type, value)
        if found is None:
            raise MissingError
        return found
    try:
        if isinstance(kind, GraphQLList) and value is not None:
            return [propagated(kind.of_type, item) for item in value]
        if isinstance(kind, GraphQLObjectType) and value is not None:
            return {
                name: propagated(kind.fields[name].type, inner) for name, inner in value.items()
            }
    except MissingError:
        return None
    return value


@given(SELECTION)
def test_propagation_can_be_made_of_the_nulls(data: dict[str, Any]) -> None:
    nulls = answered(data, ErrorBehavior.NULL)
    usual = answered(data, ErrorBehavior.PROPAGATE)
    assert SCHEMA.query_type is not None
    assert usual.data == propagated(SCHEMA.query_type, nulls.data)
    told = [error.path for error in nulls.errors or ()]
    assert len(told) == len({tuple(path or ()) for path in told}), "one error a place"
    assert all(error.path in told for error in usual.errors or ())


@given(SELECTION)
def test_halting_tells_one_of_the_errors_and_no_data(data: dict[str, Any]) -> None:
    nulls = answered(data, ErrorBehavior.NULL)
    halted = answered(data, ErrorBehavior.HALT)
    if not nulls.errors:
        assert halted == nulls
        return
    assert halted.data is None
    assert halted.errors is not None
    [error] = halted.errors
    assert error.path in [each.path for each in nulls.errors]
