"""Circles: what ties two actors, each with all who belong to it, and ties by their ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from schema.execution.executor import Executor
from schema.execution.nodes import finders
from schema.execution.views import to_objects
from schema.filtering.membership import groups_among, members_of
from schema.model.editions import valid
from schema.model.ids import QUESTION
from schema.model.registry import noun_of, nouns_of, table_named
from schema.planning.selection import SelectedField
from schema.questions.tie_connection import ActorPair, Tie
from schema.questions.ties import (
    TieRow,
    involvements_in,
    is_busier,
    records_of,
    ties_between,
)
from schema.storage.sql import key_in
from schema.storage.statement import KEYS, given


async def ties_of(reader: Executor, one: str, other: str) -> list[TieRow]:
    """The ties of two circles, looked for from the circle that takes part in less."""

    def circle() -> sa.SelectBase:
        return sa.select(members_of(given("actor"), reader.edition).subquery().c.id)

    circles = [
        [row["id"] for row in await reader.rows("circle", circle, actor=actor)]
        for actor in (one, other)
    ]
    quiet, busy = sorted(circles, key=len)
    [row] = await reader.rows("busier", lambda: is_busier(KEYS, given("busy")), quiet, busy=busy)
    if row["is_so"]:
        quiet, busy = busy, quiet

    def busy_involvements() -> sa.SelectBase:
        return involvements_in(records_of(KEYS, reader.edition), given("busy"), reader.edition)

    def quiet_involvements() -> sa.SelectBase:
        return involvements_in(KEYS, given("quiet"), reader.edition)

    of_busy = await reader.columns("busy involvements", busy_involvements, quiet, busy=busy)
    records = [*dict.fromkeys(of_busy["record_id"])]
    of_quiet = await reader.columns("quiet involvements", quiet_involvements, records, quiet=quiet)
    shared = set(circles[0]).intersection(circles[1])
    # Where one of the two is of the other, what they share is its own.
    is_within = one in shared or other in shared
    joint = await _joint_actors(reader, sorted(shared)) if shared and not is_within else []
    if busy is circles[0]:
        return ties_between(of_busy, of_quiet, joint)
    return ties_between(of_quiet, of_busy, joint)


async def _joint_actors(reader: Executor, shared: list[str]) -> list[str]:
    """The groups of several states among the actors of both circles."""

    def affiliated() -> sa.SelectBase:
        return groups_among(KEYS, reader.edition)

    return [row["id"] for row in await reader.rows("joint", affiliated, shared)]


async def are_on_record(reader: Executor, actors: list[str]) -> bool:
    """Whether all are on record at the edition that is read."""

    def valid_ids() -> sa.SelectBase:
        tables = [table_named(name) for name in sorted(nouns_of("Actor"))]
        selects = [
            sa.select(table.c.id).where(key_in(table.c.id, KEYS), valid(table, reader.edition))
            for table in tables
        ]
        return sa.union_all(*selects)

    return len(await reader.rows("valid ids", valid_ids, actors)) == len(actors)


def is_actor(id: str) -> bool:
    """Whether an id is one of a party or an official."""
    noun = noun_of(id)
    return noun is not None and noun.__name__ in nouns_of("Actor")


async def _ties(reader: Executor, ids: Sequence[str], selected: SelectedField) -> dict[str, Any]:
    """Ties by their ids: eight statements at most for each two actors."""
    by_pair: dict[tuple[str, str], set[str]] = defaultdict(set)
    for id in ids:
        tie, _, question = id.partition(QUESTION)
        one, _, other = question.removeprefix("between=").partition("~")
        if is_actor(one) and is_actor(other) and one != other:
            by_pair[one, other].add(tie.partition("/")[2])
    found: list[Tie] = []
    for (one, other), records in by_pair.items():
        if await are_on_record(reader, [one, other]):
            between = ActorPair(one, other, await ties_of(reader, one, other))
            found += [between.view(tie) for tie in between.ties if tie.record in records]
    objects = await to_objects(reader, "Tie", found, selected)
    return {str(tie.id): each for tie, each in zip(found, objects, strict=True)}


finders["tie"] = _ties
