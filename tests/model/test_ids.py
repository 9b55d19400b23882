"""Ids: one id, one content. What is read as of an edition carries it, and is found by it again."""

from __future__ import annotations

import datetime
import json
import re
from enum import Enum
from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)
from hypothesis import example, given
from hypothesis import strategies as st

from api.database.seeding import SEED
from schema.graph.catalog import plural
from schema.model.ids import READABLE, dependent, qualified, split
from schema.model.registry import nouns
from tests.oracle.small_record import order, published_at, states
from tests.support import dossier_factory
from tests.support.contradicting_sources import PRESS
from tests.support.crawling import graph, named
from tests.support.databases import BASE_URL, Store, Stores

DRONES = "procurement/south-korea-polish-drones"
POLAND, KOREA = "party/poland", "party/south-korea"
NEWEST = 7
VALUES = ("PartialDate", "Quantity", "Money")


@pytest.fixture(scope="module")
def record(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Five states, the seed, the press, a pact, an order: seven editions, for reading only."""
    folder = tmp_path_factory.mktemp("record")
    drafts = [states(folder / "states"), SEED, *PRESS]
    covered = [{"actor": POLAND, "basis": "For the test."}]
    drafts += [dossier_factory.make(folder / "pact", covered=covered), order(folder / "order")]

    def fill(store: Store) -> None:
        for edition, draft in enumerate(drafts, 1):
            assert store.publish(draft, now=published_at(edition)).edition == edition

    return stores.filled("seven", fill)


def is_id(kind: Any) -> bool:
    return str(get_named_type(kind).name) == "ID"


def values(kind: str) -> str:
    """The values of an object, under names that are its own."""
    parts: list[str] = []
    for name, field in graph()[kind].fields.items():
        inner = named(field)
        if is_leaf_type(inner) and not field.args:
            parts.append(f"{kind}{name}: {name}")
        elif inner.name in VALUES:
            parts_of_it = graph()[inner.name].fields.items()
            leaves = " ".join(each for each, part in parts_of_it if is_leaf_type(named(part)))
            parts.append(f"{kind}{name}: {name} {{ {leaves} }}")
        elif inner.name in nouns() and isinstance(field.type, GraphQLNonNull) and not field.args:
            parts.append(f"{kind}{name}: {name} {{ __typename id }}")
    return " ".join(parts)


def listed(store: Store, noun: str, shown: str, edition: int) -> list[Any]:
    """The first objects of a noun as of an edition; passages have no list of their own."""
    name, inner = (
        (plural(noun), shown) if noun != "Passage" else ("claims", f"passages {{{shown}}}")
    )
    query = f"{{ {name}(first: 40, asOf: {{edition: {edition}}}) {{ nodes {{ {inner} }} }} }}"
    nodes = store.ask(query)[name]["nodes"]
    if noun != "Passage":
        return list(nodes)
    return [passage for claim in nodes for passage in claim["passages"]][:100]


@pytest.mark.parametrize("edition", [2, NEWEST])
def test_what_is_read_at_an_edition_is_read_again_by_its_id(record: Store, edition: int) -> None:
    count = 0
    for noun in nouns():
        shown = f"__typename id {values(noun)}"
        first = listed(record, noun, shown, edition)
        count += len(first)
        of_node = f"__typename id ... on {noun} {{ {shown} }}"
        again = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {of_node} }} }}"
        answer = record.answer(again, ids=[each["id"] for each in first])
        assert json.dumps(answer.data["nodes"]) == json.dumps(first), noun
        assert answer.extensions["edition"] == (edition if first else NEWEST)
        for each in first[:1]:
            assert each["id"].endswith(f"@{edition}")
            one = f"query ($id: ID!) {{ node(id: $id) {{ {of_node} }} }}"
            assert json.dumps(record.ask(one, id=each["id"])["node"]) == json.dumps(each)
    assert count > 200


@pytest.mark.parametrize("kind", ["ID", "String"])
def test_a_lookup_of_an_edition_is_as_one_of_the_newest(record: Store, kind: str) -> None:
    """Also when the question was asked before, and is one prepared statement by then."""
    key = "id" if kind == "ID" else "slug"
    query = f"""query ($key: {kind}!) {{ procurement(by: {{{key}: $key}}) {{
      id url title quantity {{ id }} conflicts {{ nodes {{ id }} }} }} }}"""
    of_two = f"""{{ procurement(by: {{id: "{DRONES}"}}, asOf: {{edition: 2}}) {{
      id url title quantity {{ id }} conflicts {{ nodes {{ id }} }} }} }}"""
    of_newest = of_two.replace(", asOf: {edition: 2}", "")
    wanted = {"@2": record.ask(of_two), "": record.ask(of_newest), "@99": {"procurement": None}}
    assert wanted["@2"] != wanted[""]
    with record.asking() as ask:
        for end in ["", "", "", "@2", "", "@2", "@2", "@99", "", "@99", "@2", ""]:
            answer = ask(
                query, {"key": (DRONES if key == "id" else DRONES.partition("/")[2]) + end}
            )
            assert answer.errors == []
            assert answer.data == wanted[end]
            assert answer.extensions["edition"] == (2 if end == "@2" else NEWEST)


def test_many_editions_are_read_by_one_question(record: Store) -> None:
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) {
      id ... on Procurement { url stage quantity { id minimum } } } }"""
    wanted = [f"{DRONES}@3", DRONES, f"{DRONES}@2", "edition/2", f"{DRONES}@1", f"{DRONES}@3"]
    answer = record.answer(query, ids=wanted)
    found = answer.data["nodes"]
    shown = [f"{DRONES}@3", DRONES, f"{DRONES}@2", "edition/2", None, f"{DRONES}@3"]
    assert [each and each["id"] for each in found] == shown
    assert found[0] == found[5] != found[1]
    assert found[2]["url"] == f"{BASE_URL}/{DRONES}?edition=2"
    assert found[1]["url"] == f"{BASE_URL}/{DRONES}"
    assert found[0]["quantity"]["id"] == f"{DRONES}@3#quantity"
    assert answer.extensions["edition"] == NEWEST
    assert record.answer(query, ids=wanted[2:3] + wanted[:1]).extensions["edition"] == 3


JUNK = [
    "@",
    "@0",
    "@00",
    "@02",
    "@-1",
    "@2@2",
    "@²",
    "@2#quantity",
    "@1000000000",
    "@99",
    "@ 2",
    "#2",
]


@pytest.mark.parametrize("end", JUNK)
def test_an_edition_that_is_none_finds_nothing(record: Store, end: str) -> None:
    query = """query ($id: ID!, $slug: String!) { node(id: $id) { id } nodes(ids: [$id]) { id }
      by: procurement(by: {id: $id}) { id } slug: procurement(by: {slug: $slug}) { id } }"""
    id = DRONES + end
    answer = record.answer(query, id=id, slug=id.partition("/")[2])
    assert answer.errors == []
    assert answer.data == {"node": None, "nodes": [None], "by": None, "slug": None}
    assert answer.extensions["edition"] == (2 if end in ("@2@2", "@2#quantity") else NEWEST)


def test_an_id_and_as_of_name_the_same_edition_or_refuse(record: Store) -> None:
    query = """query ($id: ID!, $at: AsOf) { procurement(by: {id: $id}, asOf: $at) { id } }"""
    for at in ({"edition": 2}, {"instant": published_at(2).isoformat()}):
        assert record.ask(query, id=f"{DRONES}@2", at=at)["procurement"]["id"] == f"{DRONES}@2"
        for number in (3, 99):
            [error] = record.answer(query, id=f"{DRONES}@{number}", at=at).errors
            assert error.message == (
                f"The id '{DRONES}@{number}' is of edition {number}, `asOf` asks for 2. "
                "Leave `asOf` out, or the edition out of the id."
            )
        # Following it works.
        assert record.ask(query, id=DRONES, at=at)["procurement"]["id"] == f"{DRONES}@2"


def test_a_page_that_goes_on_at_an_edition_gives_ids_of_it(record: Store) -> None:
    query = """query ($at: AsOf, $after: String) {
      parties(first: 1, asOf: $at, after: $after) {
        nodes { id url involvements(first: 1) { nodes { id } } } pageInfo { endCursor } } }"""
    first = record.ask(query, at={"edition": 4})["parties"]
    then = record.ask(query, after=first["pageInfo"]["endCursor"])["parties"]
    for [each] in (first["nodes"], then["nodes"]):
        assert each["id"].endswith("@4")
        assert each["url"].endswith("?edition=4")
        assert all(part["id"].endswith("@4") for part in each["involvements"]["nodes"])
    two = "{ parties(first: 2, asOf: {edition: 4}) { nodes { id } } }"
    shown = [each["id"] for page in (first, then) for each in page["nodes"]]
    assert shown == [each["id"] for each in record.ask(two)["parties"]["nodes"]]


MEANT = {
    "IdMatch": '{ involvements(where: {actor: {eq: "%s"}}) { totalCount } }',
    "in": '{ parties(where: {id: {in: ["%s"]}}) { totalCount } }',
    "involves": '{ events(where: {involves: {actor: "%s"}}) { totalCount } }',
    "through": '{ events(where: {not: {involves: {actor: "%s", through: true}}}) { totalCount } }',
    "records": '{ timeline(where: {involves: [{actor: "%s"}]}) { totalCount } }',
    "statistics": '{ statistics(where: {ids: ["%s"]}) { total { count } } }',
    "between": '{ relationship(between: ["%s", "party/south-korea@3"]) { id sides { id } } }',
    "of": '{ difference(from: 0, to: 5, of: "%s", first: 40) { totalCount nodes { recordId } } }',
    "network": '{ network(where: {involves: [{actor: "%s"}]}) { edgeCount } }',
    "coverage": '{ coverage(where: {involves: [{actor: "%s"}]}) { id explanation } }',
    "about": '{ changes(about: ["%s"], since: {edition: 0}) { totalCount } }',
    "covering": '{ sources(where: {not: {covered: [{actor: "%s"}]}}) { totalCount } }',
    "passages": """{ sources { nodes { passages(records: ["%s"], first: 3) {
      totalCount nodes { exact } } } } }""",
    "covered": '{ search(text: "duda", where: {involves: [{actor: "%s"}]}) { coverage { id } } }',
}
SOURCES = {
    "claimedBy": '{ procurements(where: {claimedBy: "%s"}) { totalCount } }',
    "sources": '{ timeline(where: {sources: ["%s"]}) { totalCount } }',
}


@pytest.mark.parametrize("place", [*MEANT, *SOURCES])
def test_an_id_in_a_filter_means_the_record_whatever_its_edition(record: Store, place: str) -> None:
    query = (MEANT | SOURCES)[place]
    id = "source/poland-south-korea-defense-ties" if place in SOURCES else POLAND
    wanted = record.ask(query % id)
    for number in (1, 2, NEWEST, 99):
        assert record.ask(query % f"{id}@{number}") == wanted
    variable = query.replace('"%s"', "$id")
    for number in (2, 3):
        given = f"query ($id: ID!) {variable}"
        assert record.ask(given, id=f"{id}@{number}") == wanted
    assert record.ask(query % f"{id}-x") != wanted, "it is looked at"


def test_a_list_of_ids_in_a_variable_means_the_records(record: Store) -> None:
    query = "query ($ids: [ID!]) { parties(where: {id: {in: $ids}}) { nodes { id } } }"
    for ids in ([f"{POLAND}@2", KOREA], [POLAND, f"{KOREA}@1", f"{POLAND}@3"]):
        nodes = record.ask(query, ids=ids)["parties"]["nodes"]
        assert [each["id"] for each in nodes] == [POLAND, KOREA]


def test_every_id_that_a_question_takes_names_what_is_read_or_means_a_record() -> None:
    """A new argument with an id needs a line in MEANT."""
    taken: set[str] = set()
    for kind in graph().values():
        if isinstance(kind, GraphQLInputObjectType):
            taken |= {
                f"{kind.name}.{name}" for name, told in kind.fields.items() if is_id(told.type)
            }
        elif isinstance(kind, GraphQLObjectType):
            taken |= {
                f"{name}({argument})"
                for name, field in kind.fields.items()
                for argument, told in field.args.items()
                if is_id(told.type)
            }
    read = {name for name in taken if name.endswith("By.id")} | {"node(id)", "nodes(ids)"}
    filters = {name for name in taken if name.endswith("Where.claimedBy")}
    filters |= {"IdMatch.eq", "IdMatch.in", "InvolvementMatch.actor", "RecordWhere.ids"}
    filters |= {"ActorMatch.actor", "changes(about)", "passages(records)"}
    filters |= {"RecordWhere.sources", "relationship(between)", "difference(of)"}
    assert taken == read | filters


RECORDS = st.from_regex(r"[a-z-]{1,9}/[a-z0-9-]{1,9}", fullmatch=True)
ENDS = st.sampled_from(["", "#quantity", "#quantity=ab12", "?search=a@2", "?search=x#1"])


@given(RECORDS, ENDS, st.integers(1, 10**9 - 1))
def test_an_id_keeps_what_it_means_and_tells_its_edition(id: str, end: str, edition: int) -> None:
    carried = qualified(id + end, edition)
    assert carried == f"{id}@{edition}{end}"
    assert qualified(id + end, None) == id + end
    assert split(carried) == (id + end, edition)
    assert qualified(carried, edition) == carried


@given(st.text("a@2#?:\n", max_size=20))
@example("@2")
@example("a@0")
@example("a\n@2")
@example("a@2?b@3")
def test_what_is_split_is_put_together_again(text: str) -> None:
    meant, edition = split(text)
    head = re.split("[#?:]", meant)[0]
    assert text == (meant if edition is None else f"{head}@{edition}{meant[len(head) :]}")
    assert (edition is None) == (meant == text)


PARTS = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.text('a"&={}', max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=4,
)
ASKED = st.dictionaries(st.sampled_from(["where", "first"]), PARTS)


@given(ASKED, ASKED)
@example({"first": 1}, {"first": True})
def test_ids_are_the_same_where_the_questions_are(one: Any, other: Any) -> None:
    """But for what is left open, which is no part of a question."""
    told = [
        json.dumps({k: v for k, v in each.items() if v is not None}, sort_keys=True)
        for each in (one, other)
    ]
    first, second = dependent("network", **one), dependent("network", **other)
    assert (first == second) == (told[0] == told[1])
    assert split(qualified(first, 2)) == (first, 2)


def test_a_long_question_becomes_a_digest() -> None:
    class Choice(Enum):
        ONE = "1"

    day, word = datetime.date(2024, 11, 1), "w" * READABLE
    short = dependent("network", day=day, choice=Choice.ONE)
    assert short == 'network?{"choice":"1","day":"2024-11-01"}'
    long = dependent("network", day=day, text=word)
    assert re.fullmatch(r"network\?[0-9a-f]{32}", long)
    assert long == dependent("network", text=word, day=day)
    assert long != dependent("network", text=word + "w", day=day)
