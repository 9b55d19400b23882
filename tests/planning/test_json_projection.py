"""Telling: what the database writes as JSON is what Python would, whatever a row holds."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schema.errors import NeedsGraphQLCoreError
from schema.filtering.cursor import encode, scope_of
from schema.filtering.keyset import OrderKey
from schema.model.registry import nouns
from schema.planning.json_functions import Postgres, Sqlite
from schema.storage.engine import connected
from schema.storage.open import snapshots
from schema.storage.snapshot import Duration
from schema.storage.statement import PreparedStatement
from tests.support.databases import Store

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
"""What a column can hold: all but U+0000 and halves of surrogate pairs."""
PROCUREMENTS = "procurements { nodes { id quantity { minimum } value { minimum maximum } } }"


def held(store: Store, noun: str, **values: Any) -> str:
    """The id of a record that holds these values, whatever a publication would say to them."""
    table: sa.Table = nouns()[noun].__table__  # type: ignore[attr-defined]  # set by SQLModel
    with connected(store.url, writes=True) as connection:
        id: str = connection.scalars(sa.select(sa.func.min(table.c.id))).one()
        connection.execute(sa.update(table).where(table.c.id == id).values(values))
        connection.commit()
    return id


def test_every_text_is_told_as_it_is(seeded: Store) -> None:
    query = "{ statements(first: 100) { nodes { id text } } }"
    with seeded.asking() as asked:

        @settings(deadline=None, max_examples=40)
        @given(TEXTS)
        @example("\\u0000")
        def law(text: str) -> None:
            id = held(seeded, "Statement", text=text)
            answer = asked(query, {})
            assert {"id": id, "text": text} in answer.data["statements"]["nodes"]

        law()


def test_a_number_that_no_int_holds_is_told_of_where_it_is(seeded: Store) -> None:
    id = held(seeded, "Procurement", quantity_minimum=2**31)
    answer = seeded.answer(f"{{ {PROCUREMENTS} }}")
    [error] = answer.errors
    assert error.path == ["procurements", "nodes", 0, "quantity", "minimum"]
    [first, *_] = answer.data["procurements"]["nodes"]
    assert first["id"] == id
    assert first["quantity"] == {"minimum": None}


@pytest.mark.parametrize(
    ("thousandths", "told"),
    [
        *((0, "0"), (1, "0.001"), (50, "0.05"), (500, "0.5"), (1250, "1.25"), (12000, "12")),
        *((-1500, "-1.5"), (None, None), (10**18 - 1, "999999999999999.999")),
    ],
)
def test_a_sum_is_told_with_no_idle_zeros(
    seeded: Store, thousandths: int | None, told: str | None
) -> None:
    sum = None if thousandths is None else Decimal(thousandths) / 1000
    held(seeded, "Procurement", value_minimum=sum, value_stated="so much")
    [first, *_] = seeded.ask(f"{{ {PROCUREMENTS} }}")["procurements"]["nodes"]
    assert first["value"]["minimum"] == told


@pytest.mark.parametrize("nested", ["", "happenedOn"])
def test_an_object_too_wide_to_be_told_is_made(seed: Store, nested: str) -> None:
    field = "stated" if nested else "title"
    many = " ".join(f"t{at}: {field}" for at in range(60))
    asked = f"{nested} {{ {many} }}" if nested else many
    for node in seed.ask(f"{{ events {{ nodes {{ {asked} }} }} }}")["events"]["nodes"]:
        told = node[nested] if nested else node
        assert told is None or [*told] == [f"t{at}" for at in range(60)]
        assert told is None or len({*told.values()}) == 1


@pytest.mark.parametrize("times", [1, 2, 3, 4])
def test_what_leads_to_several_nouns_may_be_nested(seed: Store, times: int) -> None:
    """The stack of SQLite's parser holds a hundred symbols; deeper levels are read apart."""
    inner = "title"
    for _ in range(times):
        # Of each event there are few such claims, so that the answer stays within its bound.
        record = f"{inner} ... on Event {{ happenedOn {{ id }} }}"
        inner = f"title claims(field: PARTICIPANTS) {{ nodes {{ value record {{ {record} }} }} }}"
    nodes = seed.ask(f"{{ events(first: 3) {{ nodes {{ {inner} }} }} }}")["events"]["nodes"]
    for node in nodes:
        below = node
        for _ in range(times):
            assert {claim["record"]["title"] for claim in below["claims"]["nodes"]} == {
                node["title"]
            }
            below = below["claims"]["nodes"][0]["record"]


def test_only_a_page_is_told_of_all_that_is_sorted(seed: Store) -> None:
    """The database would tell each row before it sorts them."""
    if not seed.is_sqlite:
        pytest.skip("PostgreSQL works out what is dear after it has sorted")
    asked = "nodes { title claims { nodes { value } } }"
    for order, is_picked in (
        ("orderBy: {field: TITLE}", False),
        ("where: {title: {isKnown: true}}", True),
        ("orderBy: {field: TITLE}, where: {title: {isKnown: true}}", True),
    ):
        answer = seed.answer(f"{{ events(first: 2, {order}) {{ {asked} }} }}")
        assert not answer.errors, answer.errors
        assert ("rowid IN (SELECT event.rowid" in answer.statements[-1]) is is_picked


@given(TEXTS, st.none() | st.integers(1, 2**31))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_cursor_is_written_alike_by_the_database(
    seed: Store, key: str, edition: int | None
) -> None:
    order = OrderKey("ID", sa.column("id", sa.Text()), descending=False)
    json = Sqlite() if seed.is_sqlite else Postgres()
    keys, held = json.keys(sa.literal(key, sa.Text())), sa.literal(edition, sa.BigInteger())
    written = json.cursor(scope_of("tenures", [order]), keys, held)
    with connected(seed.url) as connection:
        assert connection.scalar(sa.select(written)) == encode(
            scope_of("tenures", [order]), [key], edition
        )


ORDERS = [[2, 0, 1], [1, 2, 0], [0, 2, 1]]


@pytest.mark.parametrize("values", ORDERS)
def test_a_list_is_told_in_the_order_of_its_rows(seed: Store, values: list[int]) -> None:
    """SQLite has no order within the function before 3.44: it must keep that of a subquery."""
    each = [
        sa.select(sa.literal(at).label("at"), sa.literal(value).label("value"))
        for value, at in enumerate(values)
    ]
    json, rows = Sqlite() if seed.is_sqlite else Postgres(), sa.union_all(*each).subquery()
    ordered = sa.select(rows).order_by(rows.c.at.desc()).subquery()
    told = json.list(ordered.c.value, lambda: [ordered.c.at.desc()])
    expected = [values.index(at) for at in (2, 1, 0)]
    with connected(seed.url) as connection:
        found = connection.scalars(sa.select(sa.cast(told, sa.Text))).one()
        assert orjson.loads(found) == expected


LINKS = "participants { actor { id } } claims { nodes { field elementField id passages { id } } }"


def test_a_nested_list_is_told_in_the_order_that_python_makes(seed: Store) -> None:
    history = "history { nodes { edition { number } } }"
    asked = f"events(first: 20) {{ nodes {{ id {history} {LINKS} }} }}"
    told = seed.ask(f"{{ {asked} }}")
    made = seed.ask(f"{{ {asked} __schema {{ queryType {{ name }} }} }}")
    assert told["events"] == made["events"]


OFFICIAL, PARTY = 'official(by: {slug: "jacek-siewiera"})', 'party(by: {slug: "south-korea"})'
INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
PAGES = {
    f"{OFFICIAL} {{ involvements(first: 2) {{ nodes {{ role record {{ title }} }} }} }}": 1,
    f"{PARTY} {{ tenures {{ edges {{ cursor node {{ post }} }} totalCount __typename }} }}": 1,
    f"{PARTY} {{ involvements(first: 0) {{ nodes {{ id }} pageInfo {{ hasNextPage }} }} }}": 1,
    f"{PARTY} {{ tenures {{ pageInfo {{ hasNextPage endCursor startCursor __typename }} }} }}": 1,
    f"{PARTY} {{ involvements {{ a: edges {{ node {{ id }} }} b: nodes {{ role }} }} }}": 1,
    "parties { nodes { tenures { nodes { official { state { title } } } } } }": 1,
    # In a falling order, and in one of several keys of which one may be null.
    f"{PARTY} {{ history {{ edges {{ cursor }} {INFO} }} }}": 1,
    f"{PARTY} {{ claims(first: 2) {{ edges {{ cursor node {{ field }} }} {INFO} }} }}": 1,
    f"{PARTY} {{ claims(field: KIND) @skip(if: true) {{ {INFO} }} unknowns {{ {INFO} }} }}": 1,
    # Without a row of it a bad cursor would not be noticed; backwards it is another order.
    f"{PARTY} {{ tenures {{ totalCount }} }}": 2,
    f"{PARTY} {{ tenures(last: 2) {{ nodes {{ post }} }} }}": 2,
}
"""What is asked of nested pages, and the statements that it takes."""


@pytest.mark.parametrize("query", PAGES)
def test_a_nested_page_is_told_in_the_row_of_its_owner(seed: Store, query: str) -> None:
    answer = seed.answer(f"{{ {query} }}")
    assert not answer.errors, answer.errors
    # With introspection beside it graphql-core goes through the answer.
    made = seed.ask(f"{{ {query} __schema {{ queryType {{ name }} }} }}")
    del made["__schema"]
    assert answer.data == made
    assert len(answer.statements) == PAGES[query] + 1, answer.statements


def test_pages_within_pages_are_read_however_deep(seed: Store) -> None:
    inner = "id"
    for times in range(4):
        inner = (
            f"id record {{ id }} actor {{ id ... on Official {{ involvements(first: 3) {{"
            f" edges {{ cursor node {{ {inner} }} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"
        )
        asked = f"{{ involvements(first: 3) {{ nodes {{ {inner} }} }} }}"
        answer = seed.answer(asked)
        assert not answer.errors, (times, answer.errors)
        assert answer.data["involvements"]["nodes"]


@pytest.mark.parametrize("is_met", [False, True])
def test_a_value_that_may_not_stand_ends_its_statement_alone(seed: Store, is_met: bool) -> None:
    """It is known by a code or a note of its own, whatever the driver says."""
    json = Sqlite() if seed.is_sqlite else Postgres()
    each = [sa.select(sa.literal(number).label("held")) for number in (1, 2)]
    held = sa.union_all(*each).subquery().c.held
    told = sa.case((held <= (1 if is_met else 2), json.number(held)), else_=json.unfit(held))

    async def read() -> list[Any]:
        reading = snapshots(seed.url)
        try:
            async with reading.opened(Duration.UNKNOWN) as snapshot:
                statement = PreparedStatement(sa.select(told), snapshot.dialect)
                return [*await snapshot.fetch(statement, statement.values)]
        finally:
            await reading.dispose()

    if is_met:
        with pytest.raises(NeedsGraphQLCoreError):
            asyncio.run(read())
    else:
        assert asyncio.run(read()) == [(1,), (2,)]
