"""Denials and hedges: what is denied fills nothing, and what is surer outranks what is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from api.page.claims import reasons
from schema.dossiers.reader import read_dossier
from schema.errors import DossierRefusedError
from schema.model.field_names import field_names
from schema.publishing.acceptance import resolve_conflicts
from schema.publishing.ages import Age
from schema.storage.engine import connected
from tests.support.databases import Store
from tests.support.dossier_factory import Data, line, make, record

TEXT = (
    "Alfa ordered 12 drones from Bravo. Charlie said 20 drones, and Alfa denied ordering 30 drones."
)
NUMBERS = {12: "12 drones", 20: "20 drones", 30: "30 drones"}
ORDER = ["ASSERTED", "REPORTED", "ALLEGED", "PLANNED", "HYPOTHETICAL"]
QUERY = """{ procurement(by: {slug: "drones"}) {
  quantity { minimum } unknowns(first: 100) { nodes { field } }
  claims(field: QUANTITY) { nodes { factuality isAccepted acceptedBy source { id } } }
  conflicts { nodes { field positions { value } } }
  statistics: milestones { stage } buyers { actor { id } }
} }"""


def told(number: int, factuality: str = "ASSERTED", **more: Any) -> Data:
    """A claim that so many drones were ordered."""
    value = {"minimum": number, "maximum": number}
    return {"value": value, "quote": NUMBERS[number], "factuality": factuality, **more}


def drones(**fields: Any) -> Data:
    """A purchase of drones."""
    return record("procurement/drones", "Drones", **fields)


def publish(store: Store, folder: Path, records: Data, source: str) -> None:
    store.publish(make(folder / source, records, source=f"source/{source}", text=TEXT))


def quantity(store: Store) -> tuple[int | None, dict[str, Any]]:
    """How many drones the record holds, and all that is asked of it."""
    found = store.ask(QUERY)["procurement"]
    return (found["quantity"] or {}).get("minimum"), found


def refused(store: Store, folder: Path) -> list[tuple[int, str, str]]:
    """What is wrong with a dossier; the database must stay as it was."""
    before = store.dump()
    with pytest.raises(DossierRefusedError) as caught:
        store.publish(folder)
    assert store.dump() == before
    return [(each.line, each.field, f"{each.wrong} {each.right}") for each in caught.value.findings]


def test_a_denied_value_fills_nothing_and_counts_nowhere(empty: Store, tmp_path: Path) -> None:
    publish(empty, tmp_path, drones(quantity=told(30, "DENIED")), "a")
    number, found = quantity(empty)
    assert number is None
    [claim] = found["claims"]["nodes"]
    assert (claim["factuality"], claim["isAccepted"], claim["acceptedBy"]) == (
        "DENIED",
        False,
        None,
    )
    sums = "{ statistics(where: {nouns: [PROCUREMENT]}) { total { quantity { count without } } } }"
    assert empty.ask(sums)["statistics"]["total"]["quantity"] == {"count": 0, "without": 1}
    some = "{ procurements(where: {quantity: {from: 1}}) { totalCount } }"
    assert empty.ask(some)["procurements"]["totalCount"] == 0
    assert not empty.check().findings


def test_a_page_tells_that_a_field_is_denied(empty: Store, tmp_path: Path) -> None:
    buyer = {"actor": "party/alfa", "quote": "Alfa denied ordering", "factuality": "DENIED"}
    records = drones(quantity=told(30, "DENIED"), buyers=[buyer])
    publish(empty, tmp_path, records | record("party/alfa", "Alfa"), "a")
    told_of = "{ nodes { field elementField element { id } isAccepted status factuality } }"
    query = f'{{ procurement(by: {{slug: "drones"}}) {{ claims(first: 100) {told_of} }} }}'
    claims = empty.ask(query)["procurement"]["claims"]["nodes"]
    names = field_names().__members__
    claims = [each | {"field": each["field"] and names[each["field"]].value} for each in claims]
    found = reasons(claims, is_link=False)
    assert (found["quantity"], found["buyers"], found["value"]) == (
        "Denied",
        "Denied",
        "Not stated",
    )


def test_a_denial_gives_way_to_whoever_gives_a_value(empty: Store, tmp_path: Path) -> None:
    publish(empty, tmp_path, drones(quantity=told(30, "DENIED")), "a")
    publish(empty, tmp_path, drones(quantity=told(12, "HYPOTHETICAL")), "b")
    number, found = quantity(empty)
    assert (number, found["conflicts"]["nodes"]) == (12, [])
    publish(empty, tmp_path, drones(quantity="NOT_STATED"), "b")
    number, found = quantity(empty)
    assert number is None
    assert {"field": "QUANTITY"} in found["unknowns"]["nodes"], "the silence is the reason"
    assert not empty.check().findings


def test_a_plan_never_outranks_an_assertion(empty: Store, tmp_path: Path) -> None:
    for index, factuality in enumerate(reversed(ORDER)):
        number = [12, 20, 30][index % 3]
        publish(empty, tmp_path, drones(quantity=told(number, factuality)), f"s{index}")
        assert quantity(empty)[0] == number, factuality
        assert not empty.check().findings
    publish(empty, tmp_path, drones(quantity=told(30, "ASSERTED")), "later")
    assert quantity(empty)[0] == 20, "of two that are equally sure the first to speak"


CLAIM = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["KNOWN", "VAGUE", "NOT_STATED", "WITHHELD"]),
        "factuality": st.sampled_from([*ORDER, "DENIED"]),
        "is_preferred": st.booleans(),
        "value": st.sampled_from(["1", "2"]),
        "age": st.integers(1, 3),
    }
)


@given(drawn=st.lists(CLAIM, min_size=1, max_size=6))
def test_no_denial_fills_a_field_and_nothing_weaker_than_another_claim(drawn: list[Data]) -> None:
    claims = [
        {
            **claim,
            "id": str(index),
            "factuality": claim["factuality"] if claim["status"] in GIVING else None,
            "value": claim["value"] if claim["status"] in GIVING else None,
            "record_id": "procurement/x",
            "element_id": None,
            "field": "QUANTITY",
            "origin": "STATED",
            "is_accepted": False,
        }
        for index, claim in enumerate(drawn)
    ]
    ages = {
        claim["id"]: Age((claim["age"],) * 2, (claim["age"],) * 2, claim["age"], claim["age"])
        for claim in claims
    }
    resolve_conflicts("procurement/x", claims, "tester", ages)
    filling = [claim for claim in claims if claim["factuality"] != "DENIED"]
    accepted = [claim for claim in claims if claim["is_accepted"]]
    assert len(accepted) == min(1, len(filling))
    for claim in accepted:
        preferred = [each for each in filling if each["is_preferred"]]
        assert claim in (preferred or filling)
        assert preferred or rank(claim) == min(map(rank, filling))
    contested = [claim for claim in claims if claim["conflict_key"]]
    known = [claim for claim in filling if claim["status"] == "KNOWN"]
    values = {claim["value"] for claim in known}
    denied = [
        claim
        for claim in claims
        if claim["status"] == "KNOWN" and claim not in filling and claim["value"] in values
    ]
    one_and_all = [claim for claim in claims if claim in known or claim in denied]
    assert contested == (one_and_all if denied or len(values) > 1 else [])


GIVING = ("KNOWN", "VAGUE")


def rank(claim: Data) -> tuple[bool, int, bool, int]:
    """Where a claim stands among its rivals."""
    is_silent = claim["status"] not in GIVING
    sure = 0 if is_silent else ORDER.index(claim["factuality"])
    return is_silent, sure, claim["status"] == "VAGUE", claim["age"]


def test_an_editor_prefers_whatever_gives_a_value(empty: Store, tmp_path: Path) -> None:
    publish(empty, tmp_path, drones(quantity=told(12)), "a")
    publish(empty, tmp_path, drones(quantity=told(20, "PLANNED", preferred=True)), "b")
    assert quantity(empty)[0] == 20
    folder = make(
        tmp_path / "c",
        drones(quantity=told(30, "DENIED", preferred=True)),
        source="source/c",
        text=TEXT,
    )
    assert refused(empty, folder) == [
        (
            line(folder, "quantity:"),
            "quantity",
            (
                "no editor can prefer a denial, because it fills nothing. "
                "Leave out `preferred`, or prefer the claim that gives the value."
            ),
        )
    ]


def test_a_row_of_a_data_set_is_weighed_like_any_claim(empty: Store, tmp_path: Path) -> None:
    def row(number: int, factuality: str) -> Data:
        imported = {"quantity": {"minimum": number}, "label": "drones"}
        whole = {"origin": "IMPORTED", "quote": NUMBERS[number], "factuality": factuality}
        return {"procurement/drones": {"title": "D", "imported": imported, "claims": [whole]}}

    publish(empty, tmp_path, row(30, "PLANNED"), "z")
    publish(empty, tmp_path, row(20, "ASSERTED"), "a")
    assert quantity(empty)[0] == 20
    publish(empty, tmp_path, drones(quantity=told(12, "HYPOTHETICAL")), "b")
    number, found = quantity(empty)
    assert (number, [claim["isAccepted"] for claim in found["claims"]["nodes"]]) == (20, [False])
    publish(empty, tmp_path, drones(quantity=told(12)), "b")
    assert quantity(empty)[0] == 12
    assert not empty.check().findings


def test_a_denied_row_of_a_data_set_gives_and_covers_nothing(empty: Store, tmp_path: Path) -> None:
    records = {
        "procurement/drones": {
            "title": "D",
            "imported": {"quantity": {"minimum": 30}},
            "claims": [{"origin": "IMPORTED", "quote": "30 drones", "factuality": "DENIED"}],
            "buyers": [{"actor": "party/alfa"}],
        }
    }
    folder = make(tmp_path, records | record("party/alfa", "Alfa"), text=TEXT)
    found = {field for _, field, _ in refused(empty, folder)}
    assert {"buyers", "procurement/drones", "procurement/drones quantity"} <= found


PARTIES = record("party/alfa", "Alfa") | record("party/bravo", "Bravo")


def test_a_denied_part_is_no_part(empty: Store, tmp_path: Path) -> None:
    buyer = {
        "actor": "party/alfa",
        "quote": "Alfa denied ordering 30 drones",
        "factuality": "DENIED",
    }
    arrived = {
        "quote": "Alfa denied ordering 30 drones",
        "basis": "What was never ordered never arrived.",
        "factuality": "DENIED",
        "stage": {"value": "DELIVERED", "quote": "30 drones"},
        "reached_on": "NOT_STATED",
    }
    seller = {"actor": "party/bravo", "quote": "from Bravo"}
    records = PARTIES | drones(buyers=[buyer], milestones=[arrived], suppliers=[seller])
    publish(empty, tmp_path, records, "a")
    answer = empty.ask("""{ procurement(by: {slug: "drones"}) {
      buyers { id } milestones { id } involvements { nodes { actor { ... on Party { id } } } }
      claims(first: 100) { nodes { field value factuality isAccepted element { __typename } } } }
      relationship(between: ["party/alfa", "party/bravo"]) { ties { totalCount } }
      procurements(where: {involves: {actor: "party/alfa"}}) { totalCount } }""")
    assert answer["procurement"]["buyers"] == answer["procurement"]["milestones"] == []
    assert answer["procurement"]["involvements"]["nodes"] == [{"actor": {"id": "party/bravo"}}]
    assert answer["relationship"]["ties"]["totalCount"] == 0
    assert answer["procurements"]["totalCount"] == 0
    denied = {
        claim["field"]: (claim["value"], claim["isAccepted"], claim["element"])
        for claim in answer["procurement"]["claims"]["nodes"]
        if claim["factuality"] == "DENIED"
    }
    assert denied == {
        "BUYERS": ({"actor": "party/alfa", "role": "BUYER"}, False, None),
        "MILESTONES": ({"stage": "DELIVERED"}, False, None),
    }
    assert not empty.check().findings


def test_a_part_that_one_source_denies_stands_by_the_other(empty: Store, tmp_path: Path) -> None:
    buyer = {"actor": "party/alfa", "quote": "Alfa ordered"}
    denied = buyer | {"quote": "Alfa denied ordering", "factuality": "DENIED"}
    publish(empty, tmp_path, PARTIES | drones(buyers=[buyer]), "a")
    publish(empty, tmp_path, PARTIES | drones(buyers=[denied]), "b")
    assert quantity(empty)[1]["buyers"] == [{"actor": {"id": "party/alfa"}}]
    publish(empty, tmp_path, PARTIES | drones(), "a")
    assert quantity(empty)[1]["buyers"] == []
    assert not empty.check().findings


def test_a_part_that_is_hedged_needs_evidence_of_its_own(tmp_path: Path) -> None:
    records = {
        "procurement/drones": {
            "title": "D",
            "imported": {"label": "drones"},
            "claims": [{"origin": "IMPORTED", "quote": "12 drones"}],
            "buyers": [{"actor": "party/alfa", "factuality": "DENIED"}],
        }
    }
    [finding] = read_dossier(make(tmp_path, records, text=TEXT)).findings
    assert (finding.field, finding.wrong) == (
        "buyers",
        "a value that the source states needs a quote.",
    )


def test_a_record_that_is_only_denied_is_refused(empty: Store, tmp_path: Path) -> None:
    whole = {"quote": "Alfa denied ordering 30 drones", "factuality": "DENIED"}
    folder = make(
        tmp_path / "b", drones(claims=[whole], quantity=told(30)), source="source/b", text=TEXT
    )
    right = (
        "it is only denied, and would count as a fact. Code who denies it as a statement, and "
        "leave the record out until a source affirms it."
    )
    assert refused(empty, folder) == [
        (line(folder, "procurement/drones:"), "procurement/drones", right)
    ]
    publish(empty, tmp_path, drones(quantity=told(12)), "a")
    empty.publish(folder)
    assert quantity(empty)[0] == 12
    withdrawn = make(tmp_path / "a", {}, source="source/a", text=TEXT)
    assert [each[1:] for each in refused(empty, withdrawn)] == [("procurement/drones", right)]


def test_a_row_that_needs_a_value_is_refused_without_it(empty: Store, tmp_path: Path) -> None:
    milestone = {"key": "x", "quote": "12 drones", "reached_on": "NOT_STATED"}
    for stage in ("NOT_STATED", {"value": "SIGNED", "quote": "ordered", "factuality": "DENIED"}):
        folder = make(tmp_path, drones(milestones=[milestone | {"stage": stage}]), text=TEXT)
        assert refused(empty, folder) == [
            (
                line(folder, "key: x"),
                "milestone/procurement.drones.x stage",
                (
                    "it holds nothing, and there is none without it. "
                    "Give it a value, or leave the milestone out."
                ),
            )
        ]


def damaged(store: Store, *statements: str) -> list[str]:
    """What check finds in a database that an older release filled."""
    with connected(store.url, writes=True) as connection, connection.begin():
        for statement in statements:
            assert connection.execute(sa.text(statement)).rowcount, statement
    return findings(store)


def findings(store: Store) -> list[str]:
    """What check finds, but for texts that are not folded anew when a database is damaged."""
    return [finding for finding in store.check().findings if "its folded text" not in finding]


def test_what_an_older_release_accepted_is_found_and_mended(empty: Store, tmp_path: Path) -> None:
    publish(empty, tmp_path, drones(quantity=told(30, "PLANNED")), "a")
    publish(empty, tmp_path, drones(quantity=told(12)), "b")
    held = dict(
        enumerate(empty.ask("{ claims(first: 100) { nodes { id stated } } }")["claims"]["nodes"])
    )
    plan = next(claim["id"] for claim in held.values() if claim["stated"] == "30 drones")
    fact = next(claim["id"] for claim in held.values() if claim["stated"] == "12 drones")
    found = damaged(
        empty,
        f"UPDATE claim SET is_accepted = (id = '{plan}') WHERE id IN ('{plan}', '{fact}')",
        "UPDATE procurement SET quantity_minimum = 30, quantity_maximum = 30, "
        "quantity_stated = '30 drones', hedged_fields = ' quantity ' WHERE until IS NULL",
    )
    assert found == [
        (
            f"procurement/drones: by the rules of evidence {fact} fills quantity, not {plan}. "
            "Publish the dossier of source/a again."
        )
    ]
    publish(empty, tmp_path, drones(quantity=told(30, "PLANNED")), "a")
    assert quantity(empty)[0] == 12
    assert not findings(empty)


def test_a_denial_that_an_older_release_accepted_is_mended(empty: Store, tmp_path: Path) -> None:
    records = PARTIES | drones(
        quantity=told(30, "DENIED"),
        buyers=[{"actor": "party/alfa", "quote": "Alfa denied ordering"}],
    )
    publish(empty, tmp_path, records, "a")
    whole = "element_id IS NOT NULL"
    found = damaged(
        empty,
        f"UPDATE claim SET factuality = 'DENIED' WHERE {whole}",
        "UPDATE claim SET is_accepted = true WHERE factuality = 'DENIED'",
        "UPDATE procurement SET quantity_minimum = 30",
    )
    link = "involvement/procurement.drones.buyer.party-alfa"
    assert any("no claim fills quantity, not claim/a." in finding for finding in found)
    assert f"{link}: it is only denied, and counts as a fact. " in " ".join(found)
    publish(empty, tmp_path, drones(quantity="NOT_STATED"), "b")  # touches it, and is not stuck
    assert quantity(empty)[0] is None
    records["procurement/drones"]["buyers"][0]["factuality"] = "DENIED"
    publish(empty, tmp_path, records, "a")
    assert quantity(empty)[1]["buyers"] == []
    assert not findings(empty)


def test_a_record_that_an_older_release_only_denied_is_mended(empty: Store, tmp_path: Path) -> None:
    whole = {"quote": "Alfa denied ordering 30 drones"}
    publish(empty, tmp_path, drones(claims=[whole]), "a")
    [finding] = damaged(
        empty,
        "UPDATE claim SET factuality = 'DENIED', is_accepted = false, accepted_by = NULL "
        "WHERE field IS NULL",
        "UPDATE procurement SET factuality = 'DENIED'",
    )
    assert finding == (
        "procurement/drones: it is only denied, and counts as a fact. Leave it out. "
        "Publish the dossier of source/a again, with who denies it as a statement."
    )
    spoken = record("statement/denial", "A denial", act={"value": "DENY", "quote": "denied"})
    publish(empty, tmp_path, spoken, "a")
    assert empty.ask('{ node(id: "procurement/drones") { id } }') == {"node": None}
    assert not findings(empty)
