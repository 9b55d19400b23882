"""What a query asks of a connection: which views of its rows, and whether to count them."""

from __future__ import annotations

from dataclasses import dataclass

from schema.graph.catalog import catalog
from schema.graph.declare import Answered, Shown
from schema.planning.selection import Asked, Details, Fields, View, named
from schema.storage.statement import Reading


@dataclass(frozen=True)
class Wanted:
    """What a query asks of a connection: which views of its rows, and whether to count them."""

    noun: str
    fields: Fields
    views: list[View]
    places: dict[int, int]
    """Which view stands behind a `nodes` or `node`, by its details."""
    worked_out: dict[str, Answered]
    names: frozenset[str]
    ends: dict[int, list[int | None]]
    """Which row of the page stands behind `startCursor` and `endCursor` of a `pageInfo`, if any."""

    @property
    def needs_rows(self) -> bool:
        """Whether what stands on the page is asked for."""
        return bool(self.names & {"nodes", "edges", "pageInfo"})

    @property
    def needs_keys(self) -> bool:
        """Whether cursors are made of them."""
        return bool(self.names & {"edges", "pageInfo"})

    @property
    def counts(self) -> bool:
        """Whether it is asked how many there are in all."""
        return "totalCount" in self.names


def connection_selection(asked: Asked, noun: str, details: Details) -> Wanted:
    """What a query asks of a connection, found once."""
    return asked.built(
        ("wanted", noun, id(details)), Reading({}), lambda: _collected(asked, noun, details)
    )


def _collected(asked: Asked, noun: str, details: Details) -> Wanted:
    fields = asked.subfields(f"{noun}Connection", details)
    views: list[View] = []
    places: dict[int, int] = {}
    worked_out: dict[str, Answered] = {}
    ends: dict[int, list[int | None]] = {}
    declared = catalog.get(f"{noun}Connection", {})
    for key, found in fields.items():
        nodes = [found] if named(found) == "nodes" else []
        if named(found) == "edges":
            inner = asked.subfields(f"{noun}Edge", found)
            nodes = [below for below in inner.values() if named(below) == "node"]
        for node in nodes:
            places[id(node)] = len(views)
            views.append(asked.view(noun, node))
        if named(found) == "pageInfo":
            inner = asked.subfields("PageInfo", found)
            told = {named(below) for below in inner.values()}
            ends[id(found)] = [
                0 if "startCursor" in told else None,
                -1 if "endCursor" in told else None,
            ]
        beside = declared.get(named(found))
        if isinstance(beside, Shown) and isinstance(beside.declared, Answered):
            worked_out[key] = beside.declared
    names = frozenset(named(found) for found in fields.values())
    return Wanted(noun, fields, views, places, worked_out, names, ends)
