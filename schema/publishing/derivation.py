"""Derivation: what a record was made from must never lead back to the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa

from schema.model.editions import valid
from schema.model.registry import nouns, table_of
from schema.publishing.rows import RowChange


def cycles(connection: sa.Connection, changes: Sequence[RowChange] = ()) -> Iterator[list[str]]:
    """The ways on which changes would lead records back to themselves; without any, all ways."""
    for noun in nouns().values():
        own = [(before, after) for kind, before, after in changes if kind is noun]
        for column in noun.upward if own or not changes else ():
            table = table_of(noun)
            query = sa.select(table.c.id, table.c[column]).where(
                valid(table, None), table.c[column].is_not(None)
            )
            above = {id: up for id, up in connection.execute(query)}  # noqa: C416  # rows are no pairs
            changed = {
                (after or before or {})["id"]: after and after[column] for before, after in own
            }
            above |= changed
            yield from filter(None, (_circle(id, above) for id in sorted(changed or above)))


def _circle(start: str, above: Mapping[str, str | None]) -> list[str]:
    """The ids on the way from a record up to itself; none where the way ends elsewhere."""
    way = [start]
    following = above.get(start)
    while following is not None and following not in way:
        way.append(following)
        following = above.get(following)
    return [*way, start] if following == start else []
