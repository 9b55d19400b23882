"""Aggregation: the statement that finds records, once for the whole and once in each group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from schema.filtering.dates import own_date
from schema.model.noun import Versioned
from schema.model.values import CodepointText
from schema.questions.dimensions import (
    Dimension,
    Grouping,
    columns_of,
    dimension_value,
    with_actors,
    with_sources,
)
from schema.questions.measures import amounts, lines, measure_columns, measures, nothing

CountedRecords = tuple[str, type[Versioned], sa.FromClause, sa.ColumnElement[bool]]
"""A noun by name, its class, its table, and which of its rows; validity is among the tests."""


def aggregate(
    records: Sequence[CountedRecords],
    grouping: Grouping,
    parent: sa.ColumnElement[Any] | None,
    as_of: Any,
    needs: set[str],
) -> sa.Select[*tuple[Any, ...]]:
    """What records add up to, by `parent` where they are those of several.

    The rows of the whole have null for each side, `d0` and so on; those of a group never have.
    """
    selects = [
        line
        for index, each in enumerate(records)
        for line in _lines(each, index, grouping, parent, as_of, needs)
    ]
    names = [f"d{place}" for place in range(len(grouping.by))]
    if parent is not None:
        names = ["parent", *names]
    rows = sa.union_all(*(selects or [nothing(names, needs)])).subquery()
    return measures(rows, names, needs)


def _lines(
    counted: CountedRecords,
    index: int,
    grouping: Grouping,
    parent: sa.ColumnElement[Any] | None,
    as_of: Any,
    needs: set[str],
) -> Iterator[sa.Select[*tuple[Any, ...]]]:
    """The rows of one noun's records: once for the whole, and once in each group.

    What is worked out from a record is worked out once, because SQLite would else repeat it
    wherever it is looked at.
    """
    name, noun, *_ = counted
    chosen = _once(_chosen(counted, grouping, parent, needs), f"chosen_{index}")
    single = {
        place: value
        for place, by in enumerate(grouping.by)
        if (value := dimension_value(by, name, noun, chosen)) is not None
    }
    rows = _once(
        sa.select(
            *_owner(chosen),
            chosen.c.id,
            *(value.label(f"d{place}") for place, value in single.items()),
            *amounts(noun, chosen, as_of, needs),
        ),
        f"counted_{index}",
    )
    places = range(len(grouping.by))
    none = [sa.cast(sa.null(), CodepointText).label(f"d{place}") for place in places]
    yield from lines(rows, [*_owner(rows), *none], needs)
    if not grouping.by:
        return
    missing = {by for place, by in enumerate(grouping.by) if place not in single}
    if missing - {Dimension.SOURCE}:
        rows = _placed(rows, *with_actors(noun, rows, grouping, as_of), grouping, f"acted_{index}")
    if Dimension.SOURCE in missing:
        rows = _placed(rows, *with_sources(noun, rows, as_of), grouping, f"told_{index}")
    yield from lines(rows, [*_owner(rows), *(rows.c[f"d{place}"] for place in places)], needs)


def _owner(rows: sa.FromClause) -> list[sa.ColumnElement[Any]]:
    """Whose a row is, where the records are those of several."""
    return [rows.c.parent] if "parent" in rows.c else []


def _chosen(
    counted: CountedRecords,
    grouping: Grouping,
    parent: sa.ColumnElement[Any] | None,
    needs: set[str],
) -> sa.Select[*tuple[Any, ...]]:
    """The records of one noun with the columns that they are grouped by and added up from."""
    _, noun, table, wanted = counted
    owner = [] if parent is None else [parent.label("parent")]
    names = columns_of(noun, grouping) | {*measure_columns(noun, needs)}
    columns = [table.c[name] for name in sorted(names)]
    if Dimension.YEAR in grouping.by or needs & {"first_day", "last_day"}:
        date = own_date(noun, table)
        columns += [date[bound].label(bound) for bound in ("earliest", "latest")]
    query = sa.select(*owner, table.c.id, *columns)
    return query.select_from(table).where(wanted)


def _once(query: sa.Select[*tuple[Any, ...]], name: str) -> sa.CTE:
    """Rows that are found once, whatever looks at them."""
    return query.cte(name).prefix_with("MATERIALIZED")


def _placed(
    rows: sa.CTE,
    joined: sa.FromClause,
    sides: dict[Dimension, sa.ColumnElement[str]],
    grouping: Grouping,
    name: str,
) -> sa.CTE:
    """The rows, each once for every value of sides that can have several."""
    values = [sides[by].label(f"d{place}") for place, by in enumerate(grouping.by) if by in sides]
    return _once(sa.select(*rows.c, *values).select_from(joined).distinct(), name)
