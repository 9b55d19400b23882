"""The seal of a snapshot: the SHA-256 of the whole file, kept in the file itself.

It is counted as if zeros stood in its own place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

LENGTH = 64
UNSEALED = "unsealed".ljust(LENGTH, ".")
"""What stands in the place of the seal until the file is whole."""
ZEROS = b"0" * LENGTH


class SealError(Exception):
    """A file in which the seal cannot be, or not just once."""


def digest(content: bytes, seal: str) -> str:
    """The SHA-256 of a file that has this seal."""
    place = seal.encode()
    if len(place) != LENGTH or content.count(place) != 1:
        raise SealError
    return hashlib.sha256(content.replace(place, ZEROS)).hexdigest()


def seal(file: Path) -> str:
    """Seals a file that is whole."""
    content = file.read_bytes()
    found = digest(content, UNSEALED)
    file.write_bytes(content.replace(UNSEALED.encode(), found.encode()))
    return found


class RowDigest:
    """The SHA-256 of the rows of a table, each as a line of JSON, and how many there are."""

    def __init__(self) -> None:
        self.hash, self.count = hashlib.sha256(), 0

    def add(self, row: Sequence[Any]) -> None:
        """Adds a row."""
        self.hash.update(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        self.count += 1
