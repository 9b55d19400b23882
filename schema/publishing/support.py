"""Support: holds every claim against the words that it quotes."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from schema.dossiers.draft import ClaimDraft, Coding
from schema.dossiers.states import mentions
from schema.dossiers.yaml_source import Findings
from schema.model.editions import valid
from schema.model.noun import camel
from schema.model.registry import Row, known, noun_of, noun_with, nouns, nouns_of, table_of
from schema.model.traits import Trait
from schema.model.values import PartialDate
from schema.nouns.claim import SILENCES, Claim, Passage, Support
from schema.publishing.known_names import PublishedNames, Quoted, SourceNames
from schema.publishing.originals import originals, restored
from schema.reading.claims import Reading, missing

SHOWN = 80
"""How much of a value or of a quote a finding shows."""
RIGHT = "Quote the words that say it, or write why under `basis`."
_SILENT = frozenset(status.value for status in SILENCES)
_NAMES = [name for name in Quoted.__dataclass_fields__ if name != "quotes"]
_PLANS = frozenset({"PLANNED", "HYPOTHETICAL"})


class SupportCheck:
    """The claims of one source, and what is known of those whom they name."""

    def __init__(self, source: str, claims: Iterable[Quoted], published: PublishedNames) -> None:
        own = list(claims)
        self.names = SourceNames(published, own)
        noun = noun_with(Trait.SOURCE)
        by_place = {claim.place: claim.value for claim in own if claim.target == source}
        row = published.rows.get(source, {})
        self.language = by_place.get(_language_of()) or row.get(_language_of())
        self.published = _day(by_place.get(camel(noun.dated_by[0])))

    def verdict(self, claim: Quoted) -> tuple[Support | None, str | None]:
        """Whether its words carry a claim, and what was looked for where they do not."""
        is_composed = claim.place == "title" and not claim.quotes
        if claim.status in _SILENT or claim.origin == "IMPORTED" or is_composed:
            return None, None
        looked = self._missing(claim) if claim.quotes else "words of the source"
        if looked is None:
            return Support.SUPPORTED, None
        return (Support.BASIS_GIVEN, None) if claim.basis else (Support.UNSUPPORTED, looked)

    def _missing(self, claim: Quoted) -> str | None:
        reading = Reading(
            claim.quotes,
            self.names.called,
            _states_in,
            self.language,
            self.published,
            claim.factuality in _PLANS,
        )
        if (
            claim.stated
            and claim.stated != claim.quotes[0]
            and not reading.words.contains(claim.stated)
        ):
            return f"'{claim.stated}'"
        return missing(known(claim.target), claim.place, claim.value, reading, claim.target)


def supported(
    connection: sa.Connection, coding: Coding, findings: Findings
) -> dict[str, Support | None]:
    """Whether its words carry each claim of a coding; what nothing carries is refused.

    What is refused for want of a quote, or because it leads to no record, is not told again.
    """
    quoted = [quoted_of_draft(draft) for draft in coding.claims.values()]
    published = PublishedNames(connection, needed(quoted))
    check = SupportCheck(coding.source_id, quoted, published)
    astray = set(_astray(coding, published))
    found: dict[str, Support | None] = {}
    for claim in quoted:
        found[claim.id], looked = check.verdict(claim)
        if looked and claim.quotes and astray.isdisjoint(claim.pointed()):
            draft = coding.claims[claim.id]
            findings.refuse(draft.path, draft.place or "claims", _wrong(claim, looked), RIGHT)
    return found


def _astray(coding: Coding, published: PublishedNames) -> Iterator[str]:
    """What the coding points at that is no record, or of no noun that is wanted there."""
    there = published.rows.keys() | coding.records.keys()
    for given, target, _, _ in coding.references:
        id, wanted = str(given), {nouns()[name] for name in nouns_of(target)}
        if id not in there or noun_of(id) not in wanted:
            yield id


def recheck(connection: sa.Connection, counts: dict[str, int]) -> Iterator[str]:
    """Checks all published claims again, those too that are older than the check; counts them."""
    by_source: dict[str, list[Quoted]] = defaultdict(list)
    for source, claim in _published(connection):
        by_source[source].append(claim)
    everything = (claim for claims in by_source.values() for claim in claims)
    published = PublishedNames(connection, needed(everything) | by_source.keys())
    counts |= dict.fromkeys(COUNTED.values(), 0)
    for source, claims in by_source.items():
        check = SupportCheck(source, claims, published)
        for claim in claims:
            verdict, looked = check.verdict(claim)
            if verdict is not None:
                counts[COUNTED[verdict]] += 1
            if looked:
                yield f"{claim.id}: {_wrong(claim, looked)} {RIGHT} Publish {source} again."


COUNTED = {
    Support.SUPPORTED: "claims that their words carry",
    Support.BASIS_GIVEN: "on a basis",
    Support.UNSUPPORTED: "on neither",
}
"""How the verdicts are counted."""


def _published(connection: sa.Connection) -> Iterator[tuple[str, Quoted]]:
    """The published claims, each with its source, in its own words where readers see fewer."""
    claims, passages = table_of(Claim), table_of(Passage)
    words = originals(connection)
    quotes: dict[str, list[str]] = defaultdict(list)
    columns = [passages.c[name] for name in ("id", "since", "claim_id", "exact")]
    query = sa.select(*columns).where(valid(passages, None))
    ordered = query.order_by(passages.c.claim_id, passages.c.start)
    for passage in connection.execute(ordered).mappings():
        quotes[passage["claim_id"]].append(restored(passage, words)["exact"])
    columns = [claims.c[name] for name in (*_NAMES, "since", "source_id")]
    for stored in connection.execute(sa.select(*columns).where(valid(claims, None))).mappings():
        row = restored(stored, words)
        names = (name for name in _NAMES if name != "value")
        parts: Row = {name: getattr(row[name], "value", row[name]) for name in names}
        try:
            value = json.loads(row["value"] or "null")
        except ValueError:  # which is a finding of its own
            continue
        yield row["source_id"], Quoted(**parts, value=value, quotes=tuple(quotes[row["id"]]))


def needed(claims: Iterable[Quoted]) -> set[str]:
    """The records whose names the check of claims asks for."""
    ids: set[str] = set()
    for claim in claims:
        if claim.origin != "IMPORTED":
            ids |= {claim.record_id, claim.target, *claim.pointed()}
    return ids


def quoted_of_draft(draft: ClaimDraft) -> Quoted:
    """A claim that is about to be published, with its words."""
    return Quoted(
        **{name: getattr(draft, name) for name in _NAMES},
        quotes=tuple(passage.exact for passage in draft.passages),
    )


def _wrong(claim: Quoted, looked: str) -> str:
    value = claim.value if claim.value not in (None, {}) else claim.record_id
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    quoted = _short(" … ".join(claim.quotes))
    return f"'{quoted}' does not carry '{_short(written)}'; looked for {looked}."


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _language_of() -> str:
    """The field of a source that holds the language of its text."""
    for name, info in noun_with(Trait.SOURCE).model_fields.items():
        extra: Any = info.json_schema_extra or {}
        if extra.get("iso") == "language":
            return name
    raise LookupError("no source tells its language")


def _day(value: Any) -> datetime.date | None:
    """The day that a date names, where it names one."""
    if not isinstance(value, Mapping):
        return None
    date = PartialDate.of(**value)
    return date.earliest if date.earliest == date.latest else None


@lru_cache(4096)
def _states_in(text: str, language: str) -> list[tuple[int, int, frozenset[str]]]:
    return [(start, end, slugs) for start, end, slugs in mentions(text, language)]
