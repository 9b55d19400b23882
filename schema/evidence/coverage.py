"""Coverage: whether what is missing was looked for, as far as sources say what they cover."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.execution.derived import BY_ID, Row, records_field
from schema.execution.executor import Executor
from schema.execution.root import AS_OF, root
from schema.execution.views import to_object
from schema.filtering.membership import memberships
from schema.filtering.record_where import record_where
from schema.graph.arguments import optional_argument
from schema.graph.catalog import types
from schema.graph.declare import plain, view
from schema.model.bounds import page_of, term
from schema.model.editions import Identity, valid
from schema.model.fanout import COVERING
from schema.model.registry import table_with
from schema.model.traits import Trait, name_with
from schema.storage.sql import key_in
from schema.storage.statement import KEYS


@strawberry.enum(description="Whether the sources that were read cover what is asked about.")
class CoverageVerdict(Enum):
    INSIDE = strawberry.enum_value(
        "INSIDE",
        description="A source covers all of it; what is not here, that source does not tell.",
    )
    PARTLY = strawberry.enum_value(
        "PARTLY", description="Sources cover a part of it: some of the parties, or of the days."
    )
    OUTSIDE = strawberry.enum_value(
        "OUTSIDE", description="No source covers any of it; that nothing is here means nothing."
    )


@view()
class Coverage:
    """What can be concluded from what is missing: whether sources that were read cover it.

    Only what sources say of themselves counts, their parties and their period. A source that
    states neither covers nothing; one that names no parties covers all of them.
    """

    id: strawberry.ID = plain("What is asked about, as a fingerprint.")
    verdict: CoverageVerdict = plain("Whether the sources that were read cover it.")
    explanation: str = plain("The verdict in one sentence.")
    sources: Any = records_field(
        name_with(Trait.SOURCE),
        "sources",
        "The sources that cover it; where none covers all of it, those that cover a part.",
        "covering",
        [BY_ID],
        page_of(*map(term, COVERING)),
    )
    covering: Sequence[Row]
    earliest: datetime.date | None = plain(
        "The first day that any source covers, whatever is asked; null where none says or the "
        "period has no beginning."
    )
    latest: datetime.date | None = plain(
        "The last day that any source covers, whatever is asked; null where none says or the "
        "period has no end."
    )
    source_count: int = plain("How many of the sources that were read say what they cover.")
    party_count: int = plain("How many parties these sources name as covered.")
    covers_all_parties: bool = plain("Whether one of these sources covers all parties.")


EVER = (datetime.date.min, datetime.date.max)
"""A span without an end on either side."""


@dataclass(frozen=True)
class _Scope:
    """The parties and the days that a `where` selects, and the sources that count."""

    actors: tuple[str, ...]
    start: datetime.date
    end: datetime.date
    sources: tuple[str, ...]

    @classmethod
    def of(cls, where: Mapping[str, Any] | None) -> _Scope:
        """The scope of a `where`."""
        where = where or {}
        span = where.get("happened") or {}
        actors = dict.fromkeys(match["actor"] for match in where.get("involves") or ())
        start, end = span.get("from") or EVER[0], span.get("until") or EVER[1]
        return cls((*actors,), start, end, tuple(where.get("sources") or ()))

    @property
    def limits(self) -> str:
        """What it is limited to, in words; empty where it is not limited."""
        actors = ["the parties"] if self.actors else []
        days = ["the days"] if (self.start, self.end) != EVER else []
        return " and ".join(actors + days)


@dataclass
class _SourceScope:
    """The parties and the days that one source says it covers."""

    source: str
    earliest: datetime.date
    latest: datetime.date
    parties: set[str] = field(default_factory=set)

    @property
    def is_dated(self) -> bool:
        """Whether it names a period."""
        return (self.earliest, self.latest) != EVER

    def overlaps(self, scope: _Scope) -> bool:
        """Whether its period has some of the days of a scope."""
        return self.earliest <= scope.end and self.latest >= scope.start

    def includes(self, scope: _Scope) -> bool:
        """Whether its period has all days of a scope."""
        if (scope.start, scope.end) == EVER:
            return True
        return self.is_dated and self.earliest <= scope.start and self.latest >= scope.end

    def covers(self, owners: set[str]) -> bool:
        """Whether it covers a party, given the party and all that it belongs to."""
        return not self.parties or bool(self.parties & owners)


async def coverage_of(reader: Executor, where: Mapping[str, Any] | None) -> Coverage:
    """Whether the sources that were read cover what a `where` asks about; in two statements."""
    scope = _Scope.of(where)
    owners = await _owners(reader, scope.actors)
    sources = await _source_scopes(reader, scope.sources)
    whole: list[str] = []
    part: list[str] = []
    for each in sources:
        covered = [each.covers(owners[actor]) for actor in scope.actors]
        if scope.limits and all(covered) and each.includes(scope):
            whole.append(each.source)
        elif (any(covered) or not covered) and each.overlaps(scope):
            part.append(each.source)
    covering, verdict = whole or part, CoverageVerdict.OUTSIDE
    if covering:
        verdict = CoverageVerdict.INSIDE if whole else CoverageVerdict.PARTLY
    dated = [each for each in sources if each.is_dated]
    earliest = min((each.earliest for each in dated), default=EVER[0])
    latest = max((each.latest for each in dated), default=EVER[1])
    return Coverage(
        id=_id(scope),
        verdict=verdict,
        explanation=_explanation(verdict, scope, len(covering), bool(sources)),
        covering=[{"id": source} for source in sorted(covering)],
        earliest=None if earliest == EVER[0] else earliest,
        latest=None if latest == EVER[1] else latest,
        source_count=len(sources),
        party_count=len({party for each in sources for party in each.parties}),
        covers_all_parties=any(not each.parties for each in sources),
    )


def _id(scope: _Scope) -> strawberry.ID:
    parts = [scope.actors, scope.start, scope.end, scope.sources]
    fingerprint = hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:16]
    return strawberry.ID(f"coverage/{fingerprint}")


def _explanation(
    verdict: CoverageVerdict, scope: _Scope, covering: int, has_statements: bool
) -> str:
    many = "1 source covers" if covering == 1 else f"{covering} sources cover"
    if not has_statements:
        return (
            "No source that was read says what it covers, so nothing follows from what is missing."
        )
    if verdict is CoverageVerdict.INSIDE:
        return f"{many} {scope.limits} asked about."
    if verdict is CoverageVerdict.OUTSIDE:
        return f"No source that was read says that it covers {scope.limits} asked about."
    if not scope.limits:
        return f"All parties and all days are asked about; {many} a part of that."
    return f"No source that was read covers all of {scope.limits} asked about; {many} a part."


async def _source_scopes(reader: Executor, among: Sequence[str]) -> list[_SourceScope]:
    """What each source says that it covers; sources that say nothing of it are left out."""

    def stating() -> sa.Select[*tuple[Any, ...]]:
        sources, links = table_with(Trait.SOURCE).alias(), table_with(Trait.INVOLVEMENT).alias()
        covered = sa.and_(
            links.c.record_id == sources.c.id,
            links.c.role == "COVERED",
            valid(links, reader.edition),
        )
        earliest, latest = sources.c.covers_earliest, sources.c.covers_latest
        says = sa.or_(earliest.is_not(None), latest.is_not(None), links.c.actor_id.is_not(None))
        query = (
            sa.select(sources.c.id, earliest, latest, links.c.actor_id)
            .select_from(sources.outerjoin(links, covered))
            .where(valid(sources, reader.edition), says)
            .order_by(sources.c.id)
        )
        return query.where(key_in(sources.c.id, KEYS)) if among else query

    scopes: dict[str, _SourceScope] = {}
    for row in await reader.rows(("stated", bool(among)), stating, among):
        earliest, latest = row["covers_earliest"] or EVER[0], row["covers_latest"] or EVER[1]
        scope = scopes.setdefault(row["id"], _SourceScope(row["id"], earliest, latest))
        if row["actor_id"]:
            scope.parties.add(row["actor_id"])
    return [*scopes.values()]


async def _owners(reader: Executor, actors: Sequence[str]) -> dict[str, set[str]]:
    """Each party or official with all that it belongs to; one statement for all of them."""
    owners = {actor: {actor} for actor in actors}

    def all_owners() -> sa.Select[*tuple[Any, ...]]:
        ids: Any = Identity.__table__  # type: ignore[attr-defined]  # set by SQLModel
        closure = (
            sa.select(ids.c.id.label("actor"), ids.c.id.label("owner"))
            .where(key_in(ids.c.id, KEYS))
            .cte(recursive=True)
        )
        pairs = sa.union_all(*memberships()).subquery()
        closure = closure.union(
            sa.select(closure.c.actor, pairs.c.owner).join(
                pairs, sa.and_(pairs.c.member == closure.c.owner, valid(pairs, reader.edition))
            )
        )
        return sa.select(closure.c.actor, closure.c.owner)

    for row in await reader.rows("owners", all_owners, actors) if actors else ():
        owners[row["actor"]].add(row["owner"])
    return owners


def fields() -> dict[str, Any]:
    """The root field of the question."""

    async def answer(reader: Executor, arguments: dict[str, Any]) -> Any:
        coverage = await coverage_of(reader, arguments.get("where"))
        return await to_object(reader, "Coverage", coverage, reader.root)

    where = "What is asked about; `involves`, `happened` and `sources` count, the rest does not."
    arguments = {"where": optional_argument(record_where(), where), "as_of": AS_OF}
    text = "Whether the sources that were read cover what is asked about, or nobody looked there."
    return {"coverage": root("coverage", types["Coverage"] | None, text, arguments, answer)}
