"""Snapshots: one state of the database for all statements of an answer, on both databases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy import event

from schema.prepared import Statement

if TYPE_CHECKING:
    from schema.budget import Budget

T = TypeVar("T")
Read = Callable[["Snapshot"], Coroutine[Any, Any, T]]
Heard = Callable[[str, Any], None]
"""Told of each statement and its values before it runs."""


class LateError(Exception):
    """A reading took longer than it may."""


class UnfitError(Exception):
    """An answer that is not all well, so that graphql-core must tell what is wrong, and where."""


class Snapshot(Protocol):
    """One state of the database, to be read by several statements."""

    @property
    def dialect(self) -> sa.Dialect:
        """The words of the database."""
        ...

    is_far: bool
    """Whether each statement costs a round trip, so that one that reads more is better."""
    budget: Budget
    """How much the reading may still fetch."""

    async def fetch(self, statement: Statement, values: Sequence[Any]) -> Sequence[Any]:
        """The rows of a prepared statement, as tuples of what the driver gives.

        UnfitError where it was to tell a value that may not stand, AnswerTooLargeError where the
        rows are more than the reading may fetch.
        """
        ...

    async def call(self, function: Callable[[sa.Connection], T]) -> T:
        """What a function reads on a connection of SQLAlchemy."""
        ...


class Snapshots(Protocol):
    """Where answers are read."""

    url: sa.URL
    answer_bytes: int
    """How many bytes an answer may have."""
    is_far: bool
    """Whether each statement costs a round trip."""
    kind: str
    """Which database it is, `sqlite` or `postgresql`; statements are written for one of them."""
    missing: tuple[type[Exception], ...]
    """What its driver says of a database without tables, or of none."""
    broken: type[Exception]
    """What its driver says of anything that goes wrong."""

    def opened(self) -> Any:
        """A snapshot to be entered, for whatever takes its time."""

    async def read(self, read: Read[T], is_short: bool, is_alone: bool) -> T:
        """What a reading finds in a snapshot of its own.

        It is read at once where it is short, and without a transaction where it is one statement.
        """
        ...

    def alone(
        self, statement: Statement, values: Sequence[Any]
    ) -> list[Any] | Awaitable[list[Any]]:
        """The rows of the one statement of a short reading, without a transaction, or a wait."""
        ...

    def listen(self, heard: Heard) -> None:
        """Has somebody told of every statement."""

    async def dispose(self) -> None:
        """Closes every connection."""


def tell(engine: sa.Engine, heard: list[Heard]) -> None:
    """Tells of the statements that go through an engine."""

    @event.listens_for(engine, "before_cursor_execute")
    def note(connection: Any, cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        for each in heard:
            each(statement, values)
