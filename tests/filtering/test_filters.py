"""Filters: each condition of `where` takes just the rows that a look at all rows would take."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, get_named_type
from hypothesis import given, settings
from hypothesis import strategies as st

from api.limits.error_masking import cause
from schema.build import build
from schema.errors import InputError
from schema.graph.catalog import plural
from schema.model.registry import nouns
from schema.model.text import fold
from tests.support.databases import Store, Stores
from tests.support.dossier_factory import Data, make, record
from tests.support.page_walk import walked

Row = dict[str, Any]
Where = dict[str, Any]

LISTS = {plural(name): name for name in nouns() if name != "Passage"}
PART: dict[str, Where] = {
    "names": {"record": {"eq": "party/poland"}, "language": {"startsWith": "s"}},
    "claims": {"text": "siewiera"},
    "identifiers": {"value": {"startsWith": "P"}},
    "parties": {"text": "korea"},
    "memberships": {"party": {"eq": "party/aukus"}},
}
"""Where a noun has more rows than a page holds, the part of them that is tested."""

DATES = {
    "day": "2024-05-03",
    "month": "2024-05",
    "year": "2024",
    "from": "2024-05-03/..",
    "until": "../2024-05-03",
    "between": "2024-05-03/2024-06-10",
    "first": "0001-01-01",
    "last": "9999-12-31",
}
SUMS = {
    "exact": {"minimum": "10.50", "maximum": "10.50", "currency": "EUR"},
    "over": {"minimum": "100", "currency": "USD"},
    "under": {"maximum": "99.99", "currency": "EUR"},
    "huge": {"minimum": "999999999999999.99", "maximum": "999999999999999.99", "currency": "GBP"},
    "unbounded": {"stated": "a fortune"},
}
NUMBERS = {
    "exact": {"minimum": 3, "maximum": 3},
    "over": {"minimum": 100},
    "under": {"maximum": 200},
    "none": {"stated": "many"},
}


def coded(value: Any) -> Data:
    """A value that the coder read out of the text."""
    return {"value": value, "basis": "For the test."}


def dossier() -> Data:
    """Agreements, purchases and deliveries with dates, sums and numbers of every shape."""
    records: Data = {}
    for index, (slug, edtf) in enumerate(DATES.items()):
        records |= record(
            f"agreement/{slug}",
            f"Agreement {slug}",
            signed_on=coded({"edtf": edtf, "stated": edtf}),
            is_binding=coded(index % 2 == 0) if index < 6 else "UNKNOWN",
            kind=coded("TREATY") if index % 3 else "NOT_STATED",
            sector=coded(
                ["Jarosław’s “drones”", "ŁÓDŹ – straße", "100% a_b\\c", "Ąçé ﬁne"][index % 4]
            ),
            amends=coded("agreement/day") if slug == "last" else "NOT_STATED",
        )
    vague = {**coded({"stated": "lately"}), "status": "VAGUE", "quote": "Others"}
    records |= record("agreement/vague", "Agreement vague", signed_on=vague)
    records |= record("agreement/silent", "Agreement silent", label=coded("x" * 5000))
    for slug, sum in SUMS.items():
        records |= record(f"procurement/{slug}", f"Purchase {slug}", value=coded(sum))
    for slug, number in NUMBERS.items():
        procurement = records[f"procurement/{'unbounded' if slug == 'none' else slug}"]
        procurement["quantity"] = coded(number)
    records["procurement/exact"]["deliveries"] = [
        {
            "key": slug,
            "delivered_on": coded({"edtf": f"2024-0{month}"}),
            "delivered": "NOT_STATED",
            "item": "NOT_STATED",
            "basis": "For the test.",
        }
        for month, slug in enumerate(("one", "two"), 1)
    ]
    return records


@pytest.fixture(scope="module")
def dated(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The seed, and records with dates, sums and numbers of every shape; for reading only."""
    folder = make(tmp_path_factory.mktemp("dated"), dossier(), source="source/dated")
    return stores.filled("dated", lambda store: store.publish(folder), seeded=True)


def taken(store: Store, listing: str, wheres: list[Where]) -> list[set[str]]:
    """The ids that each `where` takes, all asked at once."""
    part = PART.get(listing, {})
    variables = {f"w{index}": {"and": [part, where]} for index, where in enumerate(wheres)}
    names = ", ".join(f"${name}: {LISTS[listing]}Where" for name in variables)
    fields = " ".join(
        f"{name}: {listing}(first: 100, where: ${name})"
        " { nodes { id } pageInfo { hasNextPage } }"
        for name in variables
    )
    data = store.ask(f"query({names}) {{ {fields} }}", **variables)
    assert not any(page["pageInfo"]["hasNextPage"] for page in data.values())
    return [{node["id"] for node in page["nodes"]} for page in data.values()]


def rows(store: Store, listing: str, selection: str) -> list[Row]:
    """All rows of a list, or of the part of it that is tested."""
    page = store.ask(
        f"query($where: {LISTS[listing]}Where) {{"
        f" page: {listing}(first: 100, where: $where) {{ nodes {{ id {selection} }}"
        " pageInfo { hasNextPage } } }",
        where=PART.get(listing),
    )["page"]
    assert not page["pageInfo"]["hasNextPage"]
    found: list[Row] = page["nodes"]
    return found


def matches(listing: str) -> dict[str, Any]:
    """The conditions of a noun that test one field for equality and the like."""
    where = build()._schema.get_type(f"{LISTS[listing]}Where")
    assert isinstance(where, GraphQLInputObjectType)
    named = {name: get_named_type(field.type) for name, field in where.fields.items()}
    return {
        name: kind
        for name, kind in named.items()
        if kind.name.endswith("Match") and name not in ("involves", "covered")
    }


def written(value: Any) -> str:
    """A value as a claim keeps it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def oracle(operator: str, value: Any, expected: Any) -> bool:
    """Whether a value passes a test."""
    if operator == "isKnown":
        return (value is not None) is expected
    if value is None:
        return False
    if operator == "eq":
        return bool(value == expected)
    if operator == "startsWith":
        return str(value).startswith(expected)
    return expected in value if operator == "contains" else value in expected


def tried(operator: str, kind: Any, values: list[Any]) -> list[Any]:
    """What to test for: values that are there, parts of them, and some that are not."""
    known = sorted({value for value in values if value is not None})
    if operator == "isKnown":
        return [True, False]
    if kind.name == "FlagMatch":
        return [True, False]
    choices = get_named_type(kind.fields["eq"].type)
    if isinstance(choices, GraphQLEnumType):
        names = list(choices.values)
        return names if operator == "eq" else [names[:3], [], names[-1:] * 3]
    if operator == "eq":
        return [*known[:2], *known[-1:], "", "no such"]
    if operator == "in":
        return [known[:3], [], ["no such", *known[-2:], *known[-2:]]]
    parts = [value[len(value) // 3 : len(value) // 3 + 4] for value in known[:4]]
    heads = [value[:5] for value in known[:4]]
    return ["", "%", "_", "\\", "'", "a", "A", "é", *parts, *heads, *(h.upper() for h in heads)]


@pytest.mark.parametrize("listing", LISTS)
def test_every_test_on_a_field_takes_what_a_look_at_all_rows_takes(
    dated: Store, listing: str
) -> None:
    kinds = matches(listing)
    references = {name for name, kind in kinds.items() if kind.name == "IdMatch" and name != "id"}
    shown = {"words": "text"}
    asked = " ".join(
        f"{name}: {shown.get(name, name)}"
        + (" { ... on Node { id } }" if name in references else "")
        for name in kinds
        if name != "id"
    )
    all_rows = rows(dated, listing, asked)
    cases, expected = [], []
    for name, kind in kinds.items():
        values = [
            (row[name] or {}).get("id") if name in references else row[name] for row in all_rows
        ]
        if (listing, name) == ("claims", "value"):  # a text of JSON to the filter
            values = [None if value is None else written(value) for value in values]
        for operator in kind.fields:
            for given_value in tried(operator, kind, values):
                cases.append({name: {operator: given_value}})
                expected.append(
                    {
                        row["id"]
                        for row, value in zip(all_rows, values, strict=True)
                        if oracle(operator, value, given_value)
                    }
                )
    for start in range(0, len(cases), 60):
        found = taken(dated, listing, cases[start : start + 60])
        for case, ids, right in zip(cases[start:], found, expected[start:], strict=False):
            assert ids == right, case


def test_conditions_on_one_field_all_hold(dated: Store) -> None:
    text = {"startsWith": "Agreement", "contains": "ar", "isKnown": True}
    both = {"title": text, "kind": {"eq": "TREATY", "in": ["TREATY", "CONTRACT"], "isKnown": True}}
    assert taken(
        dated, "agreements", [{"title": text}, both, {"title": {**text, "isKnown": False}}]
    ) == [
        {"agreement/year"},
        {"agreement/year"},
        set(),
    ]


def test_null_stands_for_a_condition_that_is_left_out(dated: Store) -> None:
    everything, *same = taken(
        dated,
        "agreements",
        [
            {},
            {"kind": None, "and": None, "or": None, "not": None, "text": None, "involves": None},
            {"title": {"eq": None, "in": None, "contains": None, "isKnown": None}},
            {"signedOn": {"from": None, "until": None, "isKnown": None}},
            {"kind": {}, "signedOn": {}, "isBinding": {}, "and": []},
        ],
    )
    assert everything
    assert same == [everything] * 4


def within(low: Any, high: Any, span: Where) -> bool:
    """Whether something between two bounds, either open, may lie in a span."""
    bounded = low is not None or high is not None
    return all(
        (
            span.get("from") is None or (bounded and (high is None or high >= span["from"])),
            span.get("until") is None or (bounded and (low is None or low <= span["until"])),
            span.get("isKnown") is None or span["isKnown"] is bounded,
        )
    )


EDGES = [
    *("0001-01-01", "2023-12-31", "2024-01-01", "2024-05-02", "2024-05-03", "2024-05-04"),
    *("2024-05-31", "2024-06-01", "2024-06-10", "2024-06-11", "2024-12-31", "9999-12-31"),
]
DAYS = st.sampled_from(EDGES) | st.dates().map(datetime.date.isoformat)


def spans(bound: st.SearchStrategy[Any]) -> st.SearchStrategy[Where]:
    """Spans with either bound, both or none."""
    return st.fixed_dictionaries(
        {}, optional={"from": bound, "until": bound, "isKnown": st.booleans()}
    )


@settings(max_examples=20, deadline=None)
@given(st.lists(spans(DAYS), min_size=10, max_size=25))
def test_a_date_matches_when_it_may_lie_in_the_span(dated: Store, given_spans: list[Where]) -> None:
    all_rows = rows(dated, "agreements", "signedOn { earliest latest }")
    found = taken(dated, "agreements", [{"signedOn": span} for span in given_spans])
    for span, ids in zip(given_spans, found, strict=True):
        assert ids == {
            row["id"]
            for row in all_rows
            for date in [row["signedOn"] or {"earliest": None, "latest": None}]
            if within(date["earliest"], date["latest"], span)
        }, span


@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_what_lies_in_a_span_is_counted_and_paged_in_order(
    dated: Store, data: st.DataObject
) -> None:
    span = data.draw(st.fixed_dictionaries({"from": DAYS, "until": DAYS}))
    where = {"signedOn": span, "not": {"title": {"eq": data.draw(st.sampled_from([*DATES]))}}}
    direction = data.draw(st.sampled_from(["ASC", "DESC"]))
    asked = {"where": where, "order": [{"field": "SIGNED_ON", "direction": direction}]}
    forwards = walked(dated, "agreements", first=2, **asked)
    assert walked(dated, "agreements", last=3, **asked) == forwards
    [found] = taken(dated, "agreements", [where])
    assert (set(forwards), len(forwards)) == (found, len(found))
    query = """query ($where: AgreementWhere, $order: [AgreementOrder!]) { agreements(
      where: $where, orderBy: $order, last: 1) { totalCount nodes { id } } }"""
    page = dated.ask(query, **asked)["agreements"]
    assert page == {"totalCount": len(found), "nodes": [{"id": id} for id in forwards[-1:]]}


def test_a_date_without_bounds_lies_in_no_span(dated: Store) -> None:
    ever = {"from": "0001-01-01", "until": "9999-12-31"}
    spans: list[Where] = [
        {"signedOn": ever},
        {"signedOn": {"isKnown": False}},
        {"not": {"signedOn": ever}},
    ]
    bounded, *unbounded = taken(dated, "agreements", spans)
    assert bounded == {f"agreement/{slug}" for slug in DATES}
    assert unbounded[0] == unbounded[1] >= {"agreement/vague", "agreement/silent"}


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        spans(st.integers(-1, 300) | st.integers(-(2**31), 2**31 - 1)), min_size=10, max_size=25
    )
)
def test_a_number_matches_when_it_may_lie_in_the_span(
    dated: Store, given_spans: list[Where]
) -> None:
    all_rows = rows(dated, "procurements", "quantity { minimum maximum }")
    found = taken(dated, "procurements", [{"quantity": span} for span in given_spans])
    for span, ids in zip(given_spans, found, strict=True):
        assert ids == {
            row["id"]
            for row in all_rows
            for number in [row["quantity"] or {"minimum": None, "maximum": None}]
            if within(number["minimum"], number["maximum"], span)
        }, span


SUM = st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=120, places=3) | (
    st.decimals(allow_nan=False, allow_infinity=False)
)
SUM |= st.sampled_from([Decimal(n) for n in ("10.50", "10.501", "10.499", "1e300", "-1e999999")])


def amount(given: str | None) -> Decimal | None:
    """A sum as the graph writes it."""
    return None if given is None else Decimal(given)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(spans(SUM), st.sampled_from([None, "EUR", "USD", "eur"])), min_size=10))
def test_a_sum_matches_when_it_may_lie_in_the_span(
    dated: Store, given_spans: list[tuple[Where, str | None]]
) -> None:
    all_rows = rows(dated, "procurements", "value { minimum maximum currency }")
    nothing = {"minimum": None, "maximum": None, "currency": None}
    wheres = [
        {
            "value": {
                **{k: str(v) if k != "isKnown" else v for k, v in span.items()},
                "currency": unit,
            }
        }
        for span, unit in given_spans
    ]
    for (span, unit), ids in zip(given_spans, taken(dated, "procurements", wheres), strict=True):
        assert ids == {
            row["id"]
            for row in all_rows
            for sum in [row["value"] or nothing]
            if within(amount(sum["minimum"]), amount(sum["maximum"]), span)
            and (unit is None or sum["currency"] == unit)
        }, (span, unit)


@pytest.mark.parametrize("sum", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_sum_is_refused_by_name(dated: Store, sum: str) -> None:
    query = "query($w: ProcurementWhere) { procurements(where: $w) { totalCount } }"
    (error,) = dated.answer(query, w={"value": {"from": sum}}).errors
    assert isinstance(cause(error), InputError)
    assert f"{sum} is no sum of money" in str(error)


LEAVES: list[Where] = [
    {"kind": {"eq": "TREATY"}},
    {"isBinding": {"eq": True}},
    {"isBinding": {"isKnown": False}},
    {"signedOn": {"from": "2024-05-10"}},
    {"signedOn": {"isKnown": True}},
    {"sector": {"contains": "a"}},
    {"label": {"isKnown": True}},
    {"amends": {"eq": "agreement/day"}},
    {"text": "jaroslaw"},
    {"claimedBy": "source/dated"},
    {"involves": {"actor": "party/poland"}},
    {"involves": {"actor": "party/poland", "role": ["SIGNATORY"]}},
    {},
]


def trees(inner: st.SearchStrategy[Where]) -> st.SearchStrategy[Where]:
    """Conditions joined by and, or and not, alone or beside one another."""
    some = st.lists(inner, max_size=3)
    return st.fixed_dictionaries({}, optional={"and": some, "or": some, "not": inner})


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.recursive(st.sampled_from(LEAVES), trees, max_leaves=5), min_size=10, max_size=20)
)
def test_and_or_and_not_are_those_of_sets(dated: Store, wheres: list[Where]) -> None:
    *leaves, everything = taken(dated, "agreements", LEAVES)
    known = [(where, ids) for where, ids in zip(LEAVES, leaves, strict=False)]

    def right(where: Where) -> set[str]:
        ids = next((ids for leaf, ids in known if leaf == where), None)
        if ids is not None:
            return ids
        found = set(everything)
        for part in where.get("and", []):
            found &= right(part)
        if "or" in where:
            found &= set().union(*(right(part) for part in where["or"]))
        if "not" in where:
            found -= right(where["not"])
        return found

    assert taken(dated, "agreements", wheres) == [right(where) for where in wheres]


@pytest.mark.parametrize("leaf", LEAVES, ids=str)
def test_not_not_changes_nothing_and_or_of_nothing_is_nothing(dated: Store, leaf: Where) -> None:
    plain, twice, none, empty, everything, no_more = taken(
        dated,
        "agreements",
        [leaf, {"not": {"not": leaf}}, {**leaf, "or": []}, {"or": []}, {}, {"not": leaf}],
    )
    assert plain == twice
    assert none == empty == set()
    assert no_more == everything - plain


@pytest.mark.parametrize(
    ("listing", "words", "expected"),
    [
        ("agreements", "JAROSLAW", {"agreement/day", "agreement/until"}),
        ("agreements", 'jarosław\'s "DRONES"', {"agreement/day", "agreement/until"}),
        ("agreements", "lodz - strasse", {"agreement/month", "agreement/between"}),
        ("agreements", "ace fine", {"agreement/from", "agreement/last"}),
        ("agreements", "  fine   ąçé ", {"agreement/from", "agreement/last"}),
        ("agreements", "fine drones", set()),
        ("agreements", "100% a_b\\c", {"agreement/year", "agreement/first"}),
        ("officials", "shin won‑sik", {"official/shin-won-sik"}),
        ("officials", "poland's president", {"official/andrzej-duda"}),
    ],
)
def test_a_text_is_found_whatever_its_case_accents_and_marks(
    dated: Store, listing: str, words: str, expected: set[str]
) -> None:
    assert taken(dated, listing, [{"text": words}]) == [expected]


@pytest.mark.parametrize("listing", ["agreements", "statements", "events"])
def test_involves_takes_the_records_with_such_an_involvement(dated: Store, listing: str) -> None:
    all_rows = rows(dated, listing, "involvements { nodes { role actor { ... on Node { id } } } }")
    pairs = {
        (involvement["actor"]["id"], involvement["role"])
        for row in all_rows
        for involvement in row["involvements"]["nodes"]
    }
    cases: list[tuple[str, list[str] | None]] = [
        *((actor, None) for actor in sorted({actor for actor, _ in pairs})),
        *((actor, [role]) for actor, role in sorted(pairs)),
        ("party/poland", ["PARTY", "SPEAKER", "HOST", "PARTY"]),
        ("party/poland", []),
        ("party/nobody", None),
    ]
    wheres: list[Where] = [{"involves": {"actor": actor, "role": roles}} for actor, roles in cases]
    for (actor, roles), ids in zip(cases, taken(dated, listing, wheres), strict=True):
        assert ids == {
            row["id"]
            for row in all_rows
            for involvement in row["involvements"]["nodes"]
            if involvement["actor"]["id"] == actor
            and (roles is None or involvement["role"] in roles)
        }, (actor, roles)


@pytest.mark.parametrize("listing", ["agreements", "parties", "items", "involvements"])
def test_claimed_by_takes_what_a_source_says_anything_of(dated: Store, listing: str) -> None:
    all_rows = rows(dated, listing, "claims { nodes { source { id } } }")
    sources = [node["id"] for node in dated.ask("{ sources { nodes { id } } }")["sources"]["nodes"]]
    sources.append("source/nobody")
    found = taken(dated, listing, [{"claimedBy": source} for source in sources])
    for source, ids in zip(sources, found, strict=True):
        assert ids == {
            row["id"]
            for row in all_rows
            if any(claim["source"]["id"] == source for claim in row["claims"]["nodes"])
        }


AWKWARD = [
    "\0",
    "a\0b",
    "\ud800",
    "x\udfff",
    "é" * 100_000,
    "x" * 1_000_000,
    "🕊zzz" * 20,
    "'\";zz--",
]
TEXTS: list[Any] = [
    lambda text: {"text": text},
    lambda text: {"title": {"eq": text}},
    lambda text: {"title": {"contains": text}},
    lambda text: {"title": {"startsWith": text}},
    lambda text: {"id": {"in": [text] * 3}},
    lambda text: {"claimedBy": text},
    lambda text: {"involves": {"actor": text}},
]


@pytest.mark.parametrize("text", AWKWARD, ids=range(len(AWKWARD)))
def test_no_text_breaks_a_filter(dated: Store, text: str) -> None:
    for where in TEXTS:
        answer = dated.answer(
            "query($w: AgreementWhere) { agreements(where: $w) { totalCount } }", w=where(text)
        )
        if text in AWKWARD[:4]:
            (error,) = answer.errors
            assert isinstance(cause(error), InputError)
        else:
            assert answer.data == {"agreements": {"totalCount": 0}}, answer.errors


def test_a_where_may_hold_a_hundred_conditions_and_no_more(dated: Store) -> None:
    query = "query($w: AgreementWhere) { agreements(where: $w) { totalCount } }"
    nested: Where = {"kind": {"eq": "TREATY"}}
    for _ in range(20):
        nested = {"not": nested}
    many: Where = {"or": [{"id": {"eq": "x"}}] * 50}
    for fits in (nested, many, {"text": "agreement " * 100}):
        assert not dated.answer(query, w=fits).errors
    error = cause(dated.answer(query, w={"not": nested}).errors[0])
    assert isinstance(error, InputError)
    assert "nests more than 20" in str(error)
    for over in ({"and": [many, {}]}, {"text": "a " * 101}, {"text": "ﷺ" * 40}):
        (error,) = dated.answer(query, w=over).errors
        assert isinstance(cause(error), InputError)
        assert "Give at most 100" in str(error)


def test_a_list_of_values_may_be_long(dated: Store) -> None:
    ids = ["agreement/day", *(f"agreement/{index}" for index in range(50_000))]
    kinds = ["TREATY", "CONTRACT"] * 40_000
    wheres = [{"id": {"in": ids}}, {"id": {"in": ["agreement/month"]}, "kind": {"in": kinds}}]
    assert taken(dated, "agreements", wheres) == [{"agreement/day"}, {"agreement/month"}]


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text.upper()) == fold(fold(text.upper()))


def test_the_dated_records_stand_up_to_a_check(dated: Store, tmp_path: Path) -> None:
    assert not dated.check().findings
