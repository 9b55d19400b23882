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
from schema.graph.arguments import Arguments, argument
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import plain, reference, resolved, view
from schema.model.bounds import Bound, by_argument, uncounted
from schema.model.editions import valid
from schema.model.record_choices import record_noun, record_nouns
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


@view()
class SearchNounCount:
    """How many records of one noun were found."""

    noun: record_noun() = plain("The noun.")  # type: ignore[valid-type]  # made at run time
    count: int = plain("How many.")


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
class SearchResult:
    """The whole result of a search, to be counted."""

    scores: Callable[[], sa.Select[Any, Any, int]]
    """Its records, for a statement that is given the terms by name."""
    terms: Sequence[Term]


def _facet(
    name: str,
    description: str,
    query: Callable[[sa.Subquery, Any], sa.Select[Any, Any]],
    count_of: Callable[[Any, int], Any],
    bound: Bound,
    field_arguments: Callable[[], Arguments] = dict,
) -> Any:
    """A field with counts of one type, by a statement whose rows have a key and a count."""

    async def answer(
        reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
    ) -> list[list[TypedObject]]:
        result: SearchResult
        [result] = items
        first = arguments.get("first", PARTIES)
        if not 0 <= first <= PARTIES_CEILING:
            raise PageError(f"`first: {first}` is not between 0 and {PARTIES_CEILING} parties.")
        rows = await reader.rows(
            (name, len(result.terms)),
            lambda: query(result.scores().subquery(), reader.edition),
            terms=result.terms,
            first=first,
        )
        counts = [count_of(row["key"], int(row["count"])) for row in rows]
        return [await to_objects(reader, name, counts, selected)]

    return resolved(lambda: list_of(types[name]), description, answer, field_arguments, bound=bound)


def _counts(key: sa.ColumnElement[Any], rows: sa.FromClause) -> sa.Subquery:
    """How many rows have each key."""
    counts = sa.select(key.label("key"), sa.func.count().label("count"))
    return counts.select_from(rows).group_by(key).subquery()


def _by_noun(records: sa.Subquery, as_of: Any) -> sa.Select[Any, Any]:
    counts = _counts(records.c.noun, records)
    return sa.select(counts.c.key, counts.c.count).order_by(counts.c.count.desc(), counts.c.key)


def _by_party(records: sa.Subquery, as_of: Any) -> sa.Select[Any, Any]:
    """By the actors that statistics count the records for, and themselves; of these the parties."""
    record, involvement = sa.select(records).cte(), table_with(Trait.INVOLVEMENT).alias()
    with_participants = [n.__name__ for n in record_nouns().values() if n.has_participants]
    is_its_own = sa.and_(
        involvement.c.record_id == record.c.record_id,
        record.c.noun.in_(with_participants),
        valid(involvement, as_of),
    )
    is_actor = record.c.noun.in_(sorted(nouns_of("Actor")))
    actor = sa.case((is_actor, record.c.record_id), else_=involvement.c.actor_id)
    involved = record.outerjoin(involvement, is_its_own)
    rows, party = attributed_actor(Standing.STATE, involved, actor, as_of)
    pairs = (
        sa.select(record.c.record_id, party.label("party"))
        .select_from(rows)
        .where(party.startswith(f"{prefix_of(noun_with(Trait.PARTY))}/"))
        .distinct()
        .subquery()
    )
    joined = record.outerjoin(pairs, pairs.c.record_id == record.c.record_id)
    counts = _counts(pairs.c.party, joined)
    return (
        sa.select(counts.c.key, counts.c.count)
        .order_by(counts.c.count.desc(), sa.func.coalesce(counts.c.key, ""))
        .limit(bound_parameter(given("first"), sa.Integer()))
    )


def _by_year(records: sa.Subquery, as_of: Any) -> sa.Select[Any, Any]:
    """By the year that the first of a record's dates with bounds lies in."""
    years: list[sa.Select[Any, Any]] = []
    for noun in record_nouns().values():
        table = table_of(noun).alias()
        if noun.dated_by:
            year = year_of(own_date(noun, table)).label("key")
            years.append(sa.select(table.c.id, year).where(valid(table, as_of)))
    return _by_key_of_some(records, years)


def _by_stage(records: sa.Subquery, as_of: Any) -> sa.Select[Any, Any]:
    stages: list[sa.Select[Any, Any]] = []
    for noun in record_nouns().values():
        column = plain_columns(noun).get("stage")
        if column is not None and unwrap_optional(column.annotation) is Stage:
            table = table_of(noun).alias()
            stage = table.c.stage.label("key")
            stages.append(sa.select(table.c.id, stage).where(valid(table, as_of)))
    return _by_key_of_some(records, stages)


def _by_key_of_some(
    records: sa.Subquery, selects: list[sa.Select[Any, Any]]
) -> sa.Select[Any, Any]:
    """All records, counted by a key that is selected for some; what has none comes last."""
    keys = sa.union_all(*selects).subquery()
    counts = _counts(keys.c.key, records.outerjoin(keys, keys.c.id == records.c.record_id))
    return sa.select(counts.c.key, counts.c.count).order_by(counts.c.key.is_(None), counts.c.key)


@view()
class SearchStatistics:
    """The whole result of a search, counted in four ways; each is counted only when asked for."""

    nouns: Any = _facet(
        "SearchNounCount",
        "By noun, the most first.",
        _by_noun,
        lambda name, count: SearchNounCount(noun=record_noun()[name.upper()], count=count),
        uncounted("One for each noun."),
    )
    parties: Any = _facet(
        "SearchPartyCount",
        "By party, the most first: by the state that those who take part belong to.",
        _by_party,
        lambda party, count: SearchPartyCount(party=party, count=count),
        by_argument("first", PARTIES_CEILING),
        lambda: {"first": (argument(int, "How many parties, at most 100."), PARTIES)},
    )
    years: Any = _facet(
        "SearchYearCount",
        "By year, the earliest first: by the date that places the record in time.",
        _by_year,
        lambda year, count: SearchYearCount(year=year, count=count),
        uncounted("One for each year."),
    )
    stages: Any = _facet(
        "SearchStageCount",
        "By stage, in alphabetical order.",
        _by_stage,
        lambda stage, count: SearchStageCount(stage=stage, count=count),
        uncounted("One for each stage."),
    )
