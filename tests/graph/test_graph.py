"""The graph: what it declares, that all of it is described, and that every record is reached."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    SchemaDefinitionNode,
    build_schema,
    parse,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from api.limits.error_masking import expected
from schema.build import QUESTIONS, build, query_type
from schema.graph.catalog import ColumnField, catalog, plural, types
from schema.graph.sdl import sdl
from schema.model.fields import Id
from schema.model.noun import Record, Titled, camel
from schema.model.reflection import PRIVATE, plain_columns
from schema.model.registry import nouns, prefix_of
from schema.model.registry import table_named as table_of
from schema.model.values import value_fields
from tests.support.checkout import CONTRACT
from tests.support.databases import Store

REACHED = [name for name in nouns() if name != "Passage"]
"""Nouns with root fields of their own; a passage is read through its claim, or by its id."""


def graph() -> GraphQLSchema:
    """The schema that is served."""
    return build()._schema


def own_types() -> dict[str, Any]:
    """Every type of the graph that GraphQL does not bring along."""
    return {name: kind for name, kind in graph().type_map.items() if not name.startswith("__")}


def first_letter_small(name: str) -> str:
    """The name of a noun's root field."""
    return name[0].lower() + name[1:]


def test_the_committed_sdl_is_the_graph() -> None:
    assert CONTRACT.read_text("utf-8") == sdl(build())


def test_the_sdl_is_in_order_and_declares_each_type_once() -> None:
    itself, *parts = parse(sdl(build())).definitions
    assert isinstance(itself, SchemaDefinitionNode)
    names = [getattr(part, "name").value for part in parts]  # noqa: B009
    assert names == sorted(set(names))
    assert build_schema(sdl(build())).type_map.keys() >= own_types().keys()


def test_everything_is_described() -> None:
    silent = []
    for name, kind in own_types().items():
        if not kind.description:
            silent.append(name)
        members: dict[str, Any] = {}
        if isinstance(kind, GraphQLEnumType):
            members = kind.values
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            members = kind.fields
        for member, what in members.items():
            if not what.description:
                silent.append(f"{name}.{member}")
            arguments: dict[str, Any] = getattr(what, "args", {})
            silent += [f"{name}.{member}({a})" for a in arguments if not arguments[a].description]
    assert silent == []


def test_introspection_tells_the_descriptions(seed: Store) -> None:
    shown = seed.ask('{ __type(name: "Agreement") { description fields { name description } } }')
    assert shown["__type"]["description"].startswith("What parties agreed together")
    assert all(field["description"] for field in shown["__type"]["fields"])


def test_every_noun_has_a_lookup_and_a_list() -> None:
    root = graph().query_type
    assert root is not None
    expected = {"node", "nodes", "edition", "editions"}
    expected |= {field.graphql_name for question in QUESTIONS for field in question().values()}
    for name in REACHED:
        one, many = root.fields[first_letter_small(name)], root.fields[plural(name)]
        assert (str(one.type), str(many.type)) == (name, f"{name}Connection!")
        assert set(one.args) == {"by", "asOf"}
        assert set(many.args) == {"where", "orderBy", "first", "after", "last", "before", "asOf"}
        expected |= {first_letter_small(name), plural(name)}
    assert set(root.fields) == expected


@pytest.mark.parametrize("name", nouns())
def test_every_column_of_a_noun_is_in_the_graph_or_private_on_purpose(name: str) -> None:
    noun, kind = nouns()[name], graph().type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    keys = {relation.key for relation in noun.declared.relations.values()} - {"id"}
    pieces = {
        value.column(key, part)
        for key, value in noun.declared.values.items()
        for part in value_fields(value.kind)
    }
    columns = [column.key for column in table_of(name).columns]
    for column in columns:
        if column in PRIVATE | keys | pieces:
            continue
        shown = Id() if column == "id" else ColumnField(column)
        assert catalog[name][camel(column)] == shown, f"{column} is hidden by another field"
        assert camel(column) in kind.fields
    assert set(plain_columns(noun)).isdisjoint(PRIVATE | keys | pieces)
    assert set(kind.fields) == set(catalog[name]), "what is in the graph is in the catalog"


def test_references_are_shown_as_records_and_never_as_keys() -> None:
    shown = {field for name in nouns() for field in catalog[name]}
    assert not {field for field in shown if field.endswith("Id")}


def test_every_noun_stands_under_its_interface() -> None:
    for name, noun in nouns().items():
        kind = graph().type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        shared = {interface.name for interface in kind.interfaces}
        assert "Node" in shared
        assert ("Record" in shared) is issubclass(noun, Record)


def test_the_types_of_a_noun_are_made_once() -> None:
    before = dict(types)
    query_type.cache_clear()
    query_type()
    assert {name: id(kind) for name, kind in types.items()} == {
        name: id(kind) for name, kind in before.items()
    }


def place(name: str) -> str:
    """What the ids of a noun begin with."""
    return prefix_of(nouns()[name]) if name in nouns() else name.lower()


def some(store: Store, name: str, selection: str = "id") -> list[Any]:
    """The first records of a noun."""
    listing = plural(name)
    query = f"{{ {listing}(first: 30) {{ nodes {{ {selection} }} }} }}"
    found: list[Any] = store.ask(query)[listing]["nodes"]
    return found


def ids(store: Store) -> list[str]:
    """Ids of records of every noun, of editions and of passages."""
    found = [row["id"] for name in REACHED for row in some(store, name)]
    passages = store.ask('{ claims(where: {text: "siewiera"}) { nodes { passages { id } } } }')
    for claim in passages["claims"]["nodes"]:
        found += [passage["id"] for passage in claim["passages"]]
    return list(dict.fromkeys([*found, "edition/1", "edition/2"]))


JUNK = [
    *("", "/", "party", "party/", "party/nobody", "Party/poland", "record/party/poland", "🕊/🕊"),
    *("edition/0", "edition/01", "edition/3", "edition/٣", f"edition/{10**20}", "conflict/x"),
]


def test_nodes_answers_every_id_in_order_and_null_for_junk(seed: Store) -> None:
    known = ids(seed)
    kinds = Counter(id.partition("/")[0] for id in known)
    there = {"edition", "passage", *(place(name) for name in REACHED)}
    assert set(kinds) == there - {"delivery"}, "the seed has no delivery"
    mixed = [id for pair in zip(known, JUNK * len(known), strict=False) for id in pair][::-1]
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    for start in range(0, len(mixed), 100):
        wanted = mixed[start : start + 100]
        answer = seed.answer(query, ids=wanted)
        found = [node and node["id"] for node in answer.data["nodes"]]
        assert found == [id if id in known else None for id in wanted]
        for node in filter(None, answer.data["nodes"]):
            assert place(node["__typename"]) == node["id"].partition("/")[0]
        assert len(answer.statements) <= 1 + len(nouns()) + 1


def test_node_answers_one_id_and_null_for_junk(seed: Store) -> None:
    query = "query($id: ID!) { node(id: $id) { id } }"
    for id in ("party/poland", "official/jacek-siewiera", "edition/2"):
        assert seed.ask(query, id=id) == {"node": {"id": id}}
    for id in JUNK:
        assert seed.ask(query, id=id) == {"node": None}
    twice = '{ nodes(ids: ["party/poland", "party/poland"]) { id } nobody: nodes(ids: []) { id } }'
    assert seed.ask(twice) == {
        "nodes": [{"id": "party/poland"}] * 2,
        "nobody": [],
    }


@pytest.mark.parametrize("name", REACHED)
def test_a_lookup_by_id_and_by_slug_is_the_node(seed: Store, name: str) -> None:
    one = first_letter_small(name)
    query = f"""query($id: ID!, $slug: String!) {{
      node(id: $id) {{ __typename id }}
      id: {one}(by: {{id: $id}}) {{ __typename id }}
      slug: {one}(by: {{slug: $slug}}) {{ __typename id }} }}"""
    for row in some(seed, name)[:3]:
        found = seed.ask(query, id=row["id"], slug=row["id"].partition("/")[2])
        assert (
            found["node"] == found["id"] == found["slug"] == {"__typename": name, "id": row["id"]}
        )
    other = "party/poland" if name != "Party" else "official/jacek-siewiera"
    found = seed.ask(query, id=other, slug="no such")
    assert (found["id"], found["slug"]) == (None, None), "an id of another noun"


def test_a_lookup_by_identifier_is_the_record(seed: Store) -> None:
    query = """query($scheme: String!, $value: String!) {
      party(by: {identifier: {scheme: $scheme, value: $value}}) { id identifiers { scheme value } }
      official(by: {identifier: {scheme: $scheme, value: $value}}) { id } }"""
    codes = seed.ask('{ party(by: {slug: "south-korea"}) { identifiers { scheme value } } }')
    codes = codes["party"]["identifiers"]
    assert {"scheme": "ISO 3166-1 alpha-3", "value": "KOR"} in codes
    for code in codes:
        korea = {"id": "party/south-korea", "identifiers": codes}
        assert seed.ask(query, **code) == {"party": korea, "official": None}
    for code in ({"scheme": "ISO 3166-1 alpha-3", "value": "kor"}, {"scheme": "x", "value": "KOR"}):
        assert seed.ask(query, **code) == {"party": None, "official": None}


def test_a_lookup_takes_just_one_key(seed: Store) -> None:
    for by in ("{}", '{id: "party/poland", slug: "poland"}', "{id: null}"):
        answer = seed.answer(f"{{ party(by: {by}) {{ id }} }}")
        assert answer.data is None
        assert len(answer.errors) == 1
    assert seed.ask('{ party(by: {id: ""}) { id } same: party(by: {slug: ""}) { id } }') == {
        "party": None,
        "same": None,
    }


@pytest.mark.parametrize("name", [name for name in REACHED if issubclass(nouns()[name], Titled)])
def test_the_url_of_a_record_is_its_permalink(seed: Store, name: str) -> None:
    for row in some(seed, name, "id url")[:3]:
        assert row["url"] == f"https://pactbook.test/{row['id']}"


def test_value_objects_say_where_they_stand(seed: Store) -> None:
    held = [row for row in some(seed, "Event", "id happenedOn { id stated }") if row["happenedOn"]]
    assert held
    assert all(row["happenedOn"]["id"] == f"{row['id']}#happenedOn" for row in held)


def test_parties_and_officials_are_the_actors() -> None:
    kind = graph().type_map["Actor"]
    assert isinstance(kind, GraphQLInterfaceType)
    assert {member.name for member in graph().get_possible_types(kind)} == {"Official", "Party"}


HEALTHY = [HealthCheck.too_slow, HealthCheck.data_too_large]
SCALARS = {
    "Date": st.dates().map(lambda day: nodes.String(day.isoformat())),
    "DateTime": st.datetimes().map(lambda instant: nodes.String(f"{instant.isoformat()}Z")),
    "Decimal": st.decimals().map(lambda number: nodes.String(str(number))),
}


@settings(max_examples=40, deadline=None, suppress_health_check=HEALTHY)
@given(st.deferred(lambda: queries(sdl(build()), custom_scalars=SCALARS)))
def test_no_valid_query_breaks_the_graph(seed: Store, query: str) -> None:
    for error in seed.answer(query).errors:
        assert expected(error) is not None, error


def unpaged() -> GraphQLSchema:
    """The graph without the arguments that hardly any generated value fits."""
    schema = build_schema(sdl(build()))
    for kind in schema.type_map.values():
        for field in kind.fields.values() if isinstance(kind, GraphQLObjectType) else ():
            for name in ("asOf", "first", "after", "last", "before"):
                field.args.pop(name, None)
    return schema


@settings(max_examples=60, deadline=None, suppress_health_check=HEALTHY)
@given(st.deferred(lambda: queries(unpaged(), custom_scalars=SCALARS)))
def test_no_valid_filter_or_selection_breaks_the_graph(seed: Store, query: str) -> None:
    for error in seed.answer(query).errors:
        assert expected(error) is not None, error
