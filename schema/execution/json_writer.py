"""JSON as it is written: until it is more than the bound on an answer's bytes.

What several objects lead to is fetched once and written as often, so that an answer may be far
larger than all that was fetched for it: what is made in Python becomes JSON as soon as it is made,
and is counted in each place that it is written to.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import orjson

from schema.errors import AnswerTooLargeError, NeedsGraphQLCoreError
from schema.graph.catalog import TypedObject

FIELD = 100
"""What one field of graphql-core's counts at least; it makes an object of Python's of each."""
NESTED = (dict, list)


class Writer:
    """Writes JSON until it is more than the bound; bytes are JSON already."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.inside = self.total = 0

    def all(self, values: Sequence[Any]) -> list[bytes]:
        """Each of the objects of a level, of which not all need be in the answer."""
        return [self.one(value, 2) for value in values]

    def one(self, value: Any, times: int = 1) -> bytes:
        """One value; with all before it no more than some times the bound."""
        self.inside = 0
        try:
            data = orjson.dumps(value, default=self.plain)
        except orjson.JSONEncodeError as error:
            if isinstance(error.__cause__, AnswerTooLargeError):
                raise error.__cause__ from None
            raise NeedsGraphQLCoreError from error
        self.total += len(data)
        if self.total > times * self.most:
            raise AnswerTooLargeError(self.most)
        return data

    def pieces(self, value: Any) -> bytes:
        """One value that may be large, piece by piece, so that no step takes long."""
        if isinstance(value, list):
            return b"[%b]" % b",".join(map(self.pieces, value))
        if isinstance(value, dict) and any(isinstance(each, NESTED) for each in value.values()):
            parts = [orjson.dumps(key) + b":" + self.pieces(each) for key, each in value.items()]
            return b"{%b}" % b",".join(parts)
        return self.one(value)

    def plain(self, value: Any) -> Any:
        """What orjson does not know as JSON has it: a decimal number is a text, so that no digit
        is lost.
        """
        if isinstance(value, bytes):
            self.inside += len(value)
            if self.inside > self.most:
                raise AnswerTooLargeError(self.most)
            return orjson.Fragment(value)
        if isinstance(value, Decimal):
            return str(value)
        raise TypeError(type(value).__name__)


def weighed(value: Any) -> int:
    """About how many bytes graphql-core makes of what a root field was answered, before it does."""
    known: dict[int, int] = {}

    def weight(value: Any) -> int:
        if isinstance(value, str):
            return FIELD + len(value)
        if not isinstance(value, TypedObject | list | tuple):
            return FIELD
        if id(value) not in known:
            below = value.values.values() if isinstance(value, TypedObject) else value
            known[id(value)] = FIELD + sum(map(weight, below))
        return known[id(value)]

    return weight(value)
