"""Publishing from this process: one transaction, told as it goes, and never twice the same."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from api.migrate import require
from api.reference import SUMMARY, reference
from schema.coder import read_dossier
from schema.coding import Coding
from schema.database import WRITES, writer
from schema.edition import Edition
from schema.publish import Publication, publish
from schema.weighing import Progress

SEED = Path(__file__).resolve().parent / "seed"
_editions: sa.Table = Edition.__table__  # type: ignore[attr-defined]  # set by SQLModel


def silent(step: str, done: int, total: int) -> None:
    """Tells nobody."""


def publish_to(
    url: str,
    coding: Coding,
    author: str,
    progress: Progress = silent,
    now: datetime.datetime | None = None,
    once: bool = False,
) -> Publication:
    """Publishes a coding; with `once`, not if any edition ever held this very coding."""
    engine = writer(url)
    try:
        with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            require(connection)
            if once and _was_published(connection, idempotency_key=coding.fingerprint):
                return Publication(None)
            return publish(connection, coding, author, now, progress)
    finally:
        engine.dispose()


def load(
    url: str, author: str, progress: Progress = silent, now: datetime.datetime | None = None
) -> list[Publication]:
    """Loads what every installation starts with: the states, then the seed article."""
    done: list[Publication] = []
    if not _has(url, summary=SUMMARY):
        done.append(publish_to(url, reference(), author, progress, now, once=True))
    done.append(publish_to(url, read_dossier(SEED), author, progress, now, once=True))
    return done


def _has(url: str, **equal: Any) -> bool:
    engine = writer(url)
    try:
        with engine.connect() as connection:
            require(connection)
            return _was_published(connection, **equal)
    finally:
        engine.dispose()


def _was_published(connection: sa.Connection, **equal: Any) -> bool:
    tests = [_editions.c[name] == value for name, value in equal.items()]
    return (
        connection.execute(sa.select(_editions.c.number).where(*tests).limit(1)).first() is not None
    )
