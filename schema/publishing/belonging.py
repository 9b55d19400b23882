"""Belonging: a group belongs to one state by a field, or to several by links, never both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from schema.model.noun import Versioned
from schema.model.registry import Row, nouns
from schema.publishing.rows import RowChange, current


def doubled(
    connection: sa.Connection, changes: Sequence[RowChange]
) -> Iterator[tuple[str, str, list[str]]]:
    """Who would belong to a state by a field, and by links too: its id, that state, the others."""
    for link, member, owner in _links():
        for noun in nouns().values():
            if ("id", owner) not in noun.belongs:
                continue
            rows = _changed(changes, noun)
            links = _changed(changes, link)
            ids = {id for id, row in rows.items() if row and row[owner]}
            ids |= {row[member] for row in links.values() if row}
            if not ids:
                continue
            rows = {**current(connection, noun, "id", sorted(ids)), **rows}
            links = {**current(connection, link, member, sorted(ids)), **links}
            for id in sorted(ids):
                states = sorted({row[owner] for row in links.values() if row and row[member] == id})
                if states and (row := rows.get(id)) and row[owner]:
                    yield id, row[owner], states


def _links() -> Iterator[tuple[type[Versioned], str, str]]:
    """The links by which their records belong to others."""
    for noun in nouns().values():
        for member, owner in noun.belongs:
            if member == noun.parent_key:
                yield noun, member, owner


def _changed(changes: Sequence[RowChange], noun: type[Versioned]) -> dict[str, Row | None]:
    """What changes leave of the rows of a noun, by id."""
    return {(after or before or {})["id"]: after for kind, before, after in changes if kind is noun}
