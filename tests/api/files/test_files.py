"""Lists as files: valid for the readers of their formats, whole, and of one edition."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import httpx2
import pandas as pd  # type: ignore[import-untyped]
import pytest
from csvw import CSVW  # type: ignore[import-untyped]
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.files.column import Column
from api.files.columns import columns, lists
from api.files.formats import CSV, Form
from api.files.parameters import DIRECTION, OWN
from api.http.response import Read
from api.settings import Settings
from schema.build import build
from schema.model.registry import nouns
from tests.support.clients import HOST, Client, fetched, within
from tests.support.contradicting_sources import SECOND
from tests.support.databases import Store
from tests.support.live_server import running
from tests.support.page_visits import visited

SCHEMA = build()._schema
LISTS = lists(SCHEMA)
ROOT: Any = SCHEMA.query_type


@contextmanager
def serving(store: Store) -> Iterator[str]:
    """The address of a server over a database."""
    settings: dict[str, Any] = {"database_url": store.url}
    with running(create_app(Settings(**settings)), **settings) as (_, address):
        yield address


@pytest.fixture(scope="module")
def served(press: Store) -> Iterator[str]:
    """The address of a server with the press."""
    with serving(press) as address:
        yield address


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    csv.field_size_limit(10**9)  # for the texts of sources
    return [*csv.DictReader(io.StringIO(text, newline=""), strict=True)]


def snaked(field: str) -> str:
    """The column of a field."""
    if field.isupper():
        return field.lower()
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in field)


def path_of(name: str, **query: str) -> str:
    """The path of a file."""
    return f"/{name}?{urlencode(query)}"


def test_every_list_of_records_has_a_file() -> None:
    shown = {f"{name}Connection" for name in [*nouns(), "Edition"]}
    found = {name for name, field in ROOT.fields.items() if str(field.type).rstrip("!") in shown}
    assert set(LISTS) == found


def test_no_filter_has_the_name_of_a_parameter() -> None:
    taken = {*OWN, DIRECTION, "where", "orderBy"}
    for noun in nouns():
        where: Any = SCHEMA.type_map.get(f"{noun}Where")
        assert where is None or not taken & set(where.fields)


@pytest.mark.parametrize("name", LISTS)
def test_a_file_and_its_dictionary_are_valid_csv_on_the_web(served: str, name: str) -> None:
    every = [name for name, column in columns(SCHEMA, LISTS[name]).items() if name != "text"]
    for query in ({}, {"fields": ",".join(every)}, {"asOf": "2"}):
        found = CSVW(served + path_of(f"{name}.csv", first="40", **query), validate=True)
        assert found.is_valid, [str(each.message) for each in found.warnings]
        assert not found.no_metadata


@pytest.mark.parametrize("name", LISTS)
def test_a_file_holds_what_the_graph_holds(press: Store, name: str) -> None:
    known = columns(SCHEMA, LISTS[name])
    chosen = [column for column in known if column in ("id", "title", "text", "number")]
    every = path_of(f"{name}.csv", first="150", fields=",".join(known))
    whole, lines, ids = visited(
        press.url, every, every.replace(".csv", ".ndjson"), path_of(f"{name}.csv", fields="id")
    )
    total = press.ask(f"{{ {name} {{ totalCount nodes {{ {' '.join(chosen)} }} }} }}")[name]
    assert len(rows(ids.text)) == total["totalCount"]
    found = rows(whole.text)
    for node, row in zip(total["nodes"], found, strict=False):
        assert row.keys() == known.keys()
        assert {key: str(node[key] or "") for key in chosen} == {
            key: row[key].removeprefix("'") for key in chosen
        }
    values = [json.loads(line) for line in lines.text.splitlines()]
    assert [each.keys() for each in values] == [known.keys()] * len(found)
    for value, row in zip(values, found, strict=True):
        for column in known.values():
            assert (row[column.name] == "") == (value[column.name] in (None, [], "")), column
            if column.is_list and column.is_id:
                assert row[column.name].split("|") == (value[column.name] or [""])


def test_one_line_of_pandas_gives_a_useful_frame(served: str) -> None:
    frame = pd.read_csv(f"{served}/procurements.csv")
    deal = frame.set_index("id").loc["procurement/south-korea-polish-drones"]
    assert deal.title == "Drone technology from Poland for South Korea"
    assert deal.buyers_id == "party/south-korea"
    assert deal.end_users_reason == "NOT_STATED"
    assert frame.quantity_minimum.dtype.kind in "if"
    assert frame.edition_number.dtype.kind == "i"
    dates = pd.read_csv(f"{served}/sources.csv", parse_dates=["published_on_earliest"])
    assert dates.published_on_earliest.dtype.kind == "M"
    lines = pd.read_json(f"{served}/procurements.ndjson", lines=True)
    assert [*lines.id] == [*frame.id]
    assert [*frame.columns] == [*lines.columns]


def test_a_null_has_the_reason_that_its_source_gives(press: Store) -> None:
    found = rows(fetched(press.url, "/procurements.csv").text)
    query = """query($id: ID!) { claims(first: 100, where: {
        record: {eq: $id}, isAccepted: {eq: true},
        status: {in: [NOT_STATED, WITHHELD, UNKNOWN, NOT_APPLICABLE]}
    }) { nodes { field elementField status } } }"""
    reasons = {
        (row["id"], snaked(claim["field"])): claim["status"]
        for row in found
        for claim in press.ask(query, id=row["id"])["claims"]["nodes"]
        if claim["elementField"] is None
    }
    assert reasons
    for row in found:
        assert row["purpose_reason"] == reasons.get((row["id"], "purpose"), "")
        assert row["end_users_reason"] == reasons.get((row["id"], "end_users"), "")
        assert not (row["purpose"] and row["purpose_reason"])


def test_what_is_not_asserted_says_so(press: Store) -> None:
    query = "{ claims(where: {isAccepted: {eq: true}, factuality: {eq: PLANNED}}) "
    query += "{ nodes { field elementField record { id } } } }"
    planned = [
        (claim["record"]["id"], snaked(claim["field"]))
        for claim in press.ask(query)["claims"]["nodes"]
        if claim["field"] and not claim["elementField"]
    ]
    assert planned
    for id, field in planned:
        [noun] = {list for list, noun in LISTS.items() if id.startswith(f"{noun.lower()}/")}
        [line] = fetched(press.url, path_of(f"{noun}.ndjson", fields="hedges", id=id)).text.split()
        assert f"{field}=PLANNED" in json.loads(line)["hedges"]


def test_files_are_filtered_ordered_and_dated_as_lists_are(press: Store) -> None:
    json_where = json.dumps({"kind": {"eq": "STATE"}, "title": {"startsWith": "P"}})
    both = [
        path_of("parties.csv", where=json_where, fields="title", orderBy="-title"),
        "/parties.csv?kind=STATE&title.startsWith=P&fields=title&orderBy=-title",
        path_of("parties.csv", **{"kind.in": "STATE", "title.starts_with": "P"}, fields="title")
        + "&orderBy="
        + '[{"field":"TITLE","direction":"DESC"}]',
    ]
    texts = {answer.text for answer in visited(press.url, *both)}
    [text] = texts
    titles = [row["title"] for row in rows(text)]
    assert len(titles) > 5
    assert titles == sorted(titles, reverse=True)
    first, second, by_day, dotted = visited(
        press.url,
        "/procurements.csv?fields=id,buyers&asOf=2",
        "/procurements.csv?fields=id,buyers.id,buyers_title",
        "/editions.csv?asOf=2026-11-24&direction=DESC",
        "/procurements.csv?fields=quantity",
    )
    assert all(row["id"].endswith("@2") for row in rows(first.text))
    assert all("@" not in row["id"] + row["buyers_id"] for row in rows(second.text))
    assert [row["number"] for row in rows(by_day.text)] == ["5", "4", "3", "2", "1"]
    assert dotted.text.startswith("quantity_stated,quantity_minimum,")


WRONG = {
    "/agreement.csv": ("Did you mean 'agreements'?", "/agreements.csv"),
    "/agreements.csv?fields=id,titel": ("`fields`: There is no column 'titel'. Did you mean", ""),
    "/agreements.csv?kindd=TREATY": ("`kindd`: There is no 'kindd' to filter by. Did you", ""),
    "/agreements.csv?kind=TREATYY": ("`kind`: Value 'TREATYY' does not", "?kind=TREATY"),
    "/agreements.csv?signedOn=2024": ("`signedOn.from`", "?signedOn.from=2024-01-01"),
    "/agreements.csv?signedOn.from=2024": ("`signedOn.from`: Value cannot represent a Date", ""),
    "/agreements.csv?where=kind": ("`where`: 'kind' is no JSON.", ""),
    '/agreements.csv?where={"kid":1}': ("`where`: Expected value of type 'AgreementWhere'", ""),
    "/agreements.csv?orderBy=signd_on": ("'SIGNED_ON'", "?orderBy=SIGNED_ON"),
    "/agreements.csv?asOf=99": ("`asOf`: Edition 99 is not published. Editions run from 1", ""),
    "/agreements.csv?asOf=spring": ("`asOf`: 'spring' is no edition, day or instant", "?asOf=2"),
    "/agreements.csv?first=0": ("`first`: '0' is no number. Give one from 1.", "?first=1"),
    "/agreements.csv?guard=no": ("neither `true` nor `false`", "?guard=true"),
    "/agreements.csv?fields=id&fields=title": ("`fields`: It is given twice", "?fields=id,title"),
    "/agreements.csv?title.eq=%FF": ("The address holds what is no UTF-8.", ""),
    "/editions.csv?text=a": ("`text`: There is no such parameter", ""),
}


def test_an_error_says_what_would_be_right_and_that_works(seed: Store) -> None:
    answers = visited(seed.url, *WRONG)
    for (path, (message, _)), answer in zip(WRONG.items(), answers, strict=True):
        assert answer.status_code == (404 if path == "/agreement.csv" else 400), path
        [error] = answer.json()["errors"]
        assert message in error["message"], (path, error)
        assert answer.headers["cache-control"] == "no-store"
    right = [
        followed if followed.startswith("/") else f"/agreements.csv{followed}"
        for _, followed in WRONG.values()
    ]
    for answer in visited(seed.url, *right):
        assert answer.status_code == 200, answer.text


def test_whoever_has_a_file_is_told_so(press: Store) -> None:
    [first] = visited(press.url, "/agreements.csv")
    tag = {"If-None-Match": first.headers["etag"]}
    again, other, head = visited(
        press.url, ("/agreements.csv", tag), ("/agreements.ndjson", tag), "/agreements.csv?first=1"
    )
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == head.status_code == 200
    assert first.headers["content-type"].startswith("text/csv; charset=utf-8")

    async def work(client: Client) -> None:
        head = await client.http.head(f"{HOST}/agreements.csv")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["link"] == first.headers["link"]
        posted = await client.http.post(f"{HOST}/agreements.csv")
        assert posted.status_code == 405

    within(press, work)


def test_a_file_is_of_one_edition_whatever_is_published_meanwhile(small: Store) -> None:
    """Its first page is followed by a publication that adds to what comes later."""
    [before] = visited(small.url, "/claims.csv", page_size=2, page_ceiling=3)

    async def work(client: Client) -> None:
        async def publish() -> None:
            client.after = None
            small.publish(SECOND)

        client.after = publish
        during = await client.http.get(f"{HOST}/claims.csv")
        assert during.text == before.text
        after = await client.http.get(f"{HOST}/claims.csv")
        assert len(after.text) > len(before.text)
        assert after.headers["etag"] != during.headers["etag"]

    within(small, work, page_size=2, page_ceiling=3)


def test_pages_of_any_size_make_the_same_file(press: Store) -> None:
    paths = ["/events.csv", "/events.ndjson"]
    small, large = (visited(press.url, *paths, page_ceiling=size, page_size=1) for size in (1, 100))
    assert [each.content for each in small] == [each.content for each in large]
    [dear] = visited(press.url, "/events.csv", cost=60)
    assert dear.content == large[0].content


def test_a_file_that_breaks_off_is_not_ended(press: Store) -> None:
    settings: dict[str, Any] = {"database_url": press.url, "page_size": 1, "page_ceiling": 1}
    app: Any = create_app(Settings(**settings))
    run, has_begun = app.graph.runner.run, False

    def breaking(scope: Any, receive: Any, call: Any, text: str) -> Any:
        nonlocal has_begun
        has_begun = has_begun or ("File" in text and "after" in call.variables)
        late = GraphQLError("It took too long.", extensions={"code": "TIMEOUT"})
        return Read(None, [late]) if has_begun else run(scope, receive, call, text)

    app.graph.runner.run = breaking
    with running(app, **settings) as (_, address):
        with pytest.raises(httpx2.RemoteProtocolError):
            httpx2.get(f"{address}/events.csv")
        late = httpx2.get(f"{address}/events.csv")
    assert (late.status_code, late.json()["errors"][0]["message"]) == (503, "It took too long.")


def test_the_text_of_a_source_is_in_a_file_only_on_request(press: Store) -> None:
    usual, whole = visited(press.url, "/sources.csv", "/sources.csv?fields=id,text")
    assert "text" not in rows(usual.text)[0]
    assert any(row["text"] for row in rows(whole.text))


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
COLUMN = Column("words", "words", ("words", ""), lambda node: node["words"], "string", "")


@given(st.lists(texts | st.sampled_from(["=1+1", "'=1", "@x", "-2", "\t=1", "'", "''+"])))
def test_no_text_is_run_as_a_formula_and_every_text_can_be_had_back(given: list[str]) -> None:
    nodes = [{"words": text} for text in given]
    for is_guarded in (True, False):
        form = Form([COLUMN], is_guarded)
        file = (CSV.header(form) + CSV.encode(form, nodes)).decode()
        read = [*csv.reader(io.StringIO(file, newline=""), strict=True)][1:]
        cells = [row[0] if row else "" for row in read]
        if is_guarded:
            assert not any(cell[:1] in tuple("=+-@\t\r") for cell in cells if cell)
            marked = (cell.lstrip("'")[:1] in tuple("=+-@\t\r\n＝＋－＠") for cell in cells)
            cells = [
                cell[1:] if is_marked and cell.lstrip("'") else cell
                for cell, is_marked in zip(cells, marked, strict=True)
            ]
        assert cells == given
