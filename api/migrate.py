"""Migrations: one history for both databases, run whole or not at all."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event

from schema.change import complete
from schema.database import BUSY_SECONDS, address, place
from schema.errors import DatabaseNotReadyError
from schema.index import is_missing, rebuild

LOCK = 0x9AC7B00C
"""The key of PostgreSQL's advisory lock; the first server migrates, the others wait and see."""


def config() -> Config:
    """Alembic's configuration: the checkout's migrations, or those in the installed wheel."""
    here = Path(__file__).resolve().parent
    folders = [here.parent / "alembic", here / "_alembic"]
    found = Config()
    found.set_main_option(
        "script_location", str(next(f for f in folders if (f / "env.py").is_file()))
    )
    return found


def head() -> str:
    """The revision this release needs."""
    revision = ScriptDirectory.from_config(config()).get_current_head()
    assert revision is not None
    return revision


def revision(connection: sa.Connection) -> str | None:
    """The revision a database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


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
                complete(connection)
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
