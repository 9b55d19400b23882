"""The context of one operation: one snapshot of the database, one edition, one reader at a time."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
import strawberry
from strawberry.extensions import SchemaExtension

from schema.errors import InputError, UnknownEditionError
from schema.execution.error_behavior import ErrorBehavior
from schema.execution.executor import Executor
from schema.execution.run import Outcome
from schema.filtering.cursor import cursor_edition
from schema.filtering.input_types import option
from schema.filtering.page import PageSize
from schema.model.editions import Edition
from schema.model.ids import MARK, split
from schema.planning.selection import SelectedField
from schema.storage.snapshot import Duration, ReadPool, Snapshot, T, WalkTimeBudgetError
from schema.storage.statement import Bindings, PreparedStatement, bound_parameter, given


@dataclass
class Context:
    """What a resolver may know: where to read, and how large a page may be."""

    snapshots: ReadPool
    base_url: str = ""
    sizes: PageSize = field(default_factory=PageSize)
    on_error: ErrorBehavior = ErrorBehavior.PROPAGATE
    newest: int | None = None
    read: int | None = None
    is_for_graphql: bool = False
    """Whether graphql-core is to go through the answer, because not all of it is well."""
    duration: Duration = Duration.UNKNOWN
    """What going through the answer has shown to take."""
    opened: AbstractAsyncContextManager[Snapshot] | None = None
    snapshot: Snapshot | None = None
    is_closed: bool = False
    weight: int = 0
    """About how many bytes graphql-core makes of what it was answered so far."""

    @cached_property
    def lock(self) -> asyncio.Lock:
        """Held by the one reader that reads at a time."""
        return asyncio.Lock()

    async def waiting(self) -> Snapshot:
        """The snapshot of an operation that graphql-core goes through; call with the lock held."""
        if self.is_closed:
            raise asyncio.CancelledError  # of a field that outlived its answer
        if self.snapshot is None:
            opened: AbstractAsyncContextManager[Snapshot] = self.snapshots.opened(self.duration)
            self.opened, self.snapshot = opened, await opened.__aenter__()
            self.newest = None
        return self.snapshot

    async def reader(
        self, snapshot: Snapshot, root: SelectedField, bindings: Bindings, *, is_alone: bool = False
    ) -> tuple[Executor, dict[str, Any]]:
        """An executor at the edition that is asked for, and the arguments of its root field.

        One that reads all there is to read by one statement, alone, also reads from there which
        edition is the newest.
        """
        bindings.base = self.base_url
        arguments = root.argument_values(bindings)
        as_of = arguments.get("asOf")
        cursor = arguments.get("after") or arguments.get("before")
        ids = named_ids(arguments)
        is_plain = as_of is None and cursor is None and not any(MARK in id for id in ids)
        if is_alone and is_plain:
            return Executor(snapshot, root, bindings, self.sizes, Outcome()), arguments
        if self.newest is None:
            self.newest = await _latest(snapshot, None)
        number = None if as_of is None else await self._edition(snapshot, as_of)
        carried = cursor_edition(cursor) if cursor else None
        if carried is not None:
            if number is not None and number != carried:
                raise InputError(
                    f"The cursor goes on reading edition {carried}, `asOf` asks for {number}. "
                    "Leave `asOf` out, or start again without the cursor."
                )
            number = await self._edition(snapshot, {"edition": carried})
        editions = {self._carried(id, number) for id in ids} or {number}
        if len(editions) == 1:
            [number] = editions
        read = [self.newest if each is None else each for each in editions]
        self.read = max(self.read or 0, *read)
        at = bindings if number is None else replace(bindings, as_of=number)
        return Executor(snapshot, root, at, self.sizes, Outcome(self.newest)), arguments

    def _carried(self, id: str, number: int | None) -> int | None:
        """The edition to read what an id names at; one that is not published holds nothing."""
        _, edition = split(id)
        if edition is None:
            return number
        if number is not None and number != edition:
            raise InputError(
                f"The id '{id}' is of edition {edition}, `asOf` asks for {number}. "
                "Leave `asOf` out, or the edition out of the id."
            )
        return edition if edition <= (self.newest or 0) else None

    async def _edition(self, snapshot: Snapshot, as_of: dict[str, Any]) -> int | None:
        """The number of the edition to read; None reads the newest."""
        newest, number, instant = self.newest or 0, as_of.get("edition"), as_of.get("instant")
        if number is not None:
            if not 1 <= number <= newest:
                raise UnknownEditionError(number, newest)
            return int(number)
        return None if instant is None else await newest_at(snapshot, instant)

    async def __aenter__(self) -> Self:
        """Itself; the snapshot begins with the first reading."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends the snapshot, whatever happened."""
        self.is_closed = True
        if self.opened is not None:
            opened, self.opened, self.snapshot = self.opened, None, None
            await opened.__aexit__(kind, error, trace)


async def walked(context: Context, walk: Callable[[Context], Awaitable[T]]) -> T:
    """What going through an answer comes to; what is long begins again among long ones."""
    try:
        async with context:
            return await walk(context)
    except WalkTimeBudgetError:
        again = Context(
            context.snapshots,
            context.base_url,
            context.sizes,
            context.on_error,
            is_for_graphql=context.is_for_graphql,
            duration=Duration.LONG,
        )
        async with again:
            return await walk(again)


def named_ids(arguments: dict[str, Any]) -> Sequence[str]:
    """The ids by which a root field names what it reads."""
    ids: Sequence[str] | None = arguments.get("ids")
    if ids:
        return ids
    id, by = arguments.get("id"), arguments.get("by")
    if isinstance(by, dict):
        id = by.get("id") or by.get("slug")
    return (id,) if id else ()


_LATEST: dict[tuple[str, bool], PreparedStatement] = {}
_editions: sa.Table = Edition.__table__  # type: ignore[attr-defined]  # set by SQLModel


async def _latest(snapshot: Snapshot, instant: datetime.datetime | None) -> int:
    """The number of the newest edition, at an instant if there is one; 0 before the first."""
    key = (snapshot.dialect.name, instant is not None)
    if key not in _LATEST:
        query = sa.select(sa.func.max(_editions.c.number))
        published = _editions.c.published_at
        if instant is not None:
            query = query.where(published <= bound_parameter(given("instant"), published.type))
        _LATEST[key] = PreparedStatement(query, snapshot.dialect)
    statement = _LATEST[key]
    [[number]] = await snapshot.fetch(
        statement, statement.filled(Bindings({}, given={"instant": instant}))
    )
    return number or 0


async def newest_at(snapshot: Snapshot, instant: datetime.datetime, argument: str = "asOf") -> int:
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
    return await _latest(snapshot, instant)


class EditionRead(SchemaExtension):
    """Tells in each answer which edition was read."""

    def get_results(self) -> dict[str, Any]:
        """The edition the answer is of."""
        context: Context = self.execution_context.context
        read = context.read
        return {} if read is None else {"edition": read}


@strawberry.input(
    one_of=True,
    description="What was known then: an edition, or the newest one at an instant.",
)
class AsOf:
    edition: int | None = option("The number of an edition, such as `2`.")
    instant: datetime.datetime | None = option(
        "An instant with its zone, such as `2024-11-01T12:00:00Z`."
    )
