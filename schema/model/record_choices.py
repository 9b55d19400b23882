"""Choices made of what all nouns declare: which noun a record is of, and of what kind."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from schema.model.choices import Choice, described
from schema.model.noun import Record, Versioned
from schema.model.reflection import plain_columns
from schema.model.registry import nouns
from schema.model.values import unwrap_optional


@cache
def record_nouns() -> dict[str, type[Versioned]]:
    """The nouns that are records, by their names in the choice `RecordNoun`."""
    return {name.upper(): noun for name, noun in nouns().items() if issubclass(noun, Record)}


@cache
def record_noun() -> type[Choice]:
    """The choice among the nouns that are records."""
    summaries = {
        name: (name, (noun.__doc__ or "").splitlines()[0]) for name, noun in record_nouns().items()
    }
    return described("A noun of which there are records.")(_choice("RecordNoun", summaries))


@cache
def record_kind() -> type[Choice]:
    """The choice among the kinds that records of any noun can be of."""
    texts: dict[str, list[str]] = defaultdict(list)
    for noun, kinds in kinds_by_noun().items():
        for kind in kinds:
            texts[kind.name].append(f"{noun.capitalize()}: {kind.description}")
    members = {name: (name, " ".join(each)) for name, each in sorted(texts.items())}
    return described("A kind of record, with the nouns that have it.")(
        _choice("RecordKind", members)
    )


@cache
def kinds_by_noun() -> dict[str, list[Choice]]:
    """The kinds of each noun that has any, by its name in `RecordNoun`."""
    found: dict[str, list[Choice]] = {}
    for name, noun in record_nouns().items():
        info = plain_columns(noun).get("kind")
        kind = unwrap_optional(info.annotation) if info else None
        if isinstance(kind, type) and issubclass(kind, Choice):
            found[name] = [*kind]
    return found


def _choice(name: str, members: dict[str, tuple[str, str]]) -> type[Choice]:
    declare: Any = Choice  # called as a function, with members that only exist at run time
    made: type[Choice] = declare(name, members, module=__name__)
    return made
