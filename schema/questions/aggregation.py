"""Aggregation: the statement that finds records, once for the whole and once in each group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from schema.filtering.dates import own_date
from schema.filtering.record_where import Chosen
from schema.model.editions import valid
from schema.model.noun import Versioned
from schema.model.values import CodepointText
from schema.questions.dimensions import (
    Dimension,
    Grouping,
    dimension_columns,
    dimension_key,
    join_actors,
    join_sources,
)
from schema.questions.measures import amounts, measure_columns, no_summands, summands, sums
from schema.storage.sql import key_in

CountedRecords = tuple[str, type[Versioned], sa.FromClause, sa.ColumnElement[bool]]
"""A noun by name, its class, its table, and which of its rows; validity is among the tests."""


def valid_records(records: Iterable[Chosen], as_of: Any) -> list[CountedRecords]:
    """Those of the records that are valid at the edition."""
    return [
        (name, noun, table, sa.and_(condition, valid(table, as_of)))
        for name, noun, table, condition in records
    ]


@dataclass(frozen=True)
class Aggregation:
    """What records are grouped by, and which columns of `measures` are added up of them."""

    grouping: Grouping
    parent: sa.ColumnElement[Any] | None
    """Whose the records are, where they are those of several."""
    as_of: Any
    needs: set[str]
    doubted: Any = None
    """The ids of records that are not confirmed whatever they say of themselves."""

    def statement(self, records: Sequence[CountedRecords]) -> sa.Select[*tuple[Any, ...]]:
        """What records add up to, in all and by group, of each parent.

        The rows of the whole have null for each dimension, `d0` and so on; those of a group never
        have.
        """
        selects = [
            select for index, each in enumerate(records) for select in self._summands(each, index)
        ]
        names = [f"d{place}" for place in range(len(self.grouping.by))]
        if self.parent is not None:
            names = ["parent", *names]
        rows = sa.union_all(*(selects or [no_summands(names, self.needs)])).subquery()
        return sums(rows, names, self.needs)

    def _summands(
        self, records: CountedRecords, index: int
    ) -> Iterator[sa.Select[*tuple[Any, ...]]]:
        """The rows of one noun's records: once for the whole, and once in each group.

        What is worked out from a record is worked out once, because SQLite would else repeat it
        wherever it is looked at.
        """
        name, noun, *_ = records
        grouping, as_of, needs = self.grouping, self.as_of, self.needs
        columns = _materialized(self._columns(records), f"chosen_{index}")
        single = {
            place: key
            for place, by in enumerate(grouping.by)
            if (key := dimension_key(by, name, noun, columns)) is not None
        }
        doubted = None if self.doubted is None else key_in(columns.c.id, self.doubted)
        rows = _materialized(
            sa.select(
                *_parent(columns),
                columns.c.id,
                *(key.label(f"d{place}") for place, key in single.items()),
                *amounts(noun, columns, as_of, needs, doubted),
            ),
            f"counted_{index}",
        )
        places = range(len(grouping.by))
        none = [sa.cast(sa.null(), CodepointText).label(f"d{place}") for place in places]
        yield from summands(rows, [*_parent(rows), *none], needs)
        if not grouping.by:
            return
        multiple = {by for place, by in enumerate(grouping.by) if place not in single}
        if multiple - {Dimension.SOURCE}:
            keys = join_actors(noun, rows, grouping, as_of)
            rows = self._row_per_key(rows, *keys, f"acted_{index}")
        if Dimension.SOURCE in multiple:
            rows = self._row_per_key(rows, *join_sources(noun, rows, as_of), f"told_{index}")
        keys_of_group = [rows.c[f"d{place}"] for place in places]
        yield from summands(rows, [*_parent(rows), *keys_of_group], needs)

    def _columns(self, records: CountedRecords) -> sa.Select[*tuple[Any, ...]]:
        """The records of one noun with the columns that they are grouped by and added up from."""
        _, noun, table, condition = records
        parent = [] if self.parent is None else [self.parent.label("parent")]
        names = dimension_columns(noun, self.grouping) | {*measure_columns(noun, self.needs)}
        columns = [table.c[name] for name in sorted(names)]
        if Dimension.YEAR in self.grouping.by or self.needs & {"first_day", "last_day"}:
            date = own_date(noun, table)
            columns += [date[bound].label(bound) for bound in ("earliest", "latest")]
        return sa.select(*parent, table.c.id, *columns).select_from(table).where(condition)

    def _row_per_key(
        self,
        rows: sa.CTE,
        joined: sa.FromClause,
        keys: dict[Dimension, sa.ColumnElement[str]],
        name: str,
    ) -> sa.CTE:
        """The rows, each once for every key that it has in dimensions with several."""
        by = enumerate(self.grouping.by)
        columns = [keys[each].label(f"d{place}") for place, each in by if each in keys]
        return _materialized(sa.select(*rows.c, *columns).select_from(joined).distinct(), name)


def _parent(rows: sa.FromClause) -> list[sa.ColumnElement[Any]]:
    """Whose a row is, where the records are those of several."""
    return [rows.c.parent] if "parent" in rows.c else []


def _materialized(query: sa.Select[*tuple[Any, ...]], name: str) -> sa.CTE:
    """Rows that are found once, whatever looks at them."""
    return query.cte(name).prefix_with("MATERIALIZED")
