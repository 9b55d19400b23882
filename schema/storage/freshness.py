"""What is published: the newest edition, and the form of the database that holds it."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa

from schema.model.editions import Edition

_editions: sa.Table = Edition.__table__  # type: ignore[attr-defined]  # set by SQLModel
_generations = itertools.count()


def finding(known: str) -> str:
    """The statement that finds it; `known` is where the number of the edition known before goes."""
    number, mark = _editions.c.number, _editions.c.mark
    query = sa.select(
        sa.select(sa.func.max(number)).scalar_subquery(),
        sa.select(mark).order_by(number.desc()).limit(1).scalar_subquery(),
        sa.select(mark).where(number == sa.literal_column(known)).scalar_subquery(),
        sa.select(sa.literal_column("version_num"))
        .select_from(sa.table("alembic_version"))
        .scalar_subquery(),
        *(
            sa.exists(sa.select(sa.text("1")).select_from(sa.table(name)))
            for name in ("search_doc", "change")
        ),
    )
    return str(query.compile(compile_kwargs={"literal_binds": True}))


class Watermark(NamedTuple):
    """What every answer rests on."""

    edition: int
    """The number of the newest edition, 0 before the first."""
    form: tuple[Any, ...]
    """The revision of the database, and whether its index and its log are there.

    Migrating changes these, and then answers, without an edition.
    """
    mark: str | None = None
    """The mark of the newest edition."""
    generation: int = 0
    """Another number where this does not go on from what was published before: after a restore
    the same numbers name other editions."""


def published(row: Any, before: Watermark | None) -> Watermark:
    """What a row of the statement says, which was given the edition known before."""
    number, mark, known, *form = row
    goes_on = before is not None and known == before.mark
    generation = before.generation if before and goes_on else next(_generations)
    return Watermark(number or 0, tuple(form), mark, generation)


class FreshnessWatch(Protocol):
    """Knows the newest edition."""

    is_bare: bool
    """Whether the database answers, and has no tables."""

    def now(self) -> Watermark | None:
        """What is published, where that is known without waiting."""

    async def fetch(self) -> Watermark | None:
        """What is published, as the database tells; None where it does not."""

    async def dispose(self) -> None:
        """Closes every connection."""
