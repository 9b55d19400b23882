"""The context of one operation: one snapshot of the database, one edition, one reader at a time."""

from __future__ import annotations

import asyncio
import datetime
from dataclasses import dataclass, field
from typing import Any, Self

import sqlalchemy as sa
import strawberry
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from strawberry.extensions import SchemaExtension

from schema.asked import Asked
from schema.connection import PageSize, cursor_edition
from schema.edition import Edition
from schema.errors import DatabaseNotReadyError, InputError, UnknownEditionError
from schema.reader import Reader


@dataclass
class Context:
    """What a resolver may know: where to read, and how large a page may be."""

    engine: AsyncEngine
    base_url: str = ""
    sizes: PageSize = field(default_factory=PageSize)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    connection: AsyncConnection | None = None
    newest: int = 0
    read: int | None = None

    async def reader(
        self, asked: Asked, as_of: dict[str, Any] | None, cursor: str | None = None
    ) -> Reader:
        """A reader at the edition that is asked for; call it with the lock held."""
        if self.connection is None:
            self.connection = await self.engine.connect()
            self.newest = await self._newest(self.connection)
        number = await self._edition(as_of)
        carried = cursor_edition(cursor) if cursor else None
        if carried is not None:
            if number is not None and number != carried:
                raise InputError(
                    f"The cursor goes on reading edition {carried}, `asOf` asks for {number}. "
                    "Leave `asOf` out, or start again without the cursor."
                )
            number = await self._edition({"edition": carried})
        self.read = max(self.read or 0, self.newest if number is None else number)
        return Reader(self.connection, asked, number, self.base_url, self.sizes)

    async def _newest(self, connection: AsyncConnection) -> int:
        """The number of the newest edition; DatabaseNotReadyError where there are no tables."""
        try:
            found = await connection.execute(sa.select(sa.func.max(_editions.c.number)))
        except (OperationalError, ProgrammingError) as error:
            address = self.engine.url.render_as_string(hide_password=True)
            raise DatabaseNotReadyError(address) from error
        return found.scalar() or 0

    async def _edition(self, as_of: dict[str, Any] | None) -> int | None:
        """The number of the edition to read; None reads the newest."""
        assert self.connection is not None
        number = (as_of or {}).get("edition")
        instant = (as_of or {}).get("instant")
        if number is not None:
            if not 1 <= number <= self.newest:
                raise UnknownEditionError(number, self.newest)
            return int(number)
        return None if instant is None else await newest_at(self.connection, instant)

    async def __aenter__(self) -> Self:
        """Itself; the snapshot begins with the first reading."""
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Ends the snapshot, whatever happened."""
        if self.connection is not None:
            await self.connection.close()
            self.connection = None


_editions: sa.Table = Edition.__table__  # type: ignore[attr-defined]  # set by SQLModel


async def newest_at(
    connection: AsyncConnection, instant: datetime.datetime, argument: str = "asOf"
) -> int:
    """The number of the newest edition at an instant, 0 before the first; UTC without a zone."""
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=datetime.UTC)
    try:
        instant = instant.astimezone(datetime.UTC)
    except OverflowError as error:
        raise InputError(
            f"`{argument}` cannot read the instant {instant.isoformat()}. "
            "In UTC it must lie in the years 1 to 9999."
        ) from error
    query = sa.select(sa.func.max(_editions.c.number)).where(_editions.c.published_at <= instant)
    return (await connection.execute(query)).scalar() or 0


class EditionRead(SchemaExtension):
    """Tells in each answer which edition was read."""

    def get_results(self) -> dict[str, Any]:
        """The edition the answer is of."""
        context = self.execution_context.context
        read = context.read if isinstance(context, Context) else None
        return {} if read is None else {"edition": read}


@strawberry.input(
    one_of=True,
    description="What was known then: an edition, or the newest one at an instant.",
)
class AsOf:
    edition: int | None = strawberry.field(
        default=strawberry.UNSET, description="The number of an edition, such as `2`."
    )
    instant: datetime.datetime | None = strawberry.field(
        default=strawberry.UNSET,
        description="An instant with its zone, such as `2024-11-01T12:00:00Z`.",
    )
