"""Amounts: decimal numbers that both databases hold, compare and add exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

DECIMALS = 3
"""How fine an amount is: no currency in use is divided further, and no price a piece known."""
SCALE = 10**DECIMALS
DIGITS = 15
"""How many digits it has before the point: with the decimals a database's integer holds them."""


class Amount(sa.types.TypeDecorator[Decimal]):
    """A number kept in thousandths, so that both databases hold and add it exactly."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else int((value * SCALE).to_integral_exact())

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / SCALE


def amount_text(thousandths: int) -> str:
    """What is kept in thousandths, as a decimal number with no idle zeros."""
    whole, part = divmod(abs(thousandths), SCALE)
    sign = "-" if thousandths < 0 else ""
    return f"{sign}{whole}.{part:0{DECIMALS}d}".rstrip("0") if part else f"{sign}{whole}"


def amount_mistake(number: str) -> str | None:
    """Why no amount can hold a decimal number, with what would be right."""
    digits, _, decimals = number.lstrip("-").partition(".")
    if len(digits.lstrip("0")) > DIGITS:
        return f"{number} is more than any sum on record; write it with at most {DIGITS} digits"
    if len(decimals.rstrip("0")) > DECIMALS:
        finest = f"0.{'0' * (DECIMALS - 1)}1"
        return f"{number} is finer than amounts are kept; round it to {finest}"
    return None
