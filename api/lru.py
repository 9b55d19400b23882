"""A bounded cache: what was used again stays longest, and everything is weighed whole."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")

PROBATION = 4
"""A new value may push out others that were used once only, as far as those take a fourth."""
GHOSTS = 512
"""How many of the new values that were let go of are remembered, by the hashes of their keys."""
ENTRY_BYTES = 512
"""About what an entry takes beside its key and its value."""


class WeightedLRU(Generic[Value]):
    """The values used last, within a number of bytes; a segmented LRU that knows its ghosts (2Q).

    What was found again, or comes back soon after it was let go of, is protected: values that come
    once and never again, however many, push out no more of it than what lets a fourth of the bytes
    be new.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.held = 0
        """The bytes of all that is kept."""
        self.probation: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self.protected: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self.on_probation = 0
        """The bytes of what was never found again."""
        self.ghosts: dict[int, None] = {}

    def peek(self, key: Hashable) -> Value | None:
        """The value under a key, which does not count as used again."""
        found = self.protected.get(key) or self.probation.get(key)
        return None if found is None else found[0]

    def find(self, key: Hashable) -> Value | None:
        """The value under a key, now the newest of the protected."""
        found = self.protected.get(key)
        if found is not None:
            self.protected.move_to_end(key)
            return found[0]
        found = self.probation.pop(key, None)
        if found is None:
            return None
        self.on_probation -= found[1]
        self.protected[key] = found
        return found[0]

    def keep(self, key: Hashable, value: Value, weight: int) -> None:
        """Keeps a value, in the place of another under its key; `weight` are the bytes of both.

        What is protected stays so.
        """
        weight += ENTRY_BYTES
        is_protected = key in self.protected or hash(key) in self.ghosts
        self.ghosts.pop(hash(key), None)
        self.forget(key)
        if weight > self.most:
            return
        self.held += weight
        if is_protected:
            self.protected[key] = (value, weight)
        else:
            self.probation[key] = (value, weight)
            self.on_probation += weight
        self._bound()

    def grow(self, key: Hashable, value: Value, more: int) -> None:
        """Says that a value takes more bytes than before, or fewer; nothing if it is not kept."""
        segment = self.protected if key in self.protected else self.probation
        found = segment.get(key)
        if found is None or found[0] is not value:
            return
        segment[key] = (value, found[1] + more)
        self.held += more
        if segment is self.probation:
            self.on_probation += more
        self._bound()

    def forget(self, key: Hashable) -> None:
        """Keeps nothing under a key."""
        if key in self.protected:
            self.held -= self.protected.pop(key)[1]
        elif key in self.probation:
            self._drop(self.probation.pop(key)[1])

    def _bound(self) -> None:
        """Lets go of the oldest until the rest is within the bound."""
        while self.held > self.most:
            is_new = self.on_probation * PROBATION > self.most or not self.protected
            if is_new:
                key, (_, weight) = self.probation.popitem(last=False)
                self._drop(weight)
                self.ghosts[hash(key)] = None
                if len(self.ghosts) > GHOSTS:
                    del self.ghosts[next(iter(self.ghosts))]
            else:
                self.held -= self.protected.popitem(last=False)[1][1]

    def _drop(self, weight: int) -> None:
        self.held -= weight
        self.on_probation -= weight


def weight_of(*parts: str | bytes | None) -> int:
    """The bytes of texts as Python holds them."""
    return sum(map(sys.getsizeof, parts))
