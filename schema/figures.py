"""Figures: what a group of records adds up to, with what could not be added shown beside it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from schema.asked import table_named
from schema.edition import valid
from schema.noun import Versioned, camel
from schema.value import Money, Quantity, Words
from schema.view import fact, part, view

BILLION = 1_000_000_000
"""Sums are added in two parts, so that no database overflows."""


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


def amounts(noun: type[Versioned], table: sa.FromClause, as_of: Any) -> list[Any]:
    """The columns that `measures` adds up: a record's money and number of things, bounded."""
    money = _value(noun, Money)
    number = _value(noun, Quantity)
    none = sa.cast(sa.null(), sa.BigInteger)
    fewest = table.c[f"{number}_minimum"] if number else none
    greatest = table.c[f"{number}_maximum"] if number else none
    if money is None:
        words = sa.cast(sa.null(), Words)
        held: list[Any] = [words, none, none, words, words, sa.literal(0), sa.false()]
    else:
        held = _priced(table, money, fewest, greatest, as_of)
    named = ("currency", "least", "most", "money_stated", "share", "unsummed", "has_money")
    known = sa.or_(fewest.is_not(None), greatest.is_not(None)) if number else sa.false()
    return [
        *(column.label(name) for name, column in zip(named, held, strict=True)),
        fewest.label("fewest"),
        greatest.label("greatest"),
        known.label("has_quantity"),
    ]


def _priced(table: sa.FromClause, name: str, fewest: Any, greatest: Any, as_of: Any) -> list[Any]:
    least, most = (
        sa.type_coerce(table.c[f"{name}_{bound}"], sa.BigInteger)
        for bound in ("minimum", "maximum")
    )
    scope, stated = table.c[f"{name}_scope"], table.c[f"{name}_stated"]
    known = sa.or_(least.is_not(None), most.is_not(None))
    each = sa.func.coalesce(scope == "UNIT", sa.false())
    number = sa.func.coalesce(greatest, fewest)
    # A price and a number whose product no database holds are no sum of the real world.
    beyond = sa.func.coalesce(most, least) > sa.literal(9 * 10**18) // sa.func.nullif(number, 0)
    uncounted = sa.or_(number.is_(None), sa.func.coalesce(beyond, sa.false()))
    unsummed = sa.and_(known, each, uncounted)
    claim = table_named("Claim").alias()
    source = (
        sa.select(sa.func.min(claim.c.source_id))
        .where(claim.c.record_id == table.c.id, claim.c.field == camel(name), claim.c.is_accepted)
        .where(valid(claim, as_of))
        .scalar_subquery()
    )
    return [
        sa.case((known, table.c[f"{name}_currency"])),
        sa.case((unsummed, sa.null()), (each, least * fewest), else_=least),
        sa.case((unsummed, sa.null()), (each, most * greatest), else_=most),
        stated,
        sa.case((scope == "SHARED", sa.func.coalesce(source, sa.literal("", Words)))),
        sa.case((unsummed, 1), else_=0),
        known,
    ]


def _value(noun: type[Versioned], kind: Any) -> str | None:
    return next((name for name, value in noun.declared.values.items() if value.kind is kind), None)


def _sum(column: sa.ColumnElement[Any]) -> tuple[Any, Any]:
    return sa.func.sum(column // BILLION), sa.func.sum(column % BILLION)


def measures(rows: sa.Subquery, dimensions: Iterable[str]) -> sa.Select[*tuple[Any, ...]]:
    """The statement that adds up rows of records: a row a group and currency."""
    c = rows.c
    groups = [c[name] for name in dimensions]
    summed = sa.and_(c.has_money, c.turn == 1, c.unsummed == 0)
    sums = {
        "least": sa.case((summed, sa.func.coalesce(c.least, 0)), else_=0),
        "most": sa.case((summed, sa.func.coalesce(c.most, 0)), else_=0),
        "fewest": sa.func.coalesce(c.fewest, 0),
        "greatest": sa.func.coalesce(c.greatest, 0),
    }
    counts = {
        "number": sa.literal(1),
        "with_money": sa.case((sa.and_(c.has_money, c.unsummed == 0), 1), else_=0),
        "unsummed": c.unsummed,
        "shared": sa.case((sa.and_(c.has_money, c.unsummed == 0, c.turn > 1), 1), else_=0),
        "open_below": sa.case((sa.and_(summed, c.least.is_(None)), 1), else_=0),
        "open_above": sa.case((sa.and_(summed, c.most.is_(None)), 1), else_=0),
        "counted": sa.case((c.has_quantity, 1), else_=0),
        "quantity_open": sa.case((sa.and_(c.has_quantity, c.greatest.is_(None)), 1), else_=0),
        "dated": sa.case((c.earliest.is_not(None), 1), (c.latest.is_not(None), 1), else_=0),
    }
    added = [
        part.label(f"{name}_{half}")
        for name, column in sums.items()
        for half, part in zip(("high", "low"), _sum(column), strict=True)
    ]
    return sa.select(
        *groups,
        c.currency,
        *added,
        *(sa.func.sum(column).label(name) for name, column in counts.items()),
        sa.func.min(sa.func.coalesce(c.earliest, c.latest)).label("first_day"),
        sa.func.max(sa.func.coalesce(c.latest, c.earliest)).label("last_day"),
    ).group_by(*groups, c.currency)


@dataclass
class Tally:
    """Adds up the rows of one group, one a currency."""

    rows: list[Any] = field(default_factory=list)

    def of(self, name: str) -> int:
        """A count over all rows."""
        return sum(int(row[name] or 0) for row in self.rows)

    def sum(self, name: str) -> int:
        """A sum over all rows."""
        return sum(_whole(row, name) for row in self.rows)

    def figures(self) -> TotalStatistics:
        """What the group adds up to."""
        number, counted, dated = self.of("number"), self.of("counted"), self.of("dated")
        firsts = [row["first_day"] for row in self.rows if row["first_day"] is not None]
        lasts = [row["last_day"] for row in self.rows if row["last_day"] is not None]
        return TotalStatistics(
            count=number,
            money=sorted(
                (_money(row) for row in self.rows if row["with_money"]),
                key=lambda each: (each.currency is None, each.currency or ""),
            ),
            without_money=number - self.of("with_money") - self.of("unsummed"),
            unsummed=self.of("unsummed"),
            quantity=QuantityRange(
                count=counted,
                minimum=self.sum("fewest"),
                maximum=None if self.of("quantity_open") else self.sum("greatest"),
                open_above=self.of("quantity_open"),
                without=number - counted,
            ),
            dates=DateRange(
                count=dated,
                earliest=min(firsts, default=None),
                latest=max(lasts, default=None),
                without=number - dated,
            ),
        )


def _money(row: Any) -> MoneyRange:
    return MoneyRange(
        currency=row["currency"],
        count=int(row["with_money"]),
        minimum=Decimal(_whole(row, "least")) / 100,
        maximum=None if row["open_above"] else Decimal(_whole(row, "most")) / 100,
        open_below=int(row["open_below"]),
        open_above=int(row["open_above"]),
        shared=int(row["shared"]),
    )


def _whole(row: Any, name: str) -> int:
    return int(row[f"{name}_high"] or 0) * BILLION + int(row[f"{name}_low"] or 0)
