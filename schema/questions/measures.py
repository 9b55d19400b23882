"""Measures: the statement that adds up records, each counted once in every group it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from schema.model.editions import valid
from schema.model.noun import Versioned, camel
from schema.model.registry import table_with
from schema.model.traits import Trait
from schema.model.values import CodepointText, Money, Quantity

BILLION = 1_000_000_000
"""Sums are added in two parts, so that no database overflows."""

_KINDS: dict[str, Any] = {
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

_OF_MONEY = {"currency", "summed", "unsummed", "added", "least", "most"}
_ONCE = {"added", "least", "most"}
"""What counts once where several records share one sum."""

_ONE: sa.ColumnElement[Any] = sa.literal_column("1").label("one")
"""What a line holds that is only counted."""


def measure_columns(noun: type[Versioned], needs: set[str]) -> list[str]:
    """The columns of a noun that its amounts are worked out from."""
    found: list[str] = []
    money, number = _value(noun, Money), _value(noun, Quantity)
    if money and needs & _OF_MONEY:
        names = ("stated", "minimum", "maximum", "currency", "scope")
        found += [f"{money}_{name}" for name in names]
    if number and needs - {"first_day", "last_day"}:
        found += [f"{number}_minimum", f"{number}_maximum"]
    return found


def amounts(
    noun: type[Versioned], rows: sa.FromClause, as_of: Any, needs: set[str]
) -> Iterator[sa.ColumnElement[Any]]:
    """The columns that are added up, of rows with all of `measure_columns` and a date's bounds."""
    number = _value(noun, Quantity)
    known: dict[str, sa.ColumnElement[Any]] = {}
    fewest: Any = sa.cast(sa.null(), sa.BigInteger)
    greatest: Any = fewest
    if number and f"{number}_minimum" in rows.c:
        fewest, greatest = rows.c[f"{number}_minimum"], rows.c[f"{number}_maximum"]
        numbered = sa.func.coalesce(fewest, greatest)
        known |= {"fewest": fewest, "greatest": greatest, "numbered": numbered}
    money = _value(noun, Money)
    if money and needs & _OF_MONEY:
        known |= _priced(rows, money, fewest, greatest)
    if "earliest" in rows.c:
        known["first_day"] = sa.func.coalesce(rows.c.earliest, rows.c.latest)
        known["last_day"] = sa.func.coalesce(rows.c.latest, rows.c.earliest)
    for name, kind in _KINDS.items():
        if name in needs and name != "added":
            yield known.get(name, sa.cast(sa.null(), kind)).label(name)
    if money and needs & _ONCE:
        yield from _shared(rows, money, as_of)


def _priced(
    rows: sa.FromClause, name: str, fewest: Any, greatest: Any
) -> dict[str, sa.ColumnElement[Any]]:
    """A sum of money; a price a piece times the number of pieces."""
    least, most = (
        sa.type_coerce(rows.c[f"{name}_{bound}"], sa.BigInteger) for bound in ("minimum", "maximum")
    )
    known = sa.or_(least.is_not(None), most.is_not(None))
    each = rows.c[f"{name}_scope"] == "UNIT"
    number = sa.func.coalesce(greatest, fewest)
    divisor = sa.type_coerce(sa.func.nullif(number, 0), sa.BigInteger)
    # A price and a number whose product no database holds are no sum of the real world.
    beyond = sa.func.coalesce(most, least) > sa.literal(9 * 10**18, sa.BigInteger) // divisor
    uncounted = sa.and_(each, sa.or_(number.is_(None), beyond))
    return {
        "currency": sa.case((known, rows.c[f"{name}_currency"])),
        "summed": sa.case((uncounted, sa.null()), (known, 1)),
        "unsummed": sa.case((sa.and_(known, uncounted), 1)),
        "least": sa.case((uncounted, sa.null()), (each, least * fewest), else_=least),
        "most": sa.case((uncounted, sa.null()), (each, most * greatest), else_=most),
    }


def _shared(rows: sa.FromClause, name: str, as_of: Any) -> Iterator[sa.ColumnElement[Any]]:
    """What records that share one sum have in common beside it: the words, and who says them."""
    claim = table_with(Trait.CLAIM).alias()
    source = (
        sa.select(sa.func.min(claim.c.source_id))
        .where(claim.c.record_id == rows.c.id, claim.c.field == camel(name), claim.c.is_accepted)
        .where(valid(claim, as_of))
        .scalar_subquery()
    )
    is_shared = rows.c[f"{name}_scope"] == "SHARED"
    yield sa.case((is_shared, rows.c[f"{name}_stated"])).label("stated")
    yield sa.case((is_shared, sa.func.coalesce(source, sa.literal("", CodepointText)))).label(
        "share"
    )


def _value(noun: type[Versioned], kind: Any) -> str | None:
    return next((name for name, value in noun.declared.values.items() if value.kind is kind), None)


def lines(
    rows: sa.FromClause, groups: Sequence[sa.ColumnElement[Any]], needs: set[str]
) -> Iterator[sa.Select[*tuple[Any, ...]]]:
    """The rows of records with their groups, as they are added up.

    Of those that share one sum only the first of a group adds it. They are few, and only they
    are numbered, because SQLite sorts all that it numbers.
    """
    names = [name for name in _KINDS if name in needs]
    columns: list[sa.ColumnElement[Any]] = [*groups, *(_plain(rows, name) for name in names)]
    columns = columns or [_ONE]
    plain = sa.select(*columns).select_from(rows)
    if "share" not in rows.c:
        yield plain
        return
    yield plain.where(rows.c.share.is_(None))
    same = [rows.c[name] for name in ("currency", "least", "most", "stated", "share")]
    turn = sa.func.row_number().over(partition_by=[*groups, *same], order_by=rows.c.id)
    numbered = sa.select(*columns, turn.label("turn")).where(rows.c.share.is_not(None)).subquery()
    first = numbered.c.turn == 1
    added = [
        sa.case((first, numbered.c[name])).label(name) if name in _ONCE else numbered.c[name]
        for name in names
    ]
    yield sa.select(*(numbered.c[str(group.key)] for group in groups), *added)


def nothing(groups: Sequence[str], needs: set[str]) -> sa.Select[*tuple[Any, ...]]:
    """The columns of lines, and none of them."""
    kinds = {**dict.fromkeys(groups, CodepointText), **{name: _KINDS[name] for name in needs}}
    columns: list[sa.ColumnElement[Any]] = [
        sa.cast(sa.null(), kind).label(name) for name, kind in kinds.items()
    ]
    return sa.select(*(columns or [_ONE])).where(sa.false())


def _plain(rows: sa.FromClause, name: str) -> sa.ColumnElement[Any]:
    return (rows.c.summed if name == "added" else rows.c[name]).label(name)


def measures(
    lines: sa.FromClause, groups: Iterable[str], needs: set[str]
) -> sa.Select[*tuple[Any, ...]]:
    """The statement that adds up lines: a row a group, and a currency where money is added."""
    c = lines.c
    by = [c[name] for name in (*groups, *({"currency"} & needs))]
    found: list[sa.ColumnElement[Any]] = [sa.func.count().label("number")]
    counts = [name for name in ("summed", "unsummed", "added", "numbered") if name in needs]
    found += [sa.func.count(c[name]).label(name) for name in counts]
    for name in ("least", "most", "fewest", "greatest"):
        if name in needs:
            halves = {"high": c[name] // BILLION, "low": c[name] % BILLION}
            found += [
                sa.cast(sa.func.sum(half), sa.BigInteger).label(f"{name}_{which}")
                for which, half in halves.items()
            ]
            found.append(sa.func.count(c[name]).label(f"{name}_known"))
    if "first_day" in needs:
        found.append(sa.func.count(c.first_day).label("dated"))
        found.append(sa.func.min(c.first_day).label("first_day"))
    if "last_day" in needs:
        found.append(sa.func.max(c.last_day).label("last_day"))
    return sa.select(*by, *found).select_from(lines).group_by(*by)
