"""Statistics: counts, sums and bounds of records, in all and by up to three dimensions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.errors import InputError
from schema.execution.executor import Executor
from schema.execution.root import AS_OF, root
from schema.execution.views import ColumnarViews, ListColumn, to_objects
from schema.filtering.record_where import matching_records, record_where
from schema.graph.arguments import Arguments, argument
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import ResolvedField, add_field, nested, plain, view
from schema.model.bounds import Bound, listed
from schema.model.registry import noun_with, nouns
from schema.model.traits import Trait
from schema.model.values import list_of
from schema.planning.selection import SelectedField
from schema.questions.aggregation import Aggregation, CountedRecords, valid_records
from schema.questions.dimensions import ACTORS_AS, DIMENSIONS_CEILING, Dimension, Grouping
from schema.questions.group_key import GroupKey, keys_of
from schema.questions.totals import GroupTotals, Sums, TotalStatistics, measures_of

GROUPS_CEILING = 5000
REPEATS = ("repeatCount", "unconfirmedRepeatCount")
CURRENCIES = 20
"""How many rows of sums a group may have on the average."""
POINTING = {"PARTY": 1, "SOURCE": 1}
"""The dimensions by which the key of a group leads to a record."""
GROUPED = Bound(number=1, argument="by", ceiling=GROUPS_CEILING, choices=POINTING)
"""One object, whose groups are none without `by`."""


@view()
class GroupStatistics:
    """The records that agree on the sides that were asked for, and what they add up to."""

    keys: list[GroupKey] = nested(
        "What they have in common, in the order of `by`.",
        bound=listed("keys", weight=0, is_owned=True, reason="One for each side in `by`."),
    )
    figures: TotalStatistics = nested("What they add up to.")


@view(keeps_where=True)
class Statistics:
    """Records in numbers: `total` is the whole, `groups` its parts, none left out.

    The counts of the groups less `repeatCount` are the count of the total, and what is
    `unconfirmed` in them less `unconfirmedRepeatCount` what is in the total.
    """

    total: TotalStatistics = nested("All records, each counted once.")
    groups: list[GroupStatistics] = nested(
        "One for each value of the sides asked for, in their order; what has none stands last. "
        "None when `by` is empty.",
        bound=listed("page", weight=0, is_owned=True, reason="One for each value of the sides."),
    )
    repeat_count: int = plain(
        "How often a record that is asserted or reported stands in one more group, because it has "
        "several parties, roles or sources."
    )
    unconfirmed_repeat_count: int = plain(
        "How often one that is unconfirmed stands in one more group."
    )


OwnedRecords = Callable[[], tuple[sa.ColumnElement[Any] | None, Sequence[CountedRecords]]]
"""Whose records are counted, where they are those of several, and which."""


@dataclass(frozen=True)
class Population:
    """Whose records are counted, where they are those of several, and by which `where`."""

    owner: Any = None
    where: Any = None


GroupRows = dict[tuple[Any, ...], list[int]]
"""The places of the rows of sums that a group has, by its owner and its keys."""


async def statistics_of(
    reader: Executor,
    selected: SelectedField,
    records: OwnedRecords,
    grouping: Grouping,
    populations: Sequence[Population],
    bindings: dict[str, Any] | None = None,
    doubted: Any = None,
) -> list[TypedObject]:
    """The statistics of each population, as `selected` asks; one statement.

    `bindings` are what the records' conditions are given by name, and the ids of those that are
    `doubted`, whatever they say of themselves.
    """
    names, needs = _selected_measures(selected)
    if not names & {"groups", *REPEATS}:
        grouping = Grouping()
    owners = [each.owner for each in populations if each.owner is not None]
    dimensions = [f"d{place}" for place in range(len(grouping.by))]

    def build() -> sa.Select[*tuple[Any, ...]]:
        parent, counted = records()
        aggregation = Aggregation(grouping, parent, reader.edition, needs, doubted)
        query = aggregation.statement(counted)
        return query.limit(GROUPS_CEILING * CURRENCIES + 1)

    sums = await reader.columns("statistics", build, owners, selected=selected, **(bindings or {}))
    totals: dict[Any, list[int]] = defaultdict(list)
    groups: GroupRows = defaultdict(list)
    parents = sums["parent"] if owners else [None] * len(sums["number"])
    for place, key in enumerate(zip(parents, *(sums[name] for name in dimensions), strict=True)):
        if dimensions and key[1] is not None:
            groups[key].append(place)
        else:
            totals[key[0]].append(place)
    if len(groups) > GROUPS_CEILING or len(sums["number"]) > GROUPS_CEILING * CURRENCIES:
        raise InputError(
            f"`by` makes more than {GROUPS_CEILING} groups. Narrow `where`, or group by less."
        )
    views = _statistics_views(sums, totals, groups, grouping, populations)
    return await to_objects(reader, "Statistics", views, selected)


def _selected_measures(selected: SelectedField) -> tuple[set[str], set[str]]:
    """Which fields of the statistics a query selects, and what must be added up for them."""
    fields, needs = selected.on("Statistics").fields.values(), set[str]()
    for field in fields:
        if field.name == "total":
            needs |= measures_of(field)
        elif field.name == "groups":
            for part in field.on("GroupStatistics").fields.values():
                if part.name == "figures":
                    needs |= measures_of(part)
        elif field.name == "unconfirmedRepeatCount":
            needs.add("unconfirmed")
    return {field.name for field in fields}, needs


def _statistics_views(
    sums: Sums,
    total_rows: dict[Any, list[int]],
    group_rows: GroupRows,
    grouping: Grouping,
    populations: Sequence[Population],
) -> ColumnarViews:
    """The statistics as views, of the rows of sums that the totals and the groups have."""
    keys_of_owner: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
    for key in sorted(group_rows):
        keys_of_owner[key[0]].append(key)
    lists = [keys_of_owner.get(each.owner, []) for each in populations]
    lengths, keys = [len(each) for each in lists], [key for each in lists for key in each]
    groups = GroupTotals(sums, [group_rows[key] for key in keys])
    total = GroupTotals(sums, [total_rows.get(each.owner, []) for each in populations])

    def repeats(name: str) -> list[int]:
        counts, pairs = iter(groups.count(name)), zip(lengths, total.count(name), strict=True)
        return [
            sum(islice(counts, length)) - count if grouping.by else 0 for length, count in pairs
        ]

    parts = ColumnarViews(
        keys, {"keys": lambda: keys_of(grouping, keys), "figures": groups.figures}
    )
    return ColumnarViews(
        populations,
        {
            "total": total.figures,
            "groups": lambda: ListColumn(parts, lengths),
            "repeat_count": lambda: repeats("number"),
            "unconfirmed_repeat_count": lambda: repeats("unconfirmed"),
        },
    )


def statistics_arguments() -> Arguments:
    """The arguments of every field that is statistics."""
    roles = noun_with(Trait.INVOLVEMENT).model_fields["role"].annotation
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


async def _of_connections(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> list[TypedObject]:
    """The statistics of connections, each of all its records and not of its page alone."""
    connection = items[0]

    def records() -> tuple[sa.ColumnElement[Any] | None, list[CountedRecords]]:
        table, condition, parent = connection.rows()
        return parent, [(connection.noun.upper(), nouns()[connection.noun], table, condition)]

    populations = [Population(item.owner) for item in items]
    grouping, bindings = Grouping.of(arguments), connection.given
    return await statistics_of(reader, selected, records, grouping, populations, bindings)


add_field(
    "Connection",
    "statistics",
    ResolvedField(
        "All of them in numbers, under the same `where`: counts, sums and bounds.",
        lambda: types["Statistics"],
        _of_connections,
        statistics_arguments,
        bound=GROUPED,
    ),
)


async def _statistics(reader: Executor, arguments: dict[str, Any]) -> Any:
    def records() -> tuple[None, list[CountedRecords]]:
        matching = matching_records(reader.root.arguments.get("where"), reader.edition)
        return None, valid_records(matching, reader.edition)

    populations, grouping = [Population(where=arguments.get("where"))], Grouping.of(arguments)
    [statistics] = await statistics_of(reader, reader.root, records, grouping, populations)
    return statistics


def fields() -> dict[str, Any]:
    """The root field of statistics."""
    where = argument(record_where() | None, "Which records; all when left out.")
    return {
        "statistics": root(
            "statistics",
            types["Statistics"] | None,
            "Records of all nouns in numbers: how many, worth how much, between which days; in all "
            f"and by up to {DIMENSIONS_CEILING} of their sides. One statement, and one for each "
            "noun among the groups' records.",
            {"where": (where, strawberry.UNSET), **statistics_arguments(), "as_of": AS_OF},
            _statistics,
            GROUPED,
        )
    }
