"""The figures that costs are counted by: read once for each edition, before the first answer."""

from __future__ import annotations

import asyncio

from sqlalchemy.exc import SQLAlchemyError

from schema.errors import DatabaseNotReadyError
from schema.fanout import NONE, Figures, read
from schema.newest import Newest
from schema.published import Published
from schema.snapshot import Snapshots


class CurrentFigures:
    """The figures of the newest edition, which bound every edition before it as well."""

    def __init__(self, snapshots: Snapshots, newest: Newest) -> None:
        self.snapshots, self.newest = snapshots, newest
        self.published: Published | None = None
        """What was published when they were read."""
        self.figures: Figures = NONE
        self.lock = asyncio.Lock()

    async def follow(self, published: Published | None) -> None:
        """Reads them where something else is published than when they were read.

        What cannot be read leaves them as they are; where there are none yet, nothing is bounded
        and so nothing can be answered.
        """
        async with self.lock:
            if published is not None and published != self.published:
                try:
                    async with self.snapshots.opened() as snapshot:
                        self.figures = await snapshot.call(read)
                except (SQLAlchemyError, self.snapshots.broken) as error:
                    if self.published is None:
                        address = self.snapshots.url.render_as_string(hide_password=True)
                        raise DatabaseNotReadyError(address) from error
                    return
            self.published = published or self.published
