"""The root fields, and the server."""

from __future__ import annotations

import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
import strawberry
from starlette.types import ASGIApp
from strawberry.asgi import GraphQL

import schema
from schema.filtering.ordering import OrderDirection
from schema.graph.values import declare_values
from schema.nouns.involvement import InvolvementRole
from schema.nouns.statement import SpeechAct
from schema.questions.dimensions import Dimension
from tests.benchmarks.cursors import cursor, placed
from tests.benchmarks.plain.loading import Loaders, Sessions, sessions
from tests.benchmarks.plain.pages import PageInfo, told
from tests.benchmarks.plain.relating import Relationship, relationship
from tests.benchmarks.plain.summing import Statistics, spending
from tests.benchmarks.plain.types import (
    Agreement,
    Info,
    Official,
    Party,
    Procurement,
    Statement,
    actor_of,
    record_of,
)


@strawberry.input
class By:
    """Which record."""

    id: strawberry.ID


@strawberry.input
class ActMatch:
    """Which speech act."""

    eq: SpeechAct


@strawberry.input
class Span:
    """Which days."""

    from_: datetime.date = strawberry.field(name="from")
    until: datetime.date


@strawberry.input
class StatementWhere:
    """Which statements."""

    act: ActMatch
    made_on: Span


@strawberry.enum
class StatementOrderField(Enum):
    """What statements are ordered by."""

    MADE_ON = "MADE_ON"


@strawberry.input
class StatementOrder:
    """How statements are ordered."""

    field: StatementOrderField
    direction: OrderDirection


@strawberry.enum
class RecordNoun(Enum):
    """What records there are numbers of."""

    PROCUREMENT = "PROCUREMENT"


@strawberry.input
class InvolvementMatch:
    """Who takes part as what."""

    actor: strawberry.ID
    role: list[InvolvementRole]


@strawberry.input
class RecordWhere:
    """Which records there are numbers of."""

    nouns: list[RecordNoun]
    involves: list[InvolvementMatch]


@strawberry.type
class AgreementConnection:
    """A page of agreements."""

    nodes: list[Agreement]
    page_info: PageInfo


@strawberry.type
class ProcurementConnection:
    """A page of procurements."""

    nodes: list[Procurement]


@strawberry.type
class StatementConnection:
    """A page of statements."""

    nodes: list[Statement]
    page_info: PageInfo
    where: strawberry.Private[Any]

    @strawberry.field
    async def total_count(self, info: Info) -> int:
        """How many there are in all."""
        query = sa.select(sa.func.count()).select_from(schema.Statement).where(*self.where)
        total: int = (await info.context.rows(query))[0]
        return total


@strawberry.type
class Query:
    """The questions."""

    @strawberry.field
    async def agreements(
        self, info: Info, first: int, after: str | None = None
    ) -> AgreementConnection:
        """Agreements by id."""
        rows = await _listed(info.context, schema.Agreement, first, after)
        cursors = [cursor("agreements:ID+", row.id) for row in rows[:first]]
        nodes = [record_of(row) for row in rows[:first]]
        return AgreementConnection(nodes=nodes, page_info=told(cursors, len(rows) > first))

    @strawberry.field
    async def procurements(
        self, info: Info, first: int, after: str | None = None
    ) -> ProcurementConnection:
        """Procurements by id."""
        rows = await _listed(info.context, schema.Procurement, first, after)
        return ProcurementConnection(nodes=[record_of(row) for row in rows[:first]])

    @strawberry.field
    async def statements(
        self, info: Info, first: int, where: StatementWhere, order_by: list[StatementOrder]
    ) -> StatementConnection:
        """Statements by day, the newest first."""
        model: Any = schema.Statement
        low, high = model.made_on_earliest, model.made_on_latest
        wanted = [
            model.until.is_(None),
            model.act == where.act.eq,
            sa.or_(low.is_not(None), high.is_not(None)),
            sa.or_(low.is_(None), low <= where.made_on.until),
            sa.or_(high.is_(None), high >= where.made_on.from_),
        ]
        day = sa.func.coalesce(low, sa.literal(datetime.date(1, 1, 1), sa.Date))
        query = sa.select(model).where(*wanted).order_by(day.desc(), model.id.desc())
        rows = await info.context.rows(query.limit(first + 1))
        cursors = [
            cursor("statements:MADE_ON-,ID-", str(row.made_on_earliest or "0001-01-01"), row.id)
            for row in rows[:first]
        ]
        nodes = [record_of(row) for row in rows[:first]]
        info_of_page = told(cursors, len(rows) > first)
        return StatementConnection(nodes=nodes, page_info=info_of_page, where=wanted)

    @strawberry.field
    async def agreement(self, info: Info, by: By) -> Agreement | None:
        """One agreement."""
        row = await info.context.record["agreement"].load(by.id)
        return None if row is None else record_of(row)

    @strawberry.field
    async def official(self, info: Info, by: By) -> Official | None:
        """One official."""
        row = await info.context.record["official"].load(by.id)
        found = None if row is None else actor_of(row)
        assert found is None or isinstance(found, Official)
        return found

    @strawberry.field
    async def relationship(self, info: Info, between: list[strawberry.ID]) -> Relationship | None:
        """What is between two actors."""
        return await relationship(info.context, *between)

    @strawberry.field
    async def statistics(
        self, info: Info, where: RecordWhere, by: list[Dimension], roles: list[InvolvementRole]
    ) -> Statistics:
        """Records in numbers."""
        return await spending(info.context, where.involves[0].actor)


async def _listed(loaders: Loaders, noun: Any, first: int, after: str | None) -> Any:
    query = sa.select(noun).where(noun.until.is_(None))
    if after is not None:
        query = query.where(noun.id > placed(after)[0])
    return await loaders.rows(query.order_by(noun.id).limit(first + 1))


declare_values()
plain_schema = strawberry.Schema(query=Query, types=[Party, Official, Statement])


class Server(GraphQL[Loaders, None]):
    """Strawberry's own ASGI application, with fresh loaders for each request."""

    def __init__(self, opened: Sessions) -> None:
        super().__init__(plain_schema)
        self.sessions = opened

    async def get_context(self, request: Any, response: Any) -> Loaders:
        """The loaders of a request."""
        return Loaders(self.sessions)


def plain_app(url: str) -> ASGIApp:
    """The server of a database."""
    return Server(sessions(url))
