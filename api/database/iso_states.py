"""Reference data: states with their codes and names, those that are no more, and alliances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import babel
import pycountry
from babel.core import Locale
from babel.localedata import locale_identifiers

from api.database.alliances import alliances, lifetime
from schema.dossiers.draft import Coding, slug
from schema.dossiers.reader import DossierReader
from schema.dossiers.states import StateName, StateNames, all_states
from schema.dossiers.yaml_source import SourceMap

VERSION = f"pycountry {pycountry.__version__}, Babel {babel.__version__}, form 3"
SUMMARY = f"States of ISO 3166, former states and alliances, with names of Unicode CLDR ({VERSION})"
SOURCE = "source/iso-3166-1-and-cldr"
LICENCE = (
    "Codes and English names of ISO 3166 come from pycountry (LGPL-2.1-only), names by language "
    "from Unicode CLDR (Unicode-3.0) through Babel (BSD-3-Clause); short forms, adjectives, former "
    "states and alliances are Pactbook's own (MIT)."
)


def _locales() -> list[Locale]:
    """One locale for each language and script, without regional variants."""
    found = [Locale.parse(name) for name in sorted(locale_identifiers())]
    return [locale for locale in found if not locale.territory and not locale.variant]


def _names(code: str, locales: list[Locale]) -> Iterator[StateName]:
    """The names of a state by language and script, where the locale has a name of its own."""
    seen: set[tuple[str, str]] = set()
    for locale in locales:
        name = locale.territories.get(code)
        if name and name != code and (locale.language, name) not in seen:
            seen.add((locale.language, name))
            yield StateName(name, "COMMON", locale.language, locale.script)


def _entries(names: Iterable[StateName]) -> list[dict[str, Any]]:
    """Names as a dossier has them; those that would have one id, such as `US` and `U.S.`, a key."""
    entries: list[dict[str, Any]] = []
    endings: dict[str, int] = {}
    for name in dict.fromkeys(names):
        parts = [slug(part) for part in (name.language, name.kind, name.text) if part]
        ending = ".".join(parts)
        number = endings[ending] = endings.get(ending, 0) + 1
        key = {"key": slug(" ".join([*parts, str(number)]))} if number > 1 else {}
        entries.append(name._asdict() | key)
    return entries


def _state(state: StateNames, locales: list[Locale]) -> tuple[str, dict[str, Any]]:
    """The row of a state in the text, and its entry."""
    common, *others = state.names
    names = [*_names(state.alpha_2 or "", locales)]
    known = {name.text for name in names} | {common.text}
    names += [name for name in others if name.text not in known or name.kind == "ADJECTIVE"]
    names = names if state.alpha_2 else [common, *names]
    shown = "; ".join(
        f"{'-'.join(filter(None, (name.language, name.script))) or name.kind.lower()}={name.text}"
        for name in names
    )
    codes = {
        "ISO 3166-1 alpha-2": state.alpha_2,
        "ISO 3166-1 alpha-3" if state.alpha_2 else "ISO 3166-1 alpha-3, withdrawn": state.alpha_3,
        "ISO 3166-1 numeric": state.numeric,
        "ISO 3166-3": state.former_code,
    }
    dates = [state.existed_from or "", state.existed_until or "", "; ".join(state.successors)]
    cells = [*(code or "" for code in codes.values()), common.text, shown, *dates]
    row = "\t".join(("state", *cells)).rstrip("\t")
    imported = {"kind": "STATE", "name": common.text}
    entry = {
        "title": common.text,
        "claims": [{"stated": common.text, "origin": "IMPORTED", "quote": row}],
        "imported": imported | lifetime(state.existed_from or "", state.existed_until or ""),
        **dict.fromkeys(("description", "parent", "state"), "NOT_STATED"),
        "identifiers": [
            {"scheme": scheme, "value": code} for scheme, code in codes.items() if code
        ],
        "names": _entries(names),
        "successors": [{"successor": f"party/{each}"} for each in state.successors],
    }
    return row, entry


def reference() -> Coding:
    """States and alliances as a coding: each rests on one row of the text, a membership too."""
    locales = _locales()
    rows: list[str] = []
    records: dict[str, Any] = {}
    for state in all_states():
        row, records[state.id] = _state(state, locales)
        rows.append(row)
    for id, text, entry, others in alliances():
        rows.append(text)
        names = [StateName(entry["title"], "COMMON", "en")]
        names += [StateName(other, "ALIAS") for other in others]
        records[id] = entry | {"names": _entries(names)}
    header = "state\talpha-2\talpha-3\tnumeric\tISO 3166-3\tname\tnames\tfrom\tuntil\tsuccessors"
    text = "\n".join([header, *rows, ""])
    silent = dict.fromkeys(
        (
            "author",
            "address",
            "published_on",
            "reliability",
            "credibility",
            "derived_from",
            "language",
        ),
        "NOT_STATED",
    )

    def valued(value: Any, basis: str = "Compiled here from the data of two libraries.") -> Any:
        return {"value": value, "basis": basis, "origin": "EXTERNAL"}

    source = silent | {
        "id": SOURCE,
        "file": "states.tsv",
        "title": "ISO 3166-1 and Unicode CLDR: states and their names",
        "publisher": valued("International Organization for Standardization; Unicode Consortium"),
        "licence": valued(LICENCE, "As the two libraries name their licences."),
        "scope": valued(
            "States and territories of ISO 3166-1 with their names by language, former states, and "
            "alliances with their members"
        ),
        "is_text_public": valued(True, "All of these licences allow it to be shared."),
    }
    data = {"summary": SUMMARY, "source": source, "records": records}
    return DossierReader(SourceMap("states.tsv"), text=text).code(data)
