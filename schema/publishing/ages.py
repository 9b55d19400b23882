"""Ages: when claims were made, and of which time they speak."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from schema.model.editions import editions, valid
from schema.model.registry import Row, noun_with, table_of
from schema.model.traits import Trait
from schema.model.values import PartialDate
from schema.nouns.claim import Claim, place_of
from schema.storage.sql import key_in

Days = tuple[int, int]
"""The first and the last day, counted from the year 1; those without end are at the far ends."""
_FAR = datetime.date.max.toordinal() + 1


@dataclass(frozen=True)
class Age:
    """When a claim was made: who spoke first, of which time, and since when it is preferred."""

    published: Days = (0, 0)
    """When its source was published; where nobody knows, when its edition was."""
    time: Days = (0, 0)
    """Of which it speaks: the time that it names itself, else that of its source."""
    edition: int = 0
    """In which its source first spoke of the field; what an edition rewrote is no younger."""
    preferring: int = 0
    """Since which edition an editor prefers it."""


Ages = Mapping[str, Age]
"""The ages of claims that have rivals, by their ids."""
UNRIVALLED = Age()
"""The age of a claim that has no rival, so that it matters nothing."""


class Calendar:
    """When sources and editions were published, in one database at one moment."""

    def __init__(
        self, connection: sa.Connection, now: datetime.datetime, own: Mapping[str, PartialDate]
    ) -> None:
        """`now` is when the edition to come is published, `own` the dates of its sources."""
        self.connection, self.now = connection, now
        self.sources = {id: days_of(date) for id, date in own.items()}
        query = sa.select(editions.c.number, editions.c.published_at)
        self.editions: dict[int, int] = {
            number: at.date().toordinal() for number, at in connection.execute(query)
        }

    def read(self, sources: Collection[str]) -> None:
        """Reads when these sources were published, all at once."""
        noun = noun_with(Trait.SOURCE)
        table, date = table_of(noun), noun.dated_by[0]
        earliest, latest = (table.c[f"{date}_{bound}"] for bound in ("earliest", "latest"))
        unread = sorted({*sources} - self.sources.keys())
        query = sa.select(table.c.id, earliest, latest).where(
            valid(table, None), key_in(table.c.id, unread)
        )
        for id, first, last in self.connection.execute(query) if unread else ():
            self.sources[id] = days_of(PartialDate(earliest=first, latest=last))

    def published(self, source: str, edition: int) -> Days:
        """When a source was published; where nobody knows, the day of an edition."""
        if days := self.sources.get(source):
            return days
        day = self.editions.get(edition, self.now.date().toordinal())
        return day, day


def days_of(date: PartialDate) -> Days | None:
    """The days that bound a date; None where nothing does."""
    if date.earliest is None and date.latest is None:
        return None
    first = date.earliest.toordinal() if date.earliest else 0
    return first, date.latest.toordinal() if date.latest else _FAR


def ages_of(
    connection: sa.Connection, claims: Collection[Row], number: int, calendar: Calendar
) -> Ages:
    """How old each claim is that has a rival.

    A claim that is not published yet is as old as the edition of this number, which is to come.
    """
    rivals = _rivals(claims)
    calendar.read({claim["source_id"] for claim in rivals})
    table = table_of(Claim)
    query = (
        sa.select(table)
        .where(key_in(table.c.record_id, sorted({claim["record_id"] for claim in rivals})))
        .order_by(table.c.since)
    )
    spoke: dict[tuple[Any, ...], int] = {}
    preferred: dict[str, int] = {}
    ended: dict[str, int | None] = {}
    for row in connection.execute(query).mappings() if rivals else ():
        id, since = row["id"], row["since"]
        spoke.setdefault((row["source_id"], *place_of(dict(row))), since)
        if ended.get(id) != since or not row["is_preferred"]:
            preferred.pop(id, None)
        if row["is_preferred"]:
            preferred.setdefault(id, since)
        ended[id] = row["until"]
    ages: dict[str, Age] = {}
    for claim in rivals:
        id, source = claim["id"], claim["source_id"]
        edition = spoke.get((source, *place_of(claim)), number)
        published = calendar.published(source, edition)
        own = days_of(PartialDate.of(edtf=claim["point_in_time"]))
        preferring = number if ended.get(id) else preferred.get(id, number)
        ages[id] = Age(published, own or published, edition, preferring)
    return ages


def _rivals(claims: Collection[Row]) -> list[Row]:
    """The claims of one place with others, and those beside a row of a data set."""
    places = Counter(map(place_of, claims))
    imported = {place_of(claim)[0] for claim in claims if claim["origin"] == "IMPORTED"}
    return [
        claim
        for claim in claims
        if places[place_of(claim)] > 1
        or (place_of(claim)[0] in imported and place_of(claim)[1] is not None)
    ]
