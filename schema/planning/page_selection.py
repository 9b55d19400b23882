"""What a query selects of a connection: which of its rows' fields, and whether to count them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from schema.graph.catalog import catalog
from schema.graph.declare import ResolvedField, ViewField
from schema.planning.selection import SelectedField, SelectionSet
from schema.storage.statement import Bindings

PAGE_FIELDS = frozenset({"nodes", "edges", "pageInfo", "totalCount", "__typename"})
"""The fields of a connection that show its page."""


@dataclass(frozen=True)
class ConnectionSelection:
    """What a query selects of a connection of a noun."""

    noun: str
    fields: dict[str, SelectedField]
    nodes: list[SelectedField]
    """Each `nodes`, and each `node` of edges; one connection may have several by other names."""

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the fields in the graph."""
        return frozenset(field.name for field in self.fields.values())

    @property
    def is_typed(self) -> bool:
        """Whether graphql-core completes the answer."""
        return any(field.operation.is_typed for field in self.fields.values())

    @cached_property
    def selections(self) -> list[SelectionSet]:
        """What is selected of the rows, for each of `nodes`."""
        return [field.on(self.noun) for field in self.nodes]

    @cached_property
    def beside(self) -> dict[str, SelectedField]:
        """The fields beside the page, such as its statistics, by response name."""
        return {key: field for key, field in self.fields.items() if field.name not in PAGE_FIELDS}

    @cached_property
    def resolved(self) -> dict[str, ResolvedField]:
        """Those of them that are worked out."""
        declared = catalog.get(f"{self.noun}Connection", {})
        return {
            key: view.declared
            for key, field in self.beside.items()
            if isinstance(view := declared.get(field.name), ViewField)
            and isinstance(view.declared, ResolvedField)
        }

    @property
    def needs_rows(self) -> bool:
        """Whether what stands on the page is selected."""
        return bool(self.names & {"nodes", "edges", "pageInfo"})

    @property
    def needs_keys(self) -> bool:
        """Whether cursors are made of the rows."""
        return bool(self.names & {"edges", "pageInfo"})

    @property
    def counts(self) -> bool:
        """Whether it is asked how many there are in all."""
        return "totalCount" in self.names


def connection_selection(field: SelectedField, noun: str) -> ConnectionSelection:
    """What a query selects of a connection, found once."""
    return field.plan("connection", Bindings({}), lambda: _collected(field, noun))


def _collected(field: SelectedField, noun: str) -> ConnectionSelection:
    fields = field.on(f"{noun}Connection").fields
    nodes: list[SelectedField] = []
    for part in fields.values():
        if part.name == "nodes":
            nodes.append(part)
        elif part.name == "edges":
            edge = part.on(f"{noun}Edge").fields.values()
            nodes += [below for below in edge if below.name == "node"]
    return ConnectionSelection(noun, fields, nodes)
