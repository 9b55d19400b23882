"""Ranking: whole numbers by the place of the words, the same on both databases."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from schema.indexing.documents import Place, docs
from schema.indexing.fulltext import matches
from schema.model.editions import valid
from schema.model.registry import noun_with, nouns_of, prefix_of, prefixes, table_with
from schema.model.traits import Trait
from schema.model.values import CodepointText
from schema.storage.sql import key_in
from schema.storage.statement import KEYS, Parameter, bound_parameter, given

POINTS = {
    Place.NAME: 14,
    Place.TITLE: 12,
    Place.TEXT: 6,
    Place.PART: 4,
    Place.PASSAGE: 2,
    Place.SOURCE_TEXT: 1,
    Place.PARTICIPANT: 1,
}
"""What a word counts that a text's word begins with, by where the text stands."""
WHOLE = 2
"""How many times as much a whole word counts."""

ENTIRE = 4
"""How many times as much a word counts in a name or title that is what was searched for."""
CODE = 60
"""What a word counts in a code that is what was searched for: more than in any name."""

Narrowing = Callable[[sa.FromClause], sa.ColumnElement[bool]]
"""A condition on the index, or on hits in it."""


TERMS = given("terms")
"""The terms of the search, by name; a statement is built for a number of them."""


_NAMES = (Place.TITLE, Place.NAME)
"""Where the names of an actor stand, which belong to what it takes part in as well."""


def _is_name(texts: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(texts.c.place.in_(_NAMES), texts.c.noun.in_(sorted(nouns_of("Actor"))))


def _noun_of(record: sa.ColumnElement[str]) -> sa.ColumnElement[str | None]:
    """The noun of a record by its id, where actors take part in its records."""
    return sa.case(
        *(
            # The character after the slash ends the ids of one noun.
            (sa.and_(record > f"{prefix}/", record < f"{prefix}0"), noun.__name__)
            for prefix, noun in prefixes().items()
            if noun.has_participants
        )
    )


def _own_hits(count: int, as_of: Any, among: Narrowing, columns: Sequence[str]) -> sa.CTE:
    """Every text that matches a term, with the number of the term and what it weighs."""
    selects: list[sa.Select[Any]] = []
    for index in range(count):
        term = TERMS.then(operator.itemgetter(index))
        for patterns, weight in (("prefixes", 1), ("exact", WHOLE)):
            table = docs.alias()
            entire = _entire_points(table, term) if patterns == "exact" else []
            points = sa.case(*entire, *_points(table, weight))
            selects.append(
                sa.select(
                    *(table.c[name] for name in columns),
                    sa.literal(index, sa.BigInteger).label("term"),
                    sa.literal(weight, sa.BigInteger).label("weight"),
                    points.label("points"),
                ).where(
                    matches(table, term.then(operator.attrgetter(patterns))),
                    valid(table, as_of),
                    sa.or_(among(table), _is_name(table)),
                )
            )
    return sa.union_all(*selects).cte("own_hits")


def _hits(count: int, as_of: Any, among: Narrowing, columns: Sequence[str]) -> sa.Subquery:
    """Every text of some records that matches a term, with the points it gives.

    The names of those who take part are found with the actors themselves, so that they are right
    in every edition and no text is kept twice.
    """
    own = _own_hits(count, as_of, among, columns)
    involvement = table_with(Trait.INVOLVEMENT).alias()
    record = involvement.c.record_id
    theirs = {
        "record_id": record,
        "noun": _noun_of(record),
        "place": sa.literal(Place.PARTICIPANT, docs.c.place.type),
    }
    # An actor has hundreds of names; here those that give the same are one.
    selected = (*(own.c[name] for name in columns), own.c.term, own.c.weight)
    named = sa.select(*selected).where(_is_name(own)).distinct().subquery()
    names = (
        sa.select(
            *(theirs.get(name, named.c[name]).label(name) for name in columns),
            named.c.term,
            named.c.weight,
            (POINTS[Place.PARTICIPANT] * named.c.weight).label("points"),
        )
        .join_from(named, involvement, involvement.c.actor_id == named.c.record_id)
        .where(_noun_of(record).is_not(None), valid(involvement, as_of))
    )
    found = sa.union_all(sa.select(own), names).subquery()
    return (
        sa.select(
            *(found.c[name] for name in columns),
            found.c.term,
            found.c.points,
        )
        .where(among(found))
        .subquery()
    )


Cases = list[tuple[sa.ColumnElement[bool], sa.ColumnElement[int]]]


def _points(table: sa.FromClause, weight: int, places: Iterable[Place] = tuple(POINTS)) -> Cases:
    """What a word counts by its place, so many times as much."""
    return [
        (table.c.place == place, sa.literal(POINTS[place] * weight, sa.BigInteger))
        for place in places
    ]


def _entire_points(table: sa.FromClause, term: Parameter) -> Cases:
    """What a word counts where the text is all that was searched for: a code, a name or a title."""
    name, code = (
        table.c.tok == bound_parameter(term.then(operator.attrgetter(kind)), CodepointText)
        for kind in ("entire_name", "entire_code")
    )
    prefix = f"{prefix_of(noun_with(Trait.IDENTIFIER))}/"
    is_code = sa.and_(table.c.node_id.startswith(prefix), table.c.field == "value", code)
    named = _points(table, ENTIRE, (Place.NAME, Place.TITLE))
    return [
        (is_code, sa.literal(CODE, sa.BigInteger)),
        *((sa.and_(is_there, name), points) for is_there, points in named),
    ]


def scores(count: int, as_of: Any, narrowing: Narrowing) -> sa.Select[Any, Any, int]:
    """The records that match all terms, which are so many, with their scores."""
    hits = _hits(count, as_of, lambda _: sa.true(), ("record_id", "noun", "place"))
    best = (
        sa.select(hits.c.record_id, hits.c.noun, sa.func.max(hits.c.points).label("points"))
        .where(narrowing(hits))
        .group_by(hits.c.record_id, hits.c.noun, hits.c.term)
        .subquery()
    )
    score = sa.cast(sa.func.sum(best.c.points), sa.BigInteger)
    return (
        sa.select(best.c.record_id, best.c.noun, score.label("score"))
        .group_by(best.c.record_id, best.c.noun)
        .having(sa.func.count() == count)
    )


def best_texts(count: int, as_of: Any) -> sa.Select[Any]:
    """For each record and term the text that gives most, the first of those that give the same."""
    about = ("number", "record_id", "noun", "node_id", "place", "field")
    columns = (*about, "start", "start_utf16", "text")
    hits = _hits(count, as_of, lambda table: key_in(table.c.record_id, KEYS), columns)
    order = (hits.c.points.desc(), hits.c.node_id, hits.c.field, hits.c.start)
    rank = sa.func.row_number().over(partition_by=(hits.c.record_id, hits.c.term), order_by=order)
    ranked = sa.select(hits, rank.label("rank")).subquery()
    return sa.select(ranked).where(ranked.c.rank == 1).order_by(ranked.c.record_id, ranked.c.term)
