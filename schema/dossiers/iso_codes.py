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
    raise _unknown(code, known, "an ISO 4217 currency, such as `KRW`")


def _checked(database: Any, field: str, code: str, what: str) -> str:
    entry = database.get(**{field: code}) if code else None
    if entry is not None and getattr(entry, field) == code:  # the library folds case
        return code
    raise _unknown(
        code, [getattr(entry, field) for entry in database if hasattr(entry, field)], what
    )


def _unknown(code: str, known: Iterable[str], what: str) -> ValueError:
    near = nearest(code, sorted(known))
    return ValueError(f"'{code}' is not {what}" + (f"; did you mean '{near}'?" if near else ""))


STANDARDS = {"language": language, "script": script, "currency": currency}
"""The checks by the names that columns declare them with."""
