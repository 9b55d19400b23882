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
from schema.execution.views import ColumnarViews, ListColumn, SharedListColumn, to_objects
from schema.filtering.record_where import matching_records, record_where
from schema.graph.arguments import Arguments, argument
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import ResolvedField, add_field, nested, plain, reference, view
from schema.model.bounds import Bound, listed
from schema.model.editions import valid
from schema.model.registry import noun_with, nouns
from schema.model.traits import Trait
from schema.model.values import list_of
from schema.planning.selection import SelectedField
from schema.questions.aggregation import CountedRecords, aggregate
from schema.questions.dimensions import ACTORS_AS, DIMENSIONS_CEILING, Dimension, Grouping, Missing
from schema.questions.totals import GroupTotals, TotalStatistics, needed

GROUPS_CEILING = 5000
CURRENCIES = 20
"""How many rows of sums a group may have on the average."""
POINTING = {"PARTY": 1, "SOURCE": 1}
"""The sides by which the key of a group leads to a record."""
GROUPED = Bound(number=1, argument="by", ceiling=GROUPS_CEILING, choices=POINTING)
"""One object, whose groups are none without `by`."""


@view()
class GroupKey:
    """What the records of a group have in common on one side."""

    id: strawberry.ID = plain("The side and the value, such as `YEAR:2024`.")
    by: Dimension = plain("The side.")
    value: str | None = plain(
        "The value: a year, a choice, a text, or the id of a party or source; null where missing."
    )
    missing: Missing | None = plain("Why there is no value; null where there is one.")
    record: str | None = reference("Record", "The party, official or source, for such sides.")


@view()
class GroupStatistics:
    """The records that agree on the sides that were asked for, and what they add up to."""

    keys: list[GroupKey] = nested(
        "What they have in common, in the order of `by`.",
        bound=listed("keys", weight=0, is_owned=True),
    )
    figures: TotalStatistics = nested("What they add up to.")


@view(keeps_where=True)
class Statistics:
    """Records in numbers: `total` is the whole, `groups` its parts, none left out.

    The counts of the groups less `repeats` are the count of the total.
    """

    total: TotalStatistics = nested("All records, each counted once.")
    groups: list[GroupStatistics] = nested(
        "One for each value of the sides asked for, in their order; what has none stands last. "
        "None when `by` is empty.",
        bound=listed("page", weight=0, is_owned=True),
    )
    repeats: int = plain(
        "How often a record stands in one more group, because it has several parties, roles or "
        "sources."
    )


Counting = Callable[[], tuple[sa.ColumnElement[Any] | None, Sequence[CountedRecords]]]
"""Whose records are counted, where they are those of several, and which."""


@dataclass(frozen=True)
class About:
    """Whose records are counted, where they are those of several, and what was asked of them."""

    owner: Any = None
    where: Any = None


async def statistics_of(
    reader: Executor,
    selected: SelectedField,
    counted: Counting,
    grouping: Grouping,
    abouts: Sequence[About],
    late: dict[str, Any] | None = None,
) -> list[TypedObject]:
    """The statistics of records, for each of their owners, as `selected` asks; one statement.

    `late` is what the records' conditions are given by name.
    """
    asked, needs = _asked(reader, selected)
    if not asked & {"groups", "repeats"}:
        grouping = Grouping()
    keys = [about.owner for about in abouts if about.owner is not None]
    sides = [f"d{place}" for place in range(len(grouping.by))]

    def build() -> sa.Select[*tuple[Any, ...]]:
        parent, records = counted()
        query = aggregate(records, grouping, parent, reader.edition, needs)
        return query.limit(GROUPS_CEILING * CURRENCIES + 1)

    sums = await reader.columns("statistics", build, keys, selected=selected, **(late or {}))
    wholes: dict[Any, list[int]] = defaultdict(list)
    groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    owners = sums["parent"] if keys else [None] * len(sums["number"])
    for place, key in enumerate(zip(owners, *(sums[name] for name in sides), strict=True)):
        if sides and key[1] is not None:
            groups[key].append(place)
        else:
            wholes[key[0]].append(place)
    if len(groups) > GROUPS_CEILING or len(sums["number"]) > GROUPS_CEILING * CURRENCIES:
        raise InputError(
            f"`by` makes more than {GROUPS_CEILING} groups. Narrow `where`, or group by less."
        )
    return await to_objects(
        reader, "Statistics", _told(sums, wholes, groups, grouping, abouts), selected
    )


def _asked(reader: Executor, selected: SelectedField) -> tuple[set[str], set[str]]:
    """Which fields of the statistics a query asks for, and what must be added up for them."""
    fields, needs = selected.on("Statistics").fields, set[str]()
    for below in fields.values():
        if below.name == "total":
            needs |= needed(below)
        elif below.name == "groups":
            for inner in below.on("GroupStatistics").fields.values():
                if inner.name == "figures":
                    needs |= needed(inner)
    return {below.name for below in fields.values()}, needs


def _told(
    sums: dict[str, list[Any]],
    wholes: dict[Any, list[int]],
    groups: dict[tuple[Any, ...], list[int]],
    grouping: Grouping,
    abouts: Sequence[About],
) -> ColumnarViews:
    """The statistics as views, of the rows of sums that the whole and the groups are made of."""
    by_owner: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
    for key in sorted(groups):
        by_owner[key[0]].append(key)
    owned = [by_owner.get(about.owner, []) for about in abouts]
    keys = [key for each in owned for key in each]
    tallies = GroupTotals(sums, [groups[key] for key in keys])
    total = GroupTotals(sums, [wholes.get(about.owner, []) for about in abouts])

    def repeats() -> list[int]:
        counts = iter(tallies.count())
        whole = zip(owned, total.count(), strict=True)
        return [
            sum(islice(counts, len(each))) - count if grouping.by else 0 for each, count in whole
        ]

    parts = ColumnarViews(keys, {"keys": lambda: _keys(grouping, keys), "figures": tallies.figures})
    return ColumnarViews(
        abouts,
        {
            "total": total.figures,
            "groups": lambda: ListColumn(parts, [len(each) for each in owned]),
            "repeats": repeats,
        },
    )


def _keys(grouping: Grouping, keys: Sequence[tuple[Any, ...]]) -> SharedListColumn:
    """The keys of groups as views; those of one side and value are the same one."""
    sides: list[Dimension] = []
    texts: list[str] = []
    places: list[list[int]] = []
    for at, by in enumerate(grouping.by, 1):
        column = [key[at] for key in keys]
        known = {text: place for place, text in enumerate(dict.fromkeys(column), len(texts))}
        places.append([known[text] for text in column])
        sides += [by] * len(known)
        texts += known
    values = [text[1:] if text[0] == "=" else None for text in texts]
    pointing = (Dimension.PARTY, Dimension.SOURCE)
    views = ColumnarViews(
        texts,
        {
            "id": lambda: [
                f"{by.value}:{text[1:] if text[0] == '=' else '!' + text[1:]}"
                for by, text in zip(sides, texts, strict=True)
            ],
            "by": lambda: [by.value for by in sides],
            "value": lambda: values,
            "missing": lambda: [None if text[0] == "=" else text[1:] for text in texts],
            "record": lambda: [
                value if by in pointing else None for by, value in zip(sides, values, strict=True)
            ],
        },
    )
    return SharedListColumn(views, [*zip(*places, strict=True)])


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


async def _of_pages(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> list[TypedObject]:
    """The statistics of connections, each of all its records and not of its page alone."""
    listed = items[0]

    def counted() -> tuple[sa.ColumnElement[Any] | None, list[CountedRecords]]:
        table, condition, parent = listed.rows()
        return parent, [(listed.noun.upper(), nouns()[listed.noun], table, condition)]

    abouts = [About(item.owner) for item in items]
    grouping = Grouping.of(arguments)
    return await statistics_of(reader, selected, counted, grouping, abouts, listed.given)


add_field(
    "Connection",
    "statistics",
    ResolvedField(
        "All of them in numbers, under the same `where`: counts, sums and bounds.",
        lambda: types["Statistics"],
        _of_pages,
        statistics_arguments,
        bound=GROUPED,
    ),
)


async def _statistics(reader: Executor, given: dict[str, Any]) -> Any:
    def counted() -> tuple[None, list[CountedRecords]]:
        where = reader.root.arguments.get("where")
        return None, [
            (name, noun, table, sa.and_(wanted, valid(table, reader.edition)))
            for name, noun, table, wanted in matching_records(where, reader.edition)
        ]

    abouts = [About(where=given.get("where"))]
    [found] = await statistics_of(reader, reader.root, counted, Grouping.of(given), abouts)
    return found


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
