"""Connections: whatever grows with the record is one, and its pages give the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    build_schema,
    get_named_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from api.limits.list_bounds import multiplicities
from schema.graph.catalog import plural
from schema.model.registry import nouns
from tests.support.checkout import CONTRACT
from tests.support.databases import Store
from tests.support.page_walk import turned

PAGING = {"first", "after", "last", "before"}
INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
BETWEEN = '["party/poland", "party/south-korea"]'


def fields() -> Iterator[tuple[str, str, GraphQLField]]:
    """Every field of the contract that leads to objects, but for those of pages."""
    for name, kind in build_schema(CONTRACT.read_text("utf-8")).type_map.items():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and name[:2] != "__":
            for field, definition in kind.fields.items():
                is_page = name.endswith("Connection") and field in ("edges", "nodes")
                if is_composite_type(get_named_type(definition.type)) and not is_page:
                    yield name, field, definition


def is_list(kind: GraphQLOutputType) -> bool:
    """Whether a type is a list, null or not."""
    return is_list_type(kind.of_type if is_non_null_type(kind) else kind)


def is_connection(field: GraphQLField) -> bool:
    """Whether a field gives pages."""
    return get_named_type(field.type).name.endswith("Connection")


def test_every_list_of_objects_is_a_connection_or_says_why_it_does_not_grow() -> None:
    bounds, unexplained = multiplicities(), []
    for type, name, field in fields():
        if is_list(field.type) and not {"first", "ids"} & field.args.keys():
            bound = bounds.get(f"{type}.{name}")
            if bound is None or not bound.reason:
                unexplained.append(f"{type}.{name}")
    assert unexplained == []


def test_every_connection_takes_the_four_arguments() -> None:
    lacking = [
        f"{type}.{name}"
        for type, name, field in fields()
        if is_connection(field) and not field.args.keys() >= PAGING
    ]
    assert lacking == []


def test_no_reason_stands_on_what_is_no_list() -> None:
    lists = {f"{type}.{name}" for type, name, field in fields() if is_list(field.type)}
    assert [name for name, bound in multiplicities().items() if bound.reason] == [
        name for name, bound in multiplicities().items() if bound.reason and name in lists
    ]


NESTED: dict[str, list[str]] = {}
"""The connections of each type, by their names."""
for _type, _name, _field in fields():
    if is_connection(_field) and _type != "Query":
        NESTED.setdefault(_type, []).append(_name)


@dataclass(frozen=True)
class Way:
    """How to reach an object that is no record: what stands around its fields."""

    around: str
    found: Callable[[Any], Any]
    contested: bool = False
    """Whether it stands in a record of which sources say different things."""


WAYS = {
    "Conflict": Way(
        "node(id: $id) {{ ... on Record {{ conflicts {{ nodes {{ {} }} }} }} }}",
        lambda data: data["node"]["conflicts"]["nodes"][0],
        contested=True,
    ),
    "Position": Way(
        "node(id: $id) {{ ... on Record {{ conflicts {{ nodes {{ positions {{ {} }} }} }} }} }}",
        lambda data: data["node"]["conflicts"]["nodes"][0]["positions"][0],
        contested=True,
    ),
    "ProgressStep": Way(
        'procurement(by: {{slug: "south-korea-polish-drones"}}) {{ progress {{ {} }} }}',
        lambda data: data["procurement"]["progress"][0],
    ),
    "Coverage": Way(
        'coverage(where: {{involves: [{{actor: "party/poland"}}]}}) {{ {} }}',
        lambda data: data["coverage"],
    ),
    "Relationship": Way(
        f"relationship(between: {BETWEEN}) {{{{ {{}} }}}}", lambda data: data["relationship"]
    ),
    "RelationshipDirection": Way(
        f"relationship(between: {BETWEEN}) {{{{ directions {{{{ {{}} }}}} }}}}",
        lambda data: data["relationship"]["directions"][0],
    ),
    "RelationshipSide": Way(
        f"relationship(between: {BETWEEN}) {{{{ sides {{{{ {{}} }}}} }}}}",
        lambda data: data["relationship"]["sides"][0],
    ),
}
"""What has connections beside records and their parts."""
INTERFACES = {"Actor", "Link", "Record"}


def test_all_that_has_connections_is_paged_here() -> None:
    assert NESTED.keys() == WAYS.keys() | INTERFACES | (nouns().keys() - {"Passage"})


def both_ways(
    store: Store, around: str, field: str, found: Callable[[Any], Any], size: int, **more: Any
) -> None:
    """Pages from either end are the whole list, each of its nodes once."""
    known = ", $id: ID!" if "$id" in around else ""
    head = f"query($first: Int, $after: String, $last: Int, $before: String{known})"
    paged = "first: $first, after: $after, last: $last, before: $before"
    query = f"{head} {{ {around.format(f'page: {field}({paged}) {{ nodes {{ id }} {INFO} }}')} }}"
    counting = f"query{known and '($id: ID!)'}"
    counted = f"{counting} {{ {around.format(f'page: {field} {{ totalCount }}')} }}"
    total = found(store.ask(counted, **more))["page"]["totalCount"]
    whole = turned(store, query, lambda data: found(data)["page"], first=size, **more)
    forwards = [*chain(*whole)]
    back = [*turned(store, query, lambda data: found(data)["page"], last=size, **more)]
    assert [*chain(*reversed(back))] == forwards
    assert len(forwards) == len({*forwards}) == total


def longest(store: Store, noun: str, names: list[str]) -> dict[str, tuple[str, int]]:
    """The record with the longest of each of some lists, and its length."""
    selection = " ".join(f"{name} {{ totalCount }}" for name in names)
    listing = plural(noun)
    rows = store.ask(f"{{ {listing}(first: 100) {{ nodes {{ id {selection} }} }} }}")[listing][
        "nodes"
    ]
    return {
        name: max(((row["id"], row[name]["totalCount"]) for row in rows), key=lambda pair: pair[1])
        for name in names
        if rows
    }


@pytest.mark.parametrize("noun", sorted(nouns().keys() - {"Passage"}))
@settings(max_examples=2, deadline=None)
@given(data=st.data())
def test_the_pages_of_a_record_s_lists_give_the_whole(
    press: Store, noun: str, data: st.DataObject
) -> None:
    around = f"node(id: $id) {{{{ ... on {noun} {{{{ {{}} }}}} }}}}"
    for field, (id, total) in longest(press, noun, NESTED[noun]).items():
        if total > 1:
            size = data.draw(st.integers(min(max(1, total // 4), 100), min(total, 100)))
            both_ways(press, around, field, lambda data: data["node"], size, id=id)


@pytest.mark.parametrize("type", WAYS)
@settings(max_examples=2, deadline=None)
@given(size=st.integers(1, 3))
def test_the_pages_of_what_is_worked_out_give_the_whole(press: Store, type: str, size: int) -> None:
    way, more = WAYS[type], {}
    if way.contested:
        more["id"], total = longest(press, "Procurement", ["conflicts"])["conflicts"]
        assert total, "sources differ on a procurement"
    for field in NESTED[type]:
        both_ways(press, way.around, field, way.found, size, **more)


def test_pages_of_several_records_are_those_of_each(press: Store) -> None:
    """From either end, in orders by several keys, rising and falling, and over a link between."""
    lists = "claims sources history changes unknowns involvements"
    for size in ("first: 2", "last: 2"):
        inside = " ".join(
            f"{name}({size}) {{ totalCount edges {{ cursor node {{ id }} }} {INFO} }}"
            for name in lists.split()
        )
        selection = f"... on Procurement {{ id {inside} }} ... on Event {{ id {inside} }}"
        rows = press.ask("{ procurements { nodes { id } } events { nodes { id } } }")
        ids = [row["id"] for listing in rows.values() for row in listing["nodes"]]
        together = press.ask(
            f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ {selection} }} }}", ids=ids
        )
        alone = f"query($id: ID!) {{ node(id: $id) {{ {selection} }} }}"
        assert together["nodes"] == [press.ask(alone, id=id)["node"] for id in ids]
