"""Coroutines that are run until they wait, which nearly none here does.

A task would cost a turn of the event loop; Python runs tasks at once from 3.12 on only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from types import coroutine
from typing import Any

from schema.storage.snapshot import T


def begun(work: Awaitable[T]) -> tuple[T | None, Awaitable[T] | None]:
    """What is there without waiting, or else what to wait for."""
    steps = work.__await__()
    try:
        wanted = next(steps)
    except StopIteration as done:
        return done.value, None
    return None, resumed(steps, wanted)


@coroutine
def resumed(steps: Generator[Any, Any, T], wanted: Any) -> Generator[Any, Any, T]:
    """The rest of what has begun to wait; all that comes from the loop is handed on."""
    while True:
        step: Callable[[Any], Any] = steps.send
        try:
            given = yield wanted
        except BaseException as error:  # noqa: BLE001 a cancellation too
            step, given = steps.throw, error
        try:
            wanted = step(given)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]  # as `work` does
