"""Loaders: one for each relation and request, which ask for many keys at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import defer
from strawberry.dataloader import DataLoader

import schema
from schema.model.registry import nouns
from schema.storage.engine import address

CONNECTIONS = 16
Sessions = async_sessionmaker[AsyncSession]


def sessions(url: str) -> Sessions:
    """What opens the sessions of a database."""
    given = address(url)
    if given.get_backend_name() == "sqlite":
        given = given.set(drivername="sqlite+aiosqlite")
    engine = create_async_engine(given, pool_size=CONNECTIONS, max_overflow=0)
    return async_sessionmaker(engine, expire_on_commit=False)


class Loaders:
    """The loaders of one request."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions

    async def rows(self, query: sa.Select[Any]) -> Sequence[Any]:
        """The objects of a statement, in a session of its own."""
        async with self.sessions() as session:
            return (await session.scalars(query)).all()

    def _one(self, model: Any, *options: Any) -> DataLoader[str, Any]:
        async def load(ids: list[str]) -> list[Any]:
            query = sa.select(model).where(model.id.in_(ids), model.until.is_(None))
            found = {row.id: row for row in await self.rows(query.options(*options))}
            return [found.get(id) for id in ids]

        return DataLoader(load)

    def _many(self, model: Any, key: str, *order: Any) -> DataLoader[str, list[Any]]:
        async def load(ids: list[str]) -> list[list[Any]]:
            column = getattr(model, key)
            query = sa.select(model).where(column.in_(ids), model.until.is_(None))
            found: dict[str, list[Any]] = defaultdict(list)
            for row in await self.rows(query.order_by(*order)):
                found[getattr(row, key)].append(row)
            return [found[id] for id in ids]

        return DataLoader(load)

    @cached_property
    def record(self) -> dict[str, DataLoader[str, Any]]:
        """A loader of records by their ids, for each noun by what its ids begin with."""
        source = nouns()["Source"]
        made = {
            name.lower(): self._one(nouns()[name])
            for name in ("Party", "Official", "Agreement", "Procurement", "Statement")
        }
        return made | {"source": self._one(source, defer(getattr(source, "text")))}  # noqa: B009  # a column that only the noun's declaration knows

    @cached_property
    def involvements(self) -> DataLoader[str, list[Any]]:
        """The involvements of a record."""
        return self._many(schema.Involvement, "record_id", schema.Involvement.id)

    @cached_property
    def claims(self) -> DataLoader[str, list[Any]]:
        """The claims about a record."""
        claim: Any = schema.Claim
        return self._many(claim, "record_id", claim.field.nulls_first(), claim.id)

    @cached_property
    def passages(self) -> DataLoader[str, list[Any]]:
        """The passages of a claim."""
        return self._many(schema.Passage, "claim_id", schema.Passage.start, schema.Passage.id)

    @cached_property
    def names(self) -> DataLoader[str, list[Any]]:
        """The names of a record."""
        return self._many(schema.Name, "record_id", schema.Name.id)

    @cached_property
    def tenures(self) -> DataLoader[str, list[Any]]:
        """The tenures of an official."""
        return self._many(schema.Tenure, "official_id", schema.Tenure.id)

    async def by_id(self, id: str) -> Any:
        """One record by its id, whatever its noun."""
        return await self.record[id.partition("/")[0]].load(id)
