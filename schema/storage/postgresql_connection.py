"""A connection to PostgreSQL whose statements are stopped when nobody waits for them any more."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.abc import RV, PQGen
from psycopg.conninfo import make_conninfo
from psycopg.waiting import wait_async

CONNECT_SECONDS = 5
"""How long connecting may take, where the address of the database does not say."""
STOP_SECONDS = 2.0
"""How long stopping a statement may take before its connection is thrown away."""
INTERVAL = 0.1


class Connection(psycopg.AsyncConnection[Any]):
    """One connection.

    Psycopg would have whoever gives up wait until the server has stopped the statement, which takes
    for ever where the server stands still.
    """

    stopping: asyncio.Task[None] | None = None
    """What stops a statement; until it is done the connection is not to be used."""

    async def wait(
        self,
        gen: PQGen[RV],
        interval: float = INTERVAL,
        timeout: float | None = None,  # noqa: ASYNC109  # as Psycopg has it
    ) -> RV:
        """What a command comes to."""
        try:
            return await wait_async(gen, self.pgconn.socket, interval=interval, timeout=timeout)
        except asyncio.CancelledError:
            self.stopping = asyncio.create_task(self._stopped(gen))
            raise

    async def _stopped(self, gen: PQGen[Any]) -> None:
        """Has the server stop a command; where it does not, ends the connection."""
        try:
            await self.cancel_safe(timeout=STOP_SECONDS)
            await wait_async(gen, self.pgconn.socket, interval=INTERVAL, timeout=STOP_SECONDS)
        except psycopg.errors.QueryCanceled:
            pass
        except psycopg.Error:
            self.pgconn.finish()

    def cancel_soon(self) -> None:
        """Has the server stop what runs, for whoever still waits for it."""
        self.stopping = asyncio.create_task(self._cancelled())

    async def _cancelled(self) -> None:
        try:
            await self.cancel_safe(timeout=STOP_SECONDS)
        except psycopg.Error:
            self.pgconn.finish()


async def connected(url: sa.URL) -> Connection:
    """A connection that commits each statement and prepares it on the server."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    timeout = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_SECONDS}
    return await Connection.connect(
        make_conninfo(address, **timeout), autocommit=True, prepare_threshold=0
    )
