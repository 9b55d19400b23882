"""Totals: what a group of records adds up to, with what could not be added shown beside it."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from schema.execution.views import ColumnarViews, ListColumn
from schema.graph.declare import nested, plain, view
from schema.model.amounts import amount_text
from schema.model.bounds import uncounted
from schema.planning.selection import SelectedField
from schema.questions.measures import BILLION

T = TypeVar("T")

Sums = dict[str, list[Any]]
"""The columns of the rows of sums, by name."""


@view()
class MoneyRange:
    """A sum of money in one currency: at least and at most, because sums can be bounded only."""

    currency: str | None = plain("The ISO 4217 code; null for sums whose currency nobody states.")
    count: int = plain("How many records have their sum in it.")
    minimum: Decimal = plain("What they add up to at least; a sum without a lower bound counts 0.")
    maximum: Decimal | None = plain(
        "What they add up to at most; null when the sum of one has no upper bound."
    )
    open_below: int = plain("How many of the sums have no lower bound.")
    open_above: int = plain("How many of the sums have no upper bound.")
    shared: int = plain(
        "How many records share a sum that another of them counts already; added once."
    )


@view()
class QuantityRange:
    """How many things: at least and at most."""

    count: int = plain("How many records have a number.")
    minimum: int = plain("What the numbers add up to at least; without a lower bound, 0.")
    maximum: int | None = plain(
        "What they add up to at most; null when one of the numbers has no upper bound."
    )
    open_above: int = plain("How many of the numbers have no upper bound.")
    without: int = plain(
        "How many records have no number of pieces; what is measured in a unit is never added."
    )


@view()
class DateRange:
    """Between which days the records lie."""

    count: int = plain("How many records have a date with bounds.")
    earliest: datetime.date | None = plain("The first day that one of them can have been.")
    latest: datetime.date | None = plain("The last day that one of them can have been.")
    without: int = plain("How many records have no date with bounds.")


@view()
class TotalStatistics:
    """What some records add up to; `count` is always the whole, whatever could not be added.

    All figures but `unconfirmed` are of records that are asserted or reported; a sum or a number
    that is itself alleged, planned or possible only counts as none.
    """

    count: int = plain("How many records are asserted or reported, each counted once.")
    unconfirmed: int = plain(
        "How many more are alleged, planned or possible only: `count` and these are all. They add "
        "to no other figure."
    )
    money: list[MoneyRange] = nested(
        "Their sums of money, by currency; never across currencies.",
        bound=uncounted("One for each currency."),
    )
    without_money: int = plain("How many records have no sum of money.")
    unsummed: int = plain("How many have a price a piece and no number of pieces, so no sum.")
    quantity: QuantityRange = nested("Their numbers of things.")
    dates: DateRange = nested("Their dates.")


_SUMMED = ("added", "least", "most")
_NEEDS: dict[str, dict[str, tuple[str, ...]]] = {
    "TotalStatistics": {
        "unconfirmed": ("unconfirmed",),
        "money": ("currency", "summed"),
        "withoutMoney": ("summed", "unsummed"),
        "unsummed": ("unsummed",),
    },
    "MoneyRange": {
        "minimum": _SUMMED,
        "maximum": _SUMMED,
        "openBelow": _SUMMED,
        "openAbove": _SUMMED,
        "shared": _SUMMED,
    },
    "QuantityRange": {
        "count": ("numbered",),
        "minimum": ("fewest",),
        "maximum": ("greatest", "numbered"),
        "openAbove": ("greatest", "numbered"),
        "without": ("numbered",),
    },
    "DateRange": {
        "count": ("first_day",),
        "earliest": ("first_day",),
        "latest": ("last_day",),
        "without": ("first_day",),
    },
}
"""What of the records has to be added up for each field."""

_PARTS = {"money": "MoneyRange", "quantity": "QuantityRange", "dates": "DateRange"}


def measures_of(selected: SelectedField, type: str = "TotalStatistics") -> set[str]:
    """What of the records has to be added up for the figures that a query selects."""
    needs: set[str] = set()
    for figure in selected.on(type).fields.values():
        needs |= {*_NEEDS[type].get(figure.name, ())}
        if type == "TotalStatistics" and figure.name in _PARTS:
            needs |= measures_of(figure, _PARTS[figure.name])
    return needs


@dataclass(frozen=True)
class GroupTotals:
    """Groups of records, each by the places of its rows among the rows of sums."""

    sums: Sums
    groups: Sequence[Sequence[int]]
    """A group has as many rows as currencies."""
    _counts: dict[str, list[int]] = field(default_factory=dict)

    def count(self, name: str = "number") -> list[int]:
        """A count, for each group."""
        if name not in self._counts:
            column = self.sums[name]
            self._counts[name] = [
                column[places[0]] if len(places) == 1 else sum(column[place] for place in places)
                for places in self.groups
            ]
        return self._counts[name]

    def figures(self) -> ColumnarViews:
        """What each group adds up to, as views of `TotalStatistics`."""
        return ColumnarViews(
            self.groups,
            {
                "count": self.count,
                "unconfirmed": lambda: self.count("unconfirmed"),
                "money": self._money,
                "without_money": lambda: _difference(
                    self.count(), self.count("summed"), self.count("unsummed")
                ),
                "unsummed": lambda: self.count("unsummed"),
                "quantity": self._quantity,
                "dates": self._dates,
            },
        )

    def _money(self) -> ListColumn:
        """The sums of each group, by currency; those without one stand last."""
        currency, summed = self.sums["currency"], self.sums["summed"]
        flat: list[int] = []
        lengths: list[int] = []
        for places in self.groups:
            rows = [place for place in places if summed[place]]
            if len(rows) > 1:
                rows.sort(key=lambda place: (currency[place] is None, currency[place] or ""))
            flat += rows
            lengths.append(len(rows))
        return ListColumn(_money(self.sums, flat), lengths)

    def _quantity(self) -> ColumnarViews:
        def sum_of(name: str) -> list[int]:
            column = _sums(self.sums, name)
            return [sum(column[place] for place in places) for places in self.groups]

        def open_above() -> list[int]:
            return _difference(self.count("numbered"), self.count("greatest_known"))

        return ColumnarViews(
            self.groups,
            {
                "count": lambda: self.count("numbered"),
                "minimum": lambda: sum_of("fewest"),
                "maximum": lambda: _null_where_open(sum_of("greatest"), open_above()),
                "open_above": open_above,
                "without": lambda: _difference(self.count(), self.count("numbered")),
            },
        )

    def _dates(self) -> ColumnarViews:
        def bound(name: str, extreme: Callable[..., Any]) -> list[datetime.date | None]:
            column = self.sums[name]
            days = [[column[place] for place in places] for places in self.groups]
            return [extreme(filter(None, each), default=None) for each in days]

        return ColumnarViews(
            self.groups,
            {
                "count": lambda: self.count("dated"),
                "earliest": lambda: bound("first_day", min),
                "latest": lambda: bound("last_day", max),
                "without": lambda: _difference(self.count(), self.count("dated")),
            },
        )


def _money(sums: Sums, places: list[int]) -> ColumnarViews:
    """Rows of sums as views of `MoneyRange`."""

    def at(name: str) -> list[Any]:
        column = sums[name]
        return [column[place] for place in places]

    texts: dict[int, str | None] = {}

    def bound(name: str) -> list[str | None]:
        column = _sums(sums, name)
        # Most sums are exact: both of their bounds are one text.
        return [
            texts.get(amount) or texts.setdefault(amount, amount_text(amount))
            for amount in [column[place] for place in places]
        ]

    def open_above() -> list[int]:
        return _difference(at("added"), at("most_known"))

    return ColumnarViews(
        places,
        {
            "currency": lambda: at("currency"),
            "count": lambda: at("summed"),
            "minimum": lambda: bound("least"),
            "maximum": lambda: _null_where_open(bound("most"), open_above()),
            "open_below": lambda: _difference(at("added"), at("least_known")),
            "open_above": open_above,
            "shared": lambda: _difference(at("summed"), at("added")),
        },
    )


def _sums(sums: Sums, name: str) -> list[int]:
    """A sum, for each row, of the two parts in which it was added."""
    halves = zip(sums[f"{name}_high"], sums[f"{name}_low"], strict=True)
    return [(high or 0) * BILLION + (low or 0) for high, low in halves]


def _difference(minuends: list[int], *subtrahends: list[int]) -> list[int]:
    """What is left of numbers."""
    for each in subtrahends:
        minuends = [*map(operator.sub, minuends, each)]
    return minuends


def _null_where_open(sums: Sequence[T], open: list[int]) -> list[T | None]:
    """Sums, but for those of which a part has no bound."""
    return [None if count else sum for sum, count in zip(sums, open, strict=True)]
