"""Outages: the log is told once that the database is away, and clients never where it is."""

from __future__ import annotations

import logging

import sqlalchemy as sa

from schema.errors import DatabaseAwayError

logger = logging.getLogger(__name__)


class Outage:
    """Whether a database answers."""

    def __init__(self, url: sa.URL) -> None:
        self.address = url.render_as_string(hide_password=True)
        self.is_on = False

    def error(self, why: BaseException) -> DatabaseAwayError:
        """What a client is told; the first time the log is told why."""
        if not self.is_on:
            self.is_on = True
            first, *_ = str(why).splitlines() or [type(why).__name__]
            logger.error("The database %s does not answer: %s", self.address, first)
        return DatabaseAwayError()

    def over(self) -> None:
        """The database answers again."""
        self.is_on = False
