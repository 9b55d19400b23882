"""Migrations: one history for both databases, run whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import event

from api.database.revision import folder, head, known_revision, revision, revisions
from schema.errors import UnknownRevisionError
from schema.indexing import index
from schema.publishing import changelog, fanout
from schema.storage.engine import (
    BUSY_SECONDS,
    address,
    connected,
    ensure_directory,
    is_there,
)

if TYPE_CHECKING:
    from alembic.config import Config

KEPT = (changelog, fanout, index)
"""What is made of the editions: their log, the figures of lists, what is searched."""
LOCK = 0x9AC7B00C
"""The key of PostgreSQL's advisory lock; the first server migrates, the others wait and see."""


def config() -> Config:
    """Alembic's configuration."""
    from alembic.config import Config  # noqa: PLC0415  # idle where nothing is left to migrate

    found = Config()
    found.set_main_option("script_location", str(folder()))
    return found


def is_ready(url: str) -> bool:
    """Whether nothing is left to migrate, which is seen while others write."""
    if not is_there(url):
        return False
    with connected(url) as connection:
        return known_revision(connection) == head() and not _lacks(connection)


def migrate(url: str, target: str = "head") -> None:
    """Brings a database to a revision in one transaction, safe beside other processes.

    Where there is nothing to do it waits for nobody.
    """
    wanted = head() if target == "head" else target
    if wanted not in ("base", *revisions()):
        raise UnknownRevisionError(target, revisions())
    if wanted == head() and is_ready(url):
        return
    from alembic import command  # noqa: PLC0415  # as above

    ensure_directory(url)
    engine = sa.create_engine(address(url), poolclass=sa.NullPool)
    if engine.dialect.name == "sqlite":
        _exclusive(engine)
    try:
        with engine.connect() as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            chosen = config()
            chosen.attributes["connection"] = connection
            order = ["base", *revisions()]
            if order.index(wanted) >= order.index(known_revision(connection) or "base"):
                command.upgrade(chosen, target)
            else:
                command.downgrade(chosen, target)
            if revision(connection) == head():
                for kept in KEPT:
                    if kept.is_missing(connection):
                        kept.rebuild(connection)
            if engine.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                assert not broken, f"the migration breaks foreign keys: {broken[:3]}"
    finally:
        engine.dispose()


def _lacks(connection: sa.Connection) -> bool:
    """Whether what is made of the editions is missing."""
    return any(kept.is_missing(connection) for kept in KEPT)


def _exclusive(engine: sa.Engine) -> None:
    """One transaction for all of it, which SQLite's driver would otherwise break up."""

    @event.listens_for(engine, "connect")
    def connect(connection: object, record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]  # an sqlite3 connection
        for pragma in (
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "journal_mode=WAL",
            "foreign_keys=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()  # type: ignore[attr-defined]  # as above

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
