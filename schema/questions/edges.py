"""Edges: what the ties of a network add up to, what is confirmed apart from what is not."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from schema.questions.ties import DIRECTIONS
from schema.storage.sql import key_in
from schema.storage.statement import KEYS, bound_parameter, given


def _edges(ties: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    """Every two actors that are tied, with how many records tie them, confirmed and not."""
    weight = sa.func.count(_confirmed(ties))
    unconfirmed = (sa.func.count() - weight).label("unconfirmed")
    columns = [ties.c.one, ties.c.other, weight.label("weight"), unconfirmed]
    return sa.select(*columns).group_by(ties.c.one, ties.c.other)


def _confirmed(ties: sa.FromClause) -> sa.ColumnElement[str]:
    """The record of a tie that goes any way, as only those do that are confirmed."""
    return sa.case((sa.or_(*(ties.c[name] == 1 for name in DIRECTIONS)), ties.c.record_id))


def heaviest_edges(ties: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    """The first edges by how many records tie their ends, what is confirmed before the rest."""
    first = bound_parameter(given("first"), sa.Integer())
    return (
        _edges(ties)
        .order_by(sa.desc("weight"), sa.desc("unconfirmed"), ties.c.one, ties.c.other)
        .limit(first)
    )


def node_and_edge_count(ties: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    """How many actors are tied, and how many two of them."""
    edges = _edges(ties).cte("edges")
    ends = sa.union_all(
        sa.select(edges.c.one.label("actor"), edges.c.weight),
        sa.select(edges.c.other, edges.c.weight),
    ).subquery()
    heaviest = sa.func.max(ends.c.weight).label("weight")
    nodes = sa.select(ends.c.actor, heaviest).group_by(ends.c.actor).subquery()
    return sa.select(
        *(
            sa.select(sa.func.count()).select_from(rows).where(test).scalar_subquery().label(name)
            for name, rows, test in (
                ("node_count", nodes, nodes.c.weight > 0),
                ("unconfirmed_node_count", nodes, nodes.c.weight == 0),
                ("edge_count", edges, edges.c.weight > 0),
                ("unconfirmed_edge_count", edges, edges.c.weight == 0),
            )
        )
    )


def node_weights(ties: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    """The actors with all that ties them, edges that are not shown included."""
    confirmed = _confirmed(ties).label("confirmed")
    ends = sa.union_all(
        sa.select(
            ties.c.one.label("actor"), ties.c.other.label("other"), ties.c.record_id, confirmed
        ),
        sa.select(ties.c.other, ties.c.one, ties.c.record_id, confirmed),
    ).subquery()
    weight = sa.func.count(ends.c.confirmed.distinct())
    others = sa.case((ends.c.confirmed.is_not(None), ends.c.other))
    return (
        sa.select(
            ends.c.actor,
            weight.label("weight"),
            (sa.func.count(ends.c.record_id.distinct()) - weight).label("unconfirmed"),
            sa.func.count(others.distinct()).label("degree"),
        )
        .where(key_in(ends.c.actor, KEYS))
        .group_by(ends.c.actor)
    )


def counts_by_noun(ties: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    """The edges among actors by the nouns of their records, with how many go which way."""
    count = sa.func.count(_confirmed(ties))
    return (
        sa.select(
            ties.c.one,
            ties.c.other,
            ties.c.noun,
            count.label("count"),
            (sa.func.count() - count).label("unconfirmed"),
            *(sa.func.sum(ties.c[name]).label(name) for name in DIRECTIONS),
        )
        .where(key_in(ties.c.one, KEYS), key_in(ties.c.other, KEYS))
        .group_by(ties.c.one, ties.c.other, ties.c.noun)
        .order_by(ties.c.noun)
    )
