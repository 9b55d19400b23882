"""Snapshots: one state of the database for all statements of an answer, on both databases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from enum import Enum
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from schema.storage.byte_budget import Budget
from schema.storage.statement import PreparedStatement

T = TypeVar("T")
Read = Callable[["Snapshot"], Coroutine[Any, Any, T]]
StatementListener = Callable[[str, Any], None]
"""Told of each statement and its values before it runs."""


class Duration(Enum):
    """What the readings of an operation have shown to take; they are kept apart by it."""

    SHORT = "short"
    UNKNOWN = "unknown"
    LONG = "long"


class TimeBudgetError(Exception):
    """A reading took longer than it may; it is to be read again as what it has shown to be."""

    def __init__(self, duration: Duration) -> None:
        super().__init__(duration)
        self.duration = duration


class WalkTimeBudgetError(BaseException):
    """The same of an answer that graphql-core goes through, which is to be begun again.

    It is no Exception, of which graphql-core would make an error in the answer.
    """


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

    async def fetch(self, statement: PreparedStatement, values: Sequence[Any]) -> Sequence[Any]:
        """The rows of a prepared statement, as tuples of what the driver gives.

        NeedsGraphQLCoreError where it was to write a value that may not stand, AnswerTooLargeError
        where the rows are more than the reading may fetch.
        """
        ...


class ReadPool(Protocol):
    """Where answers are read."""

    answer_bytes: int
    """How many bytes an answer may have."""
    is_far: bool
    """Whether each statement costs a round trip."""
    kind: str
    """Which database it is, `sqlite` or `postgresql`; statements are written for one of them."""
    clock: Callable[[], float]
    """What measures readings, in seconds."""

    def duration(self, seconds: float) -> Duration:
        """What a reading of so many seconds is."""
        ...

    def opened(self, duration: Duration) -> AbstractAsyncContextManager[Snapshot]:
        """A snapshot to be entered, for whoever goes through an answer field by field.

        WalkTimeBudgetError where that shows to be longer.
        """
        ...

    async def read(self, read: Read[T], duration: Duration, is_alone: bool) -> T:
        """What a reading finds in a snapshot of its own, without a transaction if it is alone.

        TimeBudgetError where it shows to be longer than that, UnavailableError where there is no
        room or no database.
        """
        ...

    def alone(
        self, statement: PreparedStatement, values: Sequence[Any]
    ) -> list[Any] | Awaitable[list[Any]]:
        """The rows of the one statement of a short reading, without a transaction, or a wait."""
        ...

    def listen(self, listener: StatementListener) -> None:
        """Has somebody told of every statement."""

    async def dispose(self) -> None:
        """Closes every connection."""
