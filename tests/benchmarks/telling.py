"""How a made-up record is written down: its identity, its parts, and who speaks of it."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from tests.benchmarks.words import CURRENCIES, LEAD, TAIL, date_parts

Row = dict[str, Any]
Placed = tuple[str, Row]
"""The table of a row, and its values by column."""

CLAIMS_A_SOURCE = 25
OPEN_SOURCES = 64
"""How many sources speak of neighbouring records, so that one record's claims have several."""
AUTHOR = "benchmark"


@dataclass
class Source:
    """A source whose text still grows."""

    id: str
    text: list[str]
    length: int = 0
    claims: int = 0


class Telling:
    """Rows of records, of their parts and of the evidence for them, made by one generator."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.open: list[Source] = []
        self.sources = 0

    def day(self) -> datetime.date:
        """A day of the last twenty-five years."""
        return datetime.date(2000, 1, 1) + datetime.timedelta(days=self.random.randrange(9_300))

    def record(self, id: str, title: str, row: Row, *, since: int = 2) -> Iterator[Placed]:
        """A record with its identity and its place in the log of changes."""
        table = id.partition("/")[0]
        yield "record", {"id": id, "noun": table}
        yield table, titled(id, title, since) | row
        change = {"edition": since, "record_id": id, "noun": table, "kind": "ADDED"}
        yield "change", change

    def name(self, record: str, kind: str, text: str, *, since: int = 2) -> Iterator[Placed]:
        """One name of a record."""
        id = f"name/{record.replace('/', '.')}.{kind.lower()}"
        yield "record", {"id": id, "noun": "name"}
        row = {"record_id": record, "text": text, "language": "en", "script": "Latn", "kind": kind}
        yield "name", titled(id, text, since) | row

    def involvement(self, record: str, role: str, actor: str, title: str) -> Iterator[Placed]:
        """Somebody's part in a record."""
        place = f"{record.replace('/', '.')}.{role.lower()}.{actor.replace('/', '-')}"
        id = f"involvement/{place}"
        yield "record", {"id": id, "noun": "involvement"}
        row = {"record_id": record, "role": role, "actor_id": actor, "stated_as": title}
        yield "involvement", titled(id, f"{role.capitalize()}: {title}", 2) | row

    def claim(self, record: str, field: str | None, value: Any, words: str) -> Iterator[Placed]:
        """A claim with its passage, in one of the sources that are being written."""
        if len(self.open) < OPEN_SOURCES:
            self.open.append(Source(f"source/report-{self.sources:06d}", []))
            self.sources += 1
        chosen = self.random.randrange(len(self.open))
        source = self.open[chosen]
        stem = record.replace("/", ".")
        place = f"{source.id[7:]}.{stem}.{(field or 'record').lower()}.{source.claims}"
        claim, passage = f"claim/{place}", f"passage/{place}"
        start = source.length + len(LEAD)
        source.text += (LEAD, words, TAIL)
        source.length += len(LEAD) + len(words) + len(TAIL)
        source.claims += 1
        yield "record", {"id": claim, "noun": "claim"}
        yield "record", {"id": passage, "noun": "passage"}
        yield (
            "claim",
            titled(claim, f"{field or 'record'} of {record}", 2)
            | {
                "record_id": record,
                "source_id": source.id,
                "field": field,
                "stated": words,
                "value": json.dumps(value, ensure_ascii=False, separators=(",", ":")),
                "status": "KNOWN",
                "origin": "STATED",
                "factuality": "ASSERTED",
                "is_accepted": True,
                "accepted_by": AUTHOR,
                "is_preferred": False,
            },
        )
        yield (
            "passage",
            {
                "id": passage,
                "since": 2,
                "claim_id": claim,
                "source_id": source.id,
                "exact": words,
                "prefix": LEAD[-24:],
                "suffix": TAIL[:24],
                "start": start,
                "end": start + len(words),
                "start_utf16": start,
                "end_utf16": start + len(words),
                "is_in_heading": False,
                "is_cut": False,
            },
        )
        if source.claims == CLAIMS_A_SOURCE:
            del self.open[chosen]
            yield from self.closed(source)

    def closed(self, source: Source) -> Iterator[Placed]:
        """A source with its whole text."""
        text, number = "".join(source.text), int(source.id[-6:])
        row = {
            "publisher": f"Gazette {number % 40}",
            "language": "en",
            "is_text_public": True,
            "reliability": "ABCDEF"[number % 6],
            "credibility": "POSSIBLE",
            "text": text,
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "file": "article.txt",
            **self.date("published_on", self.day()),
        }
        yield from self.record(source.id, f"Report {number} of Gazette {number % 40}", row)

    def date(self, name: str, day: datetime.date) -> Row:
        """A partial date, as often a day, a month, a year, half open, vague or unknown as here."""
        return date_parts(name, day, self.random.random())

    def money(self) -> Row:
        """A sum, mostly of the whole; some a piece, some shared, some with one bound alone."""
        random = self.random
        sum = random.randrange(10_000, 90_000_000) * 1000
        parts = random.choice((0, 0, 0, 500, 50))
        sort = random.random()
        low = None if sort > 0.97 else sum
        high = None if 0.93 < sort <= 0.97 else sum
        if sort < 0.1:
            low = high = None
        currency = random.choices(CURRENCIES, (60, 25, 8, 4, 3))[0]
        if currency != "KRW":  # which has no parts
            low, high = (bound and bound + parts for bound in (low, high))
        return {
            "value_stated": f"{sum // 1000} {currency}" if sort >= 0.05 else "a large sum",
            "value_minimum": low,
            "value_maximum": high,
            "value_currency": currency if sort >= 0.1 else None,
            "value_scope": "UNIT" if sort < 0.2 else "SHARED" if sort < 0.23 else "TOTAL",
            "value_share": f"bundle-{sum}" if 0.2 <= sort < 0.23 else None,
        }


def titled(id: str, title: str, since: int) -> Row:
    """The columns of everything that has a title."""
    return {
        "id": id,
        "since": since,
        "title": title,
        "title_origin": "COMPOSED",
        "folded": title.lower(),
        "factuality": "ASSERTED",
    }


def parts_of(columns: Row) -> Row:
    """A date or a sum as a claim holds it: as its source gives it, without what follows from it."""
    told = {name.rpartition("_")[2]: part for name, part in columns.items() if part is not None}
    for bound in ("minimum", "maximum"):
        if bound in told:
            told[bound] = str(Decimal(told[bound]) / 1000)
    derived = {"earliest", "latest", "precision", "approximate", "uncertain"}
    return {name: told[name] for name in told if name not in derived}
