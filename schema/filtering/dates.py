"""The date of a record, as SQL."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from schema.model.noun import Versioned
from schema.model.values import CodepointText, PartialDate, value_fields

NEVER = datetime.date(9999, 12, 31)
"""Where a record without any day stands: behind all others."""


_TYPES: dict[str, Any] = {"earliest": sa.Date, "latest": sa.Date}


def own_date(noun: type[Versioned], table: sa.FromClause) -> dict[str, sa.ColumnElement[Any]]:
    """The parts of a record's own date, which of its dates it is, and the day that sorts it.

    Of several dates the first that is bounded counts, else the first that a source speaks of.
    The day is the earliest it can be, or the latest where only that is known.
    """
    dates = noun.dated_by
    names = [*value_fields(PartialDate)]
    if not dates:
        empty = {name: sa.cast(sa.null(), _TYPES.get(name, CodepointText)) for name in names}
        return {
            "field": sa.cast(sa.null(), CodepointText),
            "day": sa.cast(sa.null(), sa.Date),
            **empty,
        }
    bounded = [
        sa.func.coalesce(table.c[f"{date}_earliest"], table.c[f"{date}_latest"]).is_not(None)
        for date in dates
    ]
    stated = [table.c[f"{date}_stated"].is_not(None) for date in dates]
    tests = [*bounded, *stated]

    def first(values: list[Any]) -> sa.ColumnElement[Any]:
        """The value of the date that counts."""
        return sa.case(*zip(tests, [*values, *values], strict=True))

    found = {
        name: first([table.c[f"{date}_{name}"] for date in dates])
        if len(dates) > 1
        else table.c[f"{next(iter(dates))}_{name}"]
        for name in names
    }
    day = sa.func.coalesce(found["earliest"], found["latest"])
    return {
        "field": first([sa.literal(date, CodepointText) for date in dates]),
        "day": day,
        **found,
    }


class _Year(GenericFunction[int]):
    """The year of a day."""

    type = sa.BigInteger()
    inherit_cache = True


@compiles(_Year)
def _extracted(element: _Year, compiler: Any, **options: Any) -> str:
    return f"CAST(EXTRACT(year FROM {compiler.process(element.clauses, **options)}) AS BIGINT)"


@compiles(_Year, "sqlite")
def _cut(element: _Year, compiler: Any, **options: Any) -> str:
    # Days are kept as texts; to cut one costs a tenth of what STRFTIME does.
    return f"CAST(substr({compiler.process(element.clauses, **options)}, 1, 4) AS INTEGER)"


def year_of(date: dict[str, sa.ColumnElement[Any]]) -> sa.ColumnElement[Any]:
    """The year that a date lies in; null where it can lie in several, or nothing bounds it."""
    first, last = (_Year(date[bound]) for bound in ("earliest", "latest"))
    return sa.case((first == last, first))
