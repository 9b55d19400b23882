"""Two registers, which say what they set out to cover."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.dossier_factory import Data, make

REGISTER = "source/korean-transfers-register"
TREATIES = "source/polish-treaties-register"
TEXT = """Register of transfers of major arms of South Korea and Japan, 2017 to 2023.
Treaties of Poland, from 2020 on.
"""


def cover(*parties: str) -> list[Data]:
    """The parties that a register covers."""
    quote = "Register of transfers of major arms of South Korea and Japan"
    return [{"actor": party, "stated_as": _name(party), "quote": quote} for party in parties]


def _name(party: str) -> str:
    """The name of a state, by its id."""
    return party.partition("/")[2].replace("-", " ").title()


def register(folder: Path, **given: Any) -> Path:
    """A register of two states, over seven years."""
    fields = {
        "scope": {"quote": "transfers of major arms"},
        "covers": {"value": {"edtf": "2017/2023"}, "quote": "2017 to 2023"},
        "covered": cover("party/south-korea", "party/japan"),
    }
    return make(folder / "register", {}, source=REGISTER, text=TEXT, **(fields | given))


def treaties(folder: Path) -> Path:
    """A register of one state, from a year on."""
    fields: dict[str, Any] = {
        "covers": {"value": {"edtf": "2020/.."}, "quote": "from 2020 on"},
        "covered": [{"actor": "party/poland", "stated_as": "Poland", "quote": "of Poland"}],
    }
    return make(folder / "treaties", {}, source=TREATIES, text=TEXT, **fields)
