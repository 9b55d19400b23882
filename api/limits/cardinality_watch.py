"""The figures that costs are counted by: read once for each edition, before the first answer."""

from __future__ import annotations

import asyncio

from schema.errors import UnavailableError
from schema.storage.fanout import NONE, Figures, read
from schema.storage.freshness import FreshnessWatch, Watermark
from schema.storage.snapshot import Duration, ReadPool, TimeBudgetError


class CurrentFigures:
    """The figures of the newest edition, which bound every edition before it as well."""

    def __init__(self, snapshots: ReadPool, newest: FreshnessWatch) -> None:
        self.snapshots, self.newest = snapshots, newest
        self.published: Watermark | None = None
        """What was published when they were read."""
        self.figures: Figures = NONE
        self.lock = asyncio.Lock()

    async def follow(self, published: Watermark | None) -> None:
        """Reads them where something else is published than when they were read.

        What cannot be read leaves them as they are; where there are none yet, nothing is bounded
        and so nothing can be answered.
        """
        async with self.lock:
            if published is not None and published != self.published:
                try:
                    self.figures = await self._read()
                except UnavailableError:
                    if self.published is None:
                        raise
                    return
            self.published = published or self.published

    async def _read(self) -> Figures:
        duration = Duration.SHORT
        while True:
            try:
                return await self.snapshots.read(read, duration, is_alone=True)
            except TimeBudgetError as late:
                duration = late.duration
