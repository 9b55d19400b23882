"""Facets: the records that a search found, counted by what they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from schema.errors import PageError
from schema.execution.executor import Executor
from schema.execution.views import to_objects
from schema.filtering.attribution import Standing, attributed_actor
from schema.filtering.dates import own_date, year_of
from schema.filtering.record_where import record_noun, record_nouns
from schema.graph.arguments import argument
from schema.graph.catalog import types
from schema.graph.declare import Answer, plain, reference, resolved, view
from schema.model.bounds import UNCOUNTED, by_argument
from schema.model.editions import valid
from schema.model.reflection import plain_columns
from schema.model.registry import noun_with, nouns_of, prefix_of, table_of, table_with
from schema.model.traits import Trait, name_with
from schema.model.values import list_of, unwrap_optional
from schema.nouns.stage import Stage
from schema.planning.selection import SelectedField
from schema.search.terms import Term
from schema.storage.statement import bound_parameter, given

PARTIES = 20
"""How many parties are counted when a query does not say."""
PARTIES_CEILING = 100
"""How many parties may be asked for."""


async def _noun_of(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> Sequence[Any]:
    return [record_noun()[item.name.upper()] for item in items]


@view()
class SearchNounCount:
    """How many records of one noun were found."""

    noun: Any = resolved(record_noun, "The noun.", _noun_of)
    count: int = plain("How many.")


@dataclass(kw_only=True)
class _NounCount(SearchNounCount):
    name: str


@view()
class SearchPartyCount:
    """How many of the found records a party has a part in, itself or as the state of another."""

    party: str | None = reference(
        name_with(Trait.PARTY),
        "The state of whoever takes part, or the party itself where no state is known; null for "
        "the records that no party takes part in.",
    )
    count: int = plain("How many; a record counts for each party that has a part in it.")


@view()
class SearchYearCount:
    """How many of the found records are dated in one year."""

    year: int | None = plain(
        "The year that the record's date lies in; null where no date is known, or the year is not."
    )
    count: int = plain("How many.")


@view()
class SearchStageCount:
    """How many of the found records are at one stage."""

    stage: Stage | None = plain("The stage; null for the records that have none.")
    count: int = plain("How many.")


@dataclass
class Counted:
    """The records that a search finds, to be counted."""

    scored: Callable[[], sa.Select[Any, Any, int]]
    terms: Sequence[Term]


Rows = Callable[[sa.Subquery, Any], sa.Select[Any, Any]]


def _counting(name: str, query: Rows, made: Callable[..., Any]) -> Answer:
    """Counts by a statement whose rows have a key and a count."""

    async def answer(
        reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
    ) -> Sequence[Any]:
        first = arguments.get("first", PARTIES)
        if not 0 <= first <= PARTIES_CEILING:
            raise PageError(f"`first: {first}` is not between 0 and {PARTIES_CEILING} parties.")
        answers: list[Any] = []
        for item in items:

            def counting(item: Counted = item) -> sa.Select[Any, Any]:
                return query(item.scored().subquery(), reader.edition)

            place = (name, len(item.terms))
            rows = await reader.rows(place, counting, terms=item.terms, first=first)
            counts = [made(row["key"], int(row["count"])) for row in rows]
            answers.append(await to_objects(reader, name, counts, selected))
        return answers

    return answer


def _grouped(key: sa.ColumnElement[Any], source: sa.FromClause) -> sa.Select[Any, Any]:
    return (
        sa.select(key.label("key"), sa.func.count().label("count"))
        .select_from(source)
        .group_by(key)
    )


def _by_noun(found: sa.Subquery, as_of: Any) -> sa.Select[Any, Any]:
    counts = _grouped(found.c.noun, found).subquery()
    return sa.select(counts.c.key, counts.c.count).order_by(counts.c.count.desc(), counts.c.key)


def _by_party(found: sa.Subquery, as_of: Any) -> sa.Select[Any, Any]:
    """By the actors that statistics count the records for, and themselves; of these the parties."""
    records, part = sa.select(found).cte(), table_with(Trait.INVOLVEMENT).alias()
    taking = [noun.__name__ for noun in record_nouns().values() if noun.has_participants]
    own = sa.and_(
        part.c.record_id == records.c.record_id,
        records.c.noun.in_(taking),
        valid(part, as_of),
    )
    is_actor = records.c.noun.in_(sorted(nouns_of("Actor")))
    actor = sa.case((is_actor, records.c.record_id), else_=part.c.actor_id)
    rows, party = attributed_actor(Standing.STATE, records.outerjoin(part, own), actor, as_of)
    pairs = (
        sa.select(records.c.record_id, party.label("party"))
        .select_from(rows)
        .where(party.startswith(f"{prefix_of(noun_with(Trait.PARTY))}/"))
        .distinct()
        .subquery()
    )
    joined = records.outerjoin(pairs, pairs.c.record_id == records.c.record_id)
    counts = _grouped(pairs.c.party, joined).subquery()
    return (
        sa.select(counts.c.key, counts.c.count)
        .order_by(counts.c.count.desc(), sa.func.coalesce(counts.c.key, ""))
        .limit(bound_parameter(given("first"), sa.Integer()))
    )


def _by_year(found: sa.Subquery, as_of: Any) -> sa.Select[Any, Any]:
    return _left(found, [*_years(as_of)])


def _years(as_of: Any) -> list[sa.Select[Any, Any]]:
    """The year of each record that lies in one, by the first of its dates that has bounds."""
    found: list[sa.Select[Any, Any]] = []
    for noun in record_nouns().values():
        table = table_of(noun).alias()
        if noun.dated_by:
            year = year_of(own_date(noun, table)).label("key")
            found.append(sa.select(table.c.id, year).where(valid(table, as_of)))
    return found


def _by_stage(found: sa.Subquery, as_of: Any) -> sa.Select[Any, Any]:
    staged: list[sa.Select[Any, Any]] = []
    for noun in record_nouns().values():
        info = plain_columns(noun).get("stage")
        if info is not None and unwrap_optional(info.annotation) is Stage:
            table = table_of(noun).alias()
            staged.append(
                sa.select(table.c.id, table.c.stage.label("key")).where(valid(table, as_of))
            )
    return _left(found, staged)


def _left(found: sa.Subquery, keyed: list[sa.Select[Any, Any]]) -> sa.Select[Any, Any]:
    """All that was found, counted by a key that some of it has; what has none comes last."""
    keys = sa.union_all(*keyed).subquery()
    counts = _grouped(keys.c.key, found.outerjoin(keys, keys.c.id == found.c.record_id)).subquery()
    return sa.select(counts.c.key, counts.c.count).order_by(counts.c.key.is_(None), counts.c.key)


def _many(name: str) -> Callable[[], Any]:
    return lambda: list_of(types[name])


@view()
class SearchStatistics:
    """The whole result of a search, counted in four ways; each is counted only when asked for."""

    nouns: Any = resolved(
        _many("SearchNounCount"),
        "By noun, the most first.",
        _counting("SearchNounCount", _by_noun, lambda key, n: _NounCount(name=key, count=n)),
        bound=UNCOUNTED,
    )
    parties: Any = resolved(
        _many("SearchPartyCount"),
        "By party, the most first: by the state that those who take part belong to.",
        _counting(
            "SearchPartyCount", _by_party, lambda key, n: SearchPartyCount(party=key, count=n)
        ),
        lambda: {"first": (argument(int, "How many parties, at most 100."), PARTIES)},
        bound=by_argument("first", PARTIES_CEILING),
    )
    years: Any = resolved(
        _many("SearchYearCount"),
        "By year, the earliest first: by the date that places the record in time.",
        _counting("SearchYearCount", _by_year, lambda key, n: SearchYearCount(year=key, count=n)),
        bound=UNCOUNTED,
    )
    stages: Any = resolved(
        _many("SearchStageCount"),
        "By stage, in alphabetical order.",
        _counting(
            "SearchStageCount", _by_stage, lambda key, n: SearchStageCount(stage=key, count=n)
        ),
        bound=UNCOUNTED,
    )
