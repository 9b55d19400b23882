"""Value objects: a date, a sum and a number as a source gives them, never bare scalars."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, get_args, get_type_hints

import sqlalchemy as sa

from schema.errors import NeedsGraphQLCoreError
from schema.model.amounts import Amount
from schema.model.canonical import doubts_of
from schema.model.choices import Choice, described
from schema.model.days import Day
from schema.model.edtf import Date, DatePrecision, OneOrAll, Point, parsed

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


_ID = {
    "description": "The record and the field that hold it, such as `event/x#happenedOn`, or "
    "`event/x@2#happenedOn` as of edition 2."
}


def part(description: str) -> Any:
    """A part of a value object, null where the source does not give it."""
    return field(default=None, metadata={"description": description})


def _kept(low: Day, high: Day) -> tuple[datetime.date | None, datetime.date | None]:
    """The bounds of a date as databases hold them, which know the years 1 to 9999 alone.

    What lies before is open below, and what lies after is open above, so that the bounds hold all
    of it and none of them is a day that nobody means.
    """
    first, last = datetime.date.min, datetime.date.max
    bounds = [
        datetime.date(int(year), month, day) if 1 <= year <= 9999 else first if year < 1 else last
        for year, month, day in (low, high)
    ]
    return None if low[0] < 1 else bounds[0], None if high[0] > 9999 else bounds[1]


def _precision(date: Date) -> DatePrecision:
    """How fine a date is; one day is a day, however it is written."""
    first, last = date.span
    is_kept = first[0] >= 1 and last[0] <= 9999
    if first == last and is_kept:
        return DatePrecision.DAY
    if isinstance(date, OneOrAll):
        return DatePrecision.SET
    return date.precision if isinstance(date, Point) and is_kept else DatePrecision.INTERVAL


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

    is_approximate: bool | None = part(
        "Whether it is about then, as `~` in EDTF says; null where there is no EDTF."
    )
    is_uncertain: bool | None = part(
        "Whether it is in doubt, as `?` in EDTF says; null where there is no EDTF."
    )

    @classmethod
    def of(cls, stated: str | None = None, edtf: str | None = None) -> PartialDate:
        """The date with the bounds its EDTF gives; ValueError for what is no EDTF."""
        if edtf is None:
            return cls(stated=stated)
        date, doubts = parsed(edtf), doubts_of(parsed(edtf))
        earliest, latest = _kept(*date.span)
        return cls(
            stated=stated,
            edtf=edtf.strip(),
            earliest=earliest,
            latest=latest,
            precision=None if earliest is None and latest is None else _precision(date),
            is_approximate="~" in doubts,
            is_uncertain="?" in doubts,
        )


@dataclass(kw_only=True)
class Quantity:
    """A number of things as a source gives it: exact, or bounded from either side.

    Pieces are counted by `minimum` and `maximum`; what is measured in a unit has `least` and
    `most`, and is never added to pieces.
    """

    id: str = field(default="", metadata=_ID)
    stated: str | None = part("The source's own words, such as `fewer than 200`.")
    minimum: int | None = part("The least number of pieces it can be; null for a measure.")
    maximum: int | None = part("The most pieces it can be; null for a measure.")
    certainty: Certainty | None = part("How sure the number is.")
    unit: str | None = part(
        "What it is measured in, as a UCUM code such as `km` or `t`, or a word in braces for what "
        "comes in sets, such as `{squadron}`; null for pieces."
    )
    least: Decimal | None = part("The least it can be in its unit, such as 12.84.")
    most: Decimal | None = part("The most it can be in its unit.")
    floor: Decimal | None = part("The least it can be where the number itself is an estimate.")
    ceiling: Decimal | None = part(
        "The most it can be where the number itself is an estimate: 120 for `about 100, at most "
        "120`."
    )


@dataclass(kw_only=True)
class EquivalentSum:
    """A sum of money again in another currency, as the same source gives it."""

    stated: str | None = part("The source's own words, such as `4.5 trillion won`.")
    minimum: Decimal | None = part("The least it can be.")
    maximum: Decimal | None = part("The most it can be.")
    currency: str | None = part("The ISO 4217 code, such as `KRW`.")


EQUIVALENTS = 8
"""In how many other currencies one sum may be told."""


class Equivalents(sa.types.TypeDecorator[list[dict[str, Any]]]):
    """A sum in other currencies, kept as the JSON of a claim has it: nothing filters or adds it."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> Any:
        return None if value is None else json.loads(value)


@dataclass(kw_only=True)
class Money:
    """A sum of money. SIPRI's TIV is a volume and never stands here."""

    id: str = field(default="", metadata=_ID)
    stated: str | None = part("The source's own words, such as `worth over $6 billion`.")
    minimum: Decimal | None = part("The least it can be.")
    maximum: Decimal | None = part("The most it can be.")
    currency: str | None = part(
        "The ISO 4217 code, such as `USD`, or `DEM` for what was paid in Deutschmarks."
    )
    scope: MoneyScope | None = part("What the sum covers.")
    certainty: Certainty | None = part("How sure the sum is.")
    floor: Decimal | None = part("The least it can be where the sum itself is an estimate.")
    ceiling: Decimal | None = part("The most it can be where the sum itself is an estimate.")
    share: str | None = part(
        "The key of a sum that several records share, alike in all of them: they count it once."
    )
    others: list[EquivalentSum] | None = part(
        "The same sum in other currencies, in the order of the source; filters, orders and "
        "statistics take the first."
    )


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
    if kind == list[EquivalentSum]:
        return Equivalents()
    return {
        str: CodepointText,
        bool: sa.Boolean(),
        int: sa.BigInteger(),
        datetime.date: sa.Date(),
        Decimal: Amount(),
    }[kind]


def parts_of(value_object: Any, part: str) -> dict[str, Any]:
    """The parts of a part that is a list of objects, with their annotations; else none."""
    kind = unwrap_optional(get_type_hints(value_object)[part])
    [inner] = get_args(kind) or (None,)
    return get_type_hints(inner) if is_dataclass(inner) else {}


def value_fields(value_object: ValueObject) -> dict[str, Any]:
    """The annotation of each part of a value object, in the order it declares them."""
    hints = get_type_hints(value_object)
    return {field.name: hints[field.name] for field in fields(value_object) if field.name != "id"}


def part_descriptions(value_object: ValueObject | type[EquivalentSum]) -> dict[str, str]:
    """What each part of a value object says, in the words of the graph."""
    return {part.name: part.metadata["description"] for part in fields(value_object)}


def whole(number: int | None) -> int | None:
    """A number that an Int can hold."""
    if number is not None and not LEAST_INT <= number <= MOST_INT:
        raise NeedsGraphQLCoreError
    return number
