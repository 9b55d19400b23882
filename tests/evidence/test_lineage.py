"""Lineages and positions: a copy is no second witness, and all who disagree stand side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from schema.errors import DossierRefusedError
from schema.storage.engine import writer
from tests.support.contradicting_sources import (
    SECOND_EDITION,
    SECOND_SOURCE,
    SEED_EDITION,
    SEED_SOURCE,
    THIRD_SOURCE,
    WIRE_SOURCE,
)
from tests.support.databases import Store
from tests.support.dossier_factory import Data, make, pact

DRONES = "procurement/south-korea-polish-drones"
CONFLICTS = """query ($id: ID!, $asOf: AsOf) { procurement(by: {id: $id}, asOf: $asOf) {
  lineageCount
  conflicts {
    nodes { id field accepted { id }
      positions { id value stated isAccepted lineageCount sources { nodes { id } }
      claims { nodes { status source { id } } } }
      silences { nodes { status source { id } } }
    }
  }
} }"""


def chained(
    folder: Path, source: str, derived_from: str | None, records: Data | None = None
) -> Any:
    """A dossier of the pact whose text was made from another."""
    given: Any = (
        {} if derived_from is None else {"derived_from": {"value": derived_from, "basis": "."}}
    )
    return make(folder / source, records, source=f"source/{source}", **given)


def publish_chain(store: Store, folder: Path) -> None:
    """One text, two made from it one after the other, and one of its own."""
    store.publish(chained(folder, "first", None))
    store.publish(chained(folder, "second", "source/first"))
    store.publish(chained(folder, "third", "source/second"))
    other = pact()
    other["agreement/alfa-bravo"]["signed_on"] = {
        "value": {"edtf": "2024-05-04"},
        "quote": "4 May 2024",
    }
    store.publish(chained(folder, "other", None, other))


def test_a_source_stands_in_the_lineage_of_the_one_at_its_head(press: Store) -> None:
    sources = press.ask("{ sources { nodes { id lineage { id publisher } } } }")["sources"]["nodes"]
    head = {source["id"]: source["lineage"]["id"] for source in sources}
    assert head.pop(WIRE_SOURCE) == SECOND_SOURCE
    assert head == {source: source for source in head}


def test_a_chain_leads_to_its_head(empty: Store, tmp_path: Path) -> None:
    publish_chain(empty, tmp_path)
    sources = empty.ask("{ sources { nodes { id lineage { id } } } }")["sources"]["nodes"]
    assert {source["id"]: source["lineage"]["id"] for source in sources} == {
        "source/first": "source/first",
        "source/other": "source/other",
        "source/second": "source/first",
        "source/third": "source/first",
    }
    query = """{ agreement(by: {slug: "alfa-bravo"}) { lineageCount conflicts { nodes {
      field positions { value isAccepted lineageCount sources { nodes { id } } } } } } }"""
    assert empty.ask(query)["agreement"] == {
        "lineageCount": 2,
        "conflicts": {
            "nodes": [
                {
                    "field": "SIGNED_ON",
                    "positions": [
                        {
                            "value": {"edtf": "2024-05-03"},
                            "isAccepted": True,
                            "lineageCount": 1,
                            "sources": {
                                "nodes": [
                                    {"id": "source/first"},
                                    {"id": "source/second"},
                                    {"id": "source/third"},
                                ]
                            },
                        },
                        {
                            "value": {"edtf": "2024-05-04"},
                            "isAccepted": False,
                            "lineageCount": 1,
                            "sources": {"nodes": [{"id": "source/other"}]},
                        },
                    ],
                }
            ]
        },
    }


def test_contradicting_numbers_stand_side_by_side(press: Store) -> None:
    found = press.ask(CONFLICTS, id=DRONES)["procurement"]
    assert found["lineageCount"] == 3
    conflict = next(each for each in found["conflicts"]["nodes"] if each["field"] == "QUANTITY")
    about, fewer = conflict["positions"]  # who asserts comes before who reports
    assert fewer["id"].startswith(f"position/{DRONES}#quantity=")
    assert (fewer["value"], fewer["stated"], fewer["isAccepted"], fewer["lineageCount"]) == (
        {"certainty": "AT_MOST", "maximum": 199},
        "fewer than 200 drones",
        False,
        1,
    )
    assert fewer["sources"]["nodes"] == [{"id": SECOND_SOURCE}, {"id": WIRE_SOURCE}]
    assert [claim["source"] for claim in fewer["claims"]["nodes"]] == fewer["sources"]["nodes"]
    assert (about["stated"], about["isAccepted"], about["lineageCount"]) == ("about 200", True, 1)
    assert about["sources"]["nodes"] == [{"id": THIRD_SOURCE}]
    silences = {(claim["status"], claim["source"]["id"]) for claim in conflict["silences"]["nodes"]}
    assert silences == {("NOT_STATED", SEED_SOURCE), ("WITHHELD", WIRE_SOURCE)}


def test_what_is_too_vague_stands_beside_the_days(press: Store) -> None:
    query = """{ event(by: {slug: "presidents-meeting"}) { conflicts {
  nodes { field
        positions { stated value lineageCount } silences { nodes { status stated source { id } } }
  }
    } } }"""
    conflicts = press.ask(query)["event"]["conflicts"]["nodes"]
    days = next(each for each in conflicts if each["field"] == "HAPPENED_ON")
    assert days["positions"] == [
        {"stated": "on Thursday", "value": {"edtf": "2024-10-24"}, "lineageCount": 1},
        {"stated": "on 23 October", "value": {"edtf": "2024-10-23"}, "lineageCount": 1},
    ]
    vague = {"status": "VAGUE", "stated": "on Thursday", "source": {"id": SEED_SOURCE}}
    assert days["silences"]["nodes"] == [vague]


def test_before_the_second_text_there_is_one_lineage(press: Store) -> None:
    counts = {
        edition: press.ask(CONFLICTS, id=DRONES, asOf={"edition": edition})["procurement"]
        for edition in range(SEED_EDITION, SECOND_EDITION + 3)
    }
    assert [found["lineageCount"] for found in counts.values()] == [1, 2, 2, 3]
    assert [len(found["conflicts"]["nodes"]) for found in counts.values()] == [0, 0, 0, 2]


def test_lineages_and_positions_take_the_same_number_of_statements(
    press: Store, empty: Store, tmp_path: Path
) -> None:
    publish_chain(empty, tmp_path)
    inner = "sources { nodes { id lineage { id } lineageCount } }"
    listing = f"{{ agreements {{ nodes {{ lineageCount {inner} }} }} }}"
    one, many = empty.answer(listing), press.answer(listing.replace("agreements", "events"))
    assert len(one.statements) == len(many.statements)
    inside = """conflicts { nodes {
      positions { claims { nodes { id } } sources { nodes { id } } lineageCount }
      silences { nodes { id } } } }"""
    one = press.answer(
        f"query ($id: ID!) {{ procurement(by: {{id: $id}}) {{ {inside} }} }}", id=DRONES
    )
    many = press.answer(f"{{ events {{ nodes {{ {inside} }} }} }}")
    assert not one.errors
    assert len(one.statements) == len(many.statements)


def test_a_source_is_never_made_from_itself(empty: Store, tmp_path: Path) -> None:
    publish_chain(empty, tmp_path)
    with pytest.raises(DossierRefusedError) as refused:
        empty.publish(chained(tmp_path, "first", "source/third"))
    [finding] = refused.value.findings
    assert finding.wrong == (
        "it would be made from itself: source/first → source/third → source/second → source/first."
    )
    with pytest.raises(DossierRefusedError):
        empty.publish(chained(tmp_path, "other", "source/other"))
    assert empty.check().findings == []


def test_a_circle_that_stands_all_the_same_is_found_and_hangs_nothing(
    empty: Store, tmp_path: Path
) -> None:
    publish_chain(empty, tmp_path)
    engine = writer(empty.url)
    with engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE source SET derived_from_id = 'source/third' WHERE id = 'source/first'")
        )
    engine.dispose()
    sources = empty.ask("{ sources { nodes { id lineage { id } } } }")["sources"]["nodes"]
    assert all(source["id"] == source["lineage"]["id"] for source in sources)
    circles = [finding for finding in empty.check().findings if "made from itself" in finding]
    assert circles[0] == (
        "source/first is made from itself: "
        "source/first → source/third → source/second → source/first."
    )
    assert len(circles) == 3
