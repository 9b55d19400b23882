"""Coroutines that are run until they wait: what they come to, and whatever the loop sends them."""

from __future__ import annotations

import asyncio

import pytest

from schema.storage.eager import begun


async def added(waited: asyncio.Future[int] | None) -> int:
    return 1 + (0 if waited is None else await waited)


def test_what_never_waits_is_there_at_once_without_a_loop() -> None:
    assert begun(added(None)) == (1, None)


def test_what_fails_before_it_waits_fails_at_once() -> None:
    async def failing() -> int:
        raise LookupError

    with pytest.raises(LookupError):
        begun(failing())


def test_what_waits_goes_on_where_it_is_awaited() -> None:
    async def run() -> None:
        waited: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        found, rest = begun(added(waited))
        assert found is None
        assert rest is not None
        asyncio.get_running_loop().call_soon(waited.set_result, 2)
        assert await rest == 3

    asyncio.run(run())


def test_a_failure_and_a_cancellation_reach_what_waits() -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        waited: asyncio.Future[int] = loop.create_future()
        _, rest = begun(added(waited))
        assert rest is not None
        loop.call_soon(waited.set_exception, LookupError())
        with pytest.raises(LookupError):
            await rest
        waited = loop.create_future()
        _, rest = begun(added(waited))
        assert rest is not None
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(rest, 0.01)
        assert waited.cancelled()

    asyncio.run(run())
