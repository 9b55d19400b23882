"""The newest edition, known before each answer, whichever process has published it."""

from __future__ import annotations

import mmap
import os
import sqlite3
from pathlib import Path

import sqlalchemy as sa

from schema.storage.freshness import Watermark, finding, published
from schema.storage.sqlite_open import OpenFile
from schema.storage.timing import Timing

HEADER = 48
"""How many bytes say which commit is the last one, at the start of a file's shared memory.

Sections 1.1 and 2.1 of SQLite's "WAL-mode File Format"; each commit changes them, and readers
compare them as it is done here.
"""

FOUND = finding("?")

_memories: dict[tuple[int, int], mmap.mmap] = {}
"""The shared memories that this process has mapped, by their inodes. They are never closed: that
would give up all locks that SQLite's own connections hold on them."""


class SqliteFreshness:
    """Knows the newest edition of an SQLite file, by a connection that never writes.

    Its pragma tells that another connection has committed. It takes two locks; to see that the
    shared memory is the same as before takes none, and no call of the system, and says the same.
    The memory is there as long as a connection is open, by which SQLite has mapped it too.
    """

    def __init__(self, url: sa.URL, timing: Timing) -> None:
        self.timing = timing
        self.path = Path(url.database or "").resolve()
        self.file: OpenFile | None = None
        self.memory: mmap.mmap | None = None
        self.header = b""
        self.version: int | None = None
        self.published: Watermark | None = None
        self.is_bare = False
        self.known: Watermark | None = None
        """What was published when this file was last read."""

    def now(self) -> Watermark | None:
        """What is published; None where there is no such file, or none that is migrated."""
        try:
            file = self._current()
            header = b"" if self.memory is None else self.memory[:HEADER]
            if header and header == self.header:
                return self.published
            # What is committed after each of these is seen by the next look.
            (version,) = file.raw.execute("PRAGMA data_version").fetchone()
            if version != self.version:
                known = 0 if self.known is None else self.known.edition
                row = file.raw.execute(FOUND, (known,)).fetchone()
                self.known = self.published = published(row, self.known)
                self.version = version
            self.header, self.is_bare = header, False
        except FileNotFoundError:
            self.is_bare = False
            return None
        except (sqlite3.Error, OSError) as error:
            self.is_bare = "no such table" in str(error)
            self._close()
        return self.published

    async def fetch(self) -> Watermark | None:
        """The same: what cannot be read at once is not known."""
        return self.now()

    async def dispose(self) -> None:
        """Closes the connection."""
        self._close()

    def _current(self) -> OpenFile:
        """The file that lies at the path, opened; FileNotFoundError where there is none."""
        if self.file is not None and not self.file.is_current():
            self._close()
            self.known = None
        if self.file is None:
            # Without a timeout: who cannot read at once must not keep the event loop.
            self.file = OpenFile(self.path, self.timing.look_seconds, timeout=0)
            # Reading the mode opens the shared memory.
            if self.file.raw.execute("PRAGMA journal_mode").fetchone() == ("wal",):
                self.memory = _memory(Path(f"{self.path}-shm"))
        return self.file

    def _close(self) -> None:
        if self.file is not None:
            self.file.close()
        self.file = self.memory = self.version = self.published = None
        self.header = b""


def _memory(path: Path) -> mmap.mmap | None:
    """A file's shared memory, to be read; None where it cannot be read beside SQLite."""
    if os.name != "posix":
        return None
    try:
        found = path.stat()
        inode = (found.st_dev, found.st_ino)
        if inode not in _memories:
            opened = os.open(path, os.O_RDONLY)
            _memories[inode] = mmap.mmap(opened, HEADER, prot=mmap.PROT_READ)
    except (OSError, ValueError):
        return None
    return _memories[inode]
