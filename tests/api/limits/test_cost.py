"""Cost is an upper bound of what an answer holds, on both databases, and refuses before reading."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from graphql import (
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_interface_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    parse,
    validate,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route

from api.explorer.questions import questions
from api.http.endpoint import GraphQLView
from api.limits.cardinality_watch import CurrentFigures
from api.limits.cost import Costs
from api.limits.limits import Limits
from api.limits.list_bounds import multiplicities
from api.limits.node_count import CountedOperation, pages
from schema.build import build
from schema.execution.context import Context
from schema.model.bounds import Bound
from schema.storage.fanout import Figures, read
from schema.storage.open import newest, snapshots
from schema.storage.snapshot import Duration
from tests.support.databases import BASE_URL, Store
from tests.support.dossier_factory import make
from tests.support.random_queries import Drawn, nodes_of, typed

CEILING = Limits().cost
KILLERS = [
    "{sources{nodes{passages(first:100){nodes{claim{source{passages(first:100){nodes{id}}}}}}}}}",
    "{procurements{nodes{claims{nodes{record{claims{nodes{record{claims{nodes{id}}}}}}}}}}}",
]
"""What once killed a server, and what once took 295 MB."""


def graph() -> GraphQLSchema:
    """The graph as graphql-core has it."""
    return build()._schema


def bounds() -> dict[str, Bound]:
    """All that bounds a field of the graph."""
    return {**pages(graph()), **multiplicities()}


def costs_of(text: str) -> Costs:
    """The costs of the only operation of a text."""
    document = parse(text)
    assert not validate(graph(), document), text
    [operation] = (n for n in document.definitions if isinstance(n, OperationDefinitionNode))
    limits = Limits()
    asked = CountedOperation(
        graph(), document, operation, limits.page, limits.page_maximum, bounds()
    )
    return Costs(asked)


def figures_of(store: Store) -> Figures:
    """What the figures of a database say."""
    reading = snapshots(store.url)
    with asyncio.Runner() as runner:
        figures = runner.run(reading.read(read, Duration.UNKNOWN, is_alone=True))
        runner.run(reading.dispose())
    return figures


def lists() -> Iterator[tuple[str, Any]]:
    """Every list of objects in the graph."""
    for name, kind in graph().type_map.items():
        if name.startswith("__") or not (is_object_type(kind) or is_interface_type(kind)):
            continue
        for field, held in kind.fields.items():
            inner = held.type.of_type if is_non_null_type(held.type) else held.type
            if is_list_type(inner) and not is_leaf_type(get_named_type(inner)):
                yield f"{name}.{field}", held


def test_every_list_of_objects_has_a_bound() -> None:
    known = bounds()
    assert len([*lists()]) > 100
    assert [name for name, _ in lists() if name not in known] == []


def test_what_bounds_a_list_is_something() -> None:
    known = bounds()
    parts = {name for name, bound in known.items() if bound.weight == 0}
    for name, _ in lists():
        bound = known[name]
        says = bound.number or bound.terms or bound.argument or bound.listing
        assert says or name in parts, name


@pytest.fixture(scope="module")
def figures(press: Store) -> Figures:
    """The figures of the press."""
    return figures_of(press)


def test_no_answer_holds_more_nodes_than_it_costs(press: Store, figures: Figures) -> None:
    reached = 0

    @settings(
        max_examples=150,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # Shrinking would ask for minutes.
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(st.integers(0, 10**9))
    def check(seed: int) -> None:
        nonlocal reached
        text = Drawn(graph(), seed).query()
        cost = costs_of(text).of({}, figures)
        if cost > CEILING:
            return
        answer = ask(typed(text), {})
        nodes = nodes_of(answer.data)
        assert nodes <= cost, text
        reached += nodes > 10

    with press.asking() as ask:
        check()
    assert reached > 20, "the queries hold too little to show anything"


class Served:
    """A database behind the transport, with what its answers read."""

    def __init__(self, store: Store, limits: Limits | None = None) -> None:
        self.store = store
        self.limits = limits or Limits(operation_seconds=600)
        self.heard: list[str] = []

    def answers(self, *texts: str) -> list[dict[str, Any]]:
        """The answers to operations, each after the one before."""
        return asyncio.run(self._answers(texts))

    async def _answers(self, texts: tuple[str, ...]) -> list[dict[str, Any]]:
        reading, edition = snapshots(self.store.url), newest(self.store.url)
        reading.listen(lambda statement, values: self.heard.append(statement))
        view = GraphQLView(
            build(),
            lambda scope: Context(reading, BASE_URL),
            self.limits,
            bounds=multiplicities(),
            figures=CurrentFigures(reading, edition),
        )
        served = Starlette(routes=[Route("/graphql", view)])
        transport = httpx2.ASGITransport(served)
        told: list[dict[str, Any]] = []
        try:
            async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client:
                for text in texts:
                    self.heard.clear()
                    answer = await client.post("/graphql", json={"query": text})
                    told.append({**answer.json(), "heard": [*self.heard]})
        finally:
            await edition.dispose()
            await reading.dispose()
        return told


def many() -> Iterator[tuple[str, str, Any]]:
    """Every list and every page of an object of the graph."""
    for name, kind in graph().type_map.items():
        if is_object_type(kind) and name != "Query" and not name.startswith("__"):
            for field, held in kind.fields.items():
                inner = held.type.of_type if is_non_null_type(held.type) else held.type
                is_page = get_named_type(inner).name.endswith("Connection")
                if is_page or (is_list_type(inner) and not is_leaf_type(get_named_type(inner))):
                    yield name, field, held


def circles() -> list[str]:
    """Queries that go from a list to its owner and back, for every list that can be gone so."""
    fields = {name: getattr(kind, "fields", {}) for name, kind in graph().type_map.items()}
    found: list[str] = []
    for owner, there, held in many():
        of = get_named_type(held.type).name.removesuffix("Connection")
        is_page = of != get_named_type(held.type).name
        root = next(
            (
                root
                for root, each in fields["Query"].items()
                if get_named_type(each.type).name == f"{owner}Connection" and "where" in each.args
            ),
            None,
        )
        if root in (None, "search") or (held.args and not is_page):
            continue
        for back, each in fields[of].items():
            to = get_named_type(each.type)
            if is_list_type(each.type) or is_leaf_type(to):
                continue
            possible = graph().get_possible_types(to) if is_interface_type(to) else [to]
            if owner in {kind.name for kind in possible}:
                text = "id"
                for _ in range(3 if is_page else 4):  # so deep may an operation be
                    inner = text if to.name == owner else f"... on {owner} {{ {text} }}"
                    below = f"{back} {{ {inner} }}"
                    text = f"{there} {{ {f'nodes {{ {below} }}' if is_page else below} }}"
                found.append(f"{{ {root}(first: 100) {{ nodes {{ {text} }} }} }}")
    return found


def test_circles_are_refused_before_anything_is_read_or_answered_within_their_cost(
    press: Store,
) -> None:
    walks = circles()
    assert len(walks) > 100
    served = Served(press)
    texts = [*KILLERS, *walks]
    _, *answers = served.answers('{ party(by: {slug: "poland"}) { id } }', *map(typed, texts))
    refused = 0
    for text, answer in zip(texts, answers, strict=True):
        cost = answer["extensions"]["cost"]["nodes"]
        if cost > CEILING:
            [error] = answer["errors"]
            assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"
            assert not answer["heard"], text
            refused += 1
        else:
            assert nodes_of(answer["data"]) <= cost, text
    assert all("errors" in answer for answer in answers[: len(KILLERS)])
    assert refused > 20


USUAL = [
    "{ sources { nodes { passages { nodes { id } } } } }",
    """{ agreements(first: 50) { nodes { id title signedOn { stated }
        parties { role actor { id title } } signatories { actor { id title } }
        claims { nodes { field value passages { exact } source { title } } }
        sources { nodes { id title } }
        unknowns { nodes { field } } history { nodes { title edition { number } } } } } }""",
    """{ statistics(by: [YEAR, PARTY]) { groups { keys { value record { id title } }
        figures { count money { currency minimum } } } } }""",
    "{ network { nodes { actor { title } } edges { one { id } other { id } counts { count } } } }",
    """{ relationship(between: ["party/poland", "party/south-korea"]) {
        sides { actor { id } through { nodes { id title } } }
        ties { nodes { record { id title } one { actor { id } } other { actor { id } } } }
        timeline { nodes { record { id } } } unknowns { nodes { field } } } }""",
    """{ search(text: "poland") { nodes { record { id title } snippets { text highlights { start } }
        scoredBy { word } } facets { years { count } parties { party { title } } } } }""",
    """{ procurements(first: 100) { nodes { id buyers { actor { title } }
        conflicts { nodes { positions { value claims { nodes { id } } sources { nodes { title } } }
        silences { nodes { status } } } } } } }
    """,
    "{ changes(since: {edition: 1}) { nodes { title fields { field before after } } } }",
]


def test_what_front_ends_usually_ask_passes(press: Store) -> None:
    for text, answer in zip(USUAL, Served(press).answers(*USUAL), strict=True):
        assert "errors" not in answer, (text, answer["errors"])


def test_the_ready_made_questions_pass(figures: Figures) -> None:
    for question in questions():
        assert costs_of(question["query"]).of({}, figures) <= CEILING, question["id"]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        (
            "{ parties(first: 100) { nodes { title names { text } } } }",
            r"Most are of `parties\.nodes\.names`, up to \d+\. Lower `first` of `parties` to (\d+)",
            "{ parties(first: %s) { nodes { title names { text } } } }",
        ),
        (
            "{ parties(last: 100) { nodes { title names { text } } } }",
            r"Lower `last` of `parties` to (\d+)\.",
            "{ parties(last: %s) { nodes { title names { text } } } }",
        ),
        (
            KILLERS[0],
            r"Lower `first` of `sources\.nodes\.passages` to (\d+)",
            "{sources{nodes{passages(first:%s){nodes{claim{source{passages(first:100){nodes{id}}}}}}}}}",
        ),
    ],
)
def test_following_a_refusal_works(press: Store, text: str, wrong: str, right: str) -> None:
    served = Served(press)
    [refused] = served.answers(text)
    message = refused["errors"][0]["message"]
    cost = refused["extensions"]["cost"]["nodes"]
    assert f"can return {cost} nodes; the ceiling is {CEILING}." in message
    found = re.search(wrong, message)
    assert found, message
    followed = right % found[1] if "%s" in right else right
    over = right % (int(found[1]) + 1) if "%s" in right else text
    passed, again = served.answers(followed, over)
    assert "errors" not in passed
    assert again["errors"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"


def test_one_operation_builds_no_tree_of_single_records(press: Store) -> None:
    links = [
        f"fragment F{n} on Passage {{ claim {{ a: source {{ id }} b: source {{ id }} "
        f"element {{ id }} passages {{ ...F{n + 1} }} }} source {{ id }} }}"
        for n in range(3)
    ]
    wide = " ".join(f"s{n}: state {{ ...S }}" for n in range(25))
    deep = "{ parties(first: 100) { nodes { " + wide + " } } } fragment S on Party {"
    deep += " parent { state { parent { state { id } } } } }"
    text = "{ claims { nodes { passages { ...F0 } } } }" + " ".join(links)
    text += " fragment F3 on Passage { id }"
    [tree, chain] = Served(press).answers(deep, text)
    assert tree["extensions"]["cost"]["nodes"] == 100 + 100 * 25 * 5
    assert tree["errors"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"
    assert chain["extensions"]["cost"]["nodes"] > 100


def test_a_publication_is_counted_by_the_next_request(empty: Store, tmp_path: Path) -> None:
    text = "{ agreements { nodes { claims { nodes { id } } } } }"
    reading, edition = snapshots(empty.url), newest(empty.url)

    async def costs() -> list[int]:
        figures = CurrentFigures(reading, edition)
        told = []
        for step in range(2):
            if step:
                empty.publish(make(tmp_path / "a"))
            published = edition.now() or await edition.fetch()
            await figures.follow(published)
            before = figures.figures
            await figures.follow(published)
            assert figures.figures is before, "they are read once for an edition"
            told.append(costs_of(text).of({}, figures.figures))
        await edition.dispose()
        await reading.dispose()
        return told

    before, after = asyncio.run(costs())
    held = empty.ask(text)["agreements"]["nodes"]
    assert before == 20
    assert after == 20 + sum(len(each["claims"]["nodes"]) for each in held)


def test_choices_in_a_list_count_by_what_they_are(press: Store, figures: Figures) -> None:
    text = """query ($by: [Dimension!]) {
        statistics(by: $by) { groups { keys { record { id } } figures { count } } } }"""
    costs = costs_of(text)
    for given_, nodes in (
        ([], 1),
        (["YEAR"], 1),
        (["PARTY"], 5001),
        (["YEAR", "SOURCE"], 5001),
        (["PARTY", "SOURCE"], 10_001),
        (["YEAR", "KIND"], 1),
        (["PARTY"] * 9, 10_001),
    ):
        assert costs.of({"by": given_}, figures) == nodes, given_
        assert costs_of(text).of({"by": given_}, figures) == nodes, given_
