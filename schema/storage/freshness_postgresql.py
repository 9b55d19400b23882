"""The newest edition on PostgreSQL: a server rests on what it knows, until somebody publishes.

It rests while it holds a lock, and for a second at most. Who publishes has all servers give the
lock up, and commits when they have. So no server answers from an older edition than the newest,
and none has to ask before each answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
import sqlalchemy as sa

from schema.storage.freshness import Watermark, finding, published
from schema.storage.postgresql_connection import Connection, connected

CHANNEL = "pactbook_edition"
PUBLISHING = 0x9AC7B00D
"""The lock of whoever publishes; while it is held nobody rests on what is known."""
RESTING = 0x9AC7B00E
"""The lock that every server shares which rests on what it knows."""
REST_SECONDS = 1.0
"""How long a server rests before it asks again, though nothing has been heard."""
WAIT_SECONDS = 2 * REST_SECONDS
"""How long a publication waits for servers that do not answer; by then none of them rests."""
REPLY_SECONDS = 2.0
"""How long the database may take to tell; without a reply nothing is known."""


FOUND = finding("%s").encode()


class PostgresFreshness:
    """Knows the newest edition of a PostgreSQL database, by a connection of its own."""

    def __init__(self, url: sa.URL, channel: LiteralString = CHANNEL) -> None:
        self.url = url
        self.channel: LiteralString = channel
        self.raw: Connection | None = None
        self.socket: int | None = None
        """Where notices are waited for."""
        self.known: Watermark | None = None
        """What was published when it was last asked."""
        self.resting: Watermark | None = None
        self.until = 0.0
        self.is_bare = False
        self.hears = False
        """Whether notices arrive; a standby cannot listen."""
        self.notices = 0
        self.holds = False
        """Whether the connection has its share of the lock of those that rest."""
        self.lock = asyncio.Lock()
        self.asking: asyncio.Task[Watermark | None] | None = None
        self.next: asyncio.Task[Watermark | None] | None = None
        self.leaving: asyncio.Task[None] | None = None

    def now(self) -> Watermark | None:
        """What is published, while the server may rest on it."""
        return self.resting if time.monotonic() < self.until else None

    async def fetch(self) -> Watermark | None:
        """What is published, by a question that is asked after this call, one for all callers."""
        if self.next is None:
            self.next = asyncio.create_task(self._following(self.asking))
        try:
            async with asyncio.timeout(REPLY_SECONDS):
                return await asyncio.shield(self.next)
        except TimeoutError:
            return None

    async def _following(self, before: asyncio.Task[Any] | None) -> Watermark | None:
        if before is not None and not before.done():
            await asyncio.wait([before])
        self.asking, self.next = self.next, None
        try:
            async with self.lock, asyncio.timeout(REPLY_SECONDS):
                found = await self._told()
        except (psycopg.Error, OSError, TimeoutError) as error:
            self.is_bare = isinstance(error, psycopg.errors.UndefinedTable)
            self._lose()
            return None
        self.is_bare = False
        return found

    async def _told(self) -> Watermark:
        """What the database tells; it is rested on where nobody is about to publish."""
        began, notices = time.monotonic(), self.notices
        raw = await self._connected()
        with self._talking(raw):
            if not self.holds:
                self.holds = await _had(raw, "SELECT pg_try_advisory_lock_shared(%s)", RESTING)
            free = await _had(raw, "SELECT pg_try_advisory_xact_lock_shared(%s)", PUBLISHING)
            known = (0 if self.known is None else self.known.edition,)
            row = await (await raw.execute(FOUND, known)).fetchone()
        self.known = found = published(row, self.known)
        if self.hears and self.holds and free and notices == self.notices:
            self.resting, self.until = found, began + REST_SECONDS
        else:
            await self._leave(raw)
        return found

    async def _connected(self) -> Connection:
        if self.raw is None or self.raw.closed:
            self._lose()
            self.raw = await connected(self.url)
            self.raw.add_notify_handler(self._notice)
            with self._talking(self.raw):
                try:
                    await self.raw.execute(f"LISTEN {self.channel}")
                    self.hears = True
                except psycopg.Error:
                    self.hears = False
        return self.raw

    @contextmanager
    def _talking(self, raw: Connection) -> Iterator[None]:
        """The driver has the socket for itself; before and after, notices are waited for."""
        self._deaf()
        try:
            yield
        finally:
            if not raw.closed:
                self._heard(raw)
                self.socket = raw.fileno()
                asyncio.get_running_loop().add_reader(self.socket, self._hear, raw)

    def _deaf(self) -> None:
        if self.socket is not None:
            asyncio.get_running_loop().remove_reader(self.socket)
            self.socket = None

    def _hear(self, raw: Connection) -> None:
        """Takes what has arrived, be it a notice or the end."""
        try:
            raw.pgconn.consume_input()
        except psycopg.Error:
            self._lose()
        else:
            self._heard(raw)

    def _heard(self, raw: Connection) -> None:
        while notice := raw.pgconn.notifies():
            self._notice(notice)

    def _notice(self, notice: object) -> None:
        """Somebody is about to publish."""
        self.notices += 1
        self.resting = None
        if self.leaving is None or self.leaving.done():
            self.leaving = asyncio.create_task(self._left())

    async def _left(self) -> None:
        try:
            async with self.lock, asyncio.timeout(REPLY_SECONDS):
                if self.raw is not None and self.resting is None:
                    await self._leave(self.raw)
        except (psycopg.Error, OSError, TimeoutError):
            self._lose()

    async def _leave(self, raw: Connection) -> None:
        """Rests no more, and says so."""
        self.resting = None
        if self.holds:
            with self._talking(raw):
                await _had(raw, "SELECT pg_advisory_unlock_shared(%s)", RESTING)
            self.holds = False

    def _lose(self) -> None:
        """Knows nothing more; the next question connects again."""
        self.resting, self.holds = None, False
        self._deaf()
        if self.raw is not None:
            self.raw.pgconn.finish()
            self.raw = None

    async def dispose(self) -> None:
        """Closes the connection."""
        tasks = [task for task in (self.asking, self.next, self.leaving) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._lose()


async def _had(raw: Connection, statement: LiteralString, lock: int) -> bool:
    row = await (await raw.execute(statement, (lock,))).fetchone()
    return bool(row and row[0])


def await_leases_released(connection: sa.Connection) -> None:
    """Has no server rest on what it knows; called last before what is published is committed.

    SQLite needs none of it: there a commit is seen by the next look.
    """
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(PUBLISHING)))
    # A notice leaves with its commit, so it goes by a connection of its own.
    with connection.engine.connect() as aside, aside.begin():
        aside.execute(sa.select(sa.func.pg_notify(CHANNEL, "")))
    latest = time.monotonic() + WAIT_SECONDS
    while not connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(RESTING))):
        if time.monotonic() > latest:
            return
        time.sleep(0.001)
