"""The reader: how many SQL statements a query takes, which columns they name, what they answer."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from schema.build import build
from schema.execution.context import Context
from schema.model.registry import nouns
from schema.model.values import PartialDate, value_fields
from schema.storage.open import snapshots
from schema.storage.snapshot import Duration
from schema.storage.statement import PreparedStatement
from schema.storage.timing import Timing
from tests.support.databases import Store
from tests.support.dossier_factory import make

EVIDENCE = """id title edition { number } history { nodes { title edition { number } } }
  claims { nodes { field value passages { exact } source { title } } }
  unknowns { nodes { field } } conflicts { nodes { field } }"""
"""Of a record or a link: claims with their passages and sources, what is unknown, its history."""

RECORD = (
    f"{EVIDENCE} identifiers {{ value }} classifications {{ code }} evaluations {{ nodes {{"
    f" text }} }}"
)
ACTORS = "{ stated: statedAs actor { ... on Party { name } ... on Official { name } } }"
PAGED = "(first: 3) { totalCount nodes { role record { title } } }"

RICH = {
    "agreements": (
        (
            f"{RECORD} sources {{ nodes {{ title }} }} amends {{ title }} amendments {{ nodes {{"
            f" title }} }}"
            f" parties {ACTORS} signatories {ACTORS} procurements {{ nodes {{ title }} }}"
            f" events {{ nodes {{ title }} }}"
            f" involvements {{ nodes {ACTORS} }}"
        ),
        2,
    ),
    "claims": (
        (
            "id edition { number } history { nodes { title } } record { title } element { title }"
            " source { title } passages { exact source { title } }"
        ),
        2,
    ),
    "classifications": (f"{EVIDENCE} record {{ title }} coveredBy {{ title }}", 2),
    "decisions": (
        (
            f"{RECORD} sources {{ nodes {{ title }} }} trigger {{ title }} deciders {ACTORS}"
            f" beneficiaries {ACTORS} targets {ACTORS} events {{ nodes {{ title }} }}"
            f" statements {{ nodes {{ title }} }}"
            f" milestones {{ stage }} involvements {{ nodes {ACTORS} }}"
        ),
        2,
    ),
    "deliveries": (
        f"{EVIDENCE} procurement {{ title }} item {{ title }} coveredBy {{ title }}",
        2,
    ),
    "evaluations": (f"{EVIDENCE} record {{ title }}", 2),
    "events": (
        (
            f"{RECORD} sources {{ nodes {{ title }} }} partOf {{ title }} sameAsCandidate {{"
            f" title }}"
            f" agreement {{ title }} decision {{ title }} participants {ACTORS} visitors {ACTORS}"
            f" hosts {ACTORS} bodies {ACTORS} origins {ACTORS} destinations {ACTORS}"
            f" parts {{ nodes {{ title }} }} statements {{ nodes {{ title }} }} involvements {{"
            f" nodes {ACTORS} }}"
        ),
        2,
    ),
    "identifiers": (f"{EVIDENCE} record {{ title }}", 2),
    "affiliations": (f"{EVIDENCE} party {{ title }} state {{ title }}", 2),
    "memberships": (f"{EVIDENCE} party {{ title }} member {{ title }}", 2),
    "successions": (f"{EVIDENCE} party {{ title }} successor {{ title }}", 2),
    "involvements": (f"{EVIDENCE} record {{ title }} actor {{ ... on Party {{ name }} }}", 2),
    "items": (
        f"{EVIDENCE} procurement {{ title }} partOf {{ title }} deliveries {{ nodes {{ title }} }}",
        2,
    ),
    "milestones": (f"{EVIDENCE} record {{ title }}", 2),
    "names": (f"{EVIDENCE} record {{ title }}", 2),
    "officials": (
        (
            f"{RECORD} sources {{ nodes {{ title }} }} state {{ title }} names {{ text }}"
            f" tenures {{ nodes {{ post }} }}"
            f" involvements{PAGED}"
        ),
        2,
    ),
    "parties": (
        (
            f"{RECORD} sources {{ nodes {{ title }} }} parent {{ title }} state {{ title }}"
            f" names {{ text }}"
            " institutions(first: 3) { totalCount nodes { title } }"
            f" tenures(first: 3) {{ nodes {{ post }} }} involvements{PAGED}"
        ),
        2,
    ),
    "procurements": (
        (
            f"{RECORD} sources {{ nodes {{ title }} }} agreement {{ title }} buyers {ACTORS}"
            f" suppliers {ACTORS}"
            f" manufacturers {ACTORS} funders {ACTORS} endUsers {ACTORS} items {{ label }}"
            f" deliveries {{ nodes {{ title }} }} milestones {{ stage }} involvements {{"
            f" nodes {ACTORS} }}"
        ),
        2,
    ),
    "sources": (
        f"{RECORD} derivedFrom {{ title }} findings(first: 3) {{ totalCount nodes {{ value }} }}",
        2,
    ),
    "statements": (
        (
            f"{RECORD} sources {{ nodes {{ title }} }} event {{ title }} agreement {{ title }}"
            f" decision {{ title }} speakers {ACTORS} attributedSources {ACTORS} targets {ACTORS}"
            f" audiences {ACTORS} verbatimSpans {{ text }} involvements {{ nodes {ACTORS} }}"
        ),
        2,
    ),
    "tenures": (
        f"{RECORD} sources {{ nodes {{ title }} }} official {{ name }} party {{ name }}",
        2,
    ),
    "verbatimSpans": (f"{EVIDENCE} statement {{ title }} coveredBy {{ title }}", 2),
}
"""For each list: much of what can be asked of its noun, and the statements that takes."""


def nodes(store: Store, listing: str, selection: str, first: int = 20) -> tuple[list[Any], int]:
    """The rows of a list, and the statements they took."""
    answer = store.answer(
        f"query($first: Int) {{ {listing}(first: $first) {{ nodes {{ {selection} }} }} }}",
        first=first,
    )
    assert not answer.errors, answer.errors
    return answer.data[listing]["nodes"], len(answer.statements)


@pytest.mark.parametrize("listing", RICH)
def test_a_rich_query_of_a_noun_takes_this_many_statements(seed: Store, listing: str) -> None:
    selection, most = RICH[listing]
    count = nodes(seed, listing, selection)[1]
    assert count == most


def test_every_noun_states_its_number_of_statements() -> None:
    queries = build()._schema.query_type
    assert queries is not None
    lists = {name for name, field in queries.fields.items() if "orderBy" in field.args}
    assert lists == set(RICH)
    assert len(lists) == len(nouns()) - 1, "passages are read through their claims"


@pytest.mark.parametrize("listing", RICH)
def test_the_number_of_statements_does_not_grow_with_the_rows(seed: Store, listing: str) -> None:
    selection = RICH[listing][0]
    most = nodes(seed, listing, selection, 100)[1]
    assert all(nodes(seed, listing, selection, first)[1] <= most for first in (1, 2, 20))


def test_what_is_followed_adds_no_statement_until_it_is_too_deep(seed: Store) -> None:
    queries = [
        "id",
        "claims { nodes { id } }",
        "claims { nodes { passages { id } } }",
        "claims { nodes { passages { source { id } } } }",
        "claims { nodes { passages { source { identifiers { id } } } } }",
        "claims { nodes { passages { source { claims { nodes { edition { id } } } } } } }",
    ]
    counts = [nodes(seed, "events", query)[1] for query in queries]
    assert counts == [2, 2, 2, 2, 3, 4], "a page is as deep as two relations"


def test_only_the_columns_that_are_asked_for_are_selected(seed: Store) -> None:
    edition, listing = seed.answer("{ officials { nodes { title } } }").statements
    assert "max(edition.number)" in edition
    columns, _, rest = listing.partition("FROM")
    assert re.findall(r"official\.(\w+)", columns) == ["title"]
    assert set(re.findall(r"official\.(\w+)", rest)) == {"until", "id"}
    paged = seed.answer("{ officials { nodes { title } pageInfo { endCursor } } }").statements[-1]
    columns, _, rest = paged.partition("FROM")
    assert sorted(re.findall(r"official\.(\w+)", columns)) == ["id", "title"], "id is the cursor"


def test_every_relation_is_read_by_an_index(seed: Store) -> None:
    if not seed.is_sqlite:
        pytest.skip("a small table is scanned for good reason there")
    asked = (
        "names { text } involvements(first: 3) { nodes { role } } claims { nodes {"
        " passages { exact } } }"
    )
    query = f'{{ party(by: {{slug: "poland"}}) {{ {asked} }} }}'
    plans = []
    with seed.connect() as connection:
        for statement in seed.answer(query).statements[1:]:
            blank = tuple("[]" for _ in range(statement.count("?")))
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", blank)
            plans += [row[3] for row in plan if row[3].startswith(("SCAN", "SEARCH"))]
    tables = [plan for plan in plans if " json_each " not in plan and "SUBQUERY" not in plan]
    assert len(tables) >= 4
    assert [
        plan for plan in tables if re.match("SCAN (name|involvement|claim|passage)", plan)
    ] == []


def test_a_value_object_selects_its_own_parts_and_no_other(seed: Store) -> None:
    listing = seed.answer("{ events { nodes { happenedOn { edtf } } } }").statements[1]
    assert set(re.findall(r"event\.(\w+)", listing.partition("FROM")[0])) == {
        f"happened_on_{part}" for part in value_fields(PartialDate)
    }


def test_a_count_alone_reads_no_rows(seed: Store) -> None:
    answer = seed.answer("{ parties { totalCount } }")
    assert len(answer.statements) == 2
    assert "party.id" not in answer.statements[-1]
    assert "count(*)" in answer.statements[-1]


def test_a_polymorphic_field_needs_no_statement_of_its_own(seed: Store) -> None:
    answer = seed.answer(
        "{ involvements(first: 100) { nodes { actor { ... on Record { id } } } } }"
    )
    found = {node["actor"]["id"].partition("/")[0] for node in answer.data["involvements"]["nodes"]}
    assert found == {"official", "party"}
    assert len(answer.statements) == 2
    answer = seed.answer("{ involvements(first: 100) { nodes { record { __typename } } } }")
    found = {node["record"]["__typename"] for node in answer.data["involvements"]["nodes"]}
    assert found == {"Agreement", "Decision", "Event", "Procurement", "Statement"}
    assert len(answer.statements) == 2


def test_one_relation_under_two_names_with_two_arguments(seed: Store) -> None:
    official = seed.ask(
        """{ official(by: {slug: "jacek-siewiera"}) {
          all: claims { nodes { field } } names: claims(field: NAME) { nodes { field stated } }
          state: claims(field: STATE) { nodes { field } }
          whole: claims(asWhole: true) { nodes { field } } } }"""
    )["official"]
    fields = [claim["field"] for claim in official["all"]["nodes"]]
    assert official["names"] == {"nodes": [{"field": "NAME", "stated": "Jacek Siewiera"}]}
    assert official["state"] == {"nodes": [{"field": "STATE"}]}
    assert len(official["whole"]["nodes"]) == fields.count(None) > 0
    assert {"NAME", "STATE", None} < set(fields)


def test_fragments_variables_and_directives_shape_the_answer(seed: Store) -> None:
    query = """
      query($id: ID!, $with: Boolean!, $field: FieldName = STATE) {
        node(id: $id) {
          __typename
          ...Basics
          ... on Record { kind: __typename
          claims(field: $field) @include(if: $with) { nodes { field } } }
          ... on Official { state { ...Basics ... on Party { name } } }
          ... on Party { never: name }
          ... { again: id }
          description: id @skip(if: $with)
        }
      }
      fragment Basics on Record { id ... on Node { same: id } title }"""
    siewiera = {
        "__typename": "Official",
        "id": "official/jacek-siewiera",
        "same": "official/jacek-siewiera",
        "title": "Jacek Siewiera",
        "kind": "Official",
        "state": {
            "id": "party/poland",
            "same": "party/poland",
            "title": "Poland",
            "name": "Poland",
        },
        "again": "official/jacek-siewiera",
    }
    id = siewiera["id"]
    answer = seed.answer(query, **{"id": id, "with": True})
    assert answer.data == {"node": {**siewiera, "claims": {"nodes": [{"field": "STATE"}]}}}
    answer = seed.answer(query, **{"id": id, "with": False})
    assert answer.data == {"node": {**siewiera, "description": id}}
    assert len(answer.statements) == 2
    assert "claim" not in "".join(answer.statements), "what is left out is not read"


def test_a_field_asked_twice_answers_both_selections(seed: Store) -> None:
    query = """{ official(by: {slug: "jacek-siewiera"}) {
      state { id } ... on Record { title } state { title parent { id } } } }"""
    answer = seed.answer(query)
    assert answer.data["official"] == {
        "state": {"id": "party/poland", "title": "Poland", "parent": None},
        "title": "Jacek Siewiera",
    }
    assert len(answer.statements) == 2


def test_edges_and_nodes_may_ask_for_different_fields(seed: Store) -> None:
    answer = seed.answer(
        """{ officials(first: 2) {
          nodes { id } titles: nodes { title state { id } }
          edges { cursor node { claims(field: NAME) { nodes { field } } } node { __typename } }
          ends: edges { cursor } pageInfo { endCursor startCursor } } }"""
    )
    page = answer.data["officials"]
    assert [list(node) for node in page["nodes"]] == [["id"]] * 2
    assert [list(node) for node in page["titles"]] == [["title", "state"]] * 2
    assert [list(edge["node"]) for edge in page["edges"]] == [["claims", "__typename"]] * 2
    cursors = [edge["cursor"] for edge in page["edges"]]
    assert cursors == [edge["cursor"] for edge in page["ends"]]
    assert [page["pageInfo"]["startCursor"], page["pageInfo"]["endCursor"]] == cursors
    assert len(answer.statements) == 2, "one for the edition, one for all else"


def test_sibling_fields_share_one_snapshot(seeded: Store, tmp_path: Path) -> None:
    folder = make(tmp_path / "later")

    async def interrupted() -> Any:
        reading = snapshots(seeded.url, timing=Timing(event_loop_seconds=60))

        def publish(statement: str, values: Any) -> None:
            if "FROM official" in statement:
                assert seeded.publish(folder).edition == 3

        reading.listen(publish)
        try:
            async with Context(reading) as context:
                return await build().execute(query, context_value=context)
        finally:
            await reading.dispose()

    query = "{ agreements { totalCount } officials { totalCount } parties { totalCount } }"
    before = seeded.answer(query)
    during = asyncio.run(interrupted())
    after = seeded.answer(query)
    assert during.errors is None
    assert during.data == before.data
    assert during.extensions == before.extensions == {"edition": 2}
    assert after.extensions == {"edition": 3}
    assert [
        after.data[name]["totalCount"] - before.data[name]["totalCount"] for name in after.data
    ] == [1, 1, 2]


def test_an_answer_tells_the_edition_it_is_of(seed: Store) -> None:
    assert seed.answer("{ officials { totalCount } }").extensions == {"edition": 2}
    earlier = seed.answer("{ officials(asOf: {edition: 1}) { totalCount } }")
    assert (earlier.data, earlier.extensions) == ({"officials": {"totalCount": 0}}, {"edition": 1})
    assert seed.answer("{ __typename }").extensions == {}


def test_an_empty_database_answers(empty: Store) -> None:
    answer = empty.answer(
        '{ officials { nodes { id claims { nodes { id } } } totalCount } node(id: "x") { id } }'
    )
    assert answer.data == {"officials": {"nodes": [], "totalCount": 0}, "node": None}
    assert answer.extensions == {"edition": 0}


def test_a_connection_that_is_lost_takes_no_answer_with_it(seeded: Store) -> None:
    if seeded.is_sqlite:
        pytest.skip("SQLite has no server.")

    async def read() -> int:
        reading = snapshots(seeded.url)
        opened: list[Any] = []
        async with reading.opened(Duration.UNKNOWN) as lost:
            opened.append(lost)
            await opened[0].raw.close()
        async with reading.opened(Duration.UNKNOWN) as snapshot:
            opened.append(snapshot)
            number = sa.column("number", sa.BigInteger)
            query = sa.select(sa.func.min(number)).select_from(sa.table("edition", number))
            least = PreparedStatement(query, snapshot.dialect)
            [[found]] = await snapshot.fetch(least, ())
        await reading.dispose()
        assert opened[0].raw is not opened[1].raw
        return int(found)

    assert asyncio.run(read()) == 1
