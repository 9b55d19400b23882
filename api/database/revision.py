"""Revisions: which one a database is at, and which one this release needs, without Alembic."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from schema.errors import DatabaseNewerError, DatabaseNotReadyError
from schema.storage.engine import named


def folder() -> Path:
    """The checkout's migrations, or those in the installed wheel."""
    here = Path(__file__).resolve().parents[1]
    folders = [here.parent / "alembic", here / "_alembic"]
    return next(each for each in folders if (each / "env.py").is_file())


def revisions() -> list[str]:
    """The revisions this release knows, in their order; migrations' names begin with theirs."""
    return sorted(path.name.partition("_")[0] for path in (folder() / "versions").glob("*.py"))


def head() -> str:
    """The revision this release needs."""
    return revisions()[-1]


def revision(connection: sa.Connection) -> str | None:
    """The revision a database is at; None for an empty one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def known_revision(connection: sa.Connection) -> str | None:
    """The revision a database is at; DatabaseNewerError where this release does not know it."""
    at = revision(connection)
    if at is not None and at not in revisions():
        raise DatabaseNewerError(_name(connection), at, head())
    return at


def require(connection: sa.Connection) -> None:
    """Refuses a database that is not at the revision this release needs."""
    if known_revision(connection) != head():
        raise DatabaseNotReadyError(_name(connection))


def _name(connection: sa.Connection) -> str:
    return named(connection.engine.url.render_as_string(hide_password=True))
