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


_TYPES: dict[str, Any] = {
    **dict.fromkeys(("earliest", "latest"), sa.Date),
    **dict.fromkeys(("is_approximate", "is_uncertain"), sa.Boolean),
}


def own_date(noun: type[Versioned], table: sa.FromClause) -> dict[str, sa.ColumnElement[Any]]:
    """The parts of a record's own date, which of its dates it is, and the day that sorts it.

    Of several dates the first that is bounded counts, else the first that a source states.
    The day is the earliest it can be, or the latest where only that is known.
    """
    dates = noun.dated_by
    parts = [*value_fields(PartialDate)]
    if not dates:
        types = {"day": sa.Date, **_TYPES}
        names = ("field", "day", *parts)
        return {name: sa.cast(sa.null(), types.get(name, CodepointText)) for name in names}
    bounded = [
        sa.func.coalesce(table.c[f"{date}_earliest"], table.c[f"{date}_latest"]).is_not(None)
        for date in dates
    ]
    stated = [table.c[f"{date}_stated"].is_not(None) for date in dates]

    def first(values: list[Any]) -> sa.ColumnElement[Any]:
        """The value of the date that counts."""
        return sa.case(*zip([*bounded, *stated], [*values, *values], strict=True))

    columns = {part: [table.c[f"{date}_{part}"] for date in dates] for part in parts}
    own = {part: first(each) if len(dates) > 1 else each[0] for part, each in columns.items()}
    return {
        "field": first([sa.literal(date, CodepointText) for date in dates]),
        "day": sa.func.coalesce(own["earliest"], own["latest"]),
        **own,
    }


class _Year(GenericFunction[int]):
    """The year of a day."""

    type = sa.BigInteger()
    inherit_cache = True


@compiles(_Year)
def _extract(element: _Year, compiler: Any, **options: Any) -> str:
    return f"CAST(EXTRACT(year FROM {compiler.process(element.clauses, **options)}) AS BIGINT)"


@compiles(_Year, "sqlite")
def _extract_on_sqlite(element: _Year, compiler: Any, **options: Any) -> str:
    # Days are kept as texts; their first characters cost a tenth of what STRFTIME does.
    return f"CAST(substr({compiler.process(element.clauses, **options)}, 1, 4) AS INTEGER)"


def year_of(date: dict[str, sa.ColumnElement[Any]]) -> sa.ColumnElement[Any]:
    """The year that a date lies in; null where it can lie in several, or nothing bounds it."""
    first, last = (_Year(date[bound]) for bound in ("earliest", "latest"))
    return sa.case((first == last, first))
