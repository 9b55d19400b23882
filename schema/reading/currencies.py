"""Currencies in words: signs, codes and names, before a number or behind it."""

from __future__ import annotations

import re
from functools import cache

from schema.reading.numbers import Number
from schema.reading.words import words_of

_SIGNS = {
    "USD": "us$ usd$ u.s.$ $us $",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥ 円",
    "CNY": "¥ 元",
    "KRW": "₩ 원",
    "UAH": "₴ грн",
    "RUB": "₽ руб",
    "PLN": "zł",
    "INR": "₹ rs rs.",
    "ILS": "₪",
    "TRY": "₺",
    "VND": "₫",
    "PHP": "₱",
    "NGN": "₦",
    "THB": "฿",
    "CAD": "c$ ca$ can$",
    "AUD": "a$ au$",
    "NZD": "nz$",
    "SGD": "s$",
    "HKD": "hk$",
    "TWD": "nt$",
    "BRL": "r$",
    "CHF": "fr sfr",
    "CZK": "kč",
    "HUF": "ft",
    "SEK": "kr",
    "NOK": "kr",
    "DKK": "kr",
    "ISK": "kr",
    "DEM": "dm",
    "FRF": "ff",
}
_NAMES = {
    "USD": "dollar dolar dolarów dolary доллар доллара долларов долара доларів 달러 ドル 美元",
    "EUR": "euro eur евро євро 유로 欧元",
    "GBP": "pound sterling quid",
    "KRW": "won wons 원",
    "KPW": "north korean won",
    "JPY": "yen 엔",
    "CNY": "yuan renminbi rmb 위안",
    "PLN": "zloty zlotys zlotych złoty złote złotych 즈워티",
    "UAH": "hryvnia hryvnias hryvnya гривня гривні гривень",
    "RUB": "ruble rouble рубль рубля рублей",
    "CZK": "koruna koruny czech crown",
    "SEK": "krona kronor swedish crown",
    "NOK": "krone kroner norwegian crown",
    "DKK": "danish krone danish kroner danish crown",
    "HUF": "forint",
    "RON": "leu lei",
    "BGN": "lev leva",
    "HRK": "kuna",
    "TRY": "lira",
    "INR": "rupee",
    "ILS": "shekel",
    "SAR": "riyal",
    "QAR": "qatari riyal",
    "AED": "dirham",
    "KWD": "dinar kuwaiti dinar",
    "CHF": "franc swiss franc",
    "FRF": "french franc",
    "DEM": "mark deutschmark deutsche mark",
    "ITL": "italian lira lire",
    "IDR": "rupiah",
    "MYR": "ringgit",
    "PHP": "peso philippine peso",
    "THB": "baht",
    "VND": "dong",
    "KZT": "tenge",
    "BRL": "real reais",
    "ZAR": "rand",
    "NGN": "naira",
    "EGP": "egyptian pound",
    "CAD": "canadian dollar",
    "AUD": "australian dollar",
    "NZD": "new zealand dollar",
    "SGD": "singapore dollar",
    "HKD": "hong kong dollar",
    "TWD": "taiwan dollar new taiwan dollar taiwanese dollar",
}
"""What a currency is called. A name that several have means the one that has no adjective here."""
_ADJECTIVES = """
    north korean czech swedish norwegian danish qatari kuwaiti swiss french deutsche italian
    philippine egyptian canadian australian new zealand singapore hong kong taiwan taiwanese
"""
"""What belongs to the name behind it."""
_RANGE = r"(?:[\d.,]+\s*(?:-|–|to)\s*)?"
"""What stands between a sign and the second number of `$3-5 billion`."""
_BEFORE, _BEHIND = 24, 40
"""How far from its number a currency stands."""


def _split(names: str) -> tuple[str, ...]:
    """Names, the longest first; an adjective belongs to the name behind it."""
    adjective = "|".join(_ADJECTIVES.split())
    found: list[str] = re.findall(rf"(?:(?:{adjective}) )*\S+", names)
    return tuple(sorted(found, key=len, reverse=True))


_FORMS = {code: _split(names) for code, names in _NAMES.items()}
_LONG_NAMES = {name for names in _FORMS.values() for name in names if " " in name}


@cache
def _forms(code: str) -> tuple[str, ...]:
    """The names of a currency, in the singular, longest first; those of CLDR where none is here."""
    if code in _FORMS:
        return _FORMS[code]
    # Heavy, and seldom asked for.
    from babel.core import Locale  # noqa: PLC0415

    name = Locale("en").currencies.get(code, code)
    return (re.sub(r"\s*\(.*\)", "", name).casefold(),)


def is_in(text: str, number: Number, code: str) -> bool:
    """Whether a number of a text is told in a currency."""
    plain = words_of(text).plain
    before = plain[max(0, number.start - _BEFORE) : number.start].casefold()
    following = plain[number.end : number.end + _BEHIND].casefold()
    if before.endswith("between "):
        following = re.sub(r"^ and (?=\d)", " ", following)
    behind = re.split(r"[;()\n]|, |\. | and | or ", following)[0] if following.strip() else ""
    if re.search(rf"(?:^|[^a-z]){code.casefold()}\s*$", before):
        return True
    if re.match(rf"\s*{code.casefold()}\b", behind):
        return True
    for sign in _SIGNS.get(code, "").split():
        if re.search(rf"(?:^|[^a-z$]){re.escape(sign)}\s*{_RANGE}$", before):
            return True
        if re.match(rf"\s*{re.escape(sign)}(?![a-z$])", behind):
            return True
    return any(_is_named(form, behind) for form in _forms(code))


def is_bare(text: str, number: Number, start: int) -> bool:
    """Whether a number behind a sum, in the same sentence, is told without what it counts."""
    plain = words_of(text).plain
    between = plain[start : number.start]
    if number.start < start or re.search(r"[.;¶]\s|[^\w\s.,()–—-]\s*$", between):
        return False
    return re.match(r"\s*(?:[,.;:)¶–—]|$|(?:and|but|or)\s)", plain[number.end :]) is not None


def _is_named(form: str, behind: str) -> bool:
    """Whether a number is followed by this name, and not by that of another with an adjective."""
    match = re.match(rf"(?:[\s-]*(\w+(?: \w+)?))??[\s-]*{re.escape(form)}(?:s|es)?(?!\w)", behind)
    if not match:
        return False
    adjective = (match[1] or "").split()
    if not adjective or " " in form:
        return True
    return _LONG_NAMES.isdisjoint({f"{match[1]} {form}", f"{adjective[-1]} {form}"})
