"""ISO codes, checked against the standards' own lists: languages, scripts and currencies."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import pycountry

from schema.errors import nearest
from schema.model.currencies import codes


@cache
def language(code: str) -> str:
    """An ISO 639 language code, such as `ko` or `kok`; ValueError for anything else."""
    languages: Any = pycountry.languages
    field = "alpha_2" if len(code) == 2 else "alpha_3"
    return _checked(languages, field, code, "an ISO 639 language, such as `ko`")


@cache
def script(code: str) -> str:
    """An ISO 15924 script code, such as `Hang`; ValueError for anything else."""
    return _checked(pycountry.scripts, "alpha_4", code, "an ISO 15924 script, such as `Hang`")


@cache
def currency(code: str) -> str:
    """An ISO 4217 code of today or of former times, as `KRW` or `DEM`; ValueError for others."""
    known = codes()
    if code in known:
        return code
    meant = _code_of(pycountry.currencies, "alpha_3", code) if code else None
    raise _unknown(code, known, "an ISO 4217 currency, such as `KRW`", meant)


def _code_of(database: Any, field: str, name: str) -> str | None:
    """The code that is written so in other letters, or of what is called so in English."""
    for code in (name.lower(), name.upper(), name.title()):
        if (entry := database.get(**{field: code})) is not None:
            return str(getattr(entry, field))
    named = (entry for entry in database if entry.name.casefold() == name.casefold())
    codes = ("alpha_2", "alpha_3", "alpha_4")
    return next((getattr(e, code) for e in named for code in codes if hasattr(e, code)), None)


def _checked(database: Any, field: str, code: str, what: str) -> str:
    entry = database.get(**{field: code}) if code else None
    if entry is not None and getattr(entry, field) == code:  # the library folds case
        return code
    known = [getattr(entry, field) for entry in database if hasattr(entry, field)]
    raise _unknown(code, known, what, _code_of(database, field, code))


def _unknown(code: str, known: Iterable[str], what: str, meant: str | None) -> ValueError:
    near = meant or nearest(code, sorted(known))
    return ValueError(f"'{code}' is not {what}" + (f"; did you mean '{near}'?" if near else ""))


STANDARDS = {"language": language, "script": script, "currency": currency}
"""The checks by the names that columns declare them with."""
