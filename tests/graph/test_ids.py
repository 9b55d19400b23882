"""One id, one content, one type: everything that is reachable, held against what its id gives."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from schema.model.noun import Titled
from schema.model.registry import nouns
from tests.oracle.small_record import publish_editions
from tests.support.crawling import (
    Ask,
    graph,
    is_node,
    objects,
    pages,
    refetched,
    selection,
    with_ids,
)
from tests.support.databases import Store, Stores

POLAND, KOREA = "party/poland", "party/south-korea"
NEWEST = 9
EDITIONS = (None, 1, 2)
PACT = "a long text, so that the question does not fit into an id that people would read " * 2
QUESTIONS: dict[str, list[str]] = {
    "changes": ["since: {edition: 0}", "since: {edition: 0}, direction: DESC"],
    "coverage": ["", f'where: {{involves: [{{actor: "{POLAND}"}}]}}'],
    "difference": ["from: 0, to: %(edition)s", "from: %(edition)s, to: 1"],
    "namesLike": ['name: "Siewira"', 'name: "Siewira", nouns: [OFFICIAL]', 'name: "Polonia"'],
    "network": [
        "",
        "first: 2",
        f'where: {{involves: [{{actor: "{POLAND}"}}]}}',
        "where: {nouns: [STATEMENT]}, first: 3",
        "actorsAs: ITSELF",
        f'where: {{text: "{PACT[:150]}"}}',
        f'where: {{text: "{PACT[:151]}"}}',
    ],
    "relationship": [
        f'between: ["{POLAND}", "{KOREA}"]',
        f'between: ["{KOREA}", "{POLAND}"]',
        f'between: ["{POLAND}", "party/north-korea"]',
    ],
    "search": [
        'text: "poland"',
        'text: "Poland", nouns: [PARTY]',
        'text: "south korea"',
        'text: "\\"South Korea\\"#?"',
    ],
    "statistics": ["by: [NOUN, YEAR, PARTY]", "by: [KIND, SOURCE, ROLE]", "by: [STAGE, SECTOR]"],
    "timeline": ["", "direction: DESC", "where: {nouns: [SOURCE, TENURE, EVENT]}"],
}
"""What each root field is asked that is no list of a noun."""
SAME_EVERYWHERE = {"Edition", "Citation"}
"""What reads the same at every edition, because it names its own."""
VALUES = {"PartialDate", "Quantity", "Money"}
"""What has the id of its record, with the field behind it."""


@pytest.fixture(scope="module")
def record(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """States, the seed, the press, a pact, an order, an amendment, a retraction; to be read."""
    folder = tmp_path_factory.mktemp("record")
    return stores.filled("nine", lambda store: publish_editions(store, folder))


class Crawl:
    """What was seen of each id, wherever it stood; another content or type fails."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.seen: dict[str, dict[str, Any]] = {}
        self.whole: dict[str, str] = {}
        """Each node as its id gives it."""

    def look(self, answer: Any) -> None:
        """Notes every object of an answer."""
        for each in objects(answer):
            known = self.seen.setdefault(each["id"], each)
            assert known["__typename"] == each["__typename"], each["id"]
            for name in known.keys() & each.keys():
                assert _agree(known[name], each[name]), (each["id"], name, known, each)
            self.seen[each["id"]] = known | each

    def refetch(self) -> None:
        """Asks for all nodes by their ids, and for those that these lead to."""
        while True:
            new: dict[str, list[str]] = defaultdict(list)
            for id, each in self.seen.items():
                if is_node(each["__typename"]) and id not in self.whole:
                    new[each["__typename"]].append(id)
            if not new:
                return
            for kind, ids in new.items():
                for id, each in refetched(self.ask, kind, sorted(ids, key=_question)):
                    assert each is not None, (kind, id)
                    assert each["id"] == id
                    self.look(each)
                    self.whole[id] = json.dumps(each)


def _question(id: str) -> tuple[str, str]:
    """What an id asks, so that ids of one question are read together."""
    return id.partition("?")[2], id


def _agree(one: Any, other: Any) -> bool:
    """Whether two values are the same as far as both tell; what has an id is compared by itself."""
    if isinstance(one, dict) and isinstance(other, dict):
        if one.get("id") or other.get("id"):
            return one.get("id") == other.get("id")
        return all(_agree(one[name], other[name]) for name in one.keys() & other.keys())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_agree, one, other))
    return json.dumps(one) == json.dumps(other)


def roots() -> Iterator[tuple[str, str]]:
    """Every root field that takes an edition, with what it is asked."""
    for name, field in graph()["Query"].fields.items():
        if ("asOf" in field.args and "by" not in field.args) or name in QUESTIONS:
            for question in QUESTIONS.get(name, [""]):
                yield name, question


def lookups(ask: Ask, seen: dict[str, Any], edition: int | None) -> Iterator[Any]:
    """Records by the root fields that take one key: an id, which carries an edition, or a slug."""
    for name, noun in nouns().items():
        if not issubclass(noun, Titled):
            continue
        root, shown = name[0].lower() + name[1:], selection(graph()[name])
        query = f"query ($by: {name}By!) {{ {root}(by: $by) {{ {shown} }} }}"
        for id in sorted(id for id, each in seen.items() if each["__typename"] == name)[:1]:
            for key in ({"id": id}, {"slug": id.partition("/")[2]}):
                yield ask(query, {"by": key})[root]


@pytest.fixture(scope="module")
def crawl(record: Store) -> Iterator[Crawl]:
    """Everything, by every root field, at several editions, and what all nodes lead to."""
    with record.asking() as answer:

        def ask(query: str, variables: dict[str, Any]) -> Any:
            answered = answer(query, variables)
            assert answered.errors == [], (query, variables, answered.errors)
            return answered.data

        made = Crawl(ask)
        for edition in EDITIONS:
            as_of = None if edition is None else {"edition": edition}
            before = {**made.seen}
            for name, question in roots():
                for page in pages(ask, name, question % {"edition": edition or NEWEST}, as_of):
                    made.look(page)
            read = {id: each for id, each in made.seen.items() if id not in before}
            for each in lookups(ask, read, edition):
                made.look(each)
            _is_of_edition(edition, read)
        made.refetch()
        yield made


def _is_of_edition(edition: int | None, read: dict[str, Any]) -> None:
    """Whether all ids say at which edition they were read, before whatever they ask."""
    for id, each in read.items():
        if each["__typename"] not in SAME_EVERYWHERE:
            head = re.split("[?#:]", id)[0]
            assert f"@{edition}" in head if edition else "@" not in head, id


def test_one_id_is_one_content_of_one_type(crawl: Crawl) -> None:
    """What the crawl compares; it reaches every type that has ids."""
    assert {each["__typename"] for each in crawl.seen.values()} == with_ids()
    assert len(crawl.seen) > 10_000


def test_an_id_begins_with_its_type(crawl: Crawl) -> None:
    """But for value objects, which have the id of what holds them, with the field behind it."""
    types: dict[str, set[str]] = defaultdict(set)
    for id, each in crawl.seen.items():
        if each["__typename"] in VALUES:
            assert crawl.seen[re.sub("#.*", "", id)]["__typename"] in nouns()
        else:
            types[re.split("[/@?]", id)[0]].add(each["__typename"])
    assert sorted(kind for each in types.values() for kind in each) == sorted(with_ids() - VALUES)
    for start, kinds in types.items():
        assert [re.sub("(?<!^)([A-Z])", r"-\1", kind).lower() for kind in kinds] == [start]


def test_every_node_is_found_again_by_its_id(crawl: Crawl) -> None:
    """The crawl has compared what `nodes` gives with what was seen; `node` gives the same."""
    for kind in sorted(with_ids()):
        ids = [id for id in crawl.whole if crawl.seen[id]["__typename"] == kind]
        assert bool(ids) == is_node(kind), kind
        shown = f"__typename id ... on {kind} {{ {selection(graph()[kind])} }}" if ids else ""
        for id in {ids[0], ids[-1]} if ids else ():
            query = f"query ($id: ID!) {{ node(id: $id) {{ {shown} }} }}"
            assert json.dumps(crawl.ask(query, {"id": id})["node"]) == crawl.whole[id]
    assert {each["__typename"] for id, each in crawl.seen.items() if id in crawl.whole} == {
        kind for kind in with_ids() if is_node(kind)
    }


def test_beside_an_error_nodes_are_found_alike(crawl: Crawl, record: Store) -> None:
    """Then graphql-core goes through the answer, and not the compiled read."""
    for kind in sorted(kind for kind in with_ids() if is_node(kind)):
        id = max(id for id in crawl.whole if crawl.seen[id]["__typename"] == kind)
        shown = f"__typename id ... on {kind} {{ {selection(graph()[kind])} }}"
        beside = 'beside: party(by: {slug: "poland"}, asOf: {edition: 999}) { id }'
        query = f"query ($id: ID!) {{ node(id: $id) {{ {shown} }} {beside} }}"
        answer = record.answer(query, id=id)
        assert len(answer.errors) == 1
        assert json.dumps(answer.data["node"]) == crawl.whole[id]


TIE = f"tie/procurement/south-korea-polish-drones?between={POLAND}~{KOREA}"
NOTHING = [
    *("conflict/", "conflict/party/poland#name", "conflict/party/poland"),
    *("change/", "change/party/poland", "change/party/poland/99", "change/party/poland/0..99"),
    *("change/party/poland/01", "change/party/poland/0..0", "change/party/nobody/1"),
    *("change/party/poland/1..", "change/party/poland/2@1", "change/party/poland/-1"),
    *("revision/", "revision/party/poland/99", "revision/party/poland", "revision/nothing/x/1"),
    *("revision/procurement/south-korea-polish-drones/2@1", "revision/party/poland/٢"),
    *("timeline-entry/", "timeline-entry/party/poland", "timeline-entry/event/nothing"),
    *("tie/", "tie/event/x", f"{TIE}~", TIE.replace(KOREA, ""), f"{TIE}@2"),
    *(f"tie/event/nothing?between={POLAND}~{KOREA}", f"tie/event/x?between={POLAND}~{POLAND}"),
    *(f"tie/event/x?between={POLAND}~party/nobody", f"tie/event/x?between={POLAND}~event/x"),
    *("search-hit/", f"search-hit/{POLAND}", f"search-hit/{POLAND}?search="),
    *(f"search-hit/{POLAND}?search=%00", f"search-hit/{POLAND}?search=%FF", "search-hit/?search=a"),
    *(f"search-hit/{POLAND}?search=%20poland%", f"search-hit/{POLAND}?search=poland;"),
    *(f"search-hit/{POLAND}?search={'a%20' * 99}", "search-hit/party/nobody?search=poland"),
    *(f"search-hit/{POLAND}@99?search=poland", f"search-hit/{POLAND}?search=po%6cand"),
    *(
        "network",
        f"relationship/{POLAND}~{KOREA}",
        f"{POLAND}#name",
        "coverage/x",
        "network-node/x",
    ),
]


def test_an_id_that_nothing_has_finds_nothing(record: Store) -> None:
    for id in NOTHING:
        answer = record.answer("query ($id: ID!) { node(id: $id) { id } }", id=id)
        assert (id, answer.errors, answer.data) == (id, [], {"node": None})
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    few = [id for id in NOTHING if not id.startswith("search-hit/")]
    assert record.ask(query, ids=few)["nodes"] == [None] * len(few)


def test_ids_of_many_questions_are_read_a_few_at_a_time(record: Store) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    searches = [f"search-hit/{POLAND}?search=poland{'%20the' * n}" for n in range(1, 7)]
    ties = [TIE.replace("?", f"@{edition}?") for edition in range(1, 6)]
    for ids in (searches + ties, [TIE.replace(POLAND, f"party/no-{n}") for n in range(11)]):
        [error] = record.answer(query, ids=ids).errors
        assert error.message == (
            "These ids are of 11 questions, such as searches. Ask for those of at most 10 at a "
            "time; one question at two editions is two."
        )
        # Following it works.
        assert len(record.ask(query, ids=ids[:10])["nodes"]) == 10
        assert record.ask(query, ids=[TIE] * 50)["nodes"] == [{"id": TIE}] * 50


def test_two_editions_stand_side_by_side_in_one_answer(record: Store) -> None:
    """What a cache is told by the question of the issue."""
    answer = record.ask(
        """{ a: procurement(by: {slug: "south-korea-polish-drones"}, asOf: {edition: 3}) {
          id quantity { id minimum } }
        b: procurement(by: {slug: "south-korea-polish-drones"}) { id quantity { id minimum } } }"""
    )
    assert answer["a"]["quantity"]["id"] == f"{answer['a']['id']}#quantity"
    assert answer["a"]["id"] == answer["b"]["id"] + "@3"
    assert answer["a"]["quantity"] != answer["b"]["quantity"]


def test_a_network_is_of_its_question(record: Store) -> None:
    """What the shown edges weigh does not depend on how many are shown, and so their ids do not."""
    shown = "{ id nodes { id } edges { id } }"
    where = f'{{involves: [{{actor: "{POLAND}"}}]}}'
    answer = record.ask(
        f"{{ all: network {shown} few: network(first: 1) {shown} same: network(first: 100) {shown} "
        f"of: network(where: {where}) {shown} open: network(where: {{text: null}}) {shown} "
        f"at: network(first: 1, asOf: {{edition: 2}}) {shown} }}"
    )
    assert answer["all"] == answer["same"] == answer["open"]
    assert [answer[name]["id"] for name in ("all", "few", "of", "at")] == [
        "network",
        'network?{"first":1}',
        f'network?{{"where":{{"involves":[{{"actor":"{POLAND}"}}]}}}}',
        'network@2?{"first":1}',
    ]
    ids = {
        name: {each["id"] for kind in ("nodes", "edges") for each in network[kind]}
        for name, network in answer.items()
    }
    assert ids["few"] < ids["all"]
    assert not ids["all"] & ids["of"]
    assert all(id.startswith(("network-node/", "network-edge/")) for id in ids["all"])
    assert all(id.endswith(answer["of"]["id"].removeprefix("network")) for id in ids["of"])
