"""Imported rows: an empty cell is the reason of a null, and a row names its columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schema.dossiers.reader import read_dossier
from tests.support.databases import Store
from tests.support.dossier_factory import Data, make

HEADER = "cowName1,cowName2,signDay,signMonth,signYear,EIFYear,type"
ROW = "USA,CAN,1,4,1984,,sector"
TREATY = "agreement/dcad-0001"
COLUMNS = {"signed_on": "signDay, signMonth, signYear", "in_force_on": "EIFYear", "label": "type"}
QUERY = """{ agreement(by: {slug: "dcad-0001"}) { label signedOn { edtf } inForceOn { edtf }
  unknowns(first: 100) { nodes { field status passages { exact } } }
  claims(asWhole: true) { nodes { basis origin } } } }"""


def treaty(empty_cell: Any, **more: Any) -> Data:
    """A row of a data set of treaties, whose entry into force is empty."""
    imported = {"label": "sector", "signed_on": {"edtf": "1984-04-01"}, "in_force_on": empty_cell}
    whole = {"origin": "IMPORTED", "quote": ROW}
    return {TREATY: {"title": "DCAD 0001", "claims": [whole], "imported": imported, **more}}


@pytest.mark.parametrize("cell", [None, "NOT_STATED"])
def test_an_empty_cell_is_the_reason_of_a_null(empty: Store, tmp_path: Path, cell: Any) -> None:
    text = f"{HEADER}\n{ROW}\n"
    empty.publish(make(tmp_path / "a", treaty(cell, columns=COLUMNS), text=text))
    assert empty.ask(QUERY)["agreement"] == {
        "label": "sector",
        "signedOn": {"edtf": "1984-04-01"},
        "inForceOn": None,
        "unknowns": {
            "nodes": [
                {"field": "IN_FORCE_ON", "status": "NOT_STATED", "passages": [{"exact": ROW}]}
            ]
        },
        "claims": {
            "nodes": [
                {
                    "basis": "Columns: signedOn: signDay, signMonth, signYear; inForceOn: EIFYear; "
                    "label: type.",
                    "origin": "IMPORTED",
                }
            ]
        },
    }
    assert not empty.check().findings
    dated = {"value": {"edtf": "1985"}, "quote": "1985"}
    later = {TREATY: {"title": "DCAD 0001", "in_force_on": dated}}
    empty.publish(make(tmp_path / "b", later, source="source/b", text="In force from 1985.\n"))
    found = empty.ask(QUERY)["agreement"]
    assert (found["inForceOn"], found["unknowns"]["nodes"]) == ({"edtf": "1985"}, [])
    assert not empty.check().findings


def test_a_column_fills_a_field_of_the_row(tmp_path: Path) -> None:
    folder = make(tmp_path, treaty(None, columns={"purpose": "type"}), text=f"{HEADER}\n{ROW}\n")
    [finding] = read_dossier(folder).findings
    assert (finding.field, finding.wrong) == ("columns", "the row gives no 'purpose'.")
    assert finding.right == "Write it under `imported`, or one of in_force_on, label, signed_on."
