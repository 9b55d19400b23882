"""Support: nothing is published that neither its quote carries nor a basis explains."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from api.database.seeding import SEED
from schema.errors import DossierRefusedError
from schema.model.field_names import constant
from schema.model.noun import camel
from schema.storage.engine import connected
from tests.support.contradicting_sources import PRESS
from tests.support.databases import Store
from tests.support.dossier_factory import Data, line, make, pact, record
from tests.support.mismatches import PLANTED, planted, sound, table

TEXT = """Alfa orders drones
Recently, Alfa ordered 12 drones from Bravo for $3.5 billion, said Anna Kowalska of Alfa.
"""
RIGHT = "Quote the words that say it, or write why under `basis`."
SUPPORT = "{ claims(first: 100) { nodes { id field support } } }"


def drones(**fields: Any) -> Data:
    """A purchase of drones."""
    return record("procurement/drones", "Drones", **fields)


def refused(store: Store, folder: Path) -> list[tuple[int, str, str]]:
    """What is wrong with a dossier; the database must stay as it was."""
    before = store.dump()
    with pytest.raises(DossierRefusedError) as caught:
        store.publish(folder)
    assert store.dump() == before
    return [(each.line, each.field, f"{each.wrong} {each.right}") for each in caught.value.findings]


def supported(store: Store) -> dict[str, str | None]:
    """The support of each claim of a field, by the field."""
    nodes = store.ask(SUPPORT)["claims"]["nodes"]
    return {node["field"]: node["support"] for node in nodes}


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (
            "quantity",
            {"minimum": 500, "maximum": 500},
            (
                "'Recently' does not carry "
                '\'{"stated": "Recently", "minimum": 500, "maximum": 500}\'; '
                f"looked for the number 500. {RIGHT}"
            ),
        ),
        (
            "ordered_on",
            {"stated": "Recently", "edtf": "2022/2023"},
            (
                '\'Recently\' does not carry \'{"stated": "Recently", "edtf": "2022/2023"}\'; '
                f"looked for the date 2022. {RIGHT}"
            ),
        ),
        (
            "stage",
            "DELIVERED",
            (
                "'Recently' does not carry 'DELIVERED'; looked for words for DELIVERED, such as "
                f"'deliver', 'delivery', 'arrive', 'arrival'. {RIGHT}"
            ),
        ),
        (
            "value",
            {"minimum": "3500000000", "currency": "EUR"},
            (
                "'Recently' does not carry "
                '\'{"stated": "Recently", "minimum": "3500000000", "currency": "EUR"}\'; '
                f"looked for the number 3500000000 in EUR. {RIGHT}"
            ),
        ),
    ],
)
def test_a_quote_that_does_not_carry_its_value_is_refused(
    empty: Store, tmp_path: Path, field: str, value: Any, expected: str
) -> None:
    claim = {"value": value, "quote": "Recently"}
    folder = make(tmp_path / "bad", drones(**{field: claim}), text=TEXT)
    [(at, name, message)] = refused(empty, folder)
    assert (at, message) == (line(folder, f"    {field}:"), expected)
    assert name == camel(field)
    # Following the message works.
    claim["basis"] = "A register that came with the text says so."
    assert empty.publish(make(tmp_path / "good", drones(**{field: claim}), text=TEXT)).edition == 1
    assert supported(empty)[constant(name)] == "BASIS_GIVEN"
    assert empty.check().findings == []


def test_the_date_of_the_issue_is_refused_once_and_for_its_bounds(
    empty: Store, tmp_path: Path
) -> None:
    claim = {"value": {"stated": "Recently", "edtf": "2023/2022"}, "quote": "Recently"}
    folder = make(tmp_path / "bad", drones(ordered_on=claim), text=TEXT)
    messages = [message for _, _, message in refused(empty, folder)]
    assert any("wrong way round" in message for message in messages)


def test_one_sentence_carries_many_claims_each_by_its_own_words(
    empty: Store, tmp_path: Path
) -> None:
    sentence = {"quote": "Alfa ordered 12 drones from Bravo for $3.5 billion"}
    fields: dict[str, Any] = {
        "stage": {"value": "SIGNED"},
        "category": {"value": "drones"},
        "quantity": {"value": {"minimum": 12, "maximum": 12, "certainty": "EXACT"}},
        "value": {"value": {"minimum": "3500000000", "maximum": "3500000000", "currency": "USD"}},
        "buyers": [{"actor": "party/alfa", "stated_as": "Alfa", **sentence}],
        "suppliers": [{"actor": "party/bravo", "stated_as": "Bravo", **sentence}],
    }
    fields |= {key: each | sentence for key, each in fields.items() if isinstance(each, dict)}
    parties = record("party/alfa", "Alfa") | record("party/bravo", "Bravo")
    empty.publish(make(tmp_path / "a", parties | drones(**fields), text=TEXT))
    found = supported(empty)
    assert {name: found[constant(name)] for name in fields} == dict.fromkeys(fields, "SUPPORTED")
    for wrong, role in (("party/bravo", "buyers"), ("party/alfa", "suppliers")):
        other = fields | {role: [{"actor": wrong, **sentence}]}
        folder = make(tmp_path / role, parties | drones(**other), text=TEXT)
        [(_, _, message)] = refused(empty, folder)
        assert f"looked for words for {role[:-1].upper()}, such as" in message


def test_support_is_a_field_that_filters(seed: Store) -> None:
    answer = seed.ask("""{
      silences: claims(where: {status: {eq: NOT_STATED}}, first: 100) { nodes { support } }
      carried: claims(where: {support: {eq: SUPPORTED}}) { totalCount }
      explained: claims(where: {support: {eq: BASIS_GIVEN}}, first: 100) {
        totalCount nodes { basis } }
      neither: claims(where: {support: {eq: UNSUPPORTED}}) { totalCount }
      source(by: {slug: "poland-south-korea-defense-ties"}) { findings { totalCount } } }""")
    assert {node["support"] for node in answer["silences"]["nodes"]} == {None}
    assert answer["carried"]["totalCount"] > answer["explained"]["totalCount"] > 0
    assert all(node["basis"] for node in answer["explained"]["nodes"])
    assert answer["neither"]["totalCount"] == 0


def test_nothing_of_the_seed_and_the_press_is_unsupported(press: Store) -> None:
    report = press.check()
    assert report.findings == []
    counted = Counter(
        {
            "claims that their words carry": stored(press, "SUPPORTED"),
            "on a basis": stored(press, "BASIS_GIVEN"),
            "on neither": 0,
        }
    )
    assert {name: report.counts[name] for name in counted} == counted
    assert stored(press, "UNSUPPORTED") == 0


def stored(store: Store, support: str) -> int:
    query = f"{{ claims(where: {{support: {{eq: {support}}}}}) {{ totalCount }} }}"
    return int(store.ask(query)["claims"]["totalCount"])


def test_planted_mistakes_are_refused_and_sound_claims_are_not(press: Store) -> None:
    with press.connect() as connection:
        claims = sound(connection, [SEED, *PRESS])
    mistakes = planted(claims)
    expected = table(claims, mistakes)
    assert len(mistakes) == PLANTED
    assert sum(each.is_refused for each in mistakes) >= 0.95 * PLANTED, expected
    assert sum(each.is_refused for each in claims) <= 0.02 * len(claims), expected
    assert planted(claims) == mistakes, "the same are planted every time"


def test_what_was_published_before_the_check_is_null_and_checked_all_the_same(
    empty: Store, tmp_path: Path
) -> None:
    claim = {"value": {"minimum": 12, "maximum": 12}, "quote": "12 drones"}
    folder = make(tmp_path / "a", drones(quantity=claim), text=TEXT)
    empty.publish(folder)
    _change(empty, "UPDATE claim SET support = NULL")
    assert empty.check().findings == []
    assert set(supported(empty).values()) == {None}
    _change(empty, "UPDATE claim SET stated = '500 drones' WHERE field = 'quantity'")
    finding, folded = empty.check().findings
    assert folded.endswith("its folded text is not that of edition 1.")
    assert finding.startswith("claim/first.procurement.drones.quantity.")
    assert finding.endswith(f"looked for '500 drones'. {RIGHT} Publish source/first again.")
    assert empty.publish(folder).edition == 2, "publishing again mends it"
    assert supported(empty)["QUANTITY"] == "SUPPORTED"
    assert empty.check().findings == [folded], "of the version that was damaged"


def _change(store: Store, statement: str) -> None:
    with connected(store.url, writes=True) as connection, connection.begin():
        assert connection.execute(sa.text(statement)).rowcount


def test_names_that_others_publish_make_no_edition(empty: Store, tmp_path: Path) -> None:
    records = pact()
    basis = {"quote": "said Anna Kowalska", "basis": "She is its minister."}
    records["agreement/alfa-bravo"]["parties"][0] = {"actor": "party/alfa", **basis}
    first = make(tmp_path / "a", records)
    empty.publish(first)
    names = [{"text": "Anna Kowalska", "kind": "ALIAS", "basis": "For the test."}]
    alias = {"party/alfa": pact()["party/alfa"] | {"names": names}}
    empty.publish(make(tmp_path / "b", alias, source="source/second"))
    assert empty.publish(first).edition is None
