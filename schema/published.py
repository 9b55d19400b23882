"""What is published: the newest edition, and the form of the database that holds it."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from schema.change import change_log
from schema.edition import Edition
from schema.index import docs

_NUMBER = sa.func.max(Edition.__table__.c.number)  # type: ignore[attr-defined]  # set by SQLModel
FOUND = str(
    sa.select(
        sa.select(_NUMBER).scalar_subquery(),
        sa.select(sa.literal_column("version_num"))
        .select_from(sa.table("alembic_version"))
        .scalar_subquery(),
        *(sa.exists(sa.select(sa.text("1")).select_from(table)) for table in (docs, change_log)),
    )
)
"""The statement that finds it, on both databases."""


class Published(NamedTuple):
    """What every answer rests on."""

    edition: int
    """The number of the newest edition, 0 before the first."""
    form: tuple[Any, ...]
    """The revision of the database, and whether its index and its log are there.

    Migrating changes these, and then answers, without an edition.
    """


def published(row: Any) -> Published:
    """What a row of the statement says."""
    number, *form = row
    return Published(number or 0, tuple(form))
