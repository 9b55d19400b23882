"""The types of the graph, as far as the seven questions reach."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
import strawberry
from strawberry.scalars import JSON

import schema
from schema.model.noun import TitleOrigin
from schema.model.values import Money, PartialDate
from schema.nouns.agreement import AgreementKind, AgreementStatus
from schema.nouns.claim import ClaimStatus
from schema.nouns.involvement import InvolvementRole
from schema.nouns.name import NameKind
from schema.nouns.stage import Stage
from schema.nouns.statement import SpeechAct
from schema.storage.sql import constant_or_none
from tests.benchmarks.cursors import cursor
from tests.benchmarks.plain.loading import Loaders
from tests.benchmarks.plain.pages import PageInfo, date_of, money_of, told

Info = strawberry.Info[Loaders, None]


PAGE = 20
"""How many a page holds that does not say."""


@strawberry.interface
class Record:
    """Anything with an id and a title."""

    id: strawberry.ID
    title: str


@strawberry.interface
class Actor(Record):
    """A party or an official."""


@strawberry.type
class Party(Actor):
    """A state or an institution."""


@strawberry.type
class Passage:
    """The words of a source."""

    exact: str


@strawberry.type
class Source(Record):
    """A document."""


@strawberry.type
class Claim:
    """What a source says."""

    row: strawberry.Private[Any]
    field: str | None
    value: JSON | None
    status: ClaimStatus

    @strawberry.field
    async def passages(self, info: Info) -> list[Passage]:
        """The words it rests on."""
        return [Passage(exact=row.exact) for row in await info.context.passages.load(self.row.id)]

    @strawberry.field
    async def source(self, info: Info) -> Source:
        """Where they stand."""
        row = await info.context.record["source"].load(self.row.source_id)
        return Source(id=row.id, title=row.title)


@strawberry.type
class Involvement:
    """Somebody's part in a record."""

    row: strawberry.Private[Any]
    role: InvolvementRole

    @strawberry.field
    async def actor(self, info: Info) -> Actor:
        """Whose part it is."""
        return actor_of(await info.context.by_id(self.row.actor_id))

    @strawberry.field
    async def record(self, info: Info) -> Record:
        """What it is a part in."""
        made: Record = record_of(await info.context.by_id(self.row.record_id))
        return made


@strawberry.type
class ClaimConnection:
    """A page of claims."""

    nodes: list[Claim]


@strawberry.type
class Agreement(Record):
    """What parties agreed."""

    title_origin: TitleOrigin
    kind: AgreementKind | None
    status: AgreementStatus | None
    label: str | None
    instrument_title: str | None
    sector: str | None
    purpose: str | None
    is_binding: bool | None
    signed_on: PartialDate | None
    in_force_on: PartialDate | None

    @strawberry.field
    async def parties(self, info: Info) -> list[Involvement]:
        """Who agreed."""
        return involved(await info.context.involvements.load(self.id), InvolvementRole.PARTY)

    @strawberry.field
    async def signatories(self, info: Info) -> list[Involvement]:
        """Who signed."""
        return involved(await info.context.involvements.load(self.id), InvolvementRole.SIGNATORY)

    @strawberry.field
    async def claims(self, info: Info) -> ClaimConnection:
        """What is said of it."""
        rows = await info.context.claims.load(self.id)
        return ClaimConnection(
            nodes=[
                Claim(
                    row=row,
                    field=constant_or_none(row.field),
                    value=None if row.value is None else JSON(json.loads(row.value)),
                    status=row.status,
                )
                for row in rows[:PAGE]
            ]
        )


@strawberry.type
class Procurement(Record):
    """A purchase."""

    title_origin: TitleOrigin
    stage: Stage | None
    label: str | None
    designation: str | None
    category: str | None
    purpose: str | None
    contracting_authority: str | None
    is_government_to_government: bool | None
    value: Money | None
    ordered_on: PartialDate | None


@strawberry.type
class Statement(Record):
    """What somebody said."""

    act: SpeechAct | None
    topic: str | None
    text: str | None
    made_on: PartialDate | None


@strawberry.type
class Name:
    """A name."""

    text: str
    language: str | None
    kind: NameKind | None


@strawberry.type
class Tenure:
    """A post that an official holds."""

    row: strawberry.Private[Any]
    post: str | None
    started_on: PartialDate | None
    ended_on: PartialDate | None

    @strawberry.field
    async def party(self, info: Info) -> Party | None:
        """Where the post is."""
        row = await info.context.record["party"].load(self.row.party_id)
        return None if row is None else Party(id=row.id, title=row.title)


@strawberry.type
class TenureConnection:
    """A page of tenures."""

    nodes: list[Tenure]


@strawberry.type
class InvolvementConnection:
    """A page of involvements."""

    nodes: list[Involvement]
    page_info: PageInfo


@strawberry.type
class Official(Actor):
    """A person."""

    row: strawberry.Private[Any]
    name: str | None

    @strawberry.field
    async def state(self, info: Info) -> Party | None:
        """The state the person serves."""
        row = await info.context.record["party"].load(self.row.state_id)
        return None if row is None else Party(id=row.id, title=row.title)

    @strawberry.field
    async def names(self, info: Info) -> list[Name]:
        """The person's names."""
        return [
            Name(text=row.text, language=row.language, kind=row.kind)
            for row in await info.context.names.load(self.id)
        ]

    @strawberry.field
    async def tenures(self, info: Info) -> TenureConnection:
        """The person's posts."""
        rows = await info.context.tenures.load(self.id)
        return TenureConnection(
            nodes=[
                Tenure(
                    row=row,
                    post=row.post,
                    started_on=date_of(row, "started_on"),
                    ended_on=date_of(row, "ended_on"),
                )
                for row in rows[:PAGE]
            ]
        )

    @strawberry.field
    async def involvements(self, info: Info, first: int) -> InvolvementConnection:
        """What the person takes part in."""
        model: Any = schema.Involvement
        query = sa.select(model).where(model.actor_id == self.id, model.until.is_(None))
        rows = await info.context.rows(query.order_by(model.id).limit(first + 1))
        nodes = [Involvement(row=row, role=row.role) for row in rows[:first]]
        cursors = [cursor("involvements:ID+", row.id) for row in rows[:first]]
        return InvolvementConnection(nodes=nodes, page_info=told(cursors, len(rows) > first))


def involved(rows: list[Any], role: InvolvementRole) -> list[Involvement]:
    """The involvements in one role."""
    return [Involvement(row=row, role=row.role) for row in rows if row.role is role]


def actor_of(row: Any) -> Actor:
    """A party or an official out of its row."""
    if row.id.startswith("party/"):
        return Party(id=row.id, title=row.title)
    return Official(row=row, id=row.id, title=row.title, name=row.name)


MADE: dict[str, Any] = {
    "agreement": (
        Agreement,
        ("kind", "status", "label", "instrument_title", "sector", "purpose", "is_binding"),
        ("signed_on", "in_force_on"),
    ),
    "procurement": (
        Procurement,
        (
            "stage",
            "label",
            "designation",
            "category",
            "purpose",
            "contracting_authority",
            "is_government_to_government",
        ),
        ("ordered_on",),
    ),
    "statement": (Statement, ("act", "topic", "text"), ("made_on",)),
}
"""The type of a noun's rows, its plain columns, and its dates."""


def record_of(row: Any) -> Any:
    """A record out of its row."""
    noun = row.id.partition("/")[0]
    made, columns, dates = MADE[noun]
    given = {name: getattr(row, name) for name in columns}
    given |= {name: date_of(row, name) for name in dates}
    if noun != "statement":
        given["title_origin"] = row.title_origin
    if noun == "procurement":
        given["value"] = money_of(row, "value")
    return made(id=row.id, title=row.title, **given)
