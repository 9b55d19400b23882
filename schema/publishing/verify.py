"""Verifies the whole database again: nothing here trusts what publishing already checked."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa

from schema.indexing.documents import utf16
from schema.indexing.index import verify_index
from schema.model.editions import edition_counter, editions, identities, valid
from schema.model.ids import prefix
from schema.model.noun import Link, Record, Titled, Versioned
from schema.model.registry import Row, noun_of, nouns, table_of, table_with
from schema.model.traits import Trait
from schema.nouns.claim import Claim, Passage, place_of
from schema.publishing.ages import Ages, Calendar, ages_of
from schema.publishing.changelog import verify_changes
from schema.publishing.completeness import RequiredFields
from schema.publishing.derivation import cycles
from schema.publishing.derived_row import derive_row
from schema.publishing.evidence_rules import broken
from schema.publishing.factuality import derive_factuality
from schema.publishing.fanout import shortfalls
from schema.publishing.originals import originals, restored
from schema.publishing.precedence import GIVING
from schema.publishing.support import recheck
from schema.publishing.withholding import verify_withheld
from schema.storage.engine import Progress


@dataclass
class Report:
    """What was looked at, and everything that is not as it should be."""

    findings: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def check(connection: sa.Connection, progress: Progress = lambda step, done, total: None) -> Report:
    """Verifies passages, values, reasons of nulls, support, references, editions, log …"""
    report = Report()
    steps = [
        ("editions", _editions),
        ("versions", _versions),
        ("references", _references),
        ("passages", _passages),
        ("values", _values),
        ("support", recheck),
        ("changes", verify_changes),
        ("figures", shortfalls),
        ("search", verify_index),
        ("quotations", verify_withheld),
    ]
    for done, (name, step) in enumerate(steps):
        progress(name, done, len(steps))
        report.findings += step(connection, report.counts)
    return report


def _editions(connection: sa.Connection, counts: dict[str, int]) -> Iterator[str]:
    """Numbers without a gap, marks, and a counter that agrees; a clock may have gone back."""
    marks = sa.select(editions.c.number, editions.c.mark).order_by(editions.c.number)
    rows = connection.execute(marks).all()
    counts["editions"] = len(rows)
    marked: dict[str, int] = {}
    for expected, (number, mark) in enumerate(rows, 1):
        if number != expected:
            yield f"edition {expected} is missing; the next is {number}."
            return
        if not mark:
            yield f"edition {number} has no mark."
        elif marked.setdefault(mark, number) != number:
            yield f"edition {number} has the mark of edition {marked[mark]}."
    number = connection.execute(sa.select(edition_counter.c.number)).scalar_one_or_none()
    if number != len(rows):
        yield f"the edition counter holds {number}, the newest edition is {len(rows)}."


def _versions(connection: sa.Connection, counts: dict[str, int]) -> Iterator[str]:
    """Versions of one id follow one another without overlap, at editions that exist."""
    newest = counts["editions"]
    counts["rows"] = 0
    used: set[int] = set()
    for noun in nouns().values():
        table = table_of(noun)
        previous: tuple[str, int, int | None] | None = None
        query = sa.select(table.c.id, table.c.since, table.c.until).order_by(
            table.c.id, table.c.since
        )
        for id, since, until in connection.execute(query):
            counts["rows"] += 1
            used |= {since} | ({until} if until is not None else set())
            if not 1 <= since <= newest or (until is not None and not since < until <= newest):
                yield f"{id}: the version from {since} until {until} is of no edition."
            if previous and previous[0] == id and (previous[2] is None or previous[2] > since):
                yield f"{id}: the versions from {previous[1]} and {since} overlap."
            previous = (id, since, until)
    for number in sorted(set(range(1, newest + 1)) - used):
        yield f"edition {number} changed nothing: it is half written or empty."


def _references(connection: sa.Connection, counts: dict[str, int]) -> Iterator[str]:
    """Every id is given out for the noun it names, and every pointer meets a valid row."""
    query = sa.select(identities.c.id, identities.c.noun)
    ids: dict[str, str] = dict(connection.execute(query).all())
    tables = [table_of(noun) for noun in nouns().values()]
    current: set[str] = set()
    for table in tables:
        valid_ids = sa.select(table.c.id).where(valid(table, None))
        current.update(connection.execute(valid_ids).scalars())
    for id, noun_name in ids.items():
        if prefix(id) != noun_name:
            yield f"{id} is given out as {noun_name}."
    for id in sorted(current - ids.keys()):
        yield f"{id} was never given out."
    counts["references"] = 0
    for table in tables:
        for column in (c for c in table.c if c.name.endswith("_id") and c.foreign_keys):
            query = sa.select(table.c.id, column).where(valid(table, None), column.is_not(None))
            for id, pointed in connection.execute(query):
                counts["references"] += 1
                if pointed not in current:
                    yield f"{id}: {column.name} points at {pointed}, which is not there."
    for way in cycles(connection):
        yield f"{way[0]} is made from itself: {' → '.join(way)}."


def _passages(connection: sa.Connection, counts: dict[str, int]) -> Iterator[str]:
    """Every passage, in every version, stands in its source's text where it says it does."""
    passages, sources = table_of(Passage), table_with(Trait.SOURCE)
    query = sa.select(sources.c.id, sources.c.since, sources.c.until, sources.c.text)
    versions: dict[str, list[tuple[int, int | None, str]]] = defaultdict(list)
    words = originals(connection)
    for source in connection.execute(query).mappings():
        text = restored(source, words)["text"]
        versions[source["id"]].append((source["since"], source["until"], text or ""))
    counts["passages"] = 0
    for stored in connection.execute(sa.select(passages)).mappings():
        row = restored(stored, words)
        counts["passages"] += 1
        start, end = row["start"], row["end"]
        for since, until, text in versions[row["source_id"]]:
            if (until is not None and until <= row["since"]) or (
                row["until"] is not None and row["until"] <= since
            ):
                continue
            if text[start:end] != row["exact"]:
                there, exact = text[start:end][:60], row["exact"][:60]
                yield f"{row['id']}: the text has '{there}' at {start}, not '{exact}'."
            before, own = utf16(text[:start]), utf16(row["exact"])
            if (row["start_utf16"], row["end_utf16"]) != (before, before + own):
                yield f"{row['id']}: its UTF-16 offsets are not those of the words."
            if not text[:start].endswith(row["prefix"]) or not text[end:].startswith(row["suffix"]):
                yield f"{row['id']}: the words around it are not those of the text."


def _values(connection: sa.Connection, counts: dict[str, int]) -> Iterator[str]:
    """Every value is that of an accepted claim, every null and every claim has its reason."""
    claims = table_of(Claim)
    by_target: dict[str, list[Row]] = defaultdict(list)
    words = originals(connection)
    counts["claims"] = 0
    for stored in connection.execute(sa.select(claims).where(valid(claims, None))).mappings():
        row = restored(stored, words)
        claim = {
            name: getattr(value, "value", value) if name != "value" else value
            for name, value in row.items()
        }
        by_target[place_of(claim)[0]].append(claim)
        counts["claims"] += 1
        try:
            json.loads(claim["value"] or "null")
        except ValueError:
            yield f"{claim['id']}: its value is no JSON."
            return
    yield from _evidence(connection, by_target)
    claims_of_all = [claim for rivals in by_target.values() for claim in rivals]
    calendar = Calendar(connection, datetime.datetime.now(datetime.UTC), {})
    ages = ages_of(connection, claims_of_all, 0, calendar)
    yield from broken(by_target, ages)
    required = RequiredFields(connection)
    for noun in nouns().values():
        if not issubclass(noun, Record | Link):
            continue
        table = table_of(noun)
        for stored in connection.execute(sa.select(table).where(valid(table, None))).mappings():
            yield from _row(noun, restored(stored, words), by_target, ages, required)
    for target in by_target:
        if noun_of(target) is None:
            yield f"{target}: claims are made of it, but it is no record."


def _evidence(connection: sa.Connection, by_target: dict[str, list[Row]]) -> Iterator[str]:
    """Every claim that gives a value rests on something, and one fills a field."""
    passages = table_of(Passage)
    query = sa.select(passages.c.claim_id).where(valid(passages, None))
    quoted = set(connection.execute(query).scalars())
    for rivals in by_target.values():
        filled: set[str] = set()
        for claim in rivals:
            id, origin, field = claim["id"], claim["origin"], place_of(claim)[1]
            if claim["status"] in GIVING:
                if origin in ("STATED", "IMPORTED") and id not in quoted:
                    yield f"{id}: it is {origin} and rests on no passage."
                if origin in ("INFERRED", "EXTERNAL") and not claim["basis"]:
                    yield f"{id}: it is {origin} and has no basis."
            if field is not None and claim["is_accepted"]:
                if field in filled:
                    yield f"{id}: two claims are accepted for one field."
                filled.add(field)


def _row(
    noun: type[Versioned],
    stored: Row,
    by_target: dict[str, list[Row]],
    ages: Ages,
    required: RequiredFields,
) -> Iterator[str]:
    """A row is what the claims about it add up to."""
    id = stored["id"]
    claims = by_target.get(id, [])
    covered_by = stored.get("covered_by_id")
    if not claims and covered_by is None:
        yield f"{id}: no claim says that it exists."
        return
    rows = by_target.get(stored[noun.parent_key], []) if covered_by and noun.parent_key else []
    sure = derive_factuality(noun, claims, [row for row in rows if row["id"] == covered_by])
    for name, value in sure.items():
        if stored[name] != value:
            yield f"{id}: {name} holds {stored[name]!r}, the claims about it say {value!r}."
    if not claims:
        return
    derived, missing = derive_row(noun, claims, ages)
    for name, value in derived.items():
        if stored[name] != value:
            yield f"{id}: {name} holds {stored[name]!r}, its accepted claim says {value!r}."
    for name in required.among(noun, id, stored["since"], missing):
        yield f"{id}: {name} has neither a value nor a reason."
    unclaimed = {*Titled.model_fields, *sure, "covered_by_id", noun.parent_key} | noun.evident
    for name in stored.keys() - derived.keys() - unclaimed:
        if stored[name] is not None:
            yield f"{id}: {name} holds {stored[name]!r}, and no claim says so."
