"""Currencies: the codes of ISO 4217, those of former times among them, and their decimals."""

from __future__ import annotations

from functools import cache
from typing import Any

CODED_SINCE = 1978
"""Since when there is ISO 4217; what went before has no code of it."""
_NEVER_CODED = frozenset({"BAN", "BGM", "BGO", "CNH", "CNX", "KRH", "KRO", "MCF", "MKN", "YUR"})
"""Codes that CLDR gives, and ISO never did."""
_NONE = """
    BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF
    ADP BEF BYR ESP ITL LUF MGF PTE TMM TPE TRL
"""
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_DECIMALS = {
    code: digits
    for digits, written in {0: _NONE, 3: _THREE, 4: "CLF UYW"}.items()
    for code in written.split()
}
"""ISO's minor units, where they are not hundredths; last, those of former currencies."""


def decimals(code: str) -> int:
    """How many decimals sums of a currency have: three for KWD, none for JPY, two for most."""
    return _DECIMALS.get(code, 2)


@cache
def current_codes() -> frozenset[str]:
    """The codes of ISO 4217 that are in use (Debian's iso-codes in pycountry, LGPL-2.1)."""
    import pycountry  # noqa: PLC0415  # which only those who publish need

    currencies: Any = pycountry.currencies
    return frozenset(currency.alpha_3 for currency in currencies)


@cache
def former_codes() -> frozenset[str]:
    """Those that were, such as DEM and PLZ (Unicode's CLDR in Babel, Unicode-3.0)."""
    from babel.core import get_global  # noqa: PLC0415  # as above

    ended: dict[str, int] = {}
    for tenders in get_global("territory_currencies").values():
        for code, _, end, _ in tenders:
            ended[code] = max(ended.get(code, 0), end[0] if end else 9999)
    known = {code for code in get_global("all_currencies") if ended.get(code, 9999) >= CODED_SINCE}
    return frozenset(known - _NEVER_CODED - current_codes())


def codes() -> frozenset[str]:
    """All of them."""
    return current_codes() | former_codes()
