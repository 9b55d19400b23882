"""Measures: the statement that adds up records, each counted once in every group it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from schema.model.editions import valid
from schema.model.factuality import CONFIRMED
from schema.model.noun import Link, Record, Versioned, camel
from schema.model.registry import table_with
from schema.model.traits import Trait
from schema.model.values import CodepointText, Money, Quantity

BILLION = 1_000_000_000
"""Sums are added in two parts, so that no database overflows."""

_COLUMNS: dict[str, Any] = {
    "sure": sa.Integer(),
    "currency": CodepointText,
    "summed": sa.Integer(),
    "unsummed": sa.Integer(),
    "added": sa.Integer(),
    "least": sa.BigInteger(),
    "most": sa.BigInteger(),
    "fewest": sa.BigInteger(),
    "greatest": sa.BigInteger(),
    "numbered": sa.BigInteger(),
    "first_day": sa.Date(),
    "last_day": sa.Date(),
}
"""What is known of a record to be added up: 1 or null for what is only counted."""

_QUANTITY = {"fewest", "greatest", "numbered"}
_MONEY = {"currency", "summed", "unsummed", "added", "least", "most"}
_SHARED = {"added", "least", "most"}
"""What counts once where several records share one sum."""


def measure_columns(noun: type[Versioned], needs: set[str]) -> list[str]:
    """The columns of a noun that its amounts are worked out from."""
    names = ["factuality"] if issubclass(noun, Record | Link) else []
    money, quantity = _field_of(noun, Money), _field_of(noun, Quantity)
    if money and needs & _MONEY:
        parts = ("stated", "minimum", "maximum", "currency", "scope", "share")
        names += [f"{money}_{part}" for part in parts]
    if quantity and needs & (_QUANTITY | _MONEY):
        names += [f"{quantity}_minimum", f"{quantity}_maximum"]
    return [*names, "hedged_fields"] if len(names) > 1 else names


def amounts(
    noun: type[Versioned],
    rows: sa.FromClause,
    as_of: Any,
    needs: set[str],
    doubted: sa.ColumnElement[bool] | None = None,
) -> Iterator[sa.ColumnElement[Any]]:
    """The columns that are added up, of rows with all of `measure_columns` and a date's bounds.

    Only what is confirmed adds anything: no value of a record that is not, or that is `doubted`,
    nor one that is itself planned, alleged or possible only.
    """
    is_sure = _is_sure(noun, rows, doubted)
    quantity, money = _field_of(noun, Quantity), _field_of(noun, Money)
    columns: dict[str, sa.ColumnElement[Any]] = {}
    fewest: Any = sa.cast(sa.null(), sa.BigInteger)
    greatest: Any = fewest
    if quantity and f"{quantity}_minimum" in rows.c:
        counts = sa.and_(is_sure, _is_firm(rows, quantity))
        fewest, greatest = (
            sa.case((counts, rows.c[f"{quantity}_{bound}"])) for bound in ("minimum", "maximum")
        )
        numbered = sa.func.coalesce(fewest, greatest)
        columns |= {"fewest": fewest, "greatest": greatest, "numbered": numbered}
    if money and needs & _MONEY:
        counts = sa.and_(is_sure, _is_firm(rows, money))
        columns |= _money_amounts(rows, money, fewest, greatest, counts)
    if "earliest" in rows.c:
        first, last = (rows.c.earliest, rows.c.latest)
        columns["first_day"] = sa.case((is_sure, sa.func.coalesce(first, last)))
        columns["last_day"] = sa.case((is_sure, sa.func.coalesce(last, first)))
    yield sa.case((is_sure, 1)).label("sure")
    for name, kind in _COLUMNS.items():
        if name in needs and name != "added":
            yield columns.get(name, sa.cast(sa.null(), kind)).label(name)
    if money and needs & _SHARED:
        yield from _shares(rows, money, as_of, sa.and_(is_sure, _is_firm(rows, money)))


def _is_sure(
    noun: type[Versioned], rows: sa.FromClause, doubted: sa.ColumnElement[bool] | None
) -> sa.ColumnElement[bool]:
    """Whether a record is confirmed: what a source says is said, so that claims always are."""
    if not issubclass(noun, Record | Link):
        return sa.true()
    is_confirmed = rows.c.factuality.in_(CONFIRMED)
    return is_confirmed if doubted is None else sa.and_(is_confirmed, sa.not_(doubted))


def _is_firm(rows: sa.FromClause, name: str) -> sa.ColumnElement[bool]:
    """Whether the value of a field is confirmed."""
    hedged = rows.c.hedged_fields
    return sa.or_(hedged.is_(None), hedged.not_like(f"% {camel(name)} %"))


def _money_amounts(
    rows: sa.FromClause, name: str, fewest: Any, greatest: Any, counts: sa.ColumnElement[bool]
) -> dict[str, sa.ColumnElement[Any]]:
    """A sum of money; a price a piece times the number of pieces."""
    least, most = (
        sa.type_coerce(rows.c[f"{name}_{bound}"], sa.BigInteger) for bound in ("minimum", "maximum")
    )
    is_bounded = sa.and_(counts, sa.or_(least.is_not(None), most.is_not(None)))
    is_price = rows.c[f"{name}_scope"] == "UNIT"
    number = sa.func.coalesce(greatest, fewest)
    divisor = sa.type_coerce(sa.func.nullif(number, 0), sa.BigInteger)
    # A price and a number whose product no database holds are no sum of the real world.
    beyond = sa.func.coalesce(most, least) > sa.literal(9 * 10**18, sa.BigInteger) // divisor
    is_no_sum = sa.and_(is_price, sa.or_(number.is_(None), beyond))
    is_none = sa.or_(is_no_sum, sa.not_(counts))
    return {
        "currency": sa.case((is_bounded, rows.c[f"{name}_currency"])),
        "summed": sa.case((is_no_sum, sa.null()), (is_bounded, 1)),
        "unsummed": sa.case((sa.and_(is_bounded, is_no_sum), 1)),
        "least": sa.case((is_none, sa.null()), (is_price, least * fewest), else_=least),
        "most": sa.case((is_none, sa.null()), (is_price, most * greatest), else_=most),
    }


def _shares(
    rows: sa.FromClause, name: str, as_of: Any, counts: sa.ColumnElement[bool]
) -> Iterator[sa.ColumnElement[Any]]:
    """What records that share one sum have in common beside it: its key, whoever tells it.

    Of what was published before there were keys, the sum itself, its words, and who says them.
    """
    claim = table_with(Trait.CLAIM).alias()
    source = (
        sa.select(sa.func.min(claim.c.source_id))
        .where(claim.c.record_id == rows.c.id, claim.c.field == camel(name), claim.c.is_accepted)
        .where(valid(claim, as_of))
        .scalar_subquery()
    )
    is_shared = sa.and_(rows.c[f"{name}_scope"] == "SHARED", counts)
    key = rows.c[f"{name}_share"]
    has_no_key = sa.and_(is_shared, key.is_(None))
    for bound in ("minimum", "maximum"):
        sum = sa.type_coerce(rows.c[f"{name}_{bound}"], sa.BigInteger)
        yield sa.case((has_no_key, sum)).label(f"shared_{bound}")
    yield sa.case((has_no_key, rows.c[f"{name}_stated"])).label("stated")
    teller = sa.func.coalesce(source, sa.literal("", CodepointText))
    # No id of a source holds a space, so no key is taken for one.
    own = sa.literal("key ", CodepointText) + key
    yield sa.case((has_no_key, teller), (is_shared, own)).label("share")


def _field_of(noun: type[Versioned], kind: Any) -> str | None:
    """The field of a noun that holds value objects of a kind."""
    return next((name for name, value in noun.declared.values.items() if value.kind is kind), None)


def summands(
    rows: sa.FromClause, groups: Sequence[sa.ColumnElement[Any]], needs: set[str]
) -> Iterator[sa.Select[*tuple[Any, ...]]]:
    """The rows of records with their groups, as they are added up.

    Of those that share one sum only the first of a group adds it. They are few, and only they
    are numbered, because SQLite sorts all that it numbers.
    """
    names = ["sure", *(name for name in _COLUMNS if name in needs)]
    columns: list[sa.ColumnElement[Any]] = [
        *groups,
        *((rows.c.summed if name == "added" else rows.c[name]).label(name) for name in names),
    ]
    query = sa.select(*columns).select_from(rows)
    if "share" not in rows.c:
        yield query
        return
    yield query.where(rows.c.share.is_(None))
    parts = ("currency", "shared_minimum", "shared_maximum", "stated", "share")
    same = [rows.c[name] for name in parts]
    turn = sa.func.row_number().over(partition_by=[*groups, *same], order_by=rows.c.id)
    numbered = sa.select(*columns, turn.label("turn")).where(rows.c.share.is_not(None)).subquery()
    is_first = numbered.c.turn == 1
    once = [
        sa.case((is_first, numbered.c[name])).label(name) if name in _SHARED else numbered.c[name]
        for name in names
    ]
    yield sa.select(*(numbered.c[str(group.key)] for group in groups), *once)


def no_summands(groups: Sequence[str], needs: set[str]) -> sa.Select[*tuple[Any, ...]]:
    """The columns of summands, and no row."""
    kinds: dict[str, Any] = dict.fromkeys(groups, CodepointText)
    kinds |= {name: kind for name, kind in _COLUMNS.items() if name in needs | {"sure"}}
    columns = [sa.cast(sa.null(), kind).label(name) for name, kind in kinds.items()]
    return sa.select(*columns).where(sa.false())


def sums(
    rows: sa.FromClause, groups: Iterable[str], needs: set[str]
) -> sa.Select[*tuple[Any, ...]]:
    """What summands add up to: a row a group, and a currency where money is added."""
    c = rows.c
    by = [c[name] for name in (*groups, *({"currency"} & needs))]
    confirmed = sa.func.count(c.sure)
    columns: list[sa.ColumnElement[Any]] = [confirmed.label("number")]
    if "unconfirmed" in needs:
        columns.append((sa.func.count() - confirmed).label("unconfirmed"))
    counts = [name for name in ("summed", "unsummed", "added", "numbered") if name in needs]
    columns += [sa.func.count(c[name]).label(name) for name in counts]
    for name in ("least", "most", "fewest", "greatest"):
        if name in needs:
            halves = {"high": c[name] // BILLION, "low": c[name] % BILLION}
            columns += [
                sa.cast(sa.func.sum(half), sa.BigInteger).label(f"{name}_{which}")
                for which, half in halves.items()
            ]
            columns.append(sa.func.count(c[name]).label(f"{name}_known"))
    if "first_day" in needs:
        columns.append(sa.func.count(c.first_day).label("dated"))
        columns.append(sa.func.min(c.first_day).label("first_day"))
    if "last_day" in needs:
        columns.append(sa.func.max(c.last_day).label("last_day"))
    return sa.select(*by, *columns).select_from(rows).group_by(*by)
