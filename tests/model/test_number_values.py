"""Sums and numbers: exact, in every currency and unit, as estimates, in two currencies, shared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.model.amounts import SCALE, Amount, amount_text
from schema.model.canonical import canonical_number
from schema.model.currencies import codes, current_codes, decimals, former_codes
from schema.model.intervals import mistake
from schema.model.units import unit
from schema.model.values import Money, Quantity
from tests.support.databases import Store
from tests.support.dossier_factory import Data, make, record
from tests.support.dossier_findings import findings_of

VALUE = """value { stated minimum maximum currency scope certainty floor ceiling share
  others { stated minimum maximum currency } }"""
QUANTITY = "quantity { stated minimum maximum certainty unit least most floor ceiling }"


def bought(slug: str, **values: Any) -> Data:
    """A purchase whose values rest on words of the text."""
    return record(f"procurement/{slug}", slug.title(), **values)


def kept(store: Store, slug: str = "a") -> dict[str, Any]:
    """What the graph holds of a purchase, without what is null."""
    found = store.ask(f'{{ procurement(by: {{slug: "{slug}"}}) {{ {VALUE} {QUANTITY} }} }}')
    return {
        name: held and {part: each for part, each in held.items() if each is not None}
        for name, held in found["procurement"].items()
    }


SUMS: dict[str, Data] = {
    "over 300 million Deutschmarks": {"minimum": "300000000", "currency": "DEM"},
    "1.250 dinars": {"minimum": "1.25", "maximum": "1.25", "currency": "KWD"},
    "0.125 dollars a round": {
        "minimum": "0.125",
        "maximum": "0.125",
        "currency": "USD",
        "scope": "UNIT",
    },
    "at most 999,999,999,999,999.999 dinars": {"maximum": "999999999999999.999", "currency": "KWD"},
    "about 100 French francs, at most 120": {
        "minimum": "100",
        "maximum": "100",
        "certainty": "ESTIMATE",
        "ceiling": "120",
        "currency": "FRF",
    },
    "500 yen": {"minimum": "500", "maximum": "500", "certainty": "EXACT", "currency": "JPY"},
}
NUMBERS: dict[str, Data] = {
    "12.84 km": {"least": "12.84", "most": "12.84", "unit": "km"},
    "2.5 t": {"least": "2.5", "most": "2.5", "unit": "t", "certainty": "EXACT"},
    "two squadrons": {"least": "2", "most": "2", "unit": "{squadron}"},
    "about 100, at most 120": {
        "minimum": 100,
        "maximum": 100,
        "certainty": "ESTIMATE",
        "ceiling": "120",
    },
    "some 3 t, at least 2.5 t": {
        "least": "3",
        "most": "3",
        "unit": "t",
        "certainty": "ESTIMATE",
        "floor": "2.5",
    },
}


@pytest.mark.parametrize(
    ("field", "words", "value"),
    [
        *(("value", words, value) for words, value in SUMS.items()),
        *(("quantity", words, value) for words, value in NUMBERS.items()),
    ],
)
def test_values_are_kept_exactly(
    empty: Store, tmp_path: Path, field: str, words: str, value: Data
) -> None:
    records = bought("a", **{field: {"value": value, "quote": words}})
    empty.publish(make(tmp_path, records, text=f"They bought it: {words}.\n"))
    assert kept(empty)[field] == {"stated": words, **value}
    assert not empty.check().findings


def test_one_sum_told_in_two_currencies_is_one(empty: Store, tmp_path: Path) -> None:
    words = "about $3.5bn (4.5 trillion won)"
    won = {"stated": "4.5 trillion won", "currency": "KRW"}
    won |= dict.fromkeys(("minimum", "maximum"), "4500000000000")
    dollars = {"minimum": "3500000000", "maximum": "3500000000", "currency": "USD"}
    value = {**dollars, "certainty": "ESTIMATE", "others": [won]}
    records = bought("a", value={"value": value, "quote": words})
    empty.publish(make(tmp_path, records, text=f"It costs {words}.\n"))
    assert kept(empty)["value"] == {"stated": words, **value}
    template = "procurements(where: {value: {currency: %s}}) { totalCount }"
    assert empty.ask("{ %s }" % (template % '"USD"'))["procurements"]["totalCount"] == 1
    assert empty.ask("{ %s }" % (template % '"KRW"'))["procurements"]["totalCount"] == 0
    [only] = empty.ask("{ statistics { total { money { currency minimum } } } }")["statistics"][
        "total"
    ]["money"]
    assert only == {"currency": "USD", "minimum": "3500000000"}
    few = "{ procurements { nodes { value { others { c: currency __typename } } } } }"
    [node] = empty.ask(few)["procurements"]["nodes"]
    assert node["value"]["others"] == [{"c": "KRW", "__typename": "EquivalentSum"}]
    assert not empty.ask("{ conflicts: procurements { nodes { conflicts { nodes { field } } } } }")[
        "conflicts"
    ]["nodes"][0]["conflicts"]["nodes"]
    assert not empty.check().findings


def sum_of(words: str, amount: str, **more: Any) -> Data:
    value = {"minimum": amount, "maximum": amount, "currency": "USD", **more}
    return {"value": value, "quote": words}


MONEY = "{ statistics { total { money { count minimum maximum shared } } } }"


def test_a_shared_sum_has_a_key(empty: Store, tmp_path: Path) -> None:
    text = (
        "The guns and tanks cost $10bn. The whole $10 billion is lent. "
        "One bundle is worth $1 billion. Another is worth $1 billion too.\n"
    )

    def priced(phrase: str, amount: str, key: str) -> Data:
        return sum_of(phrase, amount, scope="SHARED", share=key)

    records: Data = {}
    for slug, phrase in (("guns", "cost $10bn"), ("tanks", "The whole $10 billion")):
        records |= bought(slug, value=priced(phrase, "10000000000", "package"))
    for slug, key in (("a", "one"), ("b", "one"), ("c", "other"), ("d", "other")):
        records |= bought(
            slug,
            value=priced(
                {"one": "One bundle is worth $1 billion"}.get(key, "Another is worth $1 billion"),
                "1000000000",
                key,
            ),
        )
    empty.publish(make(tmp_path, records, text=text))
    [dollars] = empty.ask(MONEY)["statistics"]["total"]["money"]
    assert dollars == {"count": 6, "minimum": "12000000000", "maximum": "12000000000", "shared": 3}


def test_measures_are_never_added_to_pieces(empty: Store, tmp_path: Path) -> None:
    text = "They bought 12 km of cable and 3 guns.\n"
    cable = {"value": {"least": "12", "most": "12", "unit": "km"}, "quote": "12 km"}
    guns = {"value": {"minimum": 3, "maximum": 3}, "quote": "3 guns"}
    records = bought("cable", quantity=cable) | bought("guns", quantity=guns)
    empty.publish(make(tmp_path, records, text=text))
    parts = "quantity { count minimum maximum without }"
    figures = f"{{ statistics(where: {{nouns: [PROCUREMENT]}}) {{ total {{ {parts} }} }} }}"
    assert empty.ask(figures)["statistics"]["total"]["quantity"] == {
        "count": 1,
        "minimum": 3,
        "maximum": 3,
        "without": 1,
    }
    found = empty.ask("{ procurements(where: {quantity: {from: 1}}) { nodes { id } } }")
    assert found["procurements"]["nodes"] == [{"id": "procurement/guns"}]


WRONG: list[tuple[Any, Data, str, Data]] = [
    (Quantity, {"minimum": 12, "maximum": 9}, "the wrong way round", {"minimum": 9, "maximum": 12}),
    (
        Money,
        {"minimum": "12", "maximum": "9.5"},
        "the wrong way round, from 12 to 9.5. Write minimum: 9.5, maximum: 12.",
        {"minimum": "9.5", "maximum": "12"},
    ),
    (
        Quantity,
        {"minimum": 200, "certainty": "AT_MOST"},
        "AT_MOST goes with a maximum and no minimum. Write maximum: 200 alone.",
        {"maximum": 200, "certainty": "AT_MOST"},
    ),
    (
        Quantity,
        {"maximum": 200, "certainty": "AT_LEAST"},
        "AT_LEAST goes with a minimum and no maximum. Write minimum: 200 alone.",
        {"minimum": 200, "certainty": "AT_LEAST"},
    ),
    (
        Money,
        {"minimum": "1", "maximum": "2", "certainty": "EXACT"},
        "EXACT goes with a minimum and a maximum that are the same. Write certainty: RANGE.",
        {"minimum": "1", "maximum": "2", "certainty": "RANGE"},
    ),
    (
        Quantity,
        {"minimum": 7, "certainty": "EXACT"},
        "Write minimum: 7, maximum: 7.",
        {"minimum": 7, "maximum": 7, "certainty": "EXACT"},
    ),
    (
        Quantity,
        {"maximum": 7, "certainty": "RANGE"},
        "Write certainty: AT_MOST.",
        {"maximum": 7, "certainty": "AT_MOST"},
    ),
    (
        Quantity,
        {"minimum": 12, "maximum": 12, "unit": "km"},
        "it counts pieces, and the unit is km. Write least: 12, most: 12.",
        {"least": "12", "most": "12", "unit": "km"},
    ),
    (
        Quantity,
        {"least": "12", "most": "12"},
        "it measures something, and there is no unit. Write the unit, such as unit: km",
        {"least": "12", "most": "12", "unit": "km"},
    ),
    (
        Quantity,
        {"least": "3", "most": "2", "unit": "t"},
        "from 3 to 2. Write least: 2, most: 3.",
        {"least": "2", "most": "3", "unit": "t"},
    ),
    (
        Money,
        {"minimum": "100", "maximum": "100", "ceiling": "120"},
        "a ceiling stands beside an estimate. Write certainty: ESTIMATE",
        {"minimum": "100", "maximum": "100", "ceiling": "120", "certainty": "ESTIMATE"},
    ),
    (
        Money,
        {"minimum": "100", "maximum": "100", "ceiling": "90", "certainty": "ESTIMATE"},
        "the ceiling 90 does not lie above 100. Leave the ceiling out.",
        {"minimum": "100", "maximum": "100", "certainty": "ESTIMATE"},
    ),
    (
        Money,
        {"minimum": "1.5", "currency": "JPY"},
        "1.5 is finer than JPY is divided. Write it without decimals, or scope: UNIT",
        {"minimum": "1.5", "currency": "JPY", "scope": "UNIT"},
    ),
    (
        Money,
        {"minimum": "1.255", "currency": "USD"},
        "1.255 is finer than USD is divided. Write it in 2 decimals",
        {"minimum": "1.25", "currency": "USD"},
    ),
    (
        Money,
        {"minimum": "0.0375", "currency": "USD", "scope": "UNIT"},
        "0.0375 is finer than amounts are kept. Round it to 0.001.",
        {"minimum": "0.038", "currency": "USD", "scope": "UNIT"},
    ),
    (
        Money,
        {"minimum": "1000000000000000"},
        "is more than any sum on record. Write it with at most 15 digits.",
        {"minimum": "999999999999999"},
    ),
    (
        Money,
        {"minimum": "1", "scope": "SHARED"},
        "a sum that records share needs a key. Write share: some-key",
        {"minimum": "1", "scope": "SHARED", "share": "some-key"},
    ),
    (
        Money,
        {"minimum": "1", "share": "some-key"},
        "it is the key of a sum that is not SHARED. Write scope: SHARED.",
        {"minimum": "1", "scope": "SHARED", "share": "some-key"},
    ),
    (
        Money,
        {"minimum": "1", "others": [{"minimum": "2", "currency": "KRW"}]},
        "the sum itself has no currency. Write its currency beside it.",
        {"minimum": "1", "currency": "USD", "others": [{"minimum": "2", "currency": "KRW"}]},
    ),
    (
        Money,
        {"minimum": "1", "currency": "KRW", "others": [{"minimum": "2", "currency": "KRW"}]},
        "KRW stands twice. Write the first as the sum, others below.",
        {"minimum": "1", "currency": "KRW", "others": [{"minimum": "2", "currency": "USD"}]},
    ),
]


@pytest.mark.parametrize(("kind", "wrong", "message", "right"), WRONG)
def test_what_contradicts_itself_is_refused_and_following_the_message_works(
    kind: Any, wrong: Data, message: str, right: Data, tmp_path: Path
) -> None:
    found = mistake(kind, wrong)
    assert found is not None
    assert message in " ".join(found[1:])
    assert mistake(kind, right) is None
    field = "value" if kind is Money else "quantity"
    for place, (value, is_refused) in enumerate(((wrong, True), (right, False))):
        records = bought("a", **{field: {"value": value, "quote": "🛩 drones"}})
        findings = findings_of(make(tmp_path / str(place), records))
        assert any(message in said for _, _, said in findings) is is_refused


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("quantity", {"minimum": True}, "'true' is not a number; write it in digits."),
        ("value", {"minimum": True}, "'true' is not a number; write it in digits."),
        (
            "quantity",
            {"minimum": 12.84},
            (
                "12.84 is no number of pieces; for a measure write least: 12.84, most: 12.84 and "
                "its unit, such as unit: km."
            ),
        ),
        ("value", {"minimum": "many"}, "'many' is not a number; write it in digits"),
        ("value", {"minimum": 0.1234567890123456}, "may not be exact; write it in quotation marks"),
        ("value", {"currency": "DMK"}, "'DMK' is not an ISO 4217 currency"),
        (
            "quantity",
            {"least": "1", "unit": "kilometres"},
            "'kilometres' is not a unit of UCUM, such as km or t; did you mean 'km'?",
        ),
        ("quantity", {"least": "1", "unit": "battery"}, "for what comes in sets write {battery}."),
    ],
)
def test_what_is_no_number_is_told_what_to_write(
    tmp_path: Path, field: str, value: Data, message: str
) -> None:
    records = bought("a", **{field: {"value": value, "quote": "🛩 drones"}})
    assert any(message in said for _, _, said in findings_of(make(tmp_path, records)))


def test_numbers_of_yaml_are_taken_as_they_are_written(empty: Store, tmp_path: Path) -> None:
    value = {"minimum": 6000000000, "maximum": 6000000000.5, "currency": "USD"}
    words = "from $6,000,000,000 to $6,000,000,000.50"
    records = bought("a", value={"value": value, "quote": words})
    empty.publish(make(tmp_path, records, text=f"They cost {words}.\n"))
    assert kept(empty)["value"]["maximum"] == "6000000000.5"
    assert kept(empty)["value"]["minimum"] == "6000000000"


def test_currencies_are_those_of_all_times() -> None:
    assert {"DEM", "FRF", "ITL", "PLZ", "CSK", "HRK", "BGN", "XEU", "KRW"} <= codes()
    assert not current_codes() & former_codes()
    assert all(len(code) == 3 and code.isupper() for code in codes())
    assert [decimals(code) for code in ("KWD", "JPY", "USD", "ITL", "CLF")] == [3, 0, 2, 0, 4]


@pytest.mark.parametrize("code", ["km", "t", "[nmi_i]", "{squadron}", "{gun crew}"])
def test_units_are_those_of_ucum(code: str) -> None:
    assert unit(code) == code


@given(st.decimals(-(10**15) + 1, 10**15 - 1, places=3))
def test_amounts_come_back_as_they_went(number: Any) -> None:
    kind: Any = Amount()
    kept_ = kind.process_bind_param(number, None)
    assert kept_ == number * SCALE
    assert kind.process_result_value(kept_, None) == number
    assert amount_text(kept_) == canonical_number(f"{number:f}")


@given(st.sampled_from([Quantity, Money]), st.integers(0, 10**6), st.integers(0, 10**6))
def test_bounds_are_taken_one_way_round_alone(kind: Any, one: int, other: int) -> None:
    ways = ((one, other), (other, one))
    refused = [mistake(kind, {"minimum": low, "maximum": high}) for low, high in ways]
    assert sum(found is not None for found in refused) == (one != other)
