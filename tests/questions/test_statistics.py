"""Statistics: totals always add up to the whole, and nothing is added that cannot be."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.questions.dimensions import Dimension
from tests.support.databases import Store, Stores, of_newest
from tests.support.dossier_factory import Data, make, record
from tests.support.where_strategy import NOUNS, wheres

SIDES = [dimension.name for dimension in Dimension]
FIGURES = """count unconfirmed withoutMoney unsummed
  money { currency count minimum maximum openBelow openAbove shared }
  quantity { count minimum maximum openAbove without } dates { count earliest latest without }"""
ASKED = f"""total {{ {FIGURES} }} repeatCount unconfirmedRepeatCount groups {{
  keys {{ id by value missing record {{ id }} }} figures {{ {FIGURES} }} }}"""
TEXT = """Sales of Alfa
Alfa sold ten guns in 2023 for $1 million and, in early 2024, fewer than 200 boats for up to
€2.50 million. In the winter of 2023 it sold 5 jets at $3 each. Masts and sails together cost ₩70.
Nobody knows what the rest cost. A price of 10 a piece was asked for kites, how many is secret.
"""


def sold(name: str, **fields: Any) -> Data:
    """One purchase from Alfa, coded from the text."""
    return record(
        f"procurement/{name}",
        name.title(),
        suppliers=[{"actor": "party/alfa", "quote": "Alfa sold"}],
        **fields,
    )


def money(quote: str, basis: str | None = None, **value: Any) -> Data:
    """A sum of money with its passage."""
    return {"value": value, "quote": quote, **({"basis": basis} if basis else {})}


def sales() -> Data:
    """Purchases with sums that are exact, bounded from one side, shared, by the piece, unknown."""
    shared = money("Masts and sails together cost ₩70", minimum="70", maximum="70", currency="KRW")
    shared["value"] |= {"scope": "SHARED", "share": "rigging"}
    return (
        record("party/alfa", "Alfa", kind={"value": "STATE", "basis": "For the test."})
        | sold(
            "guns",
            ordered_on={"value": {"edtf": "2023"}, "quote": "in 2023"},
            quantity={"value": {"minimum": 10, "maximum": 10}, "quote": "ten guns"},
            value=money("$1 million", minimum="1000000", maximum="1000000", currency="USD"),
            category={"value": "weapons", "quote": "guns", "basis": "Guns are."},
        )
        | sold(
            "boats",
            ordered_on={"value": {"edtf": "2024-01/2024-03"}, "quote": "early 2024"},
            quantity={"value": {"maximum": 199}, "quote": "fewer than 200 boats"},
            value=money("€2.50 million", "Rounded.", maximum="2500000.50", currency="EUR"),
        )
        | sold(
            "jets",
            ordered_on={"value": {"edtf": "2023-12/2024-02"}, "quote": "the winter of 2023"},
            quantity={"value": {"minimum": 5, "maximum": 5}, "quote": "5 jets"},
            value=money("$3 each", minimum="3", maximum="3", currency="USD", scope="UNIT"),
        )
        | sold("masts", value=shared)
        | sold("sails", value=shared)
        | sold(
            "rest",
            delivered_on={"value": {"edtf": "2023/.."}, "quote": "in 2023"},
        )
        | sold(
            "kites",
            value=money("10 a piece", "Dollars.", minimum="10", currency="USD", scope="UNIT"),
        )
    )


@pytest.fixture
def market(empty: Store, tmp_path: Path) -> Store:
    """A database with these sales."""
    empty.publish(make(tmp_path / "sales", sales(), text=TEXT))
    return empty


def asked(store: Store, arguments: str = "", field: str = "statistics") -> Any:
    """The statistics of a field."""
    return store.ask(f"{{ {field}{arguments} {{ {ASKED} }} }}")[field]


def test_money_is_added_by_currency_and_bounded(market: Store) -> None:
    figures = asked(market, "(where: {nouns: [PROCUREMENT]})")["total"]
    assert (figures["count"], figures["withoutMoney"], figures["unsummed"]) == (7, 1, 1)
    assert figures["money"] == [
        {
            "currency": "EUR",
            "count": 1,
            "minimum": "0",
            "maximum": "2500000.5",
            "openBelow": 1,
            "openAbove": 0,
            "shared": 0,
        },
        {
            "currency": "KRW",
            "count": 2,
            "minimum": "70",
            "maximum": "70",
            "openBelow": 0,
            "openAbove": 0,
            "shared": 1,
        },
        {
            "currency": "USD",
            "count": 2,
            "minimum": "1000015",
            "maximum": "1000015",
            "openBelow": 0,
            "openAbove": 0,
            "shared": 0,
        },
    ]
    assert figures["quantity"] == {
        "count": 3,
        "minimum": 15,
        "maximum": 214,
        "openAbove": 0,
        "without": 4,
    }
    assert figures["dates"] == {
        "count": 4,
        "earliest": "2023-01-01",
        "latest": "2024-03-31",
        "without": 3,
    }


def test_what_cannot_be_grouped_is_a_group_with_a_reason(market: Store) -> None:
    found = asked(market, "(where: {nouns: [PROCUREMENT]}, by: [YEAR, CATEGORY])")
    keys = [[(key["value"], key["missing"]) for key in group["keys"]] for group in found["groups"]]
    assert keys == [
        [("2023", None), ("weapons", None)],
        [("2024", None), (None, "NOT_KNOWN")],
        [(None, "NOT_DATED"), (None, "NOT_KNOWN")],
        [(None, "SPANS_YEARS"), (None, "NOT_KNOWN")],
    ]
    assert [group["figures"]["count"] for group in found["groups"]] == [1, 1, 3, 2]


def test_value_by_year_and_supplier_is_one_query(market: Store) -> None:
    found = asked(market, "(where: {nouns: [PROCUREMENT]}, by: [YEAR, PARTY], roles: [SUPPLIER])")
    group = found["groups"][0]
    assert [key["id"] for key in group["keys"]] == [
        "group-key/YEAR:2023",
        "group-key/PARTY:party/alfa",
    ]
    assert group["keys"][1]["record"] == {"id": "party/alfa"}
    assert group["figures"]["money"][0]["minimum"] == "1000000"
    nobody = asked(market, "(where: {nouns: [PROCUREMENT]}, by: [PARTY], roles: [BUYER])")
    assert [group["keys"][0]["missing"] for group in nobody["groups"]] == ["NOBODY"]


def test_a_list_has_the_statistics_of_its_where(market: Store) -> None:
    query = f"""{{ procurements(first: 1, where: {{quantity: {{isKnown: true}}}}) {{
      totalCount statistics(by: [YEAR]) {{ {ASKED} }} }} }}"""
    found = market.ask(query)["procurements"]
    assert found["statistics"]["total"]["count"] == found["totalCount"] == 3
    assert [group["figures"]["count"] for group in found["statistics"]["groups"]] == [1, 1, 1]


def test_a_nested_list_has_statistics_of_its_own(seed: Store) -> None:
    ids = '["party/poland", "party/ukraine", "party/togo"]'
    query = f"""{{ parties(where: {{id: {{in: {ids}}}}}) {{
      nodes {{ id involvements {{ totalCount statistics(by: [ROLE]) {{ {ASKED} }} }} }} }} }}"""
    answer = seed.answer(query)
    for party in answer.data["parties"]["nodes"]:
        found = party["involvements"]
        total, groups = found["statistics"]["total"], found["statistics"]["groups"]
        assert total["count"] + total["unconfirmed"] == found["totalCount"]
        for name in ("count", "unconfirmed"):
            assert total[name] == sum(group["figures"][name] for group in groups)
    assert len(answer.statements) == 4


ALONE = [
    *("count", "unconfirmed", "withoutMoney", "unsummed"),
    *(f"money {{ {each} }}" for each in ("currency", "minimum", "openBelow", "shared", "count")),
    *(f"quantity {{ {each} }}" for each in ("count", "maximum", "openAbove", "without")),
    *(f"dates {{ {each} }}" for each in ("count", "earliest", "latest", "without")),
]


@pytest.mark.parametrize("by", ["", ", by: [YEAR]", ", by: [CATEGORY, PARTY]"])
def test_what_is_asked_alone_is_as_it_is_beside_the_rest(market: Store, by: str) -> None:
    argued = f"(where: {{nouns: [PROCUREMENT]}}{by})"
    whole = asked(market, argued)
    for each in ALONE:
        name, _, inner = each.partition(" { ")
        found = market.ask(
            f"{{ statistics{argued} {{ total {{ {each} }} groups {{ figures {{ {each} }} }} }} }}"
        )["statistics"]
        everything = [whole["total"], *(group["figures"] for group in whole["groups"])]
        alone = [found["total"], *(group["figures"] for group in found["groups"])]
        for full, figures in zip(everything, alone, strict=True):
            kept: Any = full[name]
            if inner:
                field = inner.removesuffix(" }")
                many = kept if isinstance(kept, list) else [kept]
                cut = [{field: one[field]} for one in many]
                kept = cut if isinstance(kept, list) else cut[0]
            assert figures == {name: kept}
    for name in ("repeatCount", "unconfirmedRepeatCount"):
        found = market.ask(f"{{ statistics{argued} {{ {name} }} }}")["statistics"]
        assert found == {name: whole[name]}


def test_an_unheard_of_price_is_told_as_not_summed(empty: Store, tmp_path: Path) -> None:
    records = record("party/alfa", "Alfa") | sold(
        "jets",
        quantity={"value": {"minimum": 2**31 - 1}, "quote": "5 jets", "basis": "For the test."},
        value=money("$3 each", "For the test.", minimum="9" * 15, currency="USD", scope="UNIT"),
    )
    empty.publish(make(tmp_path / "a", records, text=TEXT))
    figures = asked(empty, "(where: {nouns: [PROCUREMENT]})")["total"]
    assert (figures["unsummed"], figures["money"]) == (1, [])


@settings(max_examples=60, deadline=None)
@given(
    where=wheres(),
    by=st.lists(st.sampled_from(SIDES), max_size=3, unique=True),
    standing=st.sampled_from(["STATE", "ITSELF"]),
)
def test_groups_add_up_to_the_whole(
    seed: Store, where: dict[str, Any], by: list[str], standing: str
) -> None:
    query = f"""query ($where: RecordWhere, $by: [Dimension!], $as: Standing!) {{
      statistics(where: $where, by: $by, actorsAs: $as) {{ {ASKED} }} }}"""
    found = seed.ask(query, where=where, by=by, **{"as": standing})["statistics"]
    total, groups = found["total"], found["groups"]
    for name, repeated in (("count", "repeatCount"), ("unconfirmed", "unconfirmedRepeatCount")):
        counted = sum(group["figures"][name] for group in groups)
        assert counted - found[repeated] == (total[name] if by else 0)
        assert found[repeated] >= 0
        if not {"PARTY", "ROLE", "SOURCE"} & {*by}:
            assert found[repeated] == 0
    for figures in [total, *(group["figures"] for group in groups)]:
        with_money = sum(each["count"] for each in figures["money"])
        assert with_money + figures["withoutMoney"] + figures["unsummed"] == figures["count"]
        assert figures["quantity"]["count"] + figures["quantity"]["without"] == figures["count"]
        assert figures["dates"]["count"] + figures["dates"]["without"] == figures["count"]
    for group in groups:
        assert [key["by"] for key in group["keys"]] == by
        assert all((key["value"] is None) != (key["missing"] is None) for key in group["keys"])


@settings(max_examples=20, deadline=None)
@given(where=wheres().filter(lambda where: "nouns" not in where))
def test_the_total_is_that_of_the_nouns_together(seed: Store, where: dict[str, Any]) -> None:
    each = " ".join(f"{noun}: statistics(where: ${noun}) {{ total {{ count }} }}" for noun in NOUNS)
    declared = ", ".join(f"${noun}: RecordWhere" for noun in NOUNS)
    found = seed.ask(
        f"query ({declared}, $all: RecordWhere) {{ {each} all: statistics(where: $all)"
        " { total { count } groups { keys { id } } } }",
        all=where,
        **{noun: {**where, "nouns": [noun]} for noun in NOUNS},
    )
    whole = found.pop("all")["total"]["count"]
    assert whole == sum(one["total"]["count"] for one in found.values())


def test_both_databases_count_the_same(both: tuple[Stores, Stores]) -> None:
    for one, other in pairwise(SIDES):
        first, second = (asked(stores.seed(), f"(by: [{one}, {other}])") for stores in both)
        assert first == second


def test_more_than_three_sides_are_refused(seed: Store) -> None:
    answer = seed.answer(f"{{ statistics(by: [{', '.join(SIDES[:4])}]) {{ repeatCount }} }}")
    assert answer.errors[0].message == "`by` holds 4 sides. Give at most 3."


def test_too_many_groups_are_refused(bulk: Store) -> None:
    answer = bulk.answer(
        "{ statistics(by: [PARTY, SOURCE, YEAR], actorsAs: ITSELF) { repeatCount } }"
    )
    assert answer.errors[0].message == (
        "`by` makes more than 5000 groups. Narrow `where`, or group by less."
    )


def test_a_kind_that_no_noun_has_is_named(seed: Store) -> None:
    answer = seed.answer("{ statistics(where: {kinds: [TREATIE]}) { repeatCount } }")
    assert answer.errors[0].message == (
        "Value 'TREATIE' does not exist in 'RecordKind' enum. Did you mean the enum value 'TREATY'?"
    )


def test_statistics_know_what_an_edition_knew(market: Store, tmp_path: Path) -> None:
    before = asked(market, "(by: [NOUN])")
    records = sales()
    del records["procurement/guns"]
    market.publish(make(tmp_path / "less", records, text=TEXT))
    assert of_newest(asked(market, "(by: [NOUN], asOf: {edition: 1})")) == before
    assert asked(market, "(by: [NOUN])")["total"]["count"] == before["total"]["count"] - 1


def test_statistics_take_one_statement_and_one_a_noun(seed: Store) -> None:
    query = """{ statistics(by: [PARTY, SOURCE], actorsAs: ITSELF) {
      groups { keys { record { title } } } } }"""
    assert len(seed.answer(query).statements) == 1 + 1 + 3
