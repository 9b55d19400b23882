"""Statistics: counts, sums and bounds of records, in all and by up to three of their sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.across import chosen, record_where
from schema.asked import Details
from schema.covered import covered
from schema.dating import own_date
from schema.edition import valid
from schema.errors import InputError
from schema.figures import Tally, TotalStatistics, amounts, measures
from schema.graph import Arguments, Row, argument, types
from schema.noun import Versioned, nouns
from schema.reader import Reader
from schema.root import AS_OF, root
from schema.showing import shown, shown_one
from schema.sides import DIMENSIONS_CEILING, Dimension, Grouping, Missing, sides_of
from schema.standing import ACTORS_AS
from schema.value import Words, list_of
from schema.view import Answered, extend, fact, part, point, view

GROUPS_CEILING = 5000


@view()
class GroupKey:
    """What the records of a group have in common on one side."""

    id: strawberry.ID = fact("The side and the value, such as `YEAR:2024`.")
    by: Dimension = fact("The side.")
    value: str | None = fact(
        "The value: a year, a choice, a text, or the id of a party or source; null where missing."
    )
    missing: Missing | None = fact("Why there is no value; null where there is one.")
    record: str | None = point("Record", "The party, official or source, for such sides.")


@view()
class GroupStatistics:
    """The records that agree on the sides that were asked for, and what they add up to."""

    keys: list[GroupKey] = part("What they have in common, in the order of `by`.")
    figures: TotalStatistics = part("What they add up to.")


@view()
class Statistics:
    """Records in numbers: `total` is the whole, `groups` its parts, none left out.

    The counts of the groups less `repeats` are the count of the total.
    """

    total: TotalStatistics = part("All records, each counted once.")
    groups: list[GroupStatistics] = part(
        "One for each value of the sides asked for, in their order; what has none stands last. "
        "None when `by` is empty."
    )
    repeats: int = fact(
        "How often a record stands in one more group, because it has several parties, roles or "
        "sources."
    )
    coverage: Any = covered()
    where: Any = None


Counted = tuple[str, type[Versioned], sa.FromClause, sa.ColumnElement[bool]]
"""A noun by name, its class, its table, and which of its rows; validity is among the tests."""

Counting = Callable[[], tuple[sa.ColumnElement[Any] | None, Sequence[Counted]]]
"""Whose records are counted, where they are those of several, and which."""


async def statistics_of(
    reader: Reader,
    place: tuple[Any, ...],
    counted: Counting,
    grouping: Grouping,
    keys: Sequence[Any] = (),
    late: dict[str, Any] | None = None,
) -> dict[Any, Statistics]:
    """The statistics of records, by parent where they are those of several; two statements.

    `place` tells the statements of one query apart; `keys` are the parents, and `late` is what
    the records' conditions are given by name.
    """
    late = late or {}
    whole = await _tallies(reader, (*place, "whole"), counted, Grouping(), keys, late)
    groups = {}
    if grouping.by:
        groups = await _tallies(reader, (*place, "groups"), counted, grouping, keys, late)
    parts: dict[Any, list[GroupStatistics]] = defaultdict(list)
    for (owner, *values), tally in sorted(groups.items(), key=lambda item: _sorted(item[0])):
        keys = [_key(by, value) for by, value in zip(grouping.by, values, strict=True)]
        parts[owner].append(GroupStatistics(keys=keys, figures=tally.figures()))
    found: dict[Any, Statistics] = {}
    for (owner,), tally in whole.items():
        total = tally.figures()
        count = sum(each.figures.count for each in parts[owner])
        repeats = count - total.count if grouping.by else 0
        found[owner] = Statistics(total=total, groups=parts[owner], repeats=repeats)
    return found


def nothing() -> Statistics:
    """The statistics of no records."""
    return Statistics(total=Tally().figures(), groups=[], repeats=0)


def _sorted(key: tuple[Any, ...]) -> Any:
    return [(value is None or str(value).startswith("!"), str(value)) for value in key]


def _key(by: Dimension, value: str) -> GroupKey:
    missing = Missing(value[1:]) if value.startswith("!") else None
    told = None if missing else value[1:]
    return GroupKey(
        id=strawberry.ID(f"{by.value}:{told if told is not None else value}"),
        by=by,
        value=told,
        missing=missing,
        record=told if by in (Dimension.PARTY, Dimension.SOURCE) else None,
    )


async def _tallies(
    reader: Reader,
    place: tuple[Any, ...],
    counted: Counting,
    grouping: Grouping,
    keys: Sequence[Any],
    late: dict[str, Any],
) -> dict[tuple[Any, ...], Tally]:
    """The sums of each group, by parent and values."""
    names = ["parent", *(f"d{index}" for index in range(len(grouping.by)))]

    def build() -> sa.Select[*tuple[Any, ...]]:
        parent, records = counted()
        selects = [_rows(each, grouping, parent, reader.edition) for each in records]
        if not selects:
            return sa.select(*(sa.null().label(name) for name in names)).where(sa.false())
        rows = _turns(sa.union_all(*selects).subquery(), names)
        return measures(rows, names).limit(GROUPS_CEILING + 1)

    found: dict[tuple[Any, ...], Tally] = defaultdict(Tally)
    if not keys and not grouping.by:
        found[(None,)] = Tally()
    for row in await reader.rows(("statistics", *place), build, keys, **late):
        found[tuple(row[name] for name in names)].rows.append(row)
    if len(found) > GROUPS_CEILING:
        raise InputError(
            f"`by` makes more than {GROUPS_CEILING} groups. Narrow `where`, or group by less."
        )
    return found


def _turns(rows: sa.Subquery, names: list[str]) -> sa.Subquery:
    """The rows with their turn among those that share one sum; only the first is added."""
    same = [rows.c[name] for name in names]
    sharing = [rows.c[name] for name in ("currency", "least", "most", "money_stated", "share")]
    turn = sa.func.row_number().over(partition_by=[*same, *sharing], order_by=rows.c.id)
    return sa.select(
        *rows.c, sa.case((rows.c.share.is_(None), 1), else_=turn).label("turn")
    ).subquery()


def _rows(
    counted: Counted, grouping: Grouping, parent: sa.ColumnElement[Any] | None, as_of: Any
) -> sa.Select[*tuple[Any, ...]]:
    """One row for each record and group it stands in, with what is added up."""
    name, noun, table, wanted = counted
    joined, values = sides_of(name, noun, table, grouping, as_of)
    date = own_date(noun, table)
    owner = sa.cast(sa.null(), Words) if parent is None else parent
    return (
        sa.select(
            owner.label("parent"),
            table.c.id,
            *(value.label(f"d{index}") for index, value in enumerate(values)),
            date["earliest"].label("earliest"),
            date["latest"].label("latest"),
            *amounts(noun, table, as_of),
        )
        .select_from(joined)
        .where(wanted)
    )


def statistics_arguments() -> Arguments:
    """The arguments of every field that is statistics."""
    roles = nouns()["Involvement"].model_fields["role"].annotation
    return {
        "by": (
            argument(
                list_of(Dimension) | None,
                f"The sides to group by, at most {DIMENSIONS_CEILING}; the total alone when empty.",
            ),
            strawberry.UNSET,
        ),
        "roles": (
            argument(
                list_of(roles) | None,
                "Whom `PARTY` and `ROLE` look at: those in these roles; all when left out.",
            ),
            strawberry.UNSET,
        ),
        "actors_as": ACTORS_AS,
    }


async def _of_pages(
    reader: Reader, items: Sequence[Any], details: Details, arguments: dict[str, Any]
) -> list[Row]:
    """The statistics of connections, each of all its records and not of its page alone."""
    _, name, owned = items[0]

    def counted() -> tuple[sa.ColumnElement[Any] | None, list[Counted]]:
        table, wanted, parent = owned.rows()
        return parent, [(name.upper(), nouns()[name], table, wanted)]

    owners = [owner for owner, *_ in items]
    keys = owners if owned.is_nested else ()
    found = await statistics_of(
        reader, (id(details),), counted, Grouping.of(arguments), keys, owned.late
    )
    each = [found.get(owner) or nothing() for owner in owners]
    return await shown(reader, "Statistics", each, details)


extend(
    "Connection",
    "statistics",
    Answered(
        "All of them in numbers, under the same `where`: counts, sums and bounds.",
        lambda: types["Statistics"],
        _of_pages,
        statistics_arguments,
    ),
)


async def _statistics(reader: Reader, given: dict[str, Any]) -> Any:
    def counted() -> tuple[None, list[Counted]]:
        where = reader.asked.declared("Query", reader.asked.root).get("where")
        return None, [
            (name, noun, table, sa.and_(wanted, valid(table, reader.edition)))
            for name, noun, table, wanted in chosen(where, reader.edition)
        ]

    found = await statistics_of(reader, (), counted, Grouping.of(given))
    found[None].where = given.get("where")
    return await shown_one(reader, "Statistics", found[None], reader.asked.root)


def fields() -> dict[str, Any]:
    """The root field of statistics."""
    where = argument(record_where() | None, "Which records; all when left out.")
    return {
        "statistics": root(
            "statistics",
            types["Statistics"] | None,
            "Records of all nouns in numbers: how many, worth how much, between which days; in all "
            f"and by up to {DIMENSIONS_CEILING} of their sides. Two statements, and one for each "
            "noun among the groups' records.",
            {"where": (where, strawberry.UNSET), **statistics_arguments(), "as_of": AS_OF},
            _statistics,
        )
    }
