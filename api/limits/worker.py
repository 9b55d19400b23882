"""Workers: threads for work on documents that would hold the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from schema.errors import ServerBusyError

SWITCH_SECONDS = 0.0005
"""How long a thread may compute while the event loop wants to. Python's own 5 ms are three times
what a usual answer takes, and it asks for the interpreter several times."""

Result = TypeVar("Result")


class Worker:
    """One thread, and a queue that is bounded."""

    def __init__(self, name: str, most: int) -> None:
        self.threads = ThreadPoolExecutor(1, name)
        self.most = most
        self.count = 0
        """How many are waited for."""

    async def run(self, work: Callable[[], Result]) -> Result:
        """What work comes to; ServerBusyError where too much waits already.

        What nobody waits for any more is not begun.
        """
        if self.count >= self.most:
            raise ServerBusyError
        self.count += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, work)
        finally:
            self.count -= 1
