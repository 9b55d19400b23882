"""Plans: an index serves every filter, order and link, and no large table is read to its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from schema.graph.catalog import catalog, plural
from schema.model.fields import Relation
from schema.model.registry import nouns, table_of
from tests.support.databases import Store
from tests.support.index_queries import (
    OTHERS,
    Question,
    at_edition,
    filters,
    keys,
    links,
    listed,
    orders,
    spans_of_kinds,
)
from tests.support.query_plans import LARGE, Plan, plans_of

READS_ALL = {
    ("postgresql", "changes of an actor"): "It asks of each change whether the actor has part in "
    "it, at so high a price that how the changes are read makes no difference to it.",
}
"""The questions beside lists for which a database reads large tables, and why."""
FOR_PUBLISHING = "covered_by_id"
"""What the indexes are called that serve no question: they find what rests on a data set's row."""
THEN = ("{eq: ", "{actor: ", '"source/', " by ")
"""Which filters and orders are asked as of an edition too."""

Planned = dict[Question, list[Plan]]


@pytest.fixture(scope="module")
def planned(bulk: Store) -> Planned:
    """The plans of every question."""

    def end(query: str) -> str:
        [page] = bulk.ask(query).values()
        return str(page["pageInfo"]["endCursor"])

    asked = [Question(name, query, may_walk=True) for name, query in OTHERS.items()]
    for noun in listed():
        now = [*filters(bulk, noun), *orders(noun, end), *links(noun), *keys(noun)]
        now += spans_of_kinds(noun)
        turned = [question for question in now if "after:" not in question.query]
        then = [each for each in turned if any(word in each.name for word in THEN)]
        asked += [*now, *map(at_edition, then)]
    return plans(bulk, asked)


def plans(store: Store, asked: list[Question]) -> Planned:
    """The plans of some questions."""
    answers = store.answers(question.query for question in asked)
    with store.connect() as connection:
        found: Planned = {}
        for question, answer in zip(asked, answers, strict=True):
            assert not answer.errors, (question, answer.errors)
            found[question] = [*plans_of(store, connection, answer)]
        return found


def refusals(planned: Planned) -> list[str]:
    """What the plans of the questions do and should not, in words."""
    return [
        f"{question.name} {fault}"
        for question, found in planned.items()
        for plan in found
        for fault in _faults(question, plan)
    ]


def _faults(question: Question, plan: Plan) -> Iterator[str]:
    for step in plan.steps:
        if not step.is_whole or step.table not in LARGE:
            continue
        own = step.table == question.table
        walks = own and question.may_walk and step.index is not None and "LIMIT" in plan.statement
        if not (walks or (own and question.may_read_all)):
            yield f"reads all of {step.table} for {plan.statement}"
    if plan.sorts and not question.may_sort:
        yield f"sorts all it finds for {plan.statement}"


def test_an_index_serves_every_filter_order_link_and_key(planned: Planned) -> None:
    asked = {question: found for question, found in planned.items() if question.name not in OTHERS}
    assert refusals(asked) == []


@pytest.mark.parametrize("name", OTHERS)
def test_an_index_serves_what_else_is_asked(bulk: Store, planned: Planned, name: str) -> None:
    asked = {question: found for question, found in planned.items() if question.name == name}
    reads_all = ("sqlite" if bulk.is_sqlite else "postgresql", name) in READS_ALL
    assert bool(refusals(asked)) == reads_all, refusals(asked)


def test_every_index_serves_a_question(bulk: Store, planned: Planned) -> None:
    if not bulk.is_sqlite:
        pytest.skip("PostgreSQL may take another index where two would do.")
    used = {index for found in planned.values() for plan in found for index in plan.indexes()}
    made = {str(index.name) for noun in nouns().values() for index in table_of(noun).indexes}
    assert {name for name in made - used if not name.endswith(FOR_PUBLISHING)} == set()


@pytest.mark.parametrize("field", ["hedges", "unknowns"])
def test_the_evidence_of_a_part_is_found_by_the_part(bulk: Store, field: str) -> None:
    """And not by an index of what most claims are, such as accepted."""
    relation = catalog["Name"][field]
    assert isinstance(relation, Relation)
    inner = "nodes { status }" if relation.paged else "status"
    question = Question(field, f"{{ names(first: 5) {{ nodes {{ {field} {{ {inner} }} }} }} }}")
    [found] = plans(bulk, [question]).values()
    used = {step.index for plan in found for step in plan.steps if step.table.startswith("claim")}
    assert used <= {"ix_claim_element_id_id"} or not bulk.is_sqlite


@pytest.mark.parametrize(
    ("index", "query"),
    [
        ("ix_agreement_label_id", '(where: {label: {eq: "East label of 2"}}) {nodes {id}}'),
        ("ix_agreement_sector_id", '(where: {sector: {eq: "East sector of 2"}}) {totalCount}'),
        ("ix_agreement_signed_on_rising", "(orderBy: {field: SIGNED_ON}, first: 5) {nodes {id}}"),
        ("ix_agreement_amends_id_id", "(last: 5) {nodes {amendments {nodes {id}}}}"),
        ("ix_event_agreement_id_id", "(last: 5) {nodes {events {nodes {id}}}}"),
    ],
)
def test_a_missing_index_is_seen(bulk: Store, index: str, query: str) -> None:
    question = Question(
        index,
        f"{{{plural('Agreement')}{query}}}",
        "agreement",
        may_walk="where" not in query,
        may_sort="orderBy" not in query,
    )
    [dropped] = [
        each for noun in nouns().values() for each in table_of(noun).indexes if each.name == index
    ]
    assert refusals(plans(bulk, [question])) == []
    with bulk.connect() as connection, connection.begin():
        dropped.drop(connection)
    try:
        assert refusals(plans(bulk, [question])) != []
    finally:
        with bulk.connect() as connection, connection.begin():
            dropped.create(connection)
