"""Claims whose words do not carry them, planted by a fixed rule into sound dossiers.

`python -m tests.support.mismatches` prints how many of them the check of publishing refuses, and
how many of the sound claims.
"""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from api.database.migrate import migrate
from api.database.seeding import SEED, publish_to
from schema.dossiers.draft import Coding
from schema.dossiers.reader import read_dossier
from schema.model.choices import Choice
from schema.model.reflection import link_lists, references
from schema.model.registry import known, nouns
from schema.model.values import Money, PartialDate, Quantity, unwrap_optional
from schema.nouns.claim import Support
from schema.publishing.known_names import PublishedNames, Quoted
from schema.publishing.support import SupportCheck, needed, quoted_of_draft
from schema.storage.engine import connected
from tests.oracle.small_record import states
from tests.support.contradicting_sources import PRESS

PLANTED = 500
SEEDED = 16
"""What the random choices begin with, so that the same ones are planted every time."""
CURRENCIES = ("USD", "EUR", "KRW", "PLN", "GBP", "JPY", "UAH", "CHF")


@dataclass(frozen=True)
class Sound:
    """A claim of a dossier as it is coded, with the check of its dossier."""

    claim: Quoted
    check: SupportCheck

    @property
    def is_refused(self) -> bool:
        """Whether the check refuses it."""
        return self.check.verdict(self.claim)[0] is Support.UNSUPPORTED


@dataclass(frozen=True)
class Planted(Sound):
    """The same with a mistake in it."""

    kind: str
    was: Quoted


def sound(connection: sa.Connection, folders: Sequence[Path]) -> list[Sound]:
    """The claims of published dossiers that give a value."""
    codings: list[Coding] = [read_dossier(folder) for folder in folders]
    found: list[Sound] = []
    for coding in codings:
        claims = [quoted_of_draft(draft) for draft in coding.claims.values()]
        check = SupportCheck(coding.source_id, claims, PublishedNames(connection, _all(claims)))
        found += [Sound(each, check) for each in claims if check.verdict(each)[0] is not None]
    return found


def _all(claims: Sequence[Quoted]) -> set[str]:
    """The records that claims name, and those that are planted in their place."""
    return needed(claims) | set(ACTORS)


ACTORS = {
    "party/poland": "Pol",
    "party/south-korea": "South",
    "party/north-korea": "North",
    "party/russia": "Russia",
    "party/ukraine": "Ukrain",
    "official/andrzej-duda": "Duda",
    "official/jacek-siewiera": "Siewiera",
    "official/shin-won-sik": "Shin",
}
"""Whom a claim is given in the place of another, where the quote does not hold these letters."""


def planted(claims: Sequence[Sound], count: int = PLANTED) -> list[Planted]:
    """Mistakes in claims that rest on their words alone, each once, drawn by kind in turn."""
    drawn = random.Random(SEEDED)
    resting = [each for each in claims if not each.claim.basis and each.claim.value is not None]
    made: dict[str, list[Planted]] = {}
    for kind, plant in KINDS.items():
        mistakes = [
            Planted(claim, each.check, kind, each.claim)
            for each in resting
            for claim in plant(each.claim, resting, drawn)
        ]
        drawn.shuffle(mistakes)
        made[kind] = mistakes
    found: list[Planted] = []
    while len(found) < count and any(made.values()):
        for mistakes in made.values():
            if mistakes and len(found) < count:
                found.append(mistakes.pop())
    return found


Plant = Callable[[Quoted, Sequence[Sound], random.Random], Iterator[Quoted]]


def _quotes(claim: Quoted, others: Sequence[Sound], drawn: random.Random) -> Iterator[Quoted]:
    """The quotes of another claim, which share no longer word with its own, nor with its value."""
    own = _long_words(" ".join(claim.quotes) + json.dumps(claim.value, ensure_ascii=False))
    own |= _long_words(str(claim.value).replace("-", " "))
    other = drawn.choice(others).claim
    if other.value != claim.value and not own & _long_words(" ".join(other.quotes)):
        yield replace(claim, quotes=other.quotes, stated=None)


def _differs(text: str, words: set[str]) -> bool:
    """Whether a text has longer words, and none of these."""
    return bool(_long_words(text)) and not _long_words(text) & words


def _long_words(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"\w{4,}", text.casefold())}


def _value_object(claim: Quoted, kind: type) -> dict[str, Any] | None:
    values = known(claim.target).declared.values
    name = re.sub("([A-Z])", lambda match: "_" + match[1].lower(), claim.place or "")
    is_one = name in values and values[name].kind is kind
    return claim.value if is_one and isinstance(claim.value, dict) else None


def _numbers(claim: Quoted, _: Sequence[Sound], drawn: random.Random) -> Iterator[Quoted]:
    """Another number: a little more, or many times as much."""
    value = _value_object(claim, Quantity) or _value_object(claim, Money)
    for factor, more in ((2, 0), (1, 3), (10, 0), (3, 7)):
        if value and (value.get("minimum") or value.get("maximum")):
            other = {
                key: type(part)(int(part) * factor + more) if key in _BOUNDS else part
                for key, part in value.items()
            }
            yield replace(claim, value=other)


_BOUNDS = ("minimum", "maximum")


def _currencies(claim: Quoted, _: Sequence[Sound], drawn: random.Random) -> Iterator[Quoted]:
    value = _value_object(claim, Money)
    if value and value.get("currency"):
        for code in CURRENCIES:
            if code != value["currency"]:
                yield replace(claim, value={**value, "currency": code})


def _dates(claim: Quoted, _: Sequence[Sound], drawn: random.Random) -> Iterator[Quoted]:
    """Another year, another month, another day."""
    value = _value_object(claim, PartialDate)
    for part, shift in (
        ("year", 1),
        ("year", -2),
        ("month", 1),
        ("month", -3),
        ("day", 4),
        ("day", 9),
    ):
        if value and value.get("edtf"):
            edtf = _shifted(value["edtf"], part, shift)
            if edtf != value["edtf"]:
                yield replace(claim, value={**value, "edtf": edtf})


def _shifted(edtf: str, part: str, shift: int) -> str:
    def moved(match: re.Match[str]) -> str:
        year, month, day = match[1], match[2], match[3]
        if part == "year":
            year = str(int(year) + shift)
        elif part == "month" and month:
            month = f"{(int(month) + shift - 1) % 12 + 1:02d}"
        elif part == "day" and day:
            day = f"{(int(day) + shift - 1) % 28 + 1:02d}"
        return "-".join(filter(None, (year, month, day)))

    return re.sub(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", moved, edtf)


def _actors(claim: Quoted, _: Sequence[Sound], drawn: random.Random) -> Iterator[Quoted]:
    """Somebody whom the quote does not name, in a role or in a reference."""
    text = " ".join(claim.quotes)
    others = [id for id, letters in ACTORS.items() if letters not in text]
    for id in others:
        if isinstance(claim.value, dict) and claim.value.get("actor") not in (None, id):
            yield replace(claim, value={**claim.value, "actor": id})
        is_reference = claim.place in references(known(claim.target))
        if is_reference and claim.value in ACTORS and claim.value != id:
            yield replace(claim, value=id)


def _choices(claim: Quoted, _: Sequence[Sound], drawn: random.Random) -> Iterator[Quoted]:
    """Another stage, status, kind or act."""
    info = known(claim.target).model_fields.get(claim.place or "")
    kind = unwrap_optional(info.annotation) if info else None
    if isinstance(kind, type) and issubclass(kind, Choice):
        for choice in kind:
            if choice.value != claim.value:
                yield replace(claim, value=choice.value)


def _roles(claim: Quoted, _: Sequence[Sound], drawn: random.Random) -> Iterator[Quoted]:
    """Another role that the record has."""
    if isinstance(claim.value, dict) and "role" in claim.value:
        for _name, _link, role in link_lists(known(claim.record_id)):
            if role and role != claim.value["role"] and role not in BARE:
                yield replace(claim, value={**claim.value, "role": role})


BARE = frozenset({"TARGET", "AFFECTED"})
"""Roles in which anybody can be who is named at all."""


def _texts(claim: Quoted, others: Sequence[Sound], drawn: random.Random) -> Iterator[Quoted]:
    """What another claim has for the same field, in no word of the quote."""
    if not isinstance(claim.value, str) or "/" in claim.value or claim.value.isupper():
        return
    words = _long_words(" ".join(claim.quotes))
    for other in others:
        value = other.claim.value
        is_other = isinstance(value, str) and value != claim.value
        if other.claim.place == claim.place and is_other and _differs(value, words):
            yield replace(claim, value=value)


def _stated(claim: Quoted, others: Sequence[Sound], drawn: random.Random) -> Iterator[Quoted]:
    """Other words as those of the source."""
    words = _long_words(" ".join(claim.quotes))
    value = claim.value
    if isinstance(value, dict) and (
        key := next((k for k in ("statedAs", "stated") if k in value), None)
    ):
        for other in others:
            given = other.claim.value.get(key) if isinstance(other.claim.value, dict) else None
            if given and _differs(given, words):
                yield replace(claim, value={**value, key: given})


def _flags(claim: Quoted, _: Sequence[Sound], drawn: random.Random) -> Iterator[Quoted]:
    if isinstance(claim.value, bool):
        yield replace(claim, value=not claim.value)


KINDS: dict[str, Plant] = {
    "quote of another claim": _quotes,
    "another number": _numbers,
    "another currency": _currencies,
    "another date": _dates,
    "another actor": _actors,
    "another stage, status, kind or act": _choices,
    "another role": _roles,
    "another text": _texts,
    "other stated words": _stated,
    "the opposite": _flags,
}
"""How a mistake is planted into a claim: every way that fits it."""


def table(claims: Sequence[Sound], mistakes: Sequence[Planted]) -> str:
    """What is refused of each kind, and of the sound claims, as a table in Markdown."""
    all_of, refused = (
        Counter(each.kind for each in mistakes),
        Counter(each.kind for each in mistakes if each.is_refused),
    )
    rows = [(kind, refused[kind], all_of[kind]) for kind in KINDS if all_of[kind]]
    rows.append(("all planted", sum(refused.values()), len(mistakes)))
    rows.append(("sound claims", sum(each.is_refused for each in claims), len(claims)))
    lines = [f"| {what} | {part} of {whole} | {part / whole:.1%} |" for what, part, whole in rows]
    return "\n".join(["| planted | refused | share |", "|---|---|---|", *lines])


def main() -> None:
    """Publishes the dossiers into a new database, and prints the table."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/pactbook.db"
        migrate(url)
        folders = [SEED, *PRESS]
        for path in [states(Path(folder) / "states"), *folders]:
            publish_to(url, read_dossier(path), "tester")
        with connected(url) as connection:
            claims = sound(connection, folders)
        mistakes = planted(claims)
        print(table(claims, mistakes))  # noqa: T201
        missed = [each for each in mistakes if not each.is_refused]
        for each in missed:
            print(each.kind, "|", each.was.value, "->", each.claim.value, "|", each.claim.quotes)  # noqa: T201


if __name__ == "__main__":
    assert nouns()
    main()
