"""Figures: what a group of records adds up to, with what could not be added shown beside it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from schema.asked import Asked, Details, named
from schema.level import hundredths
from schema.measures import BILLION
from schema.showing import Columns, Parts
from schema.view import fact, part, view


@view()
class MoneyRange:
    """A sum of money in one currency: at least and at most, because sums can be bounded only."""

    currency: str | None = fact("The ISO 4217 code; null for sums whose currency nobody states.")
    count: int = fact("How many records have their sum in it.")
    minimum: Decimal = fact("What they add up to at least; a sum without a lower bound counts 0.")
    maximum: Decimal | None = fact(
        "What they add up to at most; null when the sum of one has no upper bound."
    )
    open_below: int = fact("How many of the sums have no lower bound.")
    open_above: int = fact("How many of the sums have no upper bound.")
    shared: int = fact(
        "How many records share a sum that another of them counts already; added once."
    )


@view()
class QuantityRange:
    """How many things: at least and at most."""

    count: int = fact("How many records have a number.")
    minimum: int = fact("What the numbers add up to at least; without a lower bound, 0.")
    maximum: int | None = fact(
        "What they add up to at most; null when one of the numbers has no upper bound."
    )
    open_above: int = fact("How many of the numbers have no upper bound.")
    without: int = fact("How many records have no number.")


@view()
class DateRange:
    """Between which days the records lie."""

    count: int = fact("How many records have a date with bounds.")
    earliest: datetime.date | None = fact("The first day that one of them can have been.")
    latest: datetime.date | None = fact("The last day that one of them can have been.")
    without: int = fact("How many records have no date with bounds.")


@view()
class TotalStatistics:
    """What some records add up to; `count` is always the whole, whatever could not be added."""

    count: int = fact("How many records there are, each counted once.")
    money: list[MoneyRange] = part("Their sums of money, by currency; never across currencies.")
    without_money: int = fact("How many records have no sum of money.")
    unsummed: int = fact("How many have a price a piece and no number of pieces, so no sum.")
    quantity: QuantityRange = part("Their numbers of things.")
    dates: DateRange = part("Their dates.")


_SUMMED = ("added", "least", "most")
_NEEDS: dict[str, dict[str, tuple[str, ...]]] = {
    "TotalStatistics": {
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


def needed(asked: Asked, details: Details, type: str = "TotalStatistics") -> set[str]:
    """What of the records has to be added up for the figures that a query asks for."""
    found: set[str] = set()
    for below in asked.subfields(type, details).values():
        name = named(below)
        found |= {*_NEEDS[type].get(name, ())}
        if type == "TotalStatistics" and name in _PARTS:
            found |= needed(asked, below, _PARTS[name])
    return found


@dataclass(frozen=True)
class Tallies:
    """Groups of records, each by the places of its rows among the rows of sums."""

    sums: dict[str, list[Any]]
    """The columns of the rows of sums, of which a group has one for each currency."""
    groups: Sequence[Sequence[int]]

    def count(self, name: str = "number") -> list[int]:
        """A count, for each group."""
        column = self.sums[name]
        return [
            column[places[0]] if len(places) == 1 else sum(column[place] for place in places)
            for places in self.groups
        ]

    def sum(self, name: str) -> list[int]:
        """A sum, for each group."""
        wholes = self._wholes(name)
        return [sum(wholes[place] for place in places) for places in self.groups]

    def _wholes(self, name: str) -> list[int]:
        """A sum, for each row."""
        halves = zip(self.sums[f"{name}_high"], self.sums[f"{name}_low"], strict=True)
        return [int(high or 0) * BILLION + int(low or 0) for high, low in halves]

    def _known(self, name: str, best: Callable[..., Any]) -> list[Any]:
        column = self.sums[name]
        known = (
            [column[place] for place in places if column[place] is not None]
            for places in self.groups
        )
        return [best(days, default=None) for days in known]

    def _less(self, all: str, some: str) -> list[int]:
        return [whole - part for whole, part in zip(self.count(all), self.count(some), strict=True)]

    def figures(self) -> Columns:
        """What each group adds up to, as views of `TotalStatistics`."""
        return Columns(
            self.groups,
            {
                "count": self.count,
                "money": self._money,
                "without_money": lambda: [
                    number - unsummed
                    for number, unsummed in zip(
                        self._less("number", "summed"), self.count("unsummed"), strict=True
                    )
                ],
                "unsummed": lambda: self.count("unsummed"),
                "quantity": self._quantity,
                "dates": self._dates,
            },
        )

    def _quantity(self) -> Columns:
        def most() -> list[int | None]:
            open = self._less("numbered", "greatest_known")
            both = zip(self.sum("greatest"), open, strict=True)
            return [None if missing else whole for whole, missing in both]

        return Columns(
            self.groups,
            {
                "count": lambda: self.count("numbered"),
                "minimum": lambda: self.sum("fewest"),
                "maximum": most,
                "open_above": lambda: self._less("numbered", "greatest_known"),
                "without": lambda: self._less("number", "numbered"),
            },
        )

    def _dates(self) -> Columns:
        return Columns(
            self.groups,
            {
                "count": lambda: self.count("dated"),
                "earliest": lambda: self._known("first_day", min),
                "latest": lambda: self._known("last_day", max),
                "without": lambda: self._less("number", "dated"),
            },
        )

    def _money(self) -> Parts:
        """The sums of each group, by currency; those without one stand last."""
        currency, summed = self.sums["currency"], self.sums["summed"]
        taken = [[place for place in places if summed[place]] for places in self.groups]
        for places in taken:
            if len(places) > 1:
                places.sort(key=lambda place: (currency[place] is None, currency[place] or ""))
        flat = [place for places in taken for place in places]
        each = Tallies(self.sums, [(place,) for place in flat])

        def bound(name: str) -> list[str]:
            wholes = self._wholes(name)
            return [hundredths(wholes[place]) or "0" for place in flat]

        def most() -> list[str | None]:
            open = each._less("added", "most_known")
            return [
                None if missing else sum for sum, missing in zip(bound("most"), open, strict=True)
            ]

        found = Columns(
            flat,
            {
                "currency": lambda: [currency[place] for place in flat],
                "count": lambda: each.count("summed"),
                "minimum": lambda: bound("least"),
                "maximum": most,
                "open_below": lambda: each._less("added", "least_known"),
                "open_above": lambda: each._less("added", "most_known"),
                "shared": lambda: each._less("summed", "added"),
            },
        )
        return Parts(found, [len(places) for places in taken])
