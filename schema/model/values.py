"""Value objects: a date, a sum and a number as a source gives them, never bare scalars."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from time import struct_time
from typing import Any, get_args, get_type_hints

import sqlalchemy as sa

from schema.errors import NeedsGraphQLCoreError
from schema.model.choices import Choice, described

LEAST_INT, MOST_INT = -(2**31), 2**31 - 1
"""What GraphQL's Int holds."""
CodepointText: Any = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that both databases order by code point; SQLModel wants a class where it takes this."""


def stored_choice(choices: type[Enum]) -> Any:
    """An enumeration in a checked text column, by value."""
    return sa.Enum(
        choices,
        native_enum=False,
        create_constraint=False,  # NounMeta adds the check, named after the column
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


class Amount(sa.types.TypeDecorator[Decimal]):
    """A sum kept in hundredths, so that both databases hold and add it exactly."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else int((value * 100).to_integral_exact())

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 100


@described("How fine a date is.")
class DatePrecision(Choice):
    DAY = ("DAY", "One calendar day.")
    MONTH = ("MONTH", "One month of one year.")
    SEASON = ("SEASON", "A season or quarter of one year.")
    YEAR = ("YEAR", "One year.")
    DECADE = ("DECADE", "One decade.")
    INTERVAL = ("INTERVAL", "A span between two dates.")


@described("How sure a number is.")
class Certainty(Choice):
    EXACT = ("EXACT", "The source gives this very number.")
    ESTIMATE = ("ESTIMATE", "About this number.")
    AT_LEAST = ("AT_LEAST", "This number or more.")
    AT_MOST = ("AT_MOST", "This number or fewer.")
    RANGE = ("RANGE", "Between the minimum and the maximum.")


@described("What a sum of money covers.")
class MoneyScope(Choice):
    TOTAL = ("TOTAL", "The whole record.")
    UNIT = ("UNIT", "One piece.")
    SHARED = ("SHARED", "This record together with others.")


_OPEN = ("", "..")
"""How EDTF writes an end that nobody knows; the library would bound it by today."""


def _day(moment: struct_time) -> datetime.date:
    return datetime.date(moment.tm_year, moment.tm_mon, moment.tm_mday)


@lru_cache(maxsize=4096)  # a text says one date often, and whoever checks meets it again
def _parsed(edtf: str) -> tuple[str, datetime.date, datetime.date]:
    """What sort of EDTF it is, with its first and its last day; ValueError for what is none."""
    # Ten megabytes, which only those who publish need.
    from edtf import parse_edtf  # noqa: PLC0415
    from edtf.parser.edtf_exceptions import EDTFParseException  # noqa: PLC0415

    try:
        parsed: Any = parse_edtf(edtf)
        bounds = _day(parsed.lower_strict()), _day(parsed.upper_strict())
    except (EDTFParseException, ValueError, TypeError, AttributeError) as error:
        raise ValueError(
            f"'{edtf}' is not an EDTF date; write it like 2024, 2024-10, 2024-10-24 or "
            "2024-10/2024-12"
        ) from error
    return (type(parsed).__name__, *bounds)


_ID = {
    "description": "The record and the field that hold it, such as `event/x#happenedOn`, or "
    "`event/x@2#happenedOn` as of edition 2."
}


def part(description: str) -> Any:
    """A part of a value object, null where the source does not give it."""
    return field(default=None, metadata={"description": description})


@dataclass(kw_only=True)
class PartialDate:
    """A date as a source gives it.

    It has bounds only where the source, or an anchor with its own claim, gives them; nothing is
    derived from today's date.
    """

    id: str = field(default="", metadata=_ID)
    stated: str | None = part("The source's own words, such as `on Thursday`.")
    edtf: str | None = part("The date in EDTF (ISO 8601-2), such as `2024-10` or `2024?`.")
    earliest: datetime.date | None = part("The first day it can be; null where nothing bounds it.")
    latest: datetime.date | None = part("The last day it can be; null where nothing bounds it.")
    precision: DatePrecision | None = part("How fine the date is; null where nothing bounds it.")

    @classmethod
    def of(cls, stated: str | None = None, edtf: str | None = None) -> PartialDate:
        """The date with the bounds its EDTF gives; ValueError for what is no EDTF."""
        if edtf is None:
            return cls(stated=stated)
        start, slash, end = edtf.partition("/")
        if slash and (start in _OPEN) != (end in _OPEN):
            bound = cls.of(edtf=start if end in _OPEN else end)
            return cls(
                stated=stated,
                edtf=edtf,
                earliest=bound.earliest if end in _OPEN else None,
                latest=bound.latest if start in _OPEN else None,
                precision=DatePrecision.INTERVAL,
            )
        name, earliest, latest = _parsed(edtf)
        if earliest == latest:
            precision = DatePrecision.DAY
        elif "Interval" in name:
            precision = DatePrecision.INTERVAL
        elif "Season" in name:
            precision = DatePrecision.SEASON
        elif (earliest.year, earliest.month) == (latest.year, latest.month):
            precision = DatePrecision.MONTH
        elif earliest.year == latest.year:
            precision = DatePrecision.YEAR
        else:
            precision = DatePrecision.DECADE if "X" in edtf else DatePrecision.INTERVAL
        return cls(stated=stated, edtf=edtf, earliest=earliest, latest=latest, precision=precision)


@dataclass(kw_only=True)
class Quantity:
    """A number of things as a source gives it: exact, or bounded from either side."""

    id: str = field(default="", metadata=_ID)
    stated: str | None = part("The source's own words, such as `fewer than 200`.")
    minimum: int | None = part("The least it can be.")
    maximum: int | None = part("The most it can be.")
    certainty: Certainty | None = part("How sure the number is.")


@dataclass(kw_only=True)
class Money:
    """A sum of money. SIPRI's TIV is a volume and never stands here."""

    id: str = field(default="", metadata=_ID)
    stated: str | None = part("The source's own words, such as `worth over $6 billion`.")
    minimum: Decimal | None = part("The least it can be.")
    maximum: Decimal | None = part("The most it can be.")
    currency: str | None = part("The ISO 4217 code, such as `USD`.")
    scope: MoneyScope | None = part("What the sum covers.")


def list_of(kind: Any) -> Any:
    """The type of a list whose members are only known at run time."""
    return list[kind]


ValueObject = type[PartialDate] | type[Quantity] | type[Money]


def unwrap_optional(annotation: Any) -> Any:
    """The type that an annotation stands for where it is not null."""
    return next((part for part in get_args(annotation) if part is not type(None)), annotation)


def stored_type(annotation: Any) -> Any:
    """The column type that holds one part of a value object."""
    kind = unwrap_optional(annotation)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return stored_choice(kind)
    return {
        str: CodepointText,
        int: sa.BigInteger(),
        datetime.date: sa.Date(),
        Decimal: Amount(),
    }[kind]


def value_fields(value_object: ValueObject) -> dict[str, Any]:
    """The annotation of each part of a value object, in the order it declares them."""
    hints = get_type_hints(value_object)
    return {field.name: hints[field.name] for field in fields(value_object) if field.name != "id"}


def part_descriptions(value_object: ValueObject) -> dict[str, str]:
    """What each part of a value object says, in the words of the graph."""
    return {part.name: part.metadata["description"] for part in fields(value_object)}


def whole(number: int | None) -> int | None:
    """A number that an Int can hold."""
    if number is not None and not LEAST_INT <= number <= MOST_INT:
        raise NeedsGraphQLCoreError
    return number


def hundredths(sum: int) -> str:
    """A sum of money that is kept in hundredths, as a decimal number with no idle zeros."""
    if sum < 0:
        return str(Decimal(sum) / 100)
    whole, part = divmod(sum, 100)
    if not part:
        return str(whole)
    return f"{whole}.{part:02d}" if part % 10 else f"{whole}.{part // 10}"
