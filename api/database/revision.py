"""Revisions: which one a database is at, and which one this release needs, without Alembic."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa


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
