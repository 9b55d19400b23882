"""States: what each is called, its codes, and which of them a text names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from schema.dossiers.draft import slug as slug_of

SHORT = 3
"""How many letters a name has at most that is not looked for in capitals."""
COMMON, OFFICIAL, ALIAS, ADJECTIVE = "COMMON", "OFFICIAL", "ALIAS", "ADJECTIVE"


class StateName(NamedTuple):
    """One name of a state."""

    text: str
    kind: str
    """COMMON, OFFICIAL, ALIAS or ADJECTIVE, as names in a dossier have it."""
    language: str | None = None
    script: str | None = None


@dataclass(frozen=True)
class StateNames:
    """A state with its codes and names; those it had in all languages are CLDR's."""

    slug: str
    """The last part of its id: `south-korea` of `party/south-korea`."""
    names: tuple[StateName, ...]
    """In English, and in its own languages where we write them down ourselves."""
    alpha_2: str | None = None
    alpha_3: str | None = None
    numeric: str | None = None
    former_code: str | None = None
    """The code of ISO 3166-3 for a state that is no more, such as `SUHH`."""
    existed_from: str | None = None
    existed_until: str | None = None
    """For a state that is no more: when it began and ended, as EDTF."""
    successors: tuple[str, ...] = ()
    """The slugs of the states that came to be on its territory, or took it over."""

    @property
    def id(self) -> str:
        """The id of its party, such as `party/south-korea`."""
        return f"party/{self.slug}"

    @property
    def codes(self) -> tuple[str, ...]:
        """Its codes of two and three letters, and of four for one that is no more."""
        return tuple(filter(None, (self.alpha_2, self.alpha_3, self.former_code)))


class Mention(NamedTuple):
    """Where a text names a state, or one of several that have the name, such as `Korean`."""

    start: int
    end: int
    slugs: frozenset[str]


def names_of(key: str) -> StateNames | None:
    """The state with a slug, an id or a code: `poland`, `party/poland`, `PL`, `POL`, `SUHH`."""
    return _by_key().get(key.removeprefix("party/"))


def states_named(text: str, language: str = "en") -> frozenset[str]:
    """The slugs of the states that a text names, by a name or an adjective.

    A name that several have, such as `Korean`, gives all of them; `mentions` keeps them apart.
    """
    return frozenset(slug for mention in mentions(text, language) for slug in mention.slugs)


def mentions(text: str, language: str = "en") -> list[Mention]:
    """Where a text names states, in order; of names that overlap, the longest.

    Names count in English, in the language of the text, and in a state's own languages. Small and
    capital letters are told apart, for `us` is no state; `SOUTH KOREA` is one.
    """
    own = any(not character.isascii() and character.isalpha() for character in text)
    names = _finder(language if own or language != "en" else None)
    return list(names.find(text))


@cache
def all_states() -> tuple[StateNames, ...]:
    """The states of ISO 3166-1 by alpha-3, then those that are no more."""
    import pycountry  # noqa: PLC0415  # it is idle where nobody asks for a state

    english, own = cldr_names("en"), {row["code"]: row for row in _rows("states.tsv")}
    states = []
    for country in sorted(pycountry.countries, key=lambda country: str(country.alpha_3)):
        entry: Any = country
        name = str(english.get(entry.alpha_2) or entry.name)
        head, _, tail = entry.name.partition(", ")
        turned = f"{tail} {head}" if "Republic" in tail else None
        official = [entry.name, getattr(entry, "official_name", turned)]
        row = own[entry.alpha_3]
        states.append(
            StateNames(
                slug_of(name),
                _names(name, official, row),
                entry.alpha_2,
                entry.alpha_3,
                entry.numeric,
            )
        )
    slugs = {state.alpha_3: state.slug for state in states}
    for row in _rows("former_states.tsv"):
        successors = tuple(slugs.get(code, code) for code in _several(row["successors"]))
        states.append(
            StateNames(
                row["slug"],
                _names(row["name"], [row["official"]], row),
                alpha_3=row["alpha-3"] or None,
                former_code=row["code"] or None,
                existed_from=row["from"],
                existed_until=row["until"],
                successors=successors,
            )
        )
    return tuple(states)


@cache
def cldr_names(locale: str) -> dict[str, str]:
    """What CLDR calls the states in a locale, such as `pl` or `sr_Latn`, by alpha-2."""
    from babel.core import Locale, UnknownLocaleError  # noqa: PLC0415  # as above

    try:
        territories = Locale.parse(locale).territories
    except (UnknownLocaleError, ValueError):
        return {}
    return {code: name for code, name in territories.items() if len(code) == 2 and name != code}


def _names(name: str, official: Iterable[str | None], row: dict[str, str]) -> tuple[StateName, ...]:
    """The names of a state, each once."""
    found = [StateName(name, COMMON, "en")]
    found += [StateName(text.removeprefix("the "), OFFICIAL, "en") for text in official if text]
    found += [StateName(text, ALIAS, "en") for text in _several(row["short"])]
    found += [StateName(text, ALIAS) for text in _several(row["own"])]
    texts = {each.text: each for each in reversed(found)}
    first = [each for each in dict.fromkeys(found) if texts[each.text] == each]
    return (*first, *(StateName(text, ADJECTIVE, "en") for text in _several(row["adjective"])))


def _several(cell: str) -> list[str]:
    return [each.strip() for each in cell.split(";") if each.strip()]


def _rows(file: str) -> list[dict[str, str]]:
    """The rows of a table of ours by the names of its columns."""
    lines = _lines(file)
    header = lines[0].split("\t")
    cells = [line.split("\t") for line in lines[1:] if not line.startswith("-\t")]
    return [dict(zip(header, row + [""] * (len(header) - len(row)), strict=True)) for row in cells]


def _lines(file: str) -> list[str]:
    text = files("schema.dossiers").joinpath(file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _by_key() -> dict[str, StateNames]:
    states = all_states()[::-1]  # a state of today before one that had its code
    by_code = {code: state for state in states for code in state.codes}
    return by_code | {state.slug: state for state in states}


def _folded(text: str) -> str:
    """A text with plain apostrophes and spaces, as long as it is."""
    return text.translate({0x2019: "'", 0x2018: "'", 0xA0: " ", 0x202F: " "})


def _first_word(text: str) -> str:
    found = re.search(r"\w+", text)
    return found[0] if found else text


def _is_spaced(character: str) -> bool:
    """Whether words of its script are set apart by spaces."""
    return not unicodedata.name(character, "").startswith(
        ("CJK", "HANGUL", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
    )


class _Finder:
    """Finds names in texts, by their first words."""

    def __init__(self, names: Iterable[tuple[str, frozenset[str]]]) -> None:
        self.names: dict[str, dict[str, frozenset[str]]] = {}
        self.unspaced: dict[str, frozenset[str]] = {}
        for name, slugs in names:
            folded = _folded(unicodedata.normalize("NFC", name))
            if not _is_spaced(folded[0]):
                self.unspaced[folded] = self.unspaced.get(folded, frozenset()) | slugs
                continue
            # Capitals are read as well, but for short names, which may be a word in capitals.
            for form in {folded, folded.upper() if len(folded) > SHORT else folded}:
                found = self.names.setdefault(_first_word(form), {})
                found[form] = found.get(form, frozenset()) | slugs

    def find(self, text: str) -> Iterator[Mention]:
        """The mentions of a text, from left to right."""
        folded, end = _folded(text), 0
        for word in re.finditer(r"\w+", folded):
            for start in range(word.start(), word.end()):
                if start >= end and (name := self._longest(folded, start, word)):
                    end = start + len(name)
                    slugs = self._slugs(name)
                    if slugs:
                        yield Mention(start, end, slugs)
                if _is_spaced(folded[start]):
                    break

    def _longest(self, text: str, start: int, word: re.Match[str]) -> str | None:
        """The longest name that begins at a place, with what ends it."""
        if not _is_spaced(text[start]):
            here = [name for name in self.unspaced if text.startswith(name, start)]
            return max(here, key=len, default=None)
        first = word[0]
        # Of `Ukrainians` and `Koreans`, the name is all but the last letter.
        known = self.names.get(first) or self.names.get(first.removesuffix("s")) or {}
        here = [name for name in known if self._is_at(text, start, name)]
        return max(here, key=len, default=None)

    @staticmethod
    def _is_at(text: str, start: int, name: str) -> bool:
        if not text.startswith(name, start):
            return False
        after = text[start + len(name) : start + len(name) + 2]
        if after[:1] == "s" and name[-1:] in "ainkh":  # a plural, as of `Koreans`
            after = after[1:]
        return not (after and (after[0].isalnum() or after[0] == "_"))

    def _slugs(self, name: str) -> frozenset[str]:
        if name in self.unspaced:
            return self.unspaced[name]
        return self.names[_first_word(name)][name]


@cache
def _finder(language: str | None) -> _Finder:
    """The names in English; in a language, and in the states' own, where one is given."""
    named: list[tuple[str, frozenset[str]]] = []
    for state in all_states():
        named += [(name.text, frozenset({state.slug})) for name in state.names]
        named += [
            (name.text.replace(" & ", " and "), frozenset({state.slug}))
            for name in state.names
            if " & " in name.text
        ]
    nobody: frozenset[str] = frozenset()
    named += [
        (line.split("\t")[1], nobody) for line in _lines("states.tsv") if line.startswith("-\t")
    ]
    if language is not None:
        named += _foreign(language)
    return _Finder(named)


def _foreign(language: str) -> Iterator[tuple[str, frozenset[str]]]:
    """What states are called in a language, and each in its own."""
    from babel.languages import get_official_languages  # noqa: PLC0415  # as above

    of_text = cldr_names(language)
    for state in all_states():
        if state.alpha_2 is None:
            continue
        own = get_official_languages(state.alpha_2, de_facto=True)
        for names in (of_text, *map(cldr_names, own)):
            if name := names.get(state.alpha_2):
                yield name, frozenset({state.slug})
