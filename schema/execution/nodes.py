"""Nodes: whatever has a global id is found again by it, at the edition that the id carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from schema.errors import InputError
from schema.execution.executor import Executor
from schema.model.ids import QUESTION, prefix, split
from schema.planning.projection import RowSource
from schema.planning.selection import SelectedField

Finder = Callable[[Executor, Sequence[str], SelectedField], Awaitable[Mapping[str, Any]]]
"""Finds what is no row of a noun by ids without editions: the objects that there are, by id."""

finders: dict[str, Finder] = {}
"""The finders, by what the ids that they understand begin with."""

QUESTIONS_CEILING = 10
"""Of how many questions the ids may be that are read at once."""


async def nodes_of(reader: Executor, ids: Sequence[str]) -> list[Any]:
    """What ids name, each at the edition that it carries; None for what is not there."""
    pairs = [split(id) for id in ids]
    _check_questions(pairs)
    by_edition: dict[int | None, list[str]] = defaultdict(list)
    for id, edition in pairs:
        by_edition[edition].append(id)
    nodes = {
        edition: await _at_one_edition(reader.at(edition), keys)
        for edition, keys in by_edition.items()
        if edition is None or edition <= (reader.outcome.newest or 0)
    }
    return [nodes.get(edition, {}).get(id) for id, edition in pairs]


async def _at_one_edition(reader: Executor, ids: Sequence[str]) -> dict[str, Any]:
    by_prefix: dict[str, list[str]] = defaultdict(list)
    for id in dict.fromkeys(ids):
        by_prefix[prefix(id)].append(id)
    derived = by_prefix.keys() & finders.keys()
    rows = [id for name, of_prefix in by_prefix.items() if name not in derived for id in of_prefix]
    found = await reader.by_ids(rows, reader.root)
    for name in sorted(derived):
        found |= await finders[name](reader, by_prefix[name], reader.root)
    return found


async def rows_found(
    reader: Executor,
    selected: SelectedField,
    type: str,
    select: Callable[[], tuple[sa.FromClause, sa.Select[*tuple[Any, ...]]]],
    key: Sequence[str],
    keys: Sequence[Any],
    purpose: str = "",
    **given: Any,
) -> dict[tuple[Any, ...], Any]:
    """The objects of a type by the columns that make their ids; one statement.

    It is made once for a purpose: a table, and its rows for the keys and for what is given.
    """

    def build() -> RowSource:
        table, query = select()
        source = RowSource(reader.scope, type, table)
        for index, column in enumerate(key):
            source.add(f"key {index}", table.c[column])
        return source.finish([selected.on(type)], query)

    source = reader.plan(selected, ("found again", type, purpose), build)
    rows, [objects] = await reader.fetch(source, reader.bindings.of(keys, given))
    places = [source.places[f"key {index}"] for index in range(len(key))]
    named = [tuple(row[place] for place in places) for row in rows]
    return dict(zip(named, objects, strict=True))


def _check_questions(pairs: Iterable[tuple[str, int | None]]) -> None:
    """Refuses ids of more questions than are answered at once; one at two editions is two."""
    questions = {
        (edition, prefix(id), id.partition(QUESTION)[2])
        for id, edition in pairs
        if QUESTION in id and prefix(id) in finders
    }
    if len(questions) > QUESTIONS_CEILING:
        raise InputError(
            f"These ids are of {len(questions)} questions, such as searches. Ask for those of at "
            f"most {QUESTIONS_CEILING} at a time; one question at two editions is two."
        )
