"""What is between two actors, by a join of their involvements."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
import strawberry
from sqlalchemy.orm import aliased

import schema
from schema.nouns.involvement import InvolvementRole
from tests.benchmarks.plain.loading import Loaders
from tests.benchmarks.plain.types import Actor, Info, Involvement, Record, actor_of, record_of

REACH = schema.Involvement.reach
Part = tuple[str, str, str, InvolvementRole]
"""An involvement: its record, its id, its actor and its role."""


async def circle(loaders: Loaders, actor: str) -> list[str]:
    """The ids of an actor and of all it stands for."""
    party: Any = schema.Party
    official: Any = schema.Official
    tenure: Any = schema.Tenure
    parties, new = [actor], [actor]
    while new:
        owned = sa.or_(party.state_id.in_(new), party.parent_id.in_(new))
        found = await loaders.rows(sa.select(party.id).where(owned, party.until.is_(None)))
        new = [id for id in found if id not in parties]
        parties += new
    serving = sa.select(official.id).where(official.state_id.in_(parties), official.until.is_(None))
    holding = sa.select(tenure.official_id).where(
        tenure.party_id.in_(parties), tenure.until.is_(None), tenure.official_id.is_not(None)
    )
    return [*parties, *await loaders.rows(serving.union(holding))]  # type: ignore[arg-type]  # a compound is a statement too


@strawberry.type
class Tie:
    """A record between two actors."""

    id: strawberry.Private[str]
    ones: strawberry.Private[list[Any]]
    others: strawberry.Private[list[Any]]

    @strawberry.field
    async def record(self, info: Info) -> Record:
        """The record."""
        made: Record = record_of(await info.context.by_id(self.id))
        return made

    @strawberry.field
    async def one(self, info: Info) -> list[Involvement]:
        """Who takes part for the first."""
        return await self._taking(info, set(self.ones))

    @strawberry.field
    async def other(self, info: Info) -> list[Involvement]:
        """Who takes part for the second."""
        return await self._taking(info, set(self.others))

    async def _taking(self, info: Info, circle: set[str]) -> list[Involvement]:
        rows = await info.context.involvements.load(self.id)
        return [
            Involvement(row=row, role=row.role)
            for row in rows
            if row.actor_id in circle and row.role.value in REACH
        ]


@strawberry.type
class TieConnection:
    """Ties, page by page."""

    nodes: list[Tie]
    total_count: int


@strawberry.type
class Side:
    """One of the two."""

    actor_id: strawberry.Private[str]

    @strawberry.field
    async def actor(self, info: Info) -> Actor:
        """The actor."""
        return actor_of(await info.context.by_id(self.actor_id))


@strawberry.type
class Direction:
    """What goes from one to the other."""

    one: strawberry.Private[str]
    other: strawberry.Private[str]
    circles: strawberry.Private[tuple[list[str], list[str]]]
    ties: strawberry.Private[list[str]]

    @strawberry.field
    async def from_actor(self, info: Info) -> Actor:
        """From whom."""
        return actor_of(await info.context.by_id(self.one))

    @strawberry.field
    async def to_actor(self, info: Info) -> Actor:
        """To whom."""
        return actor_of(await info.context.by_id(self.other))

    @strawberry.field
    def procurements(self, first: int = 20) -> TieConnection:
        """What is bought."""
        return page(self.ties, "procurement/", self.circles, first)

    @strawberry.field
    def statements(self, first: int = 20) -> TieConnection:
        """What is said."""
        return page(self.ties, "statement/", self.circles, first)


@strawberry.type
class Relationship:
    """Everything between two actors."""

    id: strawberry.ID
    sides: list[Side]
    directions: list[Direction]
    circles: strawberry.Private[tuple[list[str], list[str]]]
    ties: strawberry.Private[list[str]]

    @strawberry.field
    def agreements(self, first: int = 20) -> TieConnection:
        """What both agreed."""
        return page(self.ties, "agreement/", self.circles, first)


def page(
    ties: list[str], noun: str, circles: tuple[list[str], list[str]], first: int
) -> TieConnection:
    """The first ties of one noun."""
    ids = sorted(id for id in ties if id.startswith(noun))
    nodes = [Tie(id=id, ones=circles[0], others=circles[1]) for id in ids[:first]]
    return TieConnection(nodes=nodes, total_count=len(ids))


async def relationship(loaders: Loaders, one: str, other: str) -> Relationship | None:
    """What is between two actors; None where one of them is unknown."""
    if None in [await loaders.by_id(one), await loaders.by_id(other)]:
        return None
    circles = (await circle(loaders, one), await circle(loaders, other))
    a: Any = aliased(schema.Involvement)
    b: Any = aliased(schema.Involvement)
    query = (
        sa.select(a.record_id, a.role, b.role)
        .join(b, b.record_id == a.record_id)
        .where(a.actor_id.in_(circles[0]), b.actor_id.in_(circles[1]), a.id != b.id)
        .where(a.until.is_(None), b.until.is_(None))
    )
    async with loaders.sessions() as session:
        found = (await session.execute(query)).all()
    ways: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for record, first, second in found:
        pair = (REACH.get(first.value, ""), REACH.get(second.value, ""))
        if all(pair) and pair != ("TO", "TO"):
            ways[record].add(pair)
    forth = [id for id, pairs in ways.items() if ("FROM", "TO") in pairs]
    back = [id for id, pairs in ways.items() if ("TO", "FROM") in pairs]
    turned = (circles[1], circles[0])
    return Relationship(
        id=strawberry.ID(f"relationship/{one}~{other}"),
        sides=[Side(actor_id=one), Side(actor_id=other)],
        directions=[
            Direction(one=one, other=other, circles=circles, ties=forth),
            Direction(one=other, other=one, circles=turned, ties=back),
        ],
        circles=circles,
        ties=[*ways],
    )
