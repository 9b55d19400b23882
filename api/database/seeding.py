"""Publishing from this process: one transaction, told as it goes, and never twice the same."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from api.database.revision import require
from schema.dossiers.draft import Coding
from schema.dossiers.reader import read_dossier
from schema.model.editions import editions
from schema.publishing.publish import Preview, Publication, lock_counter, preview, publish
from schema.storage.engine import BUSY_SECONDS, STARTING_SECONDS, Progress, connected

SEED = Path(__file__).resolve().parents[1] / "seed"


def silent(step: str, done: int, total: int) -> None:
    """Tells nobody."""


@contextmanager
def _writing(url: str, busy_seconds: int = BUSY_SECONDS) -> Iterator[sa.Connection]:
    """One transaction that writes, in a database that is migrated."""
    opened = connected(url, writes=True, busy_seconds=busy_seconds)
    with opened as connection, connection.begin():
        require(connection)
        yield connection


def publish_to(
    url: str,
    coding: Coding,
    author: str,
    progress: Progress = silent,
    now: datetime.datetime | None = None,
    *,
    replace: bool = False,
) -> Publication:
    """Publishes a coding."""
    with _writing(url) as connection:
        return publish(connection, coding, author, now, progress, replace=replace)


def preview_of(url: str, coding: Coding, author: str) -> Preview:
    """What publishing a coding would do, without doing it."""
    with connected(url) as connection:
        require(connection)
        return preview(connection, coding, author)


def load(
    url: str,
    author: str,
    progress: Progress = silent,
    now: datetime.datetime | None = None,
    states: Coding | None = None,
) -> list[Publication]:
    """Loads what every installation starts with, once: the states, then the seed article.

    A release may bring them anew, so they replace what an older one brought. Where they are there
    already it waits for nobody. The states are those of this release, or the given ones.
    """
    # Its two libraries are heavy, and idle where somebody publishes a dossier.
    from api.database.iso_states import SUMMARY, reference  # noqa: PLC0415

    seed = read_dossier(SEED)
    summary = states.summary if states else SUMMARY
    with connected(url) as connection:
        require(connection)
        if _was_published(connection, summary=summary) and _has(connection, seed):
            return [Publication(None)]
    done: list[Publication] = []
    with _writing(url, STARTING_SECONDS) as connection:
        lock_counter(connection)  # Others that start now wait here, and then see that it is done.
        if not _was_published(connection, summary=summary):
            coding = states or reference()
            done.append(publish(connection, coding, author, now, progress, replace=True))
    with _writing(url, STARTING_SECONDS) as connection:
        lock_counter(connection)
        if _has(connection, seed):
            done.append(Publication(None))
        else:
            done.append(publish(connection, seed, author, now, progress, replace=True))
    return done


def _has(connection: sa.Connection, coding: Coding) -> bool:
    return _was_published(connection, idempotency_key=coding.fingerprint)


def _was_published(connection: sa.Connection, **equal: Any) -> bool:
    tests = [editions.c[name] == value for name, value in equal.items()]
    return (
        connection.execute(sa.select(editions.c.number).where(*tests).limit(1)).first() is not None
    )
