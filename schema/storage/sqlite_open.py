"""Opening an SQLite file to read it, and knowing whether it is still the one at its path."""

from __future__ import annotations

import os
import sqlite3
import struct
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

SIDECARS = ("-wal", "-shm")
"""The files beside it, by the ends of their names."""
LOCK = "hhqqi4x"
"""The form of Linux's `struct flock`."""
USED, SHARED = (128, 1), (0x4000_0002, 510)
"""The bytes that whoever has a file open in WAL mode holds a lock on, in its shared memory and in
the file itself (`UNIX_SHM_DMS` and `SHARED_FIRST` in SQLite's os_unix.c and os.h)."""
UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
"""What SQLite says where it may not make them."""


_found: dict[str, tuple[float, os.stat_result]] = {}
"""What lay at a path when it was last looked at, and when that was: all connections to a file turn
to another one at the same time, or one could read of the old what is kept for the new."""

_looked_at: dict[str, int] = {}
"""Descriptors by which locks were looked at. They are not closed while their file is the same:
that would give up all locks that SQLite's own connections hold on it."""


def found_at(path: str, seconds: float) -> os.stat_result:
    """What lies at a path, or did so many seconds ago at most; OSError where nothing does."""
    now = time.monotonic()
    known = _found.get(path)
    if known is not None and now - known[0] < seconds:
        return known[1]
    try:
        found = os.stat(path)  # noqa: PTH116  # a path of its own takes as long again
    except OSError:
        _found.pop(path, None)
        raise
    _found[path] = (now, found)
    return found


def clear(path: str) -> None:
    """Takes away the log of a file that lay at this path, while others still read that one.

    It would be taken for the log of the file that lies there now. Both the memory that is in use
    and the file tell by their locks whether they belong together. Only Linux can be asked.
    """
    if sys.platform != "linux":  # pragma: no cover
        return
    with suppress(OSError):
        if _is_locked(f"{path}-shm", USED) and not _is_locked(path, SHARED):
            for end in SIDECARS:
                Path(path + end).unlink()


def _is_locked(path: str, part: tuple[int, int]) -> bool:
    """Whether any connection, of this process or another, has a lock on a part of a file."""
    import fcntl  # noqa: PLC0415  # Windows has none

    found = Path(path).stat()
    known = _looked_at.get(path)
    if known is not None and os.fstat(known)[1:3] != (found.st_ino, found.st_dev):
        os.close(_looked_at.pop(path))
    if path not in _looked_at:
        _looked_at[path] = os.open(path, os.O_RDONLY)
    wanted = struct.pack(LOCK, fcntl.F_WRLCK, os.SEEK_SET, *part, 0)
    found_lock = fcntl.fcntl(_looked_at[path], fcntl.F_OFD_GETLK, wanted)
    return bool(struct.unpack(LOCK, found_lock)[0] != fcntl.F_UNLCK)


class OpenFile:
    """A connection that reads a file, wherever the file has gone since."""

    def __init__(self, path: Path, look_seconds: float = 0.0, **given: Any) -> None:
        """Opens it; one that is not there is not made. `given` are arguments of sqlite3.connect.

        For `look_seconds` what lies at the path is not looked at again.
        """
        self.path, self.look_seconds = str(path), look_seconds
        self.found: os.stat_result | None = None
        """What last lay at the path, where that was this file."""
        clear(self.path)
        while True:
            self.state = self._state()
            self.raw, self.is_immutable = self._opened(given)
            self.sidecars = {end: self._inode(end) for end in SIDECARS}
            if self._inode("") == self.state[:2]:
                return
            self.raw.close()  # It was replaced meanwhile.

    def _opened(self, given: Any) -> tuple[sqlite3.Connection, bool]:
        """The connection, and whether it takes no locks.

        That is where nobody may lock the file here, and nobody writes to it.
        """
        try:
            return self._connected("mode=rw", given), False
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in UNWRITABLE or self._is_written():
                raise
        return self._connected("mode=ro&immutable=1", given), True

    def _connected(self, mode: str, given: Any) -> sqlite3.Connection:
        raw: sqlite3.Connection = sqlite3.connect(
            f"{Path(self.path).as_uri()}?{mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            **given,
        )
        try:
            with suppress(sqlite3.OperationalError):  # where it may not be written, or is locked
                raw.execute("PRAGMA journal_mode = WAL").fetchone()
            raw.execute("PRAGMA schema_version").fetchone()  # which reads the file
        except sqlite3.Error:
            raw.close()
            raise
        return raw

    def is_current(self) -> bool:
        """Whether the file still lies at its path; OSError where there is none."""
        found = found_at(self.path, self.look_seconds)
        if found is self.found:
            return True
        device, inode, *rest = self.state
        if found.st_ino != inode or found.st_dev != device:
            return False
        is_same = not self.is_immutable or (
            rest == [found.st_mtime_ns, found.st_size] and not self._is_written()
        )
        self.found = found if is_same else None
        return is_same

    def close(self) -> None:
        """Closes the connection; what it leaves beside another file at the path is taken away.

        A log that is left there would be taken for that of the other file. SQLite leaves it where
        the file was moved, so what it holds is written to the file before, wherever that is now.
        """
        with suppress(OSError, sqlite3.Error):
            if self._inode("") != self.state[:2]:
                self.raw.execute("PRAGMA busy_timeout = 0")
                self.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if self._inode("") not in (None, self.state[:2]):
            for end, inode in self.sidecars.items():
                # As long as this connection is open, nobody else's file has the same number.
                if inode is not None and self._inode(end) == inode:
                    with suppress(OSError):
                        Path(self.path + end).unlink()
        self.raw.close()

    def _state(self) -> tuple[int, ...]:
        """What is another number when the file is another one or, without locks, another state."""
        with suppress(OSError):
            found = found_at(self.path, 0)
            return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size
        return 0, 0, 0, 0

    def _inode(self, end: str) -> tuple[int, ...] | None:
        with suppress(OSError):
            found = Path(self.path + end).stat()
            return found.st_dev, found.st_ino
        return None

    def _is_written(self) -> bool:
        """Whether a log lies beside the file, of somebody who writes, or who was cut off."""
        with suppress(OSError):
            return Path(self.path + "-wal").stat().st_size > 0
        return False
