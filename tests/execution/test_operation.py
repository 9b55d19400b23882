"""Operations: compiled once for each form, answered alike whichever way they are read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import orjson
import pytest
from graphql import get_operation_ast, parse

from schema.build import build
from schema.errors import InputError
from schema.execution.context import Context
from schema.execution.json_writer import Writer
from schema.execution.operation import OperationPlan, SingleRowPlan
from schema.storage.byte_budget import ANSWER_BYTES
from schema.storage.open import snapshots
from schema.storage.statement import SIZE, PreparedStatement
from schema.storage.timing import Timing
from tests.support.databases import Store

PAGE = """query($first: Int, $after: String, $where: PartyWhere) {
  parties(first: $first, after: $after, where: $where) {
    totalCount nodes { id title kind tenures(first: 2) { totalCount nodes { post } } }
    pageInfo { endCursor } } }"""
WORDS = "query($text: String) { parties(where: {text: $text}, first: 3) { nodes { title } } }"
DEEP = """{ agreements { nodes { id signedOn { stated earliest } edition { number publishedAt }
  parties { role actor { __typename id ... on Party { kind state { title } } } }
  claims { nodes { field value passages { exact start } source { id publishedOn { edtf } } } }
  history { nodes { id edition { number } endedBy { number } } }
  unknowns { nodes { field } } } } }"""


PATIENT, HASTY = Timing(event_loop_seconds=60), Timing(event_loop_seconds=-1)


class Asking:
    """Runs one operation many times over one store, and hears its statements."""

    def __init__(self, store: Store, query: str, timing: Timing = PATIENT) -> None:
        document = parse(query)
        node = get_operation_ast(document)
        assert node is not None
        self.operation = OperationPlan(build()._schema, document, node)
        self.store, self.timing = store, timing
        self.texts: list[str] = []

    def runs(self, *given: dict[str, Any]) -> list[Any]:
        """What each set of variables is answered; level by level where that is asked for."""

        async def run() -> list[Any]:
            reading = snapshots(self.store.url, timing=self.timing)
            reading.listen(lambda text, values: self.texts.append(text))
            found = []
            try:
                for variables in given:
                    coerced = self.operation.variables.coerced(variables)
                    assert isinstance(coerced, dict)
                    context = Context(reading, "https://pactbook.test")
                    async with context:
                        told = self.operation.run(context, coerced)
                        data = told if isinstance(told, dict) else await told
                        found.append(orjson.loads(Writer(ANSWER_BYTES).one(data)))
            finally:
                await reading.dispose()
            return found

        return asyncio.run(run())


def test_new_values_of_scalars_are_filled_into_the_same_statements(seed: Store) -> None:
    asking = Asking(seed, PAGE)
    where = [{"kind": {"eq": "STATE"}, "title": {"startsWith": start}} for start in "PSK"]
    answers = asking.runs(*({"first": at + 1, "where": each} for at, each in enumerate(where)))
    assert len(asking.operation.shapes) == 1
    assert [len(answer["parties"]["nodes"]) for answer in answers] == [1, 2, 3]
    for start, answer in zip("PSK", answers, strict=True):
        assert all(node["title"].startswith(start) for node in answer["parties"]["nodes"])
    first = Asking(seed, PAGE)
    first.runs({"first": 1, "where": where[0]})
    assert {*asking.texts} == {*first.texts}


def test_null_absent_yes_and_choices_make_forms_of_their_own(seed: Store) -> None:
    asking = Asking(seed, PAGE)
    asking.runs(
        {"first": 1},
        {"first": None},
        {"first": 1, "where": None},
        {"first": 1, "where": {"kind": {"eq": "STATE"}}},
        {"first": 1, "where": {"kind": {"eq": "COMPANY"}}},
        {"first": 1, "where": {"kind": {"isKnown": True}}},
        {"first": 9, "where": {"kind": {"isKnown": True}}},
    )
    assert len(asking.operation.shapes) == 6


def test_a_cursor_goes_on_where_the_page_ended(seed: Store) -> None:
    asking = Asking(seed, PAGE)
    [first] = asking.runs({"first": 2})
    after = first["parties"]["pageInfo"]["endCursor"]
    second, both = asking.runs({"first": 2, "after": after}, {"first": 4})
    nodes = [*first["parties"]["nodes"], *second["parties"]["nodes"]]
    assert nodes == both["parties"]["nodes"]


def test_a_page_behind_the_last_row_counts_them_all(seed: Store) -> None:
    """The total comes with the rows, of which there are none."""
    asking = Asking(seed, PAGE)
    some, nothing = {"where": {"text": "korea"}}, {"where": {"text": "no party is called so"}}
    [whole] = asking.runs(some)
    after = whole["parties"]["pageInfo"]["endCursor"]
    behind, none = asking.runs({"after": after, **some}, nothing)
    assert whole["parties"]["totalCount"] == len(whole["parties"]["nodes"]) == 9
    assert behind["parties"]["totalCount"] == whole["parties"]["totalCount"]
    assert behind["parties"]["nodes"] == none["parties"]["nodes"] == []
    assert none["parties"]["totalCount"] == 0


def test_as_many_words_share_a_statement_and_more_have_another(seed: Store) -> None:
    asking = Asking(seed, WORDS)
    answers = asking.runs(*({"text": text} for text in ("korea", "south korea", "poland", "")))
    titles = [[node["title"] for node in answer["parties"]["nodes"]] for answer in answers]
    assert "Poland" in titles[2]
    assert all("korea" in title.lower() for title in titles[1])
    assert len(asking.operation.shapes) == 1
    lists = {text for text in asking.texts if "folded" in text}
    assert len(lists) == 2, "one for one word, one for two"


AGAIN = [
    (
        """query($given: String!) { search(text: $given, where: {nouns: [PARTY]}) {
          totalCount nodes { score record { id } scoredBy { word text } snippets { text } }
          coverage { verdict } facets { nouns { count } parties(first: 3) { count }
          years { year count } stages { count } } } }""",
        ("korea", "poland", "tanks"),
    ),
    ("query($given: String!) { namesLike(name: $given) { score name } }", ("Siewira", "Bak")),
    (
        """query($given: ID!) { network(where: {involves: {actor: $given}, nouns: [AGREEMENT]}) {
          nodeCount nodes { weight actor { id } } edges { counts { noun } records { id } }
          coverage { verdict } } }""",
        ("party/poland", "party/south-korea"),
    ),
    (
        """query($given: Int!) { changes(since: {edition: $given}, first: 3) { totalCount
          nodes { kind recordId addedClaimCount edition { changeCounts { added } } } } }""",
        (0, 1),
    ),
    (
        """query($given: ID!) { party(by: {id: $given}) { changes {
  nodes { title fields { field }
          addedClaimCount } } history { nodes { changed { field } edition { number } } } } }""",
        ("party/poland", "party/south-korea"),
    ),
    (
        """query($given: Int!) { difference(from: $given, to: 2, first: 3) { totalCount
          nodes { record { id } } } }""",
        (0, 1),
    ),
    (
        """query($given: ID!) { timeline(where: {involves: {actor: $given}}, first: 40) { totalCount
          nodes { placement record { id } } } coverage(where: {involves: {actor: $given}}) {
          verdict } }""",
        ("party/south-korea", "party/poland"),
    ),
    (
        """query($given: ID!) { relationship(between: [$given, "party/north-korea"]) {
          ties(first: 2) { totalCount } timeline(first: 2) { nodes { id } } } }""",
        ("party/poland", "party/south-korea"),
    ),
]


@pytest.mark.parametrize(("query", "given"), AGAIN)
def test_what_was_asked_before_builds_no_statement(
    seed: Store, query: str, given: Sequence[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = ({"given": value} for value in given)
    asking, apart = Asking(seed, query), Asking(seed, query)
    asking.runs(first)
    expected = apart.runs(*others)
    built: list[str] = []
    made = PreparedStatement.__init__

    def noted(statement: PreparedStatement, *parts: Any) -> None:
        made(statement, *parts)
        built.append(statement.text)

    monkeypatch.setattr(PreparedStatement, "__init__", noted)
    assert asking.runs(*others) == expected
    assert built == []


def _texts(store: Store, query: str) -> list[str]:
    asking = Asking(store, query)
    asking.runs({}, {})
    return asking.texts


@pytest.mark.parametrize(
    ("asked", "is_alone"),
    [
        ("nodes { id }", True),
        ("totalCount nodes { id }", True),
        ("nodes { id } statistics { total { count } }", False),
        ("nodes { title } coverage { id }", False),
    ],
)
def test_only_what_is_one_statement_goes_without_a_transaction(
    seed: Store, asked: str, is_alone: bool
) -> None:
    """Two statements without one could be of two editions."""
    asking = Asking(seed, f"{{ agreements(first: 2) {{ {asked} }} }}")
    asking.runs({}, {})
    assert [shape.is_alone for shape in asking.operation.shapes.values()] == [is_alone]


def test_an_answer_that_is_one_statement_needs_no_other(seed: Store) -> None:
    asking = Asking(seed, "{ agreements { nodes { title parties { role } } } }")
    asking.runs({})
    asking.texts.clear()
    asking.runs({})
    assert len(asking.texts) == 1


@pytest.mark.parametrize("query", [DEEP, PAGE])
def test_what_is_interrupted_is_read_again_elsewhere(seed: Store, query: str) -> None:
    patient, hasty = Asking(seed, query), Asking(seed, query, HASTY)
    assert hasty.runs({}, {}, {}) == patient.runs({}, {}, {})


def test_a_bad_page_inside_a_list_is_told_where_it_is(seed: Store) -> None:
    query = "{ officials(first: 2) { nodes { id involvements(first: 1000) { totalCount } } } }"
    answer = seed.answer(query)
    [error] = answer.errors
    assert answer.data is None, "a list at the root is never null, so that all of the answer is"
    assert error.path == ["officials", "nodes", 0, "involvements"]
    assert "over the ceiling" in error.message


def test_a_bad_page_below_nothing_is_no_mistake(empty: Store) -> None:
    query = "{ officials { nodes { id involvements(first: 1000) { totalCount } } } }"
    assert empty.answer(query).errors == []


def test_one_bad_root_field_leaves_its_siblings_alone(seed: Store) -> None:
    bad = 'party(by: {slug: "poland"}, asOf: {edition: 99}) { id }'
    answer = seed.answer(f'{{ bad: {bad} good: node(id: "x") {{ id }} }}')
    assert answer.data == {"bad": None, "good": None}
    assert [error.path for error in answer.errors] == [["bad"]]


def test_introspection_and_records_stand_side_by_side(seed: Store) -> None:
    records = '{ party(by: {slug: "poland"}) { __typename name tenures { totalCount } } }'
    mixed = records.replace("{ party", '{ __type(name: "Party") { name } party', 1)
    answer = seed.ask(mixed)
    assert [*answer] == ["__type", "party"]
    assert answer == {"__type": {"name": "Party"}, **seed.ask(records)}


ONE = """query($slug: String!, $at: AsOf, $field: FieldName) {
  party(by: {slug: $slug}, asOf: $at) {
    id url title claims(field: $field) { nodes { field value } }
    tenures(first: 1) { nodes { post } } } }"""


@pytest.mark.parametrize("seconds", [60, -1])
def test_one_row_is_read_again_as_it_was_read_first(seed: Store, seconds: float) -> None:
    timing = Timing(event_loop_seconds=seconds, steps=20)
    asked = [
        {"slug": slug, **more}
        for slug in ("poland", "none", "south-korea")
        for more in ({}, {"field": "TITLE"}, {"field": "KIND"}, {"at": {"edition": 1}})
    ]
    again = Asking(seed, ONE, timing).runs(*asked * 3)
    apart = [answer for each in asked for answer in Asking(seed, ONE).runs(each)]
    assert again == apart * 3
    assert sum(answer["party"] is None for answer in apart) == 4


def test_one_row_takes_one_statement_and_no_reader(
    seed: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = Asking(seed, ONE)
    given = {"slug": "poland", "field": "TITLE"}
    asked: list[object] = []
    data = SingleRowPlan.data

    def noted(only: SingleRowPlan, *given: Any) -> Any:
        found = data(only, *given)
        asked.append(found)
        return found

    monkeypatch.setattr(SingleRowPlan, "data", noted)
    lone = Asking(seed, ONE.replace(" claims(field: $field) { nodes { field value } }", ""))
    lone.runs(given, {**given, "slug": "none"})
    lone.texts.clear()
    [answer] = lone.runs({**given, "slug": "south-korea"})
    assert answer["party"]["title"] == "South Korea"
    assert len(lone.texts) == 1
    assert [each is None for each in asked] == [True, False]
    asking.runs(given, given)
    assert len(asked) == 3, "the claims of a field are a page that is written into the row"


@pytest.mark.parametrize(
    ("query", "is_one"),
    [
        ('{ party(by: {slug: "poland"}) { id } }', True),
        ("{ edition(number: 2) { id } }", True),
        ('{ party(by: {identifier: {scheme: "ISO 3166-1 alpha-2", value: "PL"}}) { id } }', False),
    ],
)
def test_only_what_a_key_may_share_is_put_in_order(seed: Store, query: str, is_one: bool) -> None:
    asking = Asking(seed, query)
    [answer] = asking.runs({})
    assert [found["id"] for found in answer.values()] in (["party/poland"], ["edition/2"])
    assert ("ORDER BY" not in asking.texts[-1] and "LIMIT" not in asking.texts[-1]) == is_one


def test_one_row_that_comes_late_is_awaited_elsewhere_at_once(seed: Store) -> None:
    query = ONE.replace(" claims(field: $field) { nodes { field value } }", "")
    asking = Asking(seed, query, Timing(event_loop_seconds=-1, steps=20))
    asking.runs({"slug": "poland"}, {"slug": "poland"})
    asking.texts.clear()
    asking.runs({"slug": "poland"})
    assert len(asking.texts) == (2 if seed.is_sqlite else 1), "it kept the event loop twice"


@pytest.mark.parametrize("wrong", ["\0", "\ud800"])
def test_what_no_database_can_keep_is_told_each_time(seed: Store, wrong: str) -> None:
    asking = Asking(seed, ONE.replace(" claims(field: $field) { nodes { field value } }", ""))
    asking.runs({"slug": "poland"}, {"slug": "poland"})
    with pytest.raises(InputError, match="A text holds"):
        asking.runs({"slug": wrong})


def test_nothing_is_asked_of_a_value_before_it_is_known() -> None:
    asking: list[Callable[[Any], Any]] = [
        bool, iter, len, list, lambda late: late == 1, lambda late: late != 1
    ]  # fmt: skip
    for ask in asking:
        with pytest.raises(TypeError, match=r"not known before .* Use `then`"):
            ask(SIZE)
