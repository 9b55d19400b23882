"""What machinery gives nouns beside their columns, worked out for one object alone."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, cast

from schema.errors import InputError
from schema.evidence.citation import FORMATTERS, CitationStyle
from schema.evidence.citation_styles import NAMED_SOURCES, Cited, Reference, csl_item
from schema.history.diff import diff_row
from schema.model.comparison import comparable
from schema.model.edtf import DatePrecision
from schema.model.noun import camel
from schema.model.registry import nouns
from schema.model.values import PartialDate
from schema.nouns.claim import is_denied, place_of
from tests.oracle.objects import Thing, Things, connection, edition_of, shown
from tests.oracle.pages import Step, rising, steps_of_relation
from tests.oracle.rows import Row, valid
from tests.support.databases import BASE_URL

Worked = Callable[[Things, Thing, Mapping[str, Any]], Any]
LONGEST = 100_000


def _head(things: Things, source: str, as_of: int | None) -> str:
    """The source at the head of what one was made from; itself where there is none."""
    at = source
    while True:
        found = things.one("Source", "id", at, as_of)
        if found is None:
            return source
        if found.row["derived_from_id"] is None:
            return at
        at = found.row["derived_from_id"]


def _claims(things: Things, column: str, thing: Thing, key: Any) -> list[Row]:
    return valid("Claim", things.rows.by("Claim", column, key), thing.as_of)


def lineage(things: Things, thing: Thing, given: Mapping[str, Any]) -> Thing | None:
    """The document at the head of what a source was made from."""
    head = _head(things, thing.row["id"], thing.as_of)
    return things.one("Source", "id", head, thing.as_of)


def lineages(things: Things, thing: Thing, given: Mapping[str, Any]) -> int:
    """On how many independent sources a record rests."""
    claims = _claims(things, "record_id", thing, thing.row["id"])
    return len({_head(things, claim["source_id"], thing.as_of) for claim in claims})


def _page(
    field: str, steps: list[Step], rows: list[Any], as_of: int | None, made: Callable[[Row], Any]
) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """The page of a list, for whatever arguments."""
    return lambda given: connection(field, steps, rows, given, as_of, made)


def _claims_page(
    thing: Thing, rows: list[Any], *steps: Step, field: str = "claims"
) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    def made(row: Row) -> Thing:
        return Thing("Claim", row, "Claim", thing.as_of)

    return _page(field, [*steps, rising("id")], rows, thing.as_of, made)


def _sources_page(
    things: Things, thing: Thing, claims: list[Row]
) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    rows = [{"id": source} for source in {claim["source_id"] for claim in claims}]

    def made(row: Row) -> Thing | None:
        return things.one("Source", "id", row["id"], thing.as_of)

    return _page("sources", [rising("id")], rows, thing.as_of, made)


def positions(things: Things, thing: Thing, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The values that stand against each other in a conflict."""
    key = thing.row["conflict_key"]
    values: dict[str, list[Row]] = {}
    claims = _claims(things, "conflict_key", thing, key)
    for claim in sorted(claims, key=lambda row: (not row["is_accepted"], row["id"])):
        told = comparable(json.loads(claim["value"] or "null"))
        firm = json.dumps(told, ensure_ascii=False, sort_keys=True)
        denied = "not " * is_denied(claim)
        values.setdefault(denied + firm, []).append(claim)
    found = [_position(things, thing, value, held) for value, held in values.items()]
    return sorted(
        found, key=lambda made: (not made["isAccepted"], -made["lineageCount"], made["id"])
    )


def _position(things: Things, thing: Thing, value: str, claims: list[Row]) -> dict[str, Any]:
    held = json.loads(claims[0]["value"] or "null")
    words = held.get("stated") if isinstance(held, dict) else None
    firm = {name: part for name, part in held.items() if name != "stated"} if words else held
    sources = {claim["source_id"] for claim in claims}
    ranked = [{**claim, "rank": int(not claim["is_accepted"])} for claim in claims]
    print_ = hashlib.sha256(value.encode()).hexdigest()[:8]
    return {
        "id": shown(f"position/{thing.row['conflict_key']}={print_}", thing.as_of),
        "value": firm or held,
        "isDenied": is_denied(claims[0]),
        "stated": words or claims[0]["stated"],
        "isAccepted": claims[0]["is_accepted"],
        "claims": _claims_page(thing, ranked, rising("rank", kind=int)),
        "sources": _sources_page(things, thing, claims),
        "lineageCount": len({_head(things, source, thing.as_of) for source in sources}),
    }


def progress(things: Things, thing: Thing, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rungs that sources tell of, by the first time of which one speaks."""
    field = {"Agreement": "status"}.get(thing.noun, "stage")
    told = [
        claim
        for claim in _claims(things, "record_id", thing, thing.row["id"])
        if (claim["field"], claim["element_id"], claim["status"]) == (field, None, "KNOWN")
        and not is_denied(claim)
    ]
    rungs: dict[str, list[tuple[tuple[date, date, str], Row]]] = {}
    for claim in told:
        first, last = _time_of(things, thing, claim)
        begin, end = _span(first, last)
        key = begin, end, str(claim["id"])
        rungs.setdefault(json.loads(claim["value"]), []).append((key, claim))
    for claims in rungs.values():
        claims.sort(key=lambda each: each[0])
    ordered = sorted(rungs.items(), key=lambda rung: rung[1][0][0])
    return [_rung(things, thing, value, [row for _, row in rows]) for value, rows in ordered]


def _time_of(things: Things, thing: Thing, claim: Row) -> tuple[date | None, date | None]:
    """The time of which a claim speaks."""
    own = PartialDate.of(edtf=claim["point_in_time"])
    if own.earliest or own.latest:
        return own.earliest, own.latest
    [source] = valid("Source", things.rows.by("Source", "id", claim["source_id"]), thing.as_of)
    return source["published_on_earliest"], source["published_on_latest"]


def _span(first: date | None, last: date | None) -> tuple[date, date]:
    """A time by which to order; what has none comes last."""
    return (first or date.min) if first or last else date.max, last or date.max


def _rung(things: Things, thing: Thing, value: str, claims: list[Row]) -> dict[str, Any]:
    earliest, latest = _time_of(things, thing, claims[0])
    told = [
        {**claim, "begin": str(begin), "end": str(end)}
        for claim in claims
        for begin, end in [_span(*_time_of(things, thing, claim))]
    ]
    return {
        "id": shown(f"progress-step/{thing.row['id']}#{value}", thing.as_of),
        "value": value,
        "earliest": earliest,
        "latest": latest,
        "isAccepted": any(claim["is_accepted"] for claim in claims),
        "claims": _claims_page(thing, told, rising("begin"), rising("end")),
        "sources": _sources_page(things, thing, claims),
    }


def silences(things: Things, thing: Thing, given: Mapping[str, Any]) -> dict[str, Any]:
    """The claims beside a conflict that give its field no firm value."""
    beside = [
        claim
        for claim in _claims(things, "record_id", thing, thing.row["record_id"])
        if claim["status"] != "KNOWN" and place_of(claim) == place_of(thing.row)
    ]
    return _claims_page(thing, beside, field="silences")(given)


def passages(things: Things, thing: Thing, given: Mapping[str, Any]) -> dict[str, Any]:
    """The passages that touch a stretch of a source's text."""
    start, end = given["start"], given["end"]
    if not 0 <= start <= end <= start + LONGEST:
        raise InputError(
            f"A stretch from {start} to {end} cannot be read. Begin at 0 or later, and ask for at "
            f"most {LONGEST} code points."
        )
    about = given.get("records")
    if about is not None and len(about) > 100:
        raise InputError(f"{len(about)} records are too many. Ask for the passages of at most 100.")
    rows = valid("Passage", things.rows.by("Passage", "source_id", thing.row["id"]), thing.as_of)
    found = [row for row in rows if row["start"] < end and row["end"] > start]
    if about is not None:
        meant = {edition_of(id)[0] for id in about}
        found = [row for row in found if _record_of(things, row, thing.as_of) in meant]
    steps = steps_of_relation("Passage", ("start", "end", "id"))

    def made(row: Row) -> Thing:
        return Thing("Passage", row, "Passage", thing.as_of)

    return connection("passages", steps, found, given, thing.as_of, made)


def _record_of(things: Things, passage: Row, as_of: int | None) -> str | None:
    """The record that the claim of a passage is about."""
    claim = things.one("Claim", "id", passage["claim_id"], as_of)
    return claim.row["record_id"] if claim else None


def citation(things: Things, thing: Thing, given: Mapping[str, Any]) -> dict[str, Any]:
    """How a record is cited."""
    style = CitationStyle[given["style"]]
    number = things.rows.newest if thing.as_of is None else thing.as_of
    id, edition = thing.row["id"], things.one("Edition", "number", number, thing.as_of)
    assert edition is not None
    said = Counter(claim["source_id"] for claim in _claims(things, "record_id", thing, id))
    most = sorted(said, key=lambda source: (-said[source], source))[:NAMED_SOURCES]
    sources = filter(None, (things.one("Source", "id", source, thing.as_of) for source in most))
    cited = Cited(
        id=id,
        title=thing.row["title"],
        edition=number,
        published_at=edition.row["published_at"],
        permalink=f"{BASE_URL}/{id}?edition={number}",
        references=tuple(_reference(source.row) for source in sources),
        source_count=len(said),
    )
    return {
        "id": f"citation/{id}@{number}#{style.name.lower()}",
        "style": style.name,
        "text": FORMATTERS[style](cited),
        "csl": csl_item(cited),
        "permalink": cited.permalink,
        "edition": edition,
    }


def _reference(row: Row) -> Reference:
    precision = row["published_on_precision"]
    date = PartialDate(
        stated=row["published_on_stated"],
        edtf=row["published_on_edtf"],
        earliest=row["published_on_earliest"],
        latest=row["published_on_latest"],
        precision=precision and DatePrecision[precision],
    )
    return Reference(row["title"], row["author"], row["publisher"], date)


def change_counts(things: Things, thing: Thing, given: Mapping[str, Any]) -> dict[str, int]:
    """How many records an edition changed."""
    kinds = Counter(row["kind"] for row in things.rows.by("Change", "edition", thing.row["number"]))
    return {kind: kinds[kind.upper()] for kind in ("added", "amended", "retracted")}


def changes(things: Things, thing: Thing, given: Mapping[str, Any]) -> dict[str, Any]:
    """The editions that changed a record, newest first."""
    id, found = thing.row["id"], []
    for row in things.rows.by("Change", "record_id", thing.row["id"]):
        number = row["edition"]
        if thing.as_of is None or number <= thing.as_of:
            found.append(
                {
                    "id": shown(f"change/{id}/{number}", thing.as_of),
                    "kind": row["kind"],
                    "edition": things.one("Edition", "number", number, thing.as_of),
                    "record": things.by_id(id, thing.as_of, "Record"),
                    "recordId": id,
                    "noun": thing.type.upper(),
                    "title": _title(things, thing, number),
                    "comparedFrom": number - 1,
                    "comparedTo": number,
                }
            )
    step = Step("EDITION", lambda row: row["comparedTo"], falls=True, kind=int)
    return connection("changes", [step], found, given, thing.as_of, lambda row: row)


def _title(things: Things, thing: Thing, number: int) -> str:
    """The title that a record has at an edition, else the one it had before."""
    rows = things.rows.by(thing.noun, "id", thing.row["id"])
    past = sorted((row for row in rows if row["since"] <= number), key=lambda row: row["since"])
    stood = valid(thing.noun, past, number) or valid(thing.noun, past, number - 1) or past[-1:]
    return str(stood[0]["title"])


def changed(things: Things, thing: Thing, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a version changed of its row."""
    id, number = thing.row["id"], thing.row["since"]
    rows = things.rows.by(thing.noun, "id", id)
    rows = [{**row, "text": None} if row.get("is_text_public") is False else row for row in rows]
    before, after = (valid(thing.noun, rows, at) for at in (number - 1, number))
    found = diff_row(
        nouns()[thing.noun],
        cast(Any, before[0] if before else None),  # a dictionary does for a row
        cast(Any, after[0] if after else None),
        shown(f"revision/{id}/{number}", thing.as_of),
    )
    return [
        {camel(name): getattr(value, "name", value) for name, value in vars(change).items()}
        for change in found
    ]


WORKED: dict[tuple[str, str], Worked] = {
    ("Source", "lineage"): lineage,
    ("Source", "passages"): passages,
    ("Conflict", "positions"): positions,
    ("Agreement", "progress"): progress,
    ("Decision", "progress"): progress,
    ("Procurement", "progress"): progress,
    ("Conflict", "silences"): silences,
    ("Edition", "changeCounts"): change_counts,
    ("Revision", "changed"): changed,
    ("Record", "lineageCount"): lineages,
    ("Record", "citation"): citation,
    ("Record", "changes"): changes,
}
"""What works out a field, by the type or the interface that has it."""
