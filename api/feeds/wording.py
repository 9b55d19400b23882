"""What changed, in words: a line for each field of a record, or of a part of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from api.page.formatting import display_value
from api.page.query import type_of
from api.page.wording import DisplayValue, label

CHANGED = "field-change/change/"
"""What begins the id of what became of a field, before that of the record."""
Titles = Mapping[str, str]
"""Titles of records and parts by their ids."""


def pointed_at(changes: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The ids of the records and parts that some changes of fields name."""
    for change in changes:
        if change["element"]:
            yield change["element"]
        for end in ("before", "after"):
            shown = _display(change, change[end])
            if shown is not None and shown.id:
                yield shown.id


def line(change: Mapping[str, Any], titles: Titles) -> str:
    """What became of one field, such as `Quantity: 24 → 48`."""
    place = label(change["field"])
    element = change["element"]
    if change["elementField"]:
        place += f", {titles.get(element, element)}, {label(change['elementField']).lower()}"
    before, after = (_words(change, change[end], titles) for end in ("before", "after"))
    if before is None:
        return f"{place}: {after}"
    return f"{place}: no longer {before}" if after is None else f"{place}: {before} → {after}"


def evidence(change: Mapping[str, Any]) -> Sequence[str]:
    """What became of the claims about a record."""
    lines = []
    added, retracted = change["addedClaimCount"], change["retractedClaimCount"]
    if added or retracted:
        lines.append(f"Claims: {added} more, {retracted} fewer")
    for name, words in (("arisenConflictCount", "began"), ("settledConflictCount", "ceased")):
        if count := change[name]:
            lines.append(f"Sources {words} to differ in {count} field{'s' * (count != 1)}")
    return lines


def _display(change: Mapping[str, Any], text: str | None) -> DisplayValue | None:
    """One end of a change as pages show it; None for a part as a whole, which has a title."""
    if text is None or (change["element"] and not change["elementField"]):
        return None
    owner = change["element"] if change["elementField"] else change["id"].removeprefix(CHANGED)
    type = type_of(owner) or ""
    return display_value(type, change["elementField"] or change["field"], text)


def _words(change: Mapping[str, Any], text: str | None, titles: Titles) -> str | None:
    shown = _display(change, text)
    if shown is None or text is None:
        return text
    if shown.id:
        return titles.get(shown.id, shown.id)
    return shown.text or text
