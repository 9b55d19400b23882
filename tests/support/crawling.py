"""Crawling: everything that the graph leads to, by every root field, as objects by their ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from schema.build import build

Ask = Callable[[str, dict[str, Any]], Any]
"""The data that the graph answers to an operation with its variables."""

GIVEN = {"style": "APA", "start": "0", "end": "100000", "by": "[YEAR, PARTY]"}
"""The arguments that fields must be given."""
COSTLY = ("Coverage", "Statistics")
"""What every list has, and what costs most: looked at in the lists of root fields alone."""


@cache
def graph() -> dict[str, Any]:
    """The types of the graph by name."""
    return dict(build()._schema.type_map)


def named(field: GraphQLField) -> Any:
    """The type of a field without what wraps it."""
    return get_named_type(field.type)


def is_node(name: str) -> bool:
    """Whether a type says that its objects are found by their ids."""
    return any(each.name == "Node" for each in graph()[name].interfaces)


def with_ids() -> set[str]:
    """The object types whose objects have an id."""
    return {
        name
        for name, kind in graph().items()
        if isinstance(kind, GraphQLObjectType) and "id" in kind.fields
    }


def selection(kind: Any, depth: int = 0, *, is_within: bool = True) -> str:
    """Everything of an object; other nodes that it leads to as deep as is told, else their ids."""
    parts = ["__typename"]
    for name, field in kind.fields.items():
        inner = named(field)
        if is_within and inner.name in COSTLY:
            continue
        known = [
            f"{argument}: {GIVEN[argument]}"
            for argument, declared in field.args.items()
            if is_required_argument(declared) or (argument, inner.name) == ("by", "Statistics")
        ]
        given = f"({', '.join(known)})" if known else ""
        if is_leaf_type(inner):
            parts.append(name + given)
        elif (kind.name[-10:], name) != ("Connection", "edges"):  # which lead to the nodes
            parts.append(f"{name}{given} {{ {_below(inner, depth, is_within)} }}")
    return " ".join(parts)


def _below(kind: Any, depth: int, is_within: bool) -> str:
    if isinstance(kind, GraphQLInterfaceType) or (is_node(kind.name) and not depth):
        return "__typename id"
    is_within = is_within or is_node(kind.name) or kind.name in COSTLY
    return selection(kind, depth - is_node(kind.name), is_within=is_within)


def pages(ask: Ask, root: str, arguments: str, as_of: dict[str, Any] | None) -> Iterator[Any]:
    """All that a root field leads to, page by page."""
    field = graph()["Query"].fields[root]
    kind, after = named(field), None
    is_paged = kind.name.endswith("Connection")
    first = ["first: 40, after: $after"] if is_paged else []
    given = ", ".join([*filter(None, [arguments]), *first, "asOf: $asOf"])
    variables = "$asOf: AsOf, $after: String" if is_paged else "$asOf: AsOf"
    shown = selection(kind, 1, is_within=False)
    query = f"query ({variables}) {{ {root}({given}) {{ {shown} }} }}"
    while True:
        answer = ask(query, {"asOf": as_of, **({"after": after} if is_paged else {})})[root]
        yield answer
        if not is_paged or not answer["pageInfo"]["hasNextPage"]:
            return
        after = answer["pageInfo"]["endCursor"]


def objects(answer: Any) -> Iterator[dict[str, Any]]:
    """Every object of an answer that has an id."""
    if isinstance(answer, list):
        for each in answer:
            yield from objects(each)
    elif isinstance(answer, dict):
        if "__typename" in answer and answer.get("id"):
            yield answer
        for each in answer.values():
            yield from objects(each)


def refetched(ask: Ask, kind: str, ids: list[str]) -> Iterator[tuple[str, Any]]:
    """What nodes of one type are when they are asked for by their ids."""
    shown = f"__typename id ... on {kind} {{ {selection(graph()[kind])} }}"
    query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {shown} }} }}"
    size = BATCHES.get(kind, 100)
    for start in range(0, len(ids), size):
        each = ids[start : start + size]
        yield from zip(each, ask(query, {"ids": each})["nodes"], strict=True)


BATCHES = {"SearchHit": 10, "Tie": 10}
"""How many may be of as many questions."""
