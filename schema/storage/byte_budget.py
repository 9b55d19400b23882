"""The bound on an answer's bytes, kept while its rows are fetched."""

from __future__ import annotations

import marshal
import sys
from collections.abc import Sequence
from itertools import chain
from typing import Any, NoReturn

from schema.errors import AnswerTooLargeError

ANSWER_BYTES = 16_777_216
"""How large an answer may be when nobody says otherwise."""
FETCHED, SLACK = 4, 1_048_576
"""How many times the bound may be fetched, and how much more: some rows only help to find others,
and of a page one more is read."""
ROW = 64
"""What a row takes beside its values."""


class Budget:
    """How many bytes one reading may still fetch."""

    __slots__ = ("left", "most")

    def __init__(self, most: int) -> None:
        self.most = most
        """The bound on the answer's bytes."""
        self.left = 0
        self.begin()

    def begin(self) -> None:
        """Starts again, for another reading."""
        self.left = self.whole

    @property
    def whole(self) -> int:
        """How many bytes a reading may fetch in all."""
        return FETCHED * self.most + SLACK

    @property
    def fetched(self) -> int:
        """How many bytes the reading has fetched."""
        return self.whole - self.left

    def remains(self) -> int:
        """How many bytes may still be fetched; AnswerTooLargeError where it is used up."""
        if self.left < 0:
            self.end()
        return self.left

    def take(self, rows: Sequence[Any], large: Sequence[int] = ()) -> None:
        """Counts rows; AnswerTooLargeError where they are too many.

        `large` are the places of all that is large in a row, where that is known.
        """
        if large:
            self.left -= sum([len(row[place]) for place in large for row in rows])
        else:
            self.left -= ROW * len(rows) + held(rows)
        if self.left < 0:
            self.end()

    def end(self) -> NoReturn:
        """Says that it is used up, now and for all that is still to be fetched."""
        self.left = -1
        raise AnswerTooLargeError(self.most)


def held(rows: Sequence[Any]) -> int:
    """About how many bytes rows hold; writing them is many times as fast as asking each value."""
    try:
        return len(marshal.dumps(list(rows), 2))
    except ValueError:  # PostgreSQL has values of classes, such as decimal numbers
        return sum(map(sys.getsizeof, chain.from_iterable(rows)))
