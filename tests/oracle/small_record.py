"""A small record in nine editions: states, the seed's article, the press, a pact that changes."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from api.database.seeding import SEED
from schema.model.registry import nouns
from schema.publishing.derived_row import row_fields
from schema.storage.engine import connected
from tests.support import dossier_factory
from tests.support.contradicting_sources import PRESS
from tests.support.databases import NOW, Store

STATES = {"Poland": "POL", "South Korea": "KOR", "North Korea": "PRK", "Russia": "RUS"}
STATES |= {"Ukraine": "UKR"}
LINES = "".join(f"{code}\t{name}\n" for name, code in STATES.items())
ORDER = "Alfa ordered 2000000000 rounds and 12 launchers from Bravo for 5 million euros in 2024.\n"
ORDER += "Alfa joined the League in 2020. The state of Oldland ended in 1991; "
ORDER += "Bravo and Alfa followed it.\n"


def publish_record(store: Store, folder: Path) -> None:
    """Publishes it, and leaves in it what no publication does."""
    publish_editions(store, folder)
    _spoil(store)


def publish_editions(store: Store, folder: Path) -> None:
    """Publishes each text as an edition of its own, one hour after the one before."""
    drafts = [states(folder / "states"), SEED, *PRESS, dossier_factory.make(folder / "pact")]
    drafts += [order(folder / "order"), _amended(folder / "amended"), _retracted(folder / "last")]
    for edition, draft in enumerate(drafts, 1):
        done = store.publish(draft, now=published_at(edition))
        assert done.edition == edition


def _spoil(store: Store) -> None:
    """Leaves what no publication does: a number over 32 bits, words nowhere, a part of nobody."""
    with connected(store.url, writes=True) as connection, connection.begin():
        for change in (
            "procurement SET quantity_minimum = 3000000000 WHERE id = 'procurement/rounds'",
            "passage SET start = 3000000000 WHERE claim_id LIKE 'claim/order.%.rounds.stage.%'",
            "involvement SET actor_id = 'official/anna-kowalska' WHERE stated_as = 'Bravo'",
        ):
            assert connection.execute(sa.text(f"UPDATE {change}")).rowcount


def published_at(edition: int) -> datetime.datetime:
    """When an edition is published."""
    return NOW + datetime.timedelta(hours=edition)


def states(folder: Path) -> Path:
    """Five states, each with its name and its code."""
    records: dossier_factory.Data = {}
    for name, code in STATES.items():
        row = {"exact": name, "prefix": f"{code}\t"}
        records |= dossier_factory.record(
            f"party/{name.lower().replace(' ', '-')}",
            name,
            kind={"value": "STATE", "basis": "It has a code."},
            name={"quote": row},
            names=[{"text": name, "language": "en", "kind": "COMMON", "basis": "It is English."}],
            identifiers=[{"scheme": "ISO 3166-1 alpha-3", "value": code, "quote": code}],
        )
    return dossier_factory.make(folder, records, source="source/states", text=LINES)


def order(folder: Path) -> Path:
    """A procurement with an item and a delivery, of a source whose text nobody may show."""
    records = dossier_factory.record(
        "procurement/rounds",
        "Rounds for Alfa",
        stage={"value": "SIGNED", "quote": "ordered"},
        quantity={
            "value": {"minimum": 2_000_000_000, "certainty": "AT_LEAST"},
            "quote": "2000000000 rounds",
            "basis": "More may follow.",
        },
        value={
            "value": {"minimum": "5000000.50", "maximum": "6000000", "currency": "EUR"},
            "quote": "5 million euros",
            "basis": "With the cost of carriage.",
        },
        ordered_on={"value": {"edtf": "2024"}, "quote": "2024"},
        buyers=[{"actor": "party/alfa", "stated_as": "Alfa", "quote": "Alfa ordered"}],
        suppliers=[{"actor": "party/bravo", "stated_as": "Bravo", "quote": "from Bravo"}],
        items=[_part("Item", label={"quote": "launchers"}, quote="12 launchers")],
        deliveries=[_part("Delivery", key="all", quote="in 2024", basis="A lot.")],
    )
    joined = "Alfa joined the League in 2020"
    records |= dossier_factory.record(
        "party/league",
        "The League",
        kind={"value": "ALLIANCE", "quote": "League"},
        members=[
            _part(
                "Membership",
                member={"value": "party/alfa", "quote": joined},
                started_on={"value": {"edtf": "2020"}, "quote": "in 2020"},
                quote=joined,
            )
        ],
    )
    followed = "Oldland ended in 1991; Bravo and Alfa followed it"
    records |= dossier_factory.record(
        "party/oldland",
        "Oldland",
        kind={"value": "STATE", "quote": "state of Oldland"},
        existed_until={"value": {"edtf": "1991"}, "quote": "ended in 1991"},
        successors=[
            {"successor": f"party/{name}", "quote": followed} for name in ("alfa", "bravo")
        ],
    )
    hidden = {"is_text_public": {"value": False, "basis": "Nobody allows it to be shown."}}
    return dossier_factory.make(folder, records, source="source/order", text=ORDER, **hidden)


def _part(noun: str, **fields: Any) -> dossier_factory.Data:
    """A part of a record: every field that is not given is NOT_STATED."""
    return {**dict.fromkeys(row_fields(nouns()[noun]), "NOT_STATED"), **fields}


def _amended(folder: Path) -> Path:
    """The pact with another day, another name and one party less."""
    records = dossier_factory.pact()
    pact: dict[str, Any] = records["agreement/alfa-bravo"]
    pact["signed_on"] = {"value": {"edtf": "2024-05-04"}, "quote": "4 May 2024"}
    pact["title"] = "Alfa and Bravo: a pact on drones"
    del pact["parties"][1]
    return dossier_factory.make(folder, records)


def _retracted(folder: Path) -> Path:
    """The pact without the person who spoke of it."""
    records = dossier_factory.pact()
    del records["official/anna-kowalska"]
    return dossier_factory.make(folder, records)
