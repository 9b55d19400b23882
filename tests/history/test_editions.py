"""Reading as of an edition: what was once answered is answered for ever."""

from __future__ import annotations

import datetime
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from api.database.seeding import publish_to
from schema.build import build
from schema.dossiers.reader import read_dossier
from schema.errors import DossierRefusedError
from tests.support.databases import NOW, Store, Stores, of_newest
from tests.support.dossier_factory import Data, make, pact
from tests.support.drawn_dossiers import dossiers

HOUR = datetime.timedelta(hours=1)
GIVEN = {
    "changes": "since: {edition: 0}, where: {nouns: [AGREEMENT, OFFICIAL, PROCUREMENT, SOURCE]}, ",
    "search": 'text: "alfa", ',
}
"""The arguments of a root list that needs some; the states of the seed have 60,000 names."""
FIGURES = "total { count } repeatCount groups { keys { id } figures { count } }"
QUESTIONS = f"""
  relationship(between: ["party/alfa", "party/bravo"], asOf: $asOf) {{
    sides {{ through {{ nodes {{ id }} }} }} ends {{ id }} coverage {{ verdict explanation }}
    ties(first: 100) {{ totalCount nodes {{ id one {{ id }} other {{ id }} }} }}
    statistics(by: [NOUN, YEAR]) {{ {FIGURES} }}
    timeline(first: 100) {{ nodes {{ id placement placedOn }} }}
    unknowns(first: 100) {{ nodes {{ id }} }} }}
  statistics(by: [NOUN, PARTY, SOURCE], asOf: $asOf) {{ {FIGURES} coverage {{ verdict }} }}
  network(asOf: $asOf) {{ nodeCount edgeCount nodes {{ id weight degree }}
    edges {{ id weight counts {{ noun count forth back together }} records {{ id }} }} }}
  coverage(asOf: $asOf) {{ verdict explanation sourceCount }}
  namesLike(name: "ana kowalski", asOf: $asOf) {{ id score explanation }}
  found: search(text: "alfa", asOf: $asOf) {{ facets {{ nouns {{ noun count }} }} }}"""
"""The questions whose answers are no lists."""


@cache
def whole() -> str:
    """A query for everything the graph can say as of an edition."""
    schema = build()._schema
    assert schema.query_type is not None
    lists = {
        name: field
        for name, field in schema.query_type.fields.items()
        if named(field.type).endswith("Connection")
        and name != "difference"  # it names its editions itself
    }
    rooted = {named(nodes(field)) for field in lists.values()}
    roots = [
        f"{name}({GIVEN.get(name, '')}asOf: $asOf, first: 100) "
        f"{{ totalCount nodes {{ {own(nodes(field), rooted)} }} }}"
        for name, field in lists.items()
    ]
    return f"query ($asOf: AsOf) {{ {' '.join(roots)} {QUESTIONS} }}"


def named(kind: Any) -> str:
    return str(get_named_type(kind).name)


def nodes(field: GraphQLField) -> Any:
    """The type of a connection's nodes."""
    connection = get_named_type(field.type)
    assert isinstance(connection, GraphQLObjectType)
    return get_named_type(connection.fields["nodes"].type)


def own(kind: Any, rooted: set[str]) -> str:
    """All fields of a type; what has a root of its own is only named."""
    parts = ["__typename"]
    for name, field in kind.fields.items():
        child = get_named_type(field.type)
        if is_leaf_type(child):
            parts.append(name)
        elif "first" in field.args:
            parts.append(
                f"{name}(first: 100) {{ totalCount nodes {{ {known(nodes(field), rooted)} }} }}"
            )
        else:
            style = "(style: APA)" if name == "citation" else ""
            parts.append(f"{name}{style} {{ {known(child, rooted)} }}")
    return " ".join(parts)


def known(kind: Any, rooted: set[str]) -> str:
    """What tells a child from others: its id or number, or all its plain fields."""
    if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType):
        return "__typename ... on Node { id }"
    if named(kind) in rooted:
        return "id" if "id" in kind.fields else "number"
    leaves = [
        name for name, field in kind.fields.items() if is_leaf_type(get_named_type(field.type))
    ]
    return " ".join(["__typename", *leaves])


def everything(store: Store, **as_of: Any) -> str:
    """The whole data, as bytes would hold it."""
    return json.dumps(store.ask(whole(), asOf=as_of or None), ensure_ascii=False)


def publish(store: Store, folder: Path, at: datetime.datetime) -> int | None:
    """The edition that a folder became."""
    return publish_to(store.url, read_dossier(folder), "tester", now=at, replace=True).edition


def published(store: Store, folder: Path, at: datetime.datetime) -> int | None:
    """The same; None when nothing changed, or when others still need what would be retracted."""
    try:
        return publish(store, folder, at)
    except DossierRefusedError as refused:
        if "points at it" in str(refused) or "neither a value nor" in str(refused):
            return None
        raise


@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # Shrinking would publish for minutes.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(publications=st.lists(dossiers(), min_size=2, max_size=5))
def test_answers_as_of_an_edition_never_change(
    stores: Stores,
    tmp_path_factory: pytest.TempPathFactory,
    publications: list[tuple[str, str, Data]],
) -> None:
    folder = tmp_path_factory.mktemp("law")
    store = stores.make(seeded=False)
    answers: dict[int, tuple[str, Any]] = {}
    try:
        for index, (source, text, records) in enumerate(publications):
            path = make(folder / str(index), records, source=source, text=text)
            at = NOW + index * HOUR
            edition = published(store, path, at)
            if edition is None:
                continue
            assert publish(store, path, at) is None
            answers[edition] = everything(store, edition=edition), of_newest(everything(store))
            assert not store.check().findings
        for edition, (answer, while_newest) in answers.items():
            assert everything(store, edition=edition) == answer
            assert of_newest(answer) == while_newest
    finally:
        stores.drop(store)


def test_an_edition_of_the_seed_is_read_the_same_before_and_after_another(
    seeded: Store, tmp_path: Path
) -> None:
    before = everything(seeded, edition=2)
    assert of_newest(before) == of_newest(everything(seeded))
    records = pact()
    records["party/poland"] = {
        "claims": [{"quote": "Alfa and Bravo signed", "basis": "For the test."}]
    }
    assert publish(seeded, make(tmp_path / "a", records), NOW + HOUR) == 3
    assert everything(seeded, edition=2) == before
    now = of_newest(everything(seeded))
    assert of_newest(everything(seeded, edition=3)) == now != of_newest(before)


def test_an_instant_reads_the_newest_edition_of_its_time(empty: Store, tmp_path: Path) -> None:
    publish(empty, make(tmp_path / "a"), NOW)
    publish(empty, make(tmp_path / "b", {}), NOW + 2 * HOUR)
    query = "query ($asOf: AsOf) { parties(asOf: $asOf) { totalCount } }"

    def counted(instant: str) -> int:
        return int(empty.ask(query, asOf={"instant": instant})["parties"]["totalCount"])

    assert counted((NOW - HOUR).isoformat()) == 0
    assert counted(NOW.isoformat()) == 2
    assert counted((NOW + HOUR).isoformat()) == 2
    assert counted((NOW + 2 * HOUR).isoformat()) == 0
    assert counted((NOW + HOUR).astimezone(datetime.timezone(9 * HOUR)).isoformat()) == 2
    assert counted(f"{NOW + HOUR:%Y-%m-%dT%H:%M:%S}Z") == 2
    assert counted("9999-12-31T23:59:59Z") == 0


def test_an_instant_before_the_first_edition_reads_nothing(empty: Store, tmp_path: Path) -> None:
    nothing = json.loads(everything(empty))
    publish(empty, make(tmp_path / "a"), NOW)
    then = everything(empty, instant=(NOW - HOUR).isoformat())
    assert json.loads(of_newest(then)) == nothing
    assert nothing["parties"] == {"totalCount": 0, "nodes": []}
    query = 'query ($asOf: AsOf) { party(by: {slug: "alfa"}, asOf: $asOf) { id } }'
    assert empty.ask(query, asOf={"instant": (NOW - HOUR).isoformat()}) == {"party": None}


@pytest.mark.parametrize("number", [-1, 0, 2, 2**31 - 1])
def test_an_edition_that_is_not_published_is_named(
    empty: Store, tmp_path: Path, number: int
) -> None:
    publish(empty, make(tmp_path / "a"), NOW)
    answer = empty.answer(f"{{ parties(asOf: {{edition: {number}}}) {{ nodes {{ id }} }} }}")
    assert [error.message for error in answer.errors] == [
        f"Edition {number} is not published. Editions run from 1 to 1."
    ]


def test_before_the_first_edition_no_edition_can_be_read(empty: Store) -> None:
    answer = empty.answer("{ parties(asOf: {edition: 1}) { nodes { id } } }")
    assert [error.message for error in answer.errors] == [
        "Edition 1 is not published. Nothing is published yet."
    ]
    assert empty.ask(
        "{ parties { nodes { id } } editions { nodes { number } } edition(number: 1) { number } }"
    ) == {
        "parties": {"nodes": []},
        "editions": {"nodes": []},
        "edition": None,
    }


def test_history_tells_each_version_and_what_ended_it(empty: Store, tmp_path: Path) -> None:
    publish(empty, make(tmp_path / "a"), NOW)
    records = pact()
    records["agreement/alfa-bravo"]["title"] = "The pact of Alfa and Bravo"
    publish(empty, make(tmp_path / "b", records), NOW + HOUR)
    query = """query ($asOf: AsOf) { agreement(by: {slug: "alfa-bravo"}, asOf: $asOf) {
      title edition { number }
      history { nodes { title edition { number } endedBy { number } } } } }"""
    first = {"title": "Alfa and Bravo: a pact", "edition": {"number": 1}}
    second = {"title": "The pact of Alfa and Bravo", "edition": {"number": 2}}
    assert empty.ask(query)["agreement"] == second | {
        "history": {"nodes": [second | {"endedBy": None}, first | {"endedBy": {"number": 2}}]}
    }
    assert empty.ask(query, asOf={"edition": 1})["agreement"] == first | {
        "history": {"nodes": [first | {"endedBy": None}]}
    }


def test_editions_tell_who_published_what_and_when(empty: Store, tmp_path: Path) -> None:
    publish(empty, make(tmp_path / "a"), NOW)
    assert empty.ask("{ edition(number: 1) { number publishedAt author summary } }")["edition"] == {
        "number": 1,
        "publishedAt": "2026-11-24T12:00:00+00:00",
        "author": "tester",
        "summary": "A pact",
    }
