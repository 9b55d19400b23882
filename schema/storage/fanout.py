"""The fan-out of one edition, read to bound what a query can return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

import sqlalchemy as sa

from schema.model.bounds import Counted
from schema.model.fanout import MOST, fanout
from schema.model.ids import prefix
from schema.storage.snapshot import Snapshot
from schema.storage.statement import PreparedStatement


class _Run:
    """Counts from the largest down, added up; after those that are kept each is as the last."""

    def __init__(self, lists: Iterable[Sequence[int]]) -> None:
        rest, counts = 0, list[int]()
        for each in lists:
            counts += each
            rest = max(rest, min(each) if len(each) == MOST else 0)
        self.rest = rest
        self.counts: list[int] = sorted((count for count in counts if count > rest), reverse=True)
        self.sums = [0, *accumulate(self.counts)]

    def first(self, owners: int) -> int:
        """The sum of so many owners."""
        known = min(owners, len(self.counts))
        return self.sums[known] + (owners - known) * self.rest

    @property
    def largest(self) -> int:
        """What one owner has at most."""
        return self.counts[0] if self.counts else self.rest


class Figures:
    """The figures of a record as they were read, added up for whoever asks for a bound."""

    def __init__(self, rows: Iterable[tuple[str, str, int]] = ()) -> None:
        self.kept: dict[tuple[str, str], list[int]] = defaultdict(list)
        for figure, owner, count in rows:
            self.kept[figure, prefix(owner)].append(count)
        self.runs: dict[tuple[Counted, ...], _Run] = {}
        self.mark = object()
        """What these are known by, and no others."""

    def most(self, counted: tuple[Counted, ...], owners: int, repeated: int | None) -> int:
        """The most that so many owners have together, where each is `repeated` times among them
        at most; where that is not known, each may be the largest.
        """
        run = self.runs.get(counted)
        if run is None:
            run = self.runs[counted] = _Run(self._lists(counted))
        if repeated is None or repeated >= owners:
            return owners * run.largest
        whole, left = divmod(owners, max(repeated, 1))
        return repeated * run.first(whole) + left * (run.first(whole + 1) - run.first(whole))

    def _lists(self, counted: tuple[Counted, ...]) -> Iterator[Sequence[int]]:
        for figure, noun in counted:
            for (name, of), counts in self.kept.items():
                if name == figure.name and noun in (None, of):
                    yield counts


NONE = Figures()
"""Of a record that holds nothing."""


async def read(snapshot: Snapshot) -> Figures:
    """The figures of a database."""
    query = sa.select(fanout.c.figure, fanout.c.owner, fanout.c.count)
    statement = PreparedStatement(query, snapshot.dialect)
    return Figures(await snapshot.fetch(statement, statement.values))
