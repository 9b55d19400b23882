"""Acceptance: what fills a field, what is progress, and what is a conflict."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.model.registry import known
from schema.nouns.stage import Stage
from schema.publishing.acceptance import resolve_conflicts
from schema.publishing.ages import Age
from schema.publishing.derived_row import derive_row
from tests.support.databases import Store, Stores
from tests.support.dossier_factory import Data, make, record

TEXT = """In 2024 Alfa said that it considers buying 12 drones. In 2025 the contract was signed.
Alfa denied that it was signed. Some put it on 3 May 2024, in May 2024, on 24 October 2024.
It costs 100000000 dollars, or 1.5 or 0100. The last quarter of 2024. Charlie tells it in words.
"""
QUERY = """{ procurement(by: {slug: "drones"}) {
  stage orderedOn { edtf } value { minimum } category label
  conflicts { nodes { field positions { value isDenied isAccepted sources { nodes { id } } } } }
  progress { value earliest latest isAccepted sources { nodes { id } }
  claims { nodes { factuality } } }
  unknowns(first: 100) { nodes { field } }
} }"""


def publish(store: Store, folder: Path, source: str, published: str | None, **fields: Any) -> None:
    """Publishes what one source says of the drones, and when it was published."""
    date = {"value": {"edtf": published}, "basis": "The test says so."} if published else None
    dossier = make(
        folder / source,
        record("procurement/drones", "Drones", **fields),
        source=f"source/{source}",
        text=f"{source}\n{TEXT}",
        **({"published_on": date} if date else {}),
    )
    store.publish(dossier)


def stage(value: str, quote: str, **more: Any) -> Data:
    return {"value": value, "quote": quote, **more}


CONSIDERED = stage("UNDER_CONSIDERATION", "considers buying")
SIGNED = stage("SIGNED", "the contract was signed")


def procurement_of(store: Store) -> dict[str, Any]:
    assert store.check().findings == []
    found: dict[str, Any] = store.ask(QUERY)["procurement"]
    return found


@pytest.mark.parametrize("order", [("old", "new"), ("new", "old")])
def test_a_later_rung_is_progress_and_no_conflict(
    empty: Store, tmp_path: Path, order: tuple[str, str]
) -> None:
    sources = {"old": ("2024-03-01", CONSIDERED), "new": ("2025-06-01", SIGNED)}
    for source in order:
        published, claimed = sources[source]
        publish(empty, tmp_path, source, published, stage=claimed)
    found = procurement_of(empty)
    assert (found["stage"], found["conflicts"]["nodes"]) == ("SIGNED", [])
    assert [
        (step["value"], step["earliest"], step["isAccepted"], step["sources"]["nodes"])
        for step in found["progress"]
    ] == [
        ("UNDER_CONSIDERATION", "2024-03-01", False, [{"id": "source/old"}]),
        ("SIGNED", "2025-06-01", True, [{"id": "source/new"}]),
    ]


def test_an_earlier_rung_that_is_told_later_is_a_conflict(empty: Store, tmp_path: Path) -> None:
    publish(empty, tmp_path, "a", "2024-03-01", stage=SIGNED)
    publish(empty, tmp_path, "b", "2025-06-01", stage=CONSIDERED)
    found = procurement_of(empty)
    assert found["stage"] == "UNDER_CONSIDERATION"
    assert [conflict["field"] for conflict in found["conflicts"]["nodes"]] == ["STAGE"]


def test_what_was_suspended_may_go_on(empty: Store, tmp_path: Path) -> None:
    for year, rung in (("2023", "IN_PRODUCTION"), ("2024", "SUSPENDED"), ("2025", "IN_PRODUCTION")):
        publish(
            empty,
            tmp_path,
            f"s{year}",
            year,
            stage=stage(rung, "considers buying", basis="A test."),
        )
    found = procurement_of(empty)
    assert (found["stage"], found["conflicts"]["nodes"]) == ("IN_PRODUCTION", [])


def test_a_claim_may_name_the_time_of_which_it_speaks(empty: Store, tmp_path: Path) -> None:
    publish(empty, tmp_path, "a", "2024-03-01", stage=SIGNED)
    looking_back = CONSIDERED | {"point_in_time": "2023-12"}
    publish(empty, tmp_path, "b", "2025-06-01", stage=looking_back)
    found = procurement_of(empty)
    assert (found["stage"], found["conflicts"]["nodes"]) == ("SIGNED", [])
    first = found["progress"][0]
    assert (first["value"], first["earliest"], first["latest"]) == (
        "UNDER_CONSIDERATION",
        "2023-12-01",
        "2023-12-31",
    )


def test_a_plan_is_no_progress(empty: Store, tmp_path: Path) -> None:
    planned = stage("IN_PRODUCTION", "considers buying", basis="A test.", factuality="PLANNED")
    publish(empty, tmp_path, "a", "2024-03-01", stage=planned)
    publish(empty, tmp_path, "b", "2025-06-01", stage=SIGNED)
    found = procurement_of(empty)
    assert (found["stage"], found["conflicts"]["nodes"]) == ("SIGNED", [])
    assert found["progress"][0]["claims"]["nodes"] == [{"factuality": "PLANNED"}]


def test_an_assertion_and_its_denial_are_a_conflict(empty: Store, tmp_path: Path) -> None:
    publish(empty, tmp_path, "a", "2024-03-01", stage=SIGNED)
    denied = stage("SIGNED", "Alfa denied that it was signed", factuality="DENIED")
    publish(empty, tmp_path, "b", "2025-06-01", stage=denied)
    found = procurement_of(empty)
    assert found["stage"] == "SIGNED"
    [conflict] = found["conflicts"]["nodes"]
    assert [(each["value"], each["isDenied"]) for each in conflict["positions"]] == [
        ("SIGNED", False),
        ("SIGNED", True),
    ]


def test_a_part_and_its_denial_are_a_conflict(empty: Store, tmp_path: Path) -> None:
    buyer = {"actor": "party/alfa", "quote": "Alfa said that it considers buying"}
    quote = "Alfa denied that it was signed"
    denied = {**buyer, "quote": quote, "basis": "It denies that it buys.", "factuality": "DENIED"}
    for source, claimed in (("a", buyer), ("b", denied)):
        dossier = make(
            tmp_path / source,
            record("procurement/drones", "Drones", buyers=[claimed])
            | record("party/alfa", "Alfa", kind={"value": "STATE", "basis": "It buys."}),
            source=f"source/{source}",
            text=f"{source}\n{TEXT}",
        )
        empty.publish(dossier)
    found = procurement_of(empty)
    [conflict] = found["conflicts"]["nodes"]
    assert conflict["field"] == "BUYERS"
    assert [(each["isDenied"], each["isAccepted"]) for each in conflict["positions"]] == [
        (False, True),
        (True, False),
    ]


def test_a_denial_of_another_value_contradicts_nobody(empty: Store, tmp_path: Path) -> None:
    publish(empty, tmp_path, "a", "2024-03-01", stage=CONSIDERED)
    denied = stage("SIGNED", "Alfa denied that it was signed", factuality="DENIED")
    publish(empty, tmp_path, "b", "2025-06-01", stage=denied)
    found = procurement_of(empty)
    assert (found["stage"], found["conflicts"]["nodes"]) == ("UNDER_CONSIDERATION", [])


def date(edtf: str) -> Data:
    return {"value": {"edtf": edtf}, "quote": "in May 2024", "basis": "A test."}


def money(amount: str) -> Data:
    value = {"minimum": amount, "maximum": amount, "currency": "USD"}
    return {"value": value, "quote": "100000000 dollars", "basis": "A test."}


SAME = [
    ("value", money("100000000"), money("100000000.00")),
    ("value", money("0100"), money("100")),
    ("value", money("1.5"), money("1.50")),
    ("value", money("0"), money("-0")),
    ("ordered_on", date("2024-10"), date("2024-10-XX")),
    ("ordered_on", date("2024-36"), date("2024-10/2024-12")),
    ("ordered_on", date("2024-10-24"), date("2024-10-24 ")),
    ("ordered_on", date("2024-10-24"), date("2024-10-24/2024-10-24")),
    ("category", "caf\u00e9 drones", "cafe\u0301 drones"),
    ("category", "12\u00a0drones", "12 drones"),
    ("category", "12  drones", "12 drones"),
]


@pytest.mark.parametrize(("field", "one", "other"), SAME)
def test_what_means_one_value_is_no_conflict(
    empty: Store, tmp_path: Path, field: str, one: Any, other: Any
) -> None:
    for source, claimed in (("a", one), ("b", other)):
        coded = claimed if isinstance(claimed, dict) else {"value": claimed, "basis": "A test."}
        publish(empty, tmp_path, source, "2024-03-01", **{field: coded})
    assert procurement_of(empty)["conflicts"]["nodes"] == []


def test_one_sum_in_two_currencies_is_no_conflict(empty: Store, tmp_path: Path) -> None:
    won = {"minimum": "4500000000000", "maximum": "4500000000000", "currency": "KRW"}
    both = {"minimum": "3500000000", "maximum": "3500000000", "currency": "USD", "others": [won]}
    for source, value in (("a", both), ("b", won), ("c", {**won, "maximum": "5000000000000"})):
        claimed = {"value": value, "quote": "100000000 dollars", "basis": "A test."}
        publish(empty, tmp_path, source, "2024-03-01", value=claimed)
        contested = [conflict["field"] for conflict in procurement_of(empty)["conflicts"]["nodes"]]
        assert contested == (["VALUE"] if source == "c" else [])


@pytest.mark.parametrize("order", list(permutations(["2024", "2024-05", "2024-05-03"])))
def test_a_narrower_date_refines_a_wider_one(
    empty: Store, tmp_path: Path, order: tuple[str, ...]
) -> None:
    for index, edtf in enumerate(order):
        publish(empty, tmp_path, f"s{index}", f"202{index}", ordered_on=date(edtf))
    found = procurement_of(empty)
    assert (found["orderedOn"], found["conflicts"]["nodes"]) == ({"edtf": "2024-05-03"}, [])


def test_dates_that_lie_beside_each_other_are_a_conflict(empty: Store, tmp_path: Path) -> None:
    for index, edtf in enumerate(["2024", "2024-05", "2024-10"]):
        publish(empty, tmp_path, f"s{index}", f"202{index}", ordered_on=date(edtf))
    found = procurement_of(empty)
    assert found["orderedOn"] == {"edtf": "2024-05"}, "the first to speak of those that refine"
    [conflict] = found["conflicts"]["nodes"]
    assert len(conflict["positions"]) == 3


def test_words_stand_side_by_side(empty: Store, tmp_path: Path) -> None:
    publish(empty, tmp_path, "a", "2025", label={"quote": "12 drones"})
    publish(empty, tmp_path, "b", "2024", label={"quote": "drones"})
    found = procurement_of(empty)
    assert (found["label"], found["conflicts"]["nodes"]) == ("drones", [])


CLAIM = st.fixed_dictionaries(
    {
        "field": st.sampled_from(["stage", "orderedOn", "quantity", "label"]),
        "status": st.sampled_from(["KNOWN", "KNOWN", "VAGUE", "NOT_STATED"]),
        "factuality": st.sampled_from(
            ["ASSERTED", "REPORTED", "ALLEGED", "PLANNED", "HYPOTHETICAL", "DENIED"]
        ),
        "choice": st.integers(0, 3),
        "published": st.integers(1, 6),
        "time": st.integers(1, 6),
        "is_preferred": st.booleans(),
    }
)
VALUES: dict[str, list[Any]] = {
    "stage": ["MENTIONED", "SIGNED", "SUSPENDED", "DELIVERED"],
    "orderedOn": [{"edtf": each} for each in ("2024", "2024-05", "2024-05-03", "2025")],
    "quantity": [{"minimum": each, "maximum": each} for each in (1, 2, 3, 4)],
    "label": ["a", "b", "c", "d"],
}


def coded(drawn: list[Data]) -> tuple[list[Data], dict[str, Age]]:
    """Claims of one record and their ages; each has a source and an edition of its own."""
    claims, ages = [], {}
    for index, claim in enumerate(drawn):
        gives = claim["status"] in ("KNOWN", "VAGUE")
        value = json.dumps(VALUES[claim["field"]][claim["choice"]]) if gives else None
        id = f"claim/{index}"
        is_denied = gives and claim["factuality"] == "DENIED"
        claims.append(
            {
                "id": id,
                "record_id": "procurement/x",
                "field": claim["field"],
                "element_id": None,
                "element_field": None,
                "status": claim["status"],
                "factuality": claim["factuality"] if gives else None,
                "value": value,
                "origin": "STATED" if gives else None,
                "source_id": f"source/{index}",
                "is_preferred": claim["is_preferred"] and not is_denied,
                "is_accepted": False,
                "accepted_by": None,
                "conflict_key": None,
            }
        )
        # Sources of one day differ in their edition alone, which is the last tie-break.
        day = claim["published"] * 10 + index % 10
        ages[id] = Age((day, day), (claim["time"], claim["time"]), 1, index)
    return claims, ages


def row_of(claims: list[Data], ages: dict[str, Age]) -> dict[str, Any]:
    """The row that claims give, once they are resolved."""
    resolve_conflicts("procurement/x", claims, "tester", ages)
    row, _ = derive_row(known("procurement/x"), claims, ages)
    return row


@given(drawn=st.lists(CLAIM, max_size=10), order=st.randoms(use_true_random=False))
def test_in_whatever_order_claims_come_the_record_reads_the_same(
    drawn: list[Data], order: Any
) -> None:
    claims, ages = coded(drawn)
    before = row_of(claims, ages)
    accepted = {claim["id"]: (claim["is_accepted"], claim["conflict_key"]) for claim in claims}
    shuffled, _ = coded(drawn)
    order.shuffle(shuffled)
    assert row_of(shuffled, ages) == before
    assert accepted == {
        claim["id"]: (claim["is_accepted"], claim["conflict_key"]) for claim in shuffled
    }


STRENGTH = ["ASSERTED", "REPORTED", "ALLEGED", "PLANNED", "HYPOTHETICAL"]


@given(drawn=st.lists(CLAIM, max_size=10))
def test_the_strongest_fills_and_no_denial_does(drawn: list[Data]) -> None:
    claims, ages = coded(drawn)
    row_of(claims, ages)
    for field in VALUES:
        own = [claim for claim in claims if claim["field"] == field]
        giving = [claim for claim in own if claim["factuality"] and claim["status"] != "NOT_STATED"]
        accepted = [claim for claim in own if claim["is_accepted"]]
        assert len(accepted) <= 1
        for claim in accepted:
            assert claim["factuality"] != "DENIED"
            rivals = [each for each in giving if each["factuality"] != "DENIED"]
            if not any(each["is_preferred"] for each in own) and rivals:
                best = min(STRENGTH.index(each["factuality"]) for each in rivals)
                assert STRENGTH.index(claim["factuality"]) == best


@given(drawn=st.lists(CLAIM, max_size=10))
def test_an_assertion_and_a_denial_of_one_typed_value_are_a_conflict(drawn: list[Data]) -> None:
    claims, ages = coded(drawn)
    row_of(claims, ages)
    known_claims = [claim for claim in claims if claim["status"] == "KNOWN"]
    denied = {(c["field"], c["value"]) for c in known_claims if c["factuality"] == "DENIED"}
    for claim in known_claims:
        is_same = (claim["field"], claim["value"]) in denied
        if claim["factuality"] != "DENIED" and is_same and claim["field"] != "label":
            assert claim["conflict_key"]
        if claim["field"] == "label":
            assert claim["conflict_key"] is None


@given(
    rungs=st.lists(st.sampled_from([rung.value for rung in Stage]), min_size=1, max_size=8),
    days=st.lists(st.integers(1, 1000), min_size=8, max_size=8, unique=True),
)
def test_rungs_that_rise_with_time_never_conflict(rungs: list[str], days: list[int]) -> None:
    ladder = [rung.value for rung in Stage]
    drawn = [
        {
            "field": "stage",
            "status": "KNOWN",
            "factuality": "ASSERTED",
            "choice": 0,
            "published": 1,
            "time": 1,
            "is_preferred": False,
        }
        for _ in rungs
    ]
    claims, ages = coded(drawn)
    for claim, rung, day in zip(
        claims, sorted(rungs, key=ladder.index), sorted(days), strict=False
    ):
        claim["value"] = json.dumps(rung)
        ages[claim["id"]] = Age((day, day), (day, day), 1, 0)
    row = row_of(claims, ages)
    assert row["stage"].value == max(rungs, key=ladder.index)
    assert not any(claim["conflict_key"] for claim in claims)


SOURCES = {
    "a": ("2023", {"stage": CONSIDERED, "ordered_on": date("2024")}),
    "b": ("2024", {"stage": SIGNED, "ordered_on": date("2024-05"), "label": {"quote": "drones"}}),
    "c": (
        "2025",
        {
            "stage": stage("SIGNED", "Alfa denied that it was signed", factuality="DENIED"),
            "ordered_on": date("2024-10"),
            "label": {"quote": "12 drones"},
        },
    ),
}
ROW = """{ procurement(by: {slug: "drones"}) { stage label orderedOn { stated edtf }
  claims(first: 100) { nodes { id value isAccepted conflictKey } }
  conflicts { nodes { id field } } } }"""


def test_the_order_of_publishing_changes_nothing(stores: Stores, tmp_path: Path) -> None:
    answers: list[Any] = []
    for order in permutations(SOURCES):
        store = stores.make(seeded=False)
        for source in order:
            published, fields = SOURCES[source]
            publish(store, tmp_path / "".join(order), source, published, **fields)
        assert store.check().findings == []
        answers.append(store.ask(ROW))
        stores.drop(store)
    assert all(answer == answers[0] for answer in answers)
    record_read = answers[0]["procurement"]
    assert (record_read["stage"], record_read["orderedOn"]["edtf"]) == ("SIGNED", "2024-05")
    assert {conflict["field"] for conflict in record_read["conflicts"]["nodes"]} == {
        "STAGE",
        "ORDERED_ON",
    }
