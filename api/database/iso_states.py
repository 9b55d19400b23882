"""Reference data: the states of ISO 3166-1, with their names in every language CLDR has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import babel
import pycountry
from babel.core import Locale
from babel.localedata import locale_identifiers

from schema.dossiers.draft import Coding, slug
from schema.dossiers.reader import DossierReader
from schema.dossiers.yaml_source import SourceMap

VERSION = f"pycountry {pycountry.__version__}, Babel {babel.__version__}, form 2"
SUMMARY = f"States and territories of ISO 3166-1 with their names from Unicode CLDR ({VERSION})"
SOURCE = "source/iso-3166-1-and-cldr"


def _locales() -> list[Locale]:
    """One locale for each language and script, without regional variants."""
    found = [Locale.parse(name) for name in sorted(locale_identifiers())]
    return [locale for locale in found if not locale.territory and not locale.variant]


def _names(code: str, locales: list[Locale]) -> Iterator[tuple[str, str | None, str]]:
    """Language, script and name of a state, where the locale has a name of its own."""
    seen: set[tuple[str, str]] = set()
    for locale in locales:
        name = locale.territories.get(code)
        if name and name != code and (locale.language, name) not in seen:
            seen.add((locale.language, name))
            yield locale.language, locale.script, name


def reference() -> Coding:
    """The states as a coding: each rests on one row of the text, which holds codes and names."""
    locales = _locales()
    rows: list[str] = []
    records: dict[str, Any] = {}
    for country in sorted(pycountry.countries, key=lambda country: country.alpha_3):
        english = Locale("en").territories.get(country.alpha_2, country.name)
        names = list(_names(country.alpha_2, locales))
        shown = "; ".join(
            f"{language}{'-' + script if script else ''}={name}" for language, script, name in names
        )
        row = f"{country.alpha_3}\t{country.alpha_2}\t{country.numeric}\t{country.name}\t{shown}"
        rows.append(row)
        codes = {"alpha-2": country.alpha_2, "alpha-3": country.alpha_3, "numeric": country.numeric}
        official = getattr(country, "official_name", None)
        records[f"party/{slug(english)}"] = {
            "title": english,
            "claims": [{"stated": english, "origin": "IMPORTED", "quote": row}],
            "imported": {"kind": "STATE", "name": english},
            **dict.fromkeys(("description", "parent", "state"), "NOT_STATED"),
            "identifiers": [
                {"scheme": f"ISO 3166-1 {name}", "value": code} for name, code in codes.items()
            ],
            "names": [
                *(
                    {"text": name, "language": language, "script": script, "kind": "COMMON"}
                    for language, script, name in names
                ),
                *([{"text": official, "language": "en", "kind": "OFFICIAL"}] if official else []),
            ],
        }
    text = "\n".join(["alpha-3\talpha-2\tnumeric\tname\tnames by language", *rows, ""])
    silent = dict.fromkeys(
        (
            "author",
            "address",
            "published_on",
            "licence",
            "reliability",
            "credibility",
            "derived_from",
            "language",
        ),
        "NOT_STATED",
    )
    made = "Compiled here from the data of two libraries."
    source = silent | {
        "id": SOURCE,
        "file": "states.tsv",
        "title": "ISO 3166-1 and Unicode CLDR: states and their names",
        "publisher": {
            "value": "International Organization for Standardization; Unicode Consortium",
            "basis": made,
            "origin": "EXTERNAL",
        },
        "scope": {
            "value": "States and territories of ISO 3166-1, with their names by language",
            "basis": made,
            "origin": "EXTERNAL",
        },
        "is_text_public": {
            "value": True,
            "basis": "Both libraries allow it to be shared.",
            "origin": "EXTERNAL",
        },
    }
    data = {"summary": SUMMARY, "source": source, "records": records}
    return DossierReader(SourceMap("states.tsv"), text=text).code(data)
