"""Migrations: one history for both databases, run whole or not at all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import event

from api.revision import folder, head, revision
from schema import change, fanout
from schema.database import BUSY_SECONDS, address, place
from schema.errors import DatabaseNotReadyError
from schema.index import is_missing, rebuild

LOCK = 0x9AC7B00C
"""The key of PostgreSQL's advisory lock; the first server migrates, the others wait and see."""


def config() -> Config:
    """Alembic's configuration."""
    found = Config()
    found.set_main_option("script_location", str(folder()))
    return found


def require(connection: sa.Connection) -> None:
    """Refuses a database that is not at the revision this release needs."""
    if revision(connection) != head():
        raise DatabaseNotReadyError(connection.engine.url.render_as_string(hide_password=True))


def migrate(url: str, target: str = "head") -> None:
    """Brings a database to a revision in one transaction, safe beside other processes."""
    place(url)
    engine = sa.create_engine(address(url), poolclass=sa.NullPool)
    if engine.dialect.name == "sqlite":
        _exclusive(engine)
    try:
        with engine.connect() as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            chosen = config()
            chosen.attributes["connection"] = connection
            current = revision(connection)
            known = [
                script.revision for script in ScriptDirectory.from_config(chosen).walk_revisions()
            ]
            order = {name: index for index, name in enumerate(reversed(known))}
            wanted = head() if target == "head" else target
            if wanted != "base" and order.get(wanted, 0) >= order.get(current or "", -1):
                command.upgrade(chosen, target)
            else:
                command.downgrade(chosen, target)
            if revision(connection) == head():
                change.complete(connection)
                fanout.complete(connection)
                if is_missing(connection):
                    rebuild(connection)
            if engine.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                assert not broken, f"the migration breaks foreign keys: {broken[:3]}"
    finally:
        engine.dispose()


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
