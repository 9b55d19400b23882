"""Migrations: one history for both databases, run whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import event

from api.database.revision import folder, head, known_revision, revision, revisions
from schema.errors import UnknownRevisionError
from schema.indexing import index
from schema.indexing.documents import docs
from schema.model.changelog import change_log
from schema.model.editions import editions
from schema.model.fanout import fanout as fanout_table
from schema.publishing import changelog, fanout, withholding
from schema.publishing.quotation import Quotation
from schema.storage.engine import (
    STARTING_SECONDS,
    address,
    connected,
    ensure_directory,
    is_there,
)

if TYPE_CHECKING:
    from alembic.config import Config

DERIVED = (
    (change_log, changelog.rebuild),
    (fanout_table, fanout.rebuild),
    (docs, index.rebuild),
)
"""Tables that are made of the editions (their log, the figures of lists, what is searched), and
what fills them again."""
LOCK = 0x9AC7B00C
"""The key of PostgreSQL's advisory lock; the first server migrates, the others wait and see."""


def config() -> Config:
    """Alembic's configuration."""
    from alembic.config import Config  # noqa: PLC0415  # idle where nothing is left to migrate

    found = Config()
    found.set_main_option("script_location", str(folder()))
    return found


def is_ready(url: str, quotation: Quotation) -> bool:
    """Whether nothing is left to migrate, which is seen while others write."""
    if not is_there(url):
        return False
    with connected(url) as connection:
        if known_revision(connection) != head() or _lacking(connection):
            return False
        return withholding.stored_rule(connection) == quotation


def migrate(url: str, target: str = "head", quotation: Quotation | None = None) -> None:
    """Brings a database to a revision in one transaction, safe beside other processes.

    At the newest it also shows as much of hidden texts as may be quoted. Where there is nothing to
    do it waits for nobody.
    """
    quotation = quotation or Quotation()
    wanted = head() if target == "head" else target
    if wanted not in ("base", *revisions()):
        raise UnknownRevisionError(target, revisions())
    if wanted == head() and is_ready(url, quotation):
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
                for rebuild in _lacking(connection):
                    rebuild(connection)
                withholding.apply(connection, quotation)
            if engine.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                assert not broken, f"the migration breaks foreign keys: {broken[:3]}"
    finally:
        engine.dispose()


def _lacking(connection: sa.Connection) -> list[Callable[[sa.Connection], None]]:
    """What fills the derived tables that are empty though there are editions."""

    def is_empty(table: sa.Table) -> bool:
        row = sa.select(sa.literal(1)).select_from(table).limit(1)
        return connection.execute(row).first() is None

    return [] if is_empty(editions) else [fill for table, fill in DERIVED if is_empty(table)]


def _exclusive(engine: sa.Engine) -> None:
    """One transaction for all of it, which SQLite's driver would otherwise break up."""

    @event.listens_for(engine, "connect")
    def connect(connection: object, record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]  # an sqlite3 connection
        for pragma in (
            f"busy_timeout={STARTING_SECONDS * 1000}",
            "journal_mode=WAL",
            "foreign_keys=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()  # type: ignore[attr-defined]  # as above

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
