"""Messages: each tells one mistake once, and what it says to write is published."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from schema.dossiers.reader import read_dossier
from schema.errors import DossierRefusedError
from tests.support.databases import Store
from tests.support.dossier_factory import TEXT, Data, make, pact, record

BUYING = "They ordered at least 180 launchers in 2024 for 5,000,000 dollars.\n"
ORDER, PACT, ANNA = "procurement/launchers", "agreement/alfa-bravo", "official/anna-kowalska"
SIGNED = "Alfa and Bravo signed"
BUYER = {"actor": "party/alfa", "stated_as": "Alfa", "quote": SIGNED}
SIGNER = {
    "actor": ANNA,
    "stated_as": "Anna Kowalska",
    "quote": "signed ‘a pact’ on 3 May 2024, said Anna Kowalska",
}
ALFA = {"text": "Alfa", "language": "en", "kind": "COMMON", "basis": "The text is in English."}


def records() -> Data:
    """The pact, and an order of launchers."""
    buyers = {"buyers": [deepcopy(BUYER)]}
    return pact() | record(ORDER, "Launchers", label={"quote": "launchers"}, **buyers)


def messages_of(store: Store, folder: Path) -> list[str]:
    """What is wrong with a dossier, and what would be right."""
    try:
        store.publish(folder)
    except DossierRefusedError as refused:
        return [f"{each.field}: {each.wrong} {each.right}".strip() for each in refused.findings]
    return []


def suggested(message: str, *fillings: str) -> Any:
    """What a message says to write, its gaps filled in."""
    meant, write = r"[Dd]id you mean '(.+)'\?", r"[Ww]rite (?:it [a-z ]+: )?(.+?)"
    found = re.search(rf"{meant}|{write}(, or (?:for|why).*)?\.?$", message)
    assert found, message
    written = found[1] or found[2]
    for filling in fillings:
        written = written.replace("…", filling, 1)
    assert "…" not in written, written
    return yaml.safe_load(written)


def put(data: Data, path: tuple[Any, ...], value: Any) -> None:
    """Puts a value at a place; a key that is renamed keeps what it holds."""
    *outer, last = path
    for part in outer:
        data = data[part]
    data[last] = value


Case = tuple[tuple[Any, ...], Any, tuple[Any, ...] | None, tuple[str, ...], str]
VALUE = (ORDER, "quantity"), (ORDER, "value"), (PACT, "signed_on")
COUNT, SUM, DAY = VALUE
QUOTED = {"quote": "180 launchers"}
PRICED = {"quote": "5,000,000 dollars"}
FIVE_MILLION = {"minimum": "5000000", "maximum": "5000000", "currency": "USD"}
DATED = {"quote": "3 May 2024"}
OF_ALFA = {"quote": "Anna Kowalska of Alfa"}
CASES: dict[str, Case] = {
    "a number": (COUNT, 180, None, ("180 launchers",), "stands without evidence"),
    "a number as text": (COUNT, "180", None, ("180 launchers",), "stands without evidence"),
    "a bare number": (COUNT, {"value": 180, **QUOTED}, (*COUNT, "value"), (), "it is 180"),
    "about a number": (COUNT, {"value": "about 180", **QUOTED}, (*COUNT, "value"), (), "it is"),
    "a number in a list": (COUNT, [180], None, ("180 launchers",), "stands without evidence"),
    "bounds without a value": (
        COUNT,
        {"minimum": 180, **QUOTED},
        None,
        ("180", "at least 180 launchers"),
        "no field 'minimum'. Write it within",
    ),
    "a sum": (SUM, 5000000, None, ('"5,000,000 dollars"',), "stands without evidence"),
    "a sum with commas": (SUM, "5,000,000", None, ('"5,000,000 dollars"',), "stands without"),
    "a bare sum": (SUM, {"value": 5000000, **PRICED}, (*SUM, "value"), (), "it is 5000000"),
    "a sum that is no text": (
        SUM,
        {"value": {**FIVE_MILLION, "minimum": ["5000000"]}, **PRICED},
        (*SUM, "value", "minimum"),
        (),
        "and no text",
    ),
    "a bound with commas": (
        SUM,
        {"value": {**FIVE_MILLION, "minimum": "5,000,000"}, **PRICED},
        (*SUM, "value", "minimum"),
        (),
        "'5,000,000' is not a number",
    ),
    "a currency by its name": (
        SUM,
        {"value": {**FIVE_MILLION, "currency": "US Dollar"}, **PRICED},
        (*SUM, "value", "currency"),
        (),
        "did you mean 'USD'",
    ),
    "a date": (DAY, "2024-05-03", None, ("3 May 2024",), "stands without evidence"),
    "a year": (DAY, 2024, None, ("3 May 2024",), "stands without evidence"),
    "a bare date": (DAY, {"value": "2024-05-03", **DATED}, (*DAY, "value"), (), "it is"),
    "a date without a value": (
        DAY,
        {"edtf": "2024-05-03", **DATED},
        None,
        ("2024-05-03", "3 May 2024"),
        "no field 'edtf'. Write it within",
    ),
    "a year that is no text": (
        DAY,
        {"value": {"edtf": 2024}, **DATED},
        (*DAY, "value", "edtf"),
        (),
        "and no text",
    ),
    "a choice": ((PACT, "kind"), "TREATY", None, ("‘a pact’",), "stands without evidence"),
    "a choice in small letters": (
        (PACT, "kind"),
        {"value": "treaty", "quote": "‘a pact’"},
        (PACT, "kind", "value"),
        (),
        "is not one of",
    ),
    "a choice in a list": (
        (PACT, "kind"),
        {"value": ["TREATY"], "quote": "‘a pact’"},
        (PACT, "kind", "value"),
        (),
        "is not one of",
    ),
    "a text": ((PACT, "label"), "a pact", None, ("a pact",), "stands without evidence"),
    "texts": ((PACT, "label"), ["a pact"], None, ("a pact",), "stands without evidence"),
    "a text in a list": (
        (PACT, "label"),
        {"value": ["a pact"], "quote": "a pact"},
        (PACT, "label", "value"),
        (),
        "and no text",
    ),
    "a number for a text": (
        (PACT, "label"),
        {"value": 2024, "quote": "3 May 2024"},
        (PACT, "label", "value"),
        (),
        "and no text",
    ),
    "nothing": ((PACT, "label"), None, None, ("a pact", "a pact"), "it is empty"),
    "a reason in small letters": (
        (PACT, "label"),
        {"status": "not_stated"},
        (PACT, "label", "status"),
        (),
        "is not one of",
    ),
    "a quote that is a number": (
        COUNT,
        {"value": {"minimum": 180, "maximum": 180}, "quote": 180},
        (*COUNT, "quote"),
        (),
        "it is 180",
    ),
    "quotes without a list": (
        (PACT, "label"),
        {"value": "a pact", "quotes": "‘a pact’"},
        (PACT, "label", "quotes"),
        (),
        "and no list",
    ),
    "a quote in a list": (
        (PACT, "label"),
        {"value": "a pact", "quote": ["‘a pact’"]},
        (PACT, "label", "quote"),
        (),
        "it is",
    ),
    "a buyer by its name": ((ORDER, "buyers"), "Alfa", None, (SIGNED,), "and no list"),
    "a buyer by its id": ((ORDER, "buyers"), "party/alfa", None, ("Alfa", SIGNED), "no list"),
    "a buyer without a list": ((ORDER, "buyers"), BUYER, None, (), "and no list"),
    "buyers by their names": (
        (ORDER, "buyers"),
        ["Alfa"],
        (ORDER, "buyers", 0),
        (SIGNED,),
        "without evidence",
    ),
    "buyers by their ids": (
        (ORDER, "buyers"),
        ["party/alfa"],
        (ORDER, "buyers", 0),
        ("Alfa", SIGNED),
        "without evidence",
    ),
    "a buyer that is true": (
        (ORDER, "buyers"),
        True,
        None,
        ("alfa", "Alfa", SIGNED),
        "and no list",
    ),
    "a bare name for an id": (
        (ORDER, "buyers", 0, "actor"),
        "Alfa",
        None,
        (),
        "'Alfa' is no official or party",
    ),
    "an unknown noun": (
        (ORDER, "buyers", 0, "actor"),
        "state/alfa",
        None,
        (),
        "'state/alfa' is no official or party",
    ),
    "an id that is misspelt": (
        (ORDER, "buyers", 0, "actor"),
        "party/alpha",
        None,
        (),
        "there is no record 'party/alpha'",
    ),
    "a state by its name": (
        (ANNA, "state"),
        {"value": "Alfa", **OF_ALFA},
        (ANNA, "state", "value"),
        (),
        "'Alfa' is no party",
    ),
    "a state by its id": (
        (ANNA, "state"),
        "party/alfa",
        None,
        ("Anna Kowalska of Alfa",),
        "stands without evidence",
    ),
    "a state in a list": (
        (ANNA, "state"),
        {"value": ["party/alfa"], **OF_ALFA},
        (ANNA, "state", "value"),
        (),
        "and no text",
    ),
    "a name": (
        ("party/alfa", "names"),
        ["Bravo"],
        ("party/alfa", "names", 0),
        (SIGNED,),
        "without evidence",
    ),
    "a name without a list": (("party/alfa", "names"), ALFA, None, (), "and no list"),
    "a language by its name": (
        ("party/alfa", "names", 0, "language"),
        "English",
        None,
        (),
        "did you mean 'en'",
    ),
    "a title in a list": ((PACT, "title"), ["A pact"], None, (), "and no text"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_message_says_to_write_is_published(empty: Store, tmp_path: Path, case: str) -> None:
    path, wrong, at, fillings, words = CASES[case]
    text, coded = TEXT + BUYING, records()
    put(coded, path, deepcopy(wrong))
    messages = messages_of(empty, make(tmp_path / "wrong", coded, text=text))
    assert len(messages) == 1, messages
    [message] = messages
    assert words in message
    assert not re.search("Entry|Value|FieldClaim|pydantic|Input should", message)
    put(coded, at or path, suggested(message, *fillings))
    assert messages_of(empty, make(tmp_path / "right", coded, text=text)) == []
    assert not empty.check().findings


def test_a_misspelt_field_is_told_once(empty: Store, tmp_path: Path) -> None:
    coded = records()
    buyer: Data = coded[ORDER]["buyers"][0]
    for wrong in ("actr", "value"):
        buyer[wrong] = buyer.pop("actor")
        folder = make(tmp_path / wrong, coded, text=TEXT + BUYING)
        name = f"buyers.{wrong}"
        assert messages_of(empty, folder) == [
            f"{name}: there is no field '{wrong}'. Did you mean 'actor'?"
        ]
        buyer["actor"] = buyer.pop(wrong)
    del buyer["actor"]
    assert messages_of(empty, make(tmp_path / "none", coded, text=TEXT + BUYING)) == [
        "buyers.actor: it is missing. Write `actor: party/…`: The party or official."
    ]


def test_what_is_used_and_no_longer_declared_is_told_once(empty: Store, tmp_path: Path) -> None:
    coded = pact()
    coded[PACT]["parties"].append(deepcopy(SIGNER))
    empty.publish(make(tmp_path / "good", coded))
    anna = coded.pop(ANNA)
    [message] = messages_of(empty, make(tmp_path / "bad", coded))
    assert message == (
        f"parties.actor: there is no record '{ANNA}' any more: this dossier codes it no longer. "
        "Code it in this dossier, or name another."
    )
    coded[ANNA] = anna
    assert messages_of(empty, make(tmp_path / "again", coded)) == []


def test_what_is_used_and_was_never_declared_is_told_once(empty: Store, tmp_path: Path) -> None:
    coded = pact()
    anna = coded.pop(ANNA)
    coded[PACT]["parties"].append(deepcopy(SIGNER))
    told_now = messages_of(empty, make(tmp_path / "bad", coded))
    assert told_now == [
        f"parties.actor: there is no record '{ANNA}'. Code it in this dossier first."
    ]
    coded[ANNA] = anna
    assert messages_of(empty, make(tmp_path / "good", coded)) == []


@pytest.mark.parametrize("wrong", [["x"], "x", 5])
def test_what_is_no_record_is_told_how_to_be_one(tmp_path: Path, wrong: Any) -> None:
    coded = pact()
    coded["agreement/second"] = wrong
    [finding] = read_dossier(make(tmp_path, coded)).findings
    assert finding.right == (
        "Write {title: …} with its fields, each as {value: …, quote: …} or with a reason."
    )
