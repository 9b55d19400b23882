"""The whole database, verified again: nothing here trusts what publishing already checked."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from schema.indexing.index import verify_index
from schema.model.editions import Edition, EditionCounter, Identity, valid
from schema.model.noun import Versioned
from schema.model.registry import Row, noun_of, nouns, table_of
from schema.nouns.claim import Claim, Passage
from schema.publishing.acceptance import derive_row
from schema.publishing.changelog import verify_changes
from schema.publishing.completeness import RequiredFields
from schema.publishing.derivation import cycles
from schema.publishing.evidence_rules import broken
from schema.publishing.fanout import shortfalls
from schema.storage.engine import Progress


@dataclass
class Report:
    """What was looked at, and everything that is not as it should be."""

    findings: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def check(connection: sa.Connection, progress: Progress = lambda step, done, total: None) -> Report:
    """Verifies passages, values, reasons of nulls, references, editions, log, figures, search."""
    report = Report()
    steps = [
        ("editions", _editions),
        ("versions", _versions),
        ("references", _references),
        ("passages", _passages),
        ("values", _values),
        ("changes", verify_changes),
        ("figures", shortfalls),
        ("search", verify_index),
    ]
    for done, (name, step) in enumerate(steps):
        progress(name, done, len(steps))
        for finding in step(connection, report.counts):
            report.findings.append(finding)
    return report


def _editions(connection: sa.Connection, counts: dict[str, int]) -> Iterator[str]:
    """Numbers without a gap, marks, and a counter that agrees; a clock may have gone back."""
    editions: Any = Edition.__table__  # type: ignore[attr-defined]  # set by SQLModel
    counter: Any = EditionCounter.__table__  # type: ignore[attr-defined]  # set by SQLModel
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
    held = connection.execute(sa.select(counter.c.number)).scalar_one_or_none()
    if held != len(rows):
        yield f"the edition counter holds {held}, the newest edition is {len(rows)}."


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
    identity: Any = Identity.__table__  # type: ignore[attr-defined]  # set by SQLModel
    ids: dict[str, str] = dict(connection.execute(sa.select(identity.c.id, identity.c.noun)).all())
    current: set[str] = set()
    for noun in nouns().values():
        table = table_of(noun)
        current |= set(
            connection.execute(sa.select(table.c.id).where(valid(table, None))).scalars()
        )
    for id, noun_name in ids.items():
        if id.partition("/")[0] != noun_name:
            yield f"{id} is given out as {noun_name}."
    for id in sorted(current - ids.keys()):
        yield f"{id} was never given out."
    counts["references"] = 0
    for noun in nouns().values():
        table = table_of(noun)
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
    passages, sources = table_of(Passage), table_of(nouns()["Source"])
    texts = {
        (id, since): (until, text)
        for id, since, until, text in connection.execute(
            sa.select(sources.c.id, sources.c.since, sources.c.until, sources.c.text)
        )
    }
    versions: dict[str, list[tuple[int, int | None, str]]] = defaultdict(list)
    for (id, since), (until, text) in texts.items():
        versions[id].append((since, until, text or ""))
    counts["passages"] = 0
    for row in connection.execute(sa.select(passages)).mappings():
        counts["passages"] += 1
        start, end = row["start"], row["end"]
        for since, until, text in versions[row["source_id"]]:
            if (until is not None and until <= row["since"]) or (
                row["until"] is not None and row["until"] <= since
            ):
                continue
            if text[start:end] != row["exact"]:
                found, wanted = text[start:end][:60], row["exact"][:60]
                yield f"{row['id']}: the text has '{found}' at {start}, not '{wanted}'."
            wide = len(text[:start].encode("utf-16-le")) // 2
            if (
                wide != row["start_utf16"]
                or wide + len(row["exact"].encode("utf-16-le")) // 2 != row["end_utf16"]
            ):
                yield f"{row['id']}: its UTF-16 offsets are not those of the words."
            if not text[:start].endswith(row["prefix"]) or not text[end:].startswith(row["suffix"]):
                yield f"{row['id']}: the words around it are not those of the text."


def _values(connection: sa.Connection, counts: dict[str, int]) -> Iterator[str]:
    """Every value is that of an accepted claim, every null and every claim has its reason."""
    claims = table_of(Claim)
    by_target: dict[str, list[Row]] = defaultdict(list)
    counts["claims"] = 0
    for row in connection.execute(sa.select(claims).where(valid(claims, None))).mappings():
        claim = {
            name: getattr(value, "value", value) if name != "value" else value
            for name, value in row.items()
        }
        by_target[claim["element_id"] or claim["record_id"]].append(claim)
        counts["claims"] += 1
        try:
            json.loads(claim["value"] or "null")
        except ValueError:
            yield f"{claim['id']}: its value is no JSON."
            return
    yield from _grounds(connection, by_target)
    yield from broken(connection, by_target)
    required = RequiredFields(connection)
    for noun in nouns().values():
        if noun.__name__ in ("Claim", "Passage"):
            continue
        table = table_of(noun)
        for stored in connection.execute(sa.select(table).where(valid(table, None))).mappings():
            yield from _row(noun, dict(stored), by_target, required)
    for target in by_target:
        if noun_of(target) is None:
            yield f"{target}: claims are made of it, but it is no record."


def _grounds(connection: sa.Connection, by_target: dict[str, list[Row]]) -> Iterator[str]:
    passages = table_of(Passage)
    quoted = set(
        connection.execute(sa.select(passages.c.claim_id).where(valid(passages, None))).scalars()
    )
    for rivals in by_target.values():
        seen: set[str | None] = set()
        for claim in rivals:
            silent = claim["status"] not in ("KNOWN", "VAGUE")
            if (
                not silent
                and claim["origin"] in ("STATED", "IMPORTED")
                and claim["id"] not in quoted
            ):
                yield f"{claim['id']}: it is {claim['origin']} and rests on no passage."
            if not silent and claim["origin"] in ("INFERRED", "EXTERNAL") and not claim["basis"]:
                yield f"{claim['id']}: it is {claim['origin']} and has no basis."
            of = claim["element_field"] if claim["element_id"] else claim["field"]
            if of is not None and claim["is_accepted"]:
                if of in seen:
                    yield f"{claim['id']}: two claims are accepted for one field."
                seen.add(of)


def _row(
    noun: type[Versioned], stored: Row, by_target: dict[str, list[Row]], required: RequiredFields
) -> Iterator[str]:
    claims = by_target.get(stored["id"], [])
    if not claims:
        if stored.get("covered_by_id") is None:
            yield f"{stored['id']}: no claim says that it exists."
        return
    derived, missing = derive_row(noun, claims)
    for name, value in derived.items():
        if stored[name] != value:
            held = f"{name} holds {stored[name]!r}"
            yield f"{stored['id']}: {held}, its accepted claim says {value!r}."
    for name in required.among(noun, stored["id"], stored["since"], missing):
        yield f"{stored['id']}: {name} has neither a value nor a reason."
    free = {
        "id",
        "since",
        "until",
        "title",
        "title_origin",
        "folded",
        "covered_by_id",
        noun.parent_key,
    }
    free |= noun.evident
    for name in stored.keys() - derived.keys() - free:
        if stored[name] is not None:
            yield f"{stored['id']}: {name} holds {stored[name]!r}, and no claim says so."
