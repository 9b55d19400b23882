"""A buyer's purchases in numbers, added up in Python from the columns that matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
import strawberry

import schema
from schema.model.values import MoneyScope
from schema.questions.dimensions import Dimension, Missing
from tests.benchmarks.plain.loading import Loaders
from tests.benchmarks.plain.types import Info, Record, actor_of


@strawberry.type
class MoneyRange:
    """A sum in one currency."""

    currency: str | None
    count: int
    minimum: Decimal
    maximum: Decimal | None


@strawberry.type
class Figures:
    """What purchases add up to."""

    count: int
    without_money: int
    money: list[MoneyRange]


@strawberry.type
class GroupKey:
    """What purchases have in common."""

    by: Dimension
    value: str | None
    missing: Missing | None

    @strawberry.field
    async def record(self, info: Info) -> Record | None:
        """The party that they have in common."""
        if self.by is not Dimension.PARTY or self.value is None:
            return None
        return actor_of(await info.context.by_id(self.value))


@strawberry.type
class Group:
    """Purchases that have something in common."""

    keys: list[GroupKey]
    figures: Figures


@strawberry.type
class Statistics:
    """Purchases in numbers."""

    total: Figures
    groups: list[Group]
    repeat_count: int


async def spending(loaders: Loaders, buyer: str) -> Statistics:
    """What a buyer bought, by year and supplier."""
    p: Any = schema.Procurement
    i: Any = schema.Involvement
    bought = sa.select(i.record_id).where(i.actor_id == buyer, i.role == "BUYER", i.until.is_(None))
    columns = (
        p.ordered_on_earliest,
        p.ordered_on_latest,
        p.delivered_on_earliest,
        p.delivered_on_latest,
        p.value_stated,
        p.value_minimum,
        p.value_maximum,
        p.value_currency,
        p.value_scope,
        p.quantity_minimum,
        p.quantity_maximum,
    )
    purchases = sa.select(p.id, *columns).where(p.id.in_(bought), p.until.is_(None))
    suppliers = sa.select(i.record_id, i.actor_id).where(
        i.record_id.in_(bought), i.role == "SUPPLIER", i.until.is_(None)
    )
    async with loaders.sessions() as session:
        rows = (await session.execute(purchases.order_by(p.id))).all()
        supplied = (await session.execute(suppliers)).all()
        states = await _states(session, {actor for _, actor in supplied})
        shared = await _sources(session, [row.id for row in rows if _scope(row, "SHARED")])
    taking: dict[str, set[str]] = defaultdict(set)
    for record, actor in supplied:
        taking[record].add(states.get(actor) or actor)
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        for actor in taking[row.id] or {""}:
            groups[_year(row), f"={actor}" if actor else "!NOBODY"].append(row)
    made = [
        Group(
            keys=[_key(Dimension.YEAR, year), _key(Dimension.PARTY, party)],
            figures=figures(groups[year, party], shared),
        )
        for year, party in sorted(groups, key=lambda key: [(side[0] == "!", side) for side in key])
    ]
    repeat_count = sum(map(len, groups.values())) - len(rows)
    return Statistics(total=figures(rows, shared), groups=made, repeat_count=repeat_count)


async def _states(session: Any, actors: set[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for noun in (schema.Party, schema.Official):
        model: Any = noun
        query = sa.select(model.id, model.state_id).where(
            model.id.in_(actors), model.until.is_(None)
        )
        found |= {id: state for id, state in (await session.execute(query)).all()}  # noqa: C416  # rows are no pairs
    return found


async def _sources(session: Any, records: list[str]) -> dict[str, str]:
    c: Any = schema.Claim
    query = (
        sa.select(c.record_id, sa.func.min(c.source_id))
        .where(c.record_id.in_(records), c.field == "value", c.is_accepted, c.until.is_(None))
        .group_by(c.record_id)
    )
    return {id: source for id, source in (await session.execute(query)).all()}  # noqa: C416  # as above


def _scope(row: Any, name: str) -> bool:
    return row.value_scope is MoneyScope[name]


def _year(row: Any) -> str:
    days = (row.ordered_on_earliest, row.ordered_on_latest)
    if not any(days):
        days = (row.delivered_on_earliest, row.delivered_on_latest)
    if all(days) and days[0].year == days[1].year:
        return f"={days[0].year}"
    return "!SPANS_YEARS" if any(days) else "!NOT_DATED"


def _key(by: Dimension, side: str) -> GroupKey:
    if side.startswith("!"):
        return GroupKey(by=by, value=None, missing=Missing(side[1:]))
    return GroupKey(by=by, value=side[1:], missing=None)


def figures(rows: Iterable[Any], shared: dict[str, str]) -> Figures:
    """What some purchases add up to; sums that several share are added once."""
    sums: dict[str | None, list[tuple[Decimal | None, Decimal | None, bool]]] = defaultdict(list)
    seen: set[Any] = set()
    count = without = 0
    for row in rows:
        count += 1
        low, high = row.value_minimum, row.value_maximum
        if low is None and high is None:
            without += 1
            continue
        if _scope(row, "UNIT"):
            if row.quantity_minimum is None and row.quantity_maximum is None:
                continue
            low = _times(low, row.quantity_minimum)
            high = _times(high, row.quantity_maximum)
        once = True
        if _scope(row, "SHARED"):
            share = (row.value_currency, low, high, row.value_stated, shared.get(row.id, ""))
            once = share not in seen
            seen.add(share)
        sums[row.value_currency].append((low, high, once))
    money = [
        MoneyRange(
            currency=currency,
            count=len(each),
            minimum=_added(low for low, _, once in each if once),
            maximum=None
            if any(high is None for _, high, once in each if once)
            else _added(high for _, high, once in each if once),
        )
        for currency, each in sums.items()
    ]
    money.sort(key=lambda each: (each.currency is None, each.currency or ""))
    return Figures(count=count, without_money=without, money=money)


def _times(price: Decimal | None, pieces: int | None) -> Decimal | None:
    return None if price is None or pieces is None else price * pieces


def _added(sums: Iterable[Decimal | None]) -> Decimal:
    """Their sum, with no more zeros than it needs."""
    return Decimal(int(sum(sum_ or 0 for sum_ in sums) * 1000)) / 1000
