"""What a query asks of a connection: which views of its rows, and whether to count them."""

from __future__ import annotations

from dataclasses import dataclass

from schema.graph.catalog import catalog
from schema.graph.declare import ResolvedField, ViewField
from schema.planning.selection import FieldGroup, Fields, ObjectSelection, Selection, field_name
from schema.storage.statement import Bindings


@dataclass(frozen=True)
class ConnectionSelection:
    """What a query asks of a connection: which views of its rows, and whether to count them."""

    noun: str
    fields: Fields
    views: list[ObjectSelection]
    places: dict[int, int]
    """Which view stands behind a `nodes` or `node`, by its details."""
    worked_out: dict[str, ResolvedField]
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


def connection_selection(asked: Selection, noun: str, details: FieldGroup) -> ConnectionSelection:
    """What a query asks of a connection, found once."""
    return asked.built(
        ("wanted", noun, id(details)), Bindings({}), lambda: _collected(asked, noun, details)
    )


def _collected(asked: Selection, noun: str, details: FieldGroup) -> ConnectionSelection:
    fields = asked.subfields(f"{noun}Connection", details)
    views: list[ObjectSelection] = []
    places: dict[int, int] = {}
    worked_out: dict[str, ResolvedField] = {}
    ends: dict[int, list[int | None]] = {}
    declared = catalog.get(f"{noun}Connection", {})
    for key, found in fields.items():
        nodes = [found] if field_name(found) == "nodes" else []
        if field_name(found) == "edges":
            inner = asked.subfields(f"{noun}Edge", found)
            nodes = [below for below in inner.values() if field_name(below) == "node"]
        for node in nodes:
            places[id(node)] = len(views)
            views.append(asked.view(noun, node))
        if field_name(found) == "pageInfo":
            inner = asked.subfields("PageInfo", found)
            told = {field_name(below) for below in inner.values()}
            ends[id(found)] = [
                0 if "startCursor" in told else None,
                -1 if "endCursor" in told else None,
            ]
        beside = declared.get(field_name(found))
        if isinstance(beside, ViewField) and isinstance(beside.declared, ResolvedField):
            worked_out[key] = beside.declared
    names = frozenset(field_name(found) for found in fields.values())
    return ConnectionSelection(noun, fields, views, places, worked_out, names, ends)
