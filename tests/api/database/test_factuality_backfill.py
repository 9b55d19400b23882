"""The migration that says how sure records are: what it fills in is what publishing works out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from api.database.migrate import migrate
from schema.model.registry import nouns, table_of
from tests.support.databases import Store, Stores
from tests.support.dossier_factory import Data, make, record

TEXT = """Alfa ordered 12 drones and plans 20 drones. Charlie said 30 drones, Alfa denied it.
In 2026 production may begin. Treaty no. 7 was signed, some claim.
"""
BEFORE = "0011"


def claim(quote: str, factuality: str, value: Any = None) -> Data:
    given = {"quote": quote, "factuality": factuality}
    return given if value is None else {"value": value, **given}


def number(least: int, factuality: str) -> Data:
    return claim(f"{least} drones", factuality, {"minimum": least, "maximum": least})


def dossiers() -> list[tuple[str, Data]]:
    """Claims of every factuality, of records and parts, which change from edition to edition."""
    begins = claim("production may begin", "HYPOTHETICAL")
    milestone = {
        **begins,
        "stage": {**begins, "value": "IN_PRODUCTION"},
        "reached_on": "NOT_STATED",
    }
    buyer = {"actor": "party/alfa", **claim("Alfa ordered", "ALLEGED")}
    seller = {"actor": "party/alfa", "stated_as": "Alfa"}
    first = (
        record("party/alfa", "Alfa", name=claim("Alfa", "ASSERTED") | {"quote": "Alfa ordered"})
        | record("procurement/a", "A", quantity=number(20, "PLANNED"), buyers=[buyer])
        | record(
            "procurement/b",
            "B",
            claims=[
                claim("Alfa denied it", "DENIED") | {"basis": "It is what is denied."},
                claim("plans", "REPORTED") | {"basis": "It is what is planned."},
            ],
            quantity=number(12, "ASSERTED"),
            milestones=[milestone],
        )
        | record("procurement/c", "C", category=claim("drones.", "ALLEGED", "drones"))
    )
    amended = first | record("procurement/a", "A", quantity=number(12, "REPORTED"), buyers=[buyer])
    other = record(
        "procurement/a",
        "A",
        claims=[claim("Charlie said 30 drones", "HYPOTHETICAL")],
        quantity=number(30, "DENIED"),
    ) | record("procurement/c", "C", category=claim("drones.", "PLANNED", "drones."))
    table = {
        "agreement/seven": {
            "title": "Treaty no. 7",
            "claims": [{**claim("Treaty no. 7 was signed", "ALLEGED"), "origin": "IMPORTED"}],
            "imported": {"label": "Treaty no. 7"},
            "parties": [seller],
        }
    }
    return [("first", first), ("first", amended), ("other", other), ("table", table)]


def test_what_is_filled_in_is_what_publishing_works_out(empty: Store, tmp_path: Path) -> None:
    for place, (source, records) in enumerate(dossiers()):
        folder = tmp_path / str(place)
        empty.publish(make(folder, records, source=f"source/{source}", text=TEXT))
    assert not empty.check().findings
    query = """{ procurements { nodes { id factuality milestones { factuality }
      buyers { factuality } } } agreements { nodes { factuality parties { factuality } } } }"""
    values = empty.ask(query)
    assert values["agreements"]["nodes"] == [
        {"factuality": "ALLEGED", "parties": [{"factuality": "ALLEGED"}]}
    ]
    assert [node["factuality"] for node in values["procurements"]["nodes"]] == [
        "HYPOTHETICAL",
        "REPORTED",
        "ALLEGED",
    ]
    migrate(empty.url, BEFORE)
    migrate(empty.url)
    assert empty.ask(query) == values
    assert not empty.check().findings


def test_the_seed_is_as_sure_after_it(stores: Stores) -> None:
    store = stores.make(seeded=True)
    before = sure(store)
    migrate(store.url, BEFORE)
    migrate(store.url)
    after = sure(store)
    assert len(after) > 300
    assert after == {key: before[key] for key in after}, "lifetimes and members alone are gone"
    assert not store.check().findings
    stores.drop(store)


def sure(store: Store) -> dict[tuple[str, int], tuple[Any, Any]]:
    """How sure each version of each record is, but for the names of states, which are many."""
    found: dict[tuple[str, int], tuple[Any, Any]] = {}
    with store.connect() as connection:
        for noun in nouns().values():
            table = table_of(noun)
            if "hedged_fields" in table.c and not noun.is_name:
                columns = (table.c.id, table.c.since, table.c.factuality, table.c.hedged_fields)
                for id, since, *rest in connection.execute(sa.select(*columns)):
                    found[id, since] = (rest[0], rest[1])
    return found
