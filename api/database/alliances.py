"""Reference data: alliances and unions, with their members over time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from schema.dossiers.states import names_of

TABLE = Path(__file__).with_name("alliances.tsv")
IS_MEMBER = {"status": "NOT_APPLICABLE", "basis": "The table has it as a member to this day."}
"""Why no end of a membership is known."""


def alliances() -> Iterator[tuple[str, str, dict[str, Any], list[str]]]:
    """Each alliance: its id, its row of the text, its entry without names, and its other names.

    Each row of a membership stands in the text as well.
    """
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    starts = [index for index, row in enumerate(rows) if row[0] != "+"]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        slug, name, others, began, ended, description = (*rows[start], *[""] * 6)[:6]
        members = [_membership(name, row) for row in rows[start + 1 : end]]
        row = f"alliance\t{name}\t{others}\t{began}\t{ended}\t{description}"
        imported = {"kind": "ALLIANCE", "name": name, "description": description}
        imported |= lifetime(began, ended)
        entry = {
            "title": name,
            "claims": [{"stated": name, "origin": "IMPORTED", "quote": row}],
            "imported": imported,
            **dict.fromkeys(("parent", "state"), "NOT_STATED"),
            "members": [member for _, member in members],
        }
        text = "\n".join([row, *(row for row, _ in members)])
        yield f"party/{slug}", text, entry, [each for each in others.split("; ") if each]


def lifetime(began: str, ended: str) -> dict[str, Any]:
    """When a party came to be and ended, as a row of a data set gives it."""
    dates = {"existed_from": began, "existed_until": ended}
    return {name: {"stated": edtf, "edtf": edtf} for name, edtf in dates.items() if edtf}


def _membership(alliance: str, cells: list[str]) -> tuple[str, dict[str, Any]]:
    """A membership: its row of the text, and its entry."""
    _, code, began, ended = (*cells, "", "")[:4]
    state = names_of(code)
    if state is None:
        raise ValueError(f"'{code}' is no state.")
    row = f"member\t{alliance}\t{state.names[0].text}\t{began}\t{ended}"

    def valued(value: Any) -> dict[str, Any]:
        return {"value": value, "quote": row, "origin": "IMPORTED"}

    def date(edtf: str, silence: Any) -> Any:
        return valued({"stated": edtf, "edtf": edtf}) if edtf else silence

    entry = {
        "quote": row,
        "origin": "IMPORTED",
        "member": valued(state.id),
        "started_on": date(began, "NOT_STATED"),
        "ended_on": date(ended, IS_MEMBER),
    }
    return row, entry
