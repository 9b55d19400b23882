"""Paging: every row exactly once in either direction, and a named error for every misuse."""

from __future__ import annotations

import base64
import json
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.limits.error_masking import cause
from schema.errors import CursorError, InputError, PageError, UnknownEditionError, UnknownFieldError
from schema.filtering.ordering import order_columns
from tests.support.databases import Store
from tests.support.dossier_factory import make
from tests.support.page_walk import LISTS, PAGE, pages, turned, walked

PART = {
    "names": {"record": {"in": ["party/poland", "party/ukraine"]}},
    "claims": {"text": "north korea"},
    "identifiers": {"scheme": {"contains": "alpha-2"}},
}
"""Where a noun has very many rows, the part of them that is paged through."""


def orders(listing: str) -> st.SearchStrategy[list[dict[str, str]]]:
    """Any order of a noun."""
    field = st.sampled_from(sorted(order_columns(LISTS[listing])))
    direction = st.sampled_from(["ASC", "DESC"])
    return st.lists(st.fixed_dictionaries({"field": field, "direction": direction}), max_size=3)


@pytest.mark.parametrize("listing", LISTS)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_paging_visits_every_row_once_in_both_directions(
    seed: Store, listing: str, data: st.DataObject
) -> None:
    where = PART.get(listing)
    name = LISTS[listing].__name__
    total = seed.ask(
        f"query($where: {name}Where) {{ {listing}(where: $where) {{ totalCount }} }}", where=where
    )[listing]["totalCount"]
    order = data.draw(orders(listing))
    size = data.draw(st.integers(max(1, total // 6), 100))
    forwards = walked(seed, listing, first=size, where=where, order=order)
    backwards = walked(seed, listing, last=size, where=where, order=order)
    assert forwards == backwards
    assert len(forwards) == len(set(forwards)) == total


@pytest.mark.parametrize(
    ("listing", "field", "selection"),
    [
        ("officials", "ID", "id"),
        ("parties", "TITLE", "title"),
        ("statements", "EDITION", "edition { number }"),
        ("events", "HAPPENED_ON", "happenedOn { earliest }"),
        ("procurements", "VALUE", "value { minimum }"),
        ("items", "ORDERED", "ordered { minimum }"),
    ],
)
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_a_list_is_in_its_order_with_nothing_last(
    seed: Store, listing: str, field: str, selection: str, direction: str
) -> None:
    query = f"""{{ {listing}(first: 100, orderBy: [{{field: {field}, direction: {direction}}}])
      {{ nodes {{ id key: {selection.partition(" ")[0]} {selection.partition(" ")[2]} }} }} }}"""

    def key(node: Any) -> Any:
        found = node["key"]
        return next(iter(found.values())) if isinstance(found, dict) else found

    rows = seed.ask(query)[listing]["nodes"]
    known = [row for row in rows if key(row) is not None]
    assert rows[: len(known)] == known
    expected = sorted(known, key=lambda row: (key(row), row["id"]), reverse=direction == "DESC")
    assert known == expected


@pytest.mark.parametrize(
    ("root", "field"),
    [
        ('source(by: {slug: "SEED"})', "findings"),
        ('party(by: {slug: "poland"})', "involvements"),
        ('official(by: {slug: "jacek-siewiera"})', "involvements"),
        ('party(by: {slug: "south-korea"})', "institutions"),
        ('party(by: {slug: "south-korea"})', "tenures"),
    ],
)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_nested_paging_visits_every_row_once_in_both_directions(
    seed: Store, root: str, field: str, data: st.DataObject
) -> None:
    slug = seed.ask('{ sources(where: {not: {title: {contains: "ISO"}}}) { nodes { id } } }')
    root = root.replace("SEED", slug["sources"]["nodes"][0]["id"].partition("/")[2])
    total = seed.ask(f"{{ root: {root} {{ page: {field} {{ totalCount }} }} }}")
    total = total["root"]["page"]["totalCount"]
    size = data.draw(st.integers(max(1, total // 8), 100))
    ways = {}
    for step, cursor in (("first", "after"), ("last", "before")):
        query = f"""query(${step}: Int, ${cursor}: String) {{ root: {root} {{
          page: {field}({step}: ${step}, {cursor}: ${cursor}) {{ {PAGE} }} }} }}"""
        ways[step] = list(turned(seed, query, lambda data: data["root"]["page"], **{step: size}))
    forwards = [*chain(*ways["first"])]
    assert forwards == [*chain(*reversed(ways["last"]))]
    assert len(forwards) == len(set(forwards)) == total > 0


def test_nested_pages_hold_each_owners_own_rows(seed: Store) -> None:
    query = """{ parties(where: {id: {in: ["party/poland", "party/south-korea", "party/chad"]}}) {
      nodes { id involvements(first: 2) {
        totalCount nodes { actor { ... on Party { id } } } } } } }"""
    for party in seed.ask(query)["parties"]["nodes"]:
        page = party["involvements"]
        assert len(page["nodes"]) == min(2, page["totalCount"])
        assert {node["actor"]["id"] for node in page["nodes"]} <= {party["id"]}


def test_editions_run_oldest_first_or_newest_first(seed: Store) -> None:
    query = """query($way: OrderDirection!, $after: String) {
      editions(first: 1, after: $after, direction: $way) {
        totalCount nodes { number } pageInfo { endCursor hasNextPage } } }"""
    for way, expected in (("ASC", [1, 2]), ("DESC", [2, 1])):
        first = seed.ask(query, way=way)["editions"]
        last = seed.ask(query, way=way, after=first["pageInfo"]["endCursor"])["editions"]
        assert [page["nodes"][0]["number"] for page in (first, last)] == expected
        assert [page["pageInfo"]["hasNextPage"] for page in (first, last)] == [True, False]
        assert first["totalCount"] == 2


def test_an_empty_page_still_says_whether_there_is_more(seed: Store) -> None:
    page = f"{{ officials(first: 0) {{ {PAGE} }} }}"
    info = {"hasNextPage": True, "hasPreviousPage": False, "startCursor": None, "endCursor": None}
    assert seed.ask(page)["officials"] == {"nodes": [], "pageInfo": info}


def test_the_total_is_counted_only_when_it_is_asked_for(seed: Store) -> None:
    for asked, counts in (("nodes { id }", 0), ("nodes { id } totalCount", 1), ("totalCount", 1)):
        roots = seed.answer(f"{{ parties(first: 2) {{ {asked} }} }}").statements
        nested = seed.answer(f"{{ parties {{ nodes {{ tenures {{ {asked} }} }} }} }}").statements
        for statements in (roots, nested):
            assert sum("count(*)" in statement for statement in statements) == counts


def test_the_total_is_of_all_pages(seed: Store) -> None:
    query = '{ officials(first: 1, after: "CURSOR") { totalCount nodes { id } } }'
    cursor = seed.ask("{ officials(first: 1) { pageInfo { endCursor } } }")
    end = cursor["officials"]["pageInfo"]["endCursor"]
    page = seed.ask(query.replace("CURSOR", end))["officials"]
    assert page["totalCount"] == seed.ask("{ officials { totalCount } }")["officials"]["totalCount"]
    assert len(page["nodes"]) == 1


def cursor(*parts: Any) -> str:
    """A cursor as the API would write it, of any parts."""
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


OFFICIAL = cursor("officials:ID+", ["official/andrzej-duda"], None)
FIRST = cursor("tenures:ID+", ["tenure/x"], 1)
SECOND = cursor("officials:ID+", ["official/x"], 2)
NINTH = cursor("officials:ID+", ["official/x"], 9)
DESCENDING = "orderBy: [{field: ID, direction: DESC}]"
TENURES = 'party(by: {slug: "poland"}) { tenures'
MISUSES = {
    "{ officials(first: 1, last: 1) { totalCount } }": (PageError, "Give one of them"),
    f'{{ officials(after: "{OFFICIAL}", before: "{OFFICIAL}") {{ totalCount }} }}': (
        PageError,
        "`after` and `before` together",
    ),
    f'{{ officials(first: 1, before: "{OFFICIAL}") {{ totalCount }} }}': (
        PageError,
        "`first` goes with `after`",
    ),
    f'{{ officials(last: 1, after: "{OFFICIAL}") {{ totalCount }} }}': (
        PageError,
        "`last` with `before`",
    ),
    "{ officials(first: -1) { totalCount } }": (PageError, "`first: -1` is negative"),
    "{ officials(last: -5) { totalCount } }": (PageError, "`last: -5` is negative"),
    "{ officials(first: 101) { totalCount } }": (PageError, "the ceiling of 100"),
    "{ parties(first: 1) { nodes { tenures(last: 101) { totalCount } } } }": (
        PageError,
        "`last: 101` is over the ceiling",
    ),
    "{ editions(first: 101) { totalCount } }": (PageError, "the ceiling of 100"),
    f'{{ parties(after: "{OFFICIAL}") {{ totalCount }} }}': (CursorError, "another list or order"),
    f'{{ officials(after: "{OFFICIAL}", orderBy: [{{field: TITLE}}]) {{ totalCount }} }}': (
        CursorError,
        "another list or order",
    ),
    f'{{ officials(after: "{OFFICIAL}", {DESCENDING}) {{ totalCount }} }}': (
        CursorError,
        "with the same field and `orderBy`",
    ),
    f'{{ {TENURES}(after: "{OFFICIAL}") {{ totalCount }} }} }}': (
        CursorError,
        "another list or order",
    ),
    f'{{ officials(asOf: {{edition: 1}}, after: "{SECOND}") {{ totalCount }} }}': (
        InputError,
        "goes on reading edition 2, `asOf` asks for 1",
    ),
    f'{{ {TENURES}(after: "{FIRST}") {{ totalCount }} }} }}': (
        InputError,
        "goes on reading edition 1. Ask for that one: `asOf: {edition: 1}`",
    ),
    f'{{ officials(after: "{NINTH}") {{ totalCount }} }}': (
        UnknownEditionError,
        "Editions run from 1 to 2",
    ),
    "{ officials(asOf: {edition: 0}) { totalCount } }": (
        UnknownEditionError,
        "Edition 0 is not published",
    ),
    '{ party(by: {slug: "poland"}, asOf: {edition: 3}) { id } }': (
        UnknownEditionError,
        "Edition 3 is not published. Editions run from 1 to 2.",
    ),
    '{ officials(asOf: {instant: "0001-01-01T00:00:00+14:00"}) { totalCount } }': (
        InputError,
        "the years 1 to 9999",
    ),
    "{ agreements { nodes { claims(field: ORDERED_ON) { nodes { id } } } } }": (
        UnknownFieldError,
        "Agreement has no field 'ORDERED_ON'. Did you mean 'ENDED_ON'?",
    ),
    "{ tenures { nodes { claims(field: VERBATIM_SPANS) { nodes { id } } } } }": (
        UnknownFieldError,
        "It has CLASSIFICATIONS, ENDED_ON, EVALUATIONS, IDENTIFIERS, IS_ACTING, OFFICIAL",
    ),
    '{ node(id: "party/\\u0000") { id } }': (InputError, "U+0000"),
    '{ officials(where: {text: "\\u0000"}) { totalCount } }': (InputError, "U+0000"),
    '{ officials(where: {or: [{id: {in: ["\\u0000"]}}]}) { totalCount } }': (InputError, "U+0000"),
    f"{{ nodes(ids: {json.dumps(['party/poland'] * 101)}) {{ id }} }}": (
        InputError,
        "101 ids are too many. Ask for at most 100 at a time.",
    ),
}


def refusal(store: Store, query: str, **variables: Any) -> Any:
    """What a query is refused with."""
    answer = store.answer(query, **variables)
    (error,) = answer.errors
    return cause(error)


@pytest.mark.parametrize(("query", "expected"), MISUSES.items(), ids=range(len(MISUSES)))
def test_a_misuse_is_a_named_error_that_says_what_would_be_right(
    seed: Store, query: str, expected: tuple[type[InputError], str]
) -> None:
    kind, words = expected
    error = refusal(seed, query)
    assert type(error) is kind
    assert error.code == "BAD_USER_INPUT"
    assert words in str(error)


@settings(max_examples=40, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.from_regex(r"[A-Za-z0-9_-]{0,60}", fullmatch=True),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats()
            | st.text(max_size=5)
            | st.just("officials:ID+"),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner),
        ).map(lambda parts: base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()),
        st.lists(st.integers() | st.text(max_size=5) | st.none(), max_size=2).map(
            lambda values: (
                base64.urlsafe_b64encode(
                    json.dumps(["officials:ID+", values, None], separators=(",", ":")).encode()
                )
                .decode()
                .rstrip("=")
            )
        ),
    )
)
def test_junk_for_a_cursor_is_refused_by_name(seed: Store, junk: str) -> None:
    answer = seed.answer(
        "query($junk: String) { officials(after: $junk) { nodes { id } } }", junk=junk
    )
    for error in answer.errors:
        assert isinstance(cause(error), InputError), error
    if not answer.errors:
        scope, (value,), edition = json.loads(base64.urlsafe_b64decode(junk + "=="))
        assert (scope, edition) == ("officials:ID+", None)
        assert isinstance(value, str)


@pytest.mark.parametrize(
    ("field", "value"),
    [("TITLE", 5), ("TITLE", "\0"), ("EDITION", "1"), ("EDITION", True), ("EDITION", 2**63)],
)
def test_a_forged_key_is_refused_by_name(seed: Store, field: str, value: Any) -> None:
    forged = cursor(f"events:{field}+,ID+", [value, "event/x"], None)
    query = "query($c: String) { events(orderBy: [{field: FIELD}], after: $c) { nodes { id } } }"
    assert isinstance(refusal(seed, query.replace("FIELD", field), c=forged), CursorError)


@pytest.mark.parametrize("value", ["2024-13-01", "x", 5, None])
def test_a_forged_date_is_refused_by_name(seed: Store, value: Any) -> None:
    forged = cursor("events:HAPPENED_ON+,ID+", [value, "event/x"], None)
    query = (
        "query($c: String) { events(orderBy: [{field: HAPPENED_ON}], after: $c) { totalCount } }"
    )
    assert isinstance(refusal(seed, query, c=forged), CursorError)


def test_a_cursor_of_an_earlier_edition_goes_on_reading_it(seeded: Store, tmp_path: Path) -> None:
    first = """{ officials(first: 2, asOf: {edition: 2}) {
      nodes { id } totalCount pageInfo { endCursor } } }"""
    page = seeded.ask(first)["officials"]
    assert seeded.publish(make(tmp_path / "later")).edition == 3
    query = """query($after: String) { officials(first: 100, after: $after) {
      totalCount nodes { id edition { number } } } }"""
    answer = seeded.answer(query, after=page["pageInfo"]["endCursor"])
    rest = answer.data["officials"]
    assert answer.extensions == {"edition": 2}
    assert rest["totalCount"] == page["totalCount"] == 2 + len(rest["nodes"])
    assert "official/anna-kowalska" not in [node["id"] for node in rest["nodes"]]
    now = seeded.answer(query)
    assert now.extensions == {"edition": 3}
    assert now.data["officials"]["totalCount"] == page["totalCount"] + 1


def test_a_row_published_between_two_pages_shifts_none(seeded: Store, tmp_path: Path) -> None:
    listing = pages(seeded, "officials", first=2)
    seen = next(listing)
    seeded.publish(make(tmp_path / "later"))
    rest = [*chain(*listing)]
    assert len({*seen, *rest}) == len(seen) + len(rest)
