"""Ranking: whole numbers by the place of the words, the same on both databases."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from schema.indexing.documents import Place, docs
from schema.indexing.fulltext import matches
from schema.model.editions import valid
from schema.storage.sql import key_in
from schema.storage.statement import KEYS, given

POINTS = {
    Place.NAME: 14,
    Place.TITLE: 12,
    Place.TEXT: 6,
    Place.PART: 4,
    Place.PASSAGE: 2,
    Place.SOURCE_TEXT: 1,
}
"""What a word counts that a text's word begins with, by where the text stands."""
WHOLE = 2
"""How many times as much a whole word counts."""

Narrowing = Callable[[sa.FromClause], sa.ColumnElement[bool]]
"""A condition on the index, or on hits in it."""


TERMS = given("terms")
"""The terms of the search, by name; a statement is built for a number of them."""


def _hits(count: int, as_of: Any, *conditions: Narrowing, columns: Sequence[str]) -> sa.Subquery:
    """Every text that matches a term, with the number of the term and its points."""
    selects: list[sa.Select[Any]] = []
    for index in range(count):
        term = TERMS.then(operator.itemgetter(index))
        for patterns, weight in (("prefixes", 1), ("exact", WHOLE)):
            table = docs.alias()
            points = sa.case(
                *(
                    (table.c.place == place, sa.literal(points * weight, sa.BigInteger))
                    for place, points in POINTS.items()
                )
            )
            selects.append(
                sa.select(
                    *(table.c[name] for name in columns),
                    sa.literal(index, sa.BigInteger).label("term"),
                    points.label("points"),
                ).where(
                    matches(table, term.then(operator.attrgetter(patterns))),
                    valid(table, as_of),
                    *(condition(table) for condition in conditions),
                )
            )
    return sa.union_all(*selects).subquery()


def scores(count: int, as_of: Any, narrowing: Narrowing) -> sa.Select[Any, Any, int]:
    """The records that match all terms, which are so many, with their scores."""
    hits = _hits(count, as_of, columns=("record_id", "noun"))
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
    columns = ("number", "record_id", "node_id", "place", "field", "start", "start_utf16", "text")
    hits = _hits(count, as_of, lambda table: key_in(table.c.record_id, KEYS), columns=columns)
    order = (hits.c.points.desc(), hits.c.node_id, hits.c.field, hits.c.start)
    rank = sa.func.row_number().over(partition_by=(hits.c.record_id, hits.c.term), order_by=order)
    ranked = sa.select(hits, rank.label("rank")).subquery()
    return sa.select(ranked).where(ranked.c.rank == 1).order_by(ranked.c.record_id, ranked.c.term)
