"""Standard output and error that never block: what nobody reads is dropped and counted."""

from __future__ import annotations

import atexit
import io
import os
import sys
import threading
from collections import deque

MOST_BYTES = 1 << 20
"""How much is kept for a reader that is slow."""
LAST_SECONDS = 1.0
"""How long the process waits for such a reader when it ends."""


class Unblocked(io.TextIOBase):
    """A stream to a descriptor, which a thread of its own writes to.

    To make the descriptor itself non-blocking would change it for every process that shares it.
    """

    encoding = "utf-8"

    def __init__(self, descriptor: int, most: int = MOST_BYTES) -> None:
        super().__init__()
        self.descriptor = descriptor
        self.most = most
        self.waiting: deque[bytes] = deque()
        self.size = self.dropped = 0
        # A signal's handler may write while its own thread does.
        self.changed = threading.Condition(threading.RLock())
        self.is_ending = False
        self.thread = threading.Thread(target=self._written, name="output", daemon=True)
        self.thread.start()

    def write(self, text: str) -> int:
        data = text.encode(errors="backslashreplace")
        with self.changed:
            if self.size + len(data) > self.most:
                self.dropped += 1
            elif data:
                self.waiting.append(data)
                self.size += len(data)
                self.changed.notify()
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.descriptor

    def isatty(self) -> bool:
        return os.isatty(self.descriptor)

    def end(self, seconds: float = LAST_SECONDS) -> None:
        """Waits until all is written, or for so long."""
        with self.changed:
            self.is_ending = True
            self.changed.notify()
        self.thread.join(seconds)

    def _written(self) -> None:
        """Writes until the end, or until nobody can read any more."""
        while data := self._next():
            try:
                while data:
                    data = data[os.write(self.descriptor, data) :]
            except OSError:
                return

    def _next(self) -> bytes:
        """What is to be written next, when there is something; nothing at the end."""
        with self.changed:
            self.changed.wait_for(lambda: self.waiting or self.dropped or self.is_ending)
            if self.waiting:
                data = self.waiting.popleft()
                self.size -= len(data)
                return data
            dropped, self.dropped = self.dropped, 0
            return f"{dropped} messages were dropped because nobody read them.\n".encode() * bool(
                dropped
            )


def unblocked() -> None:
    """Has all that this process says on its outputs never wait for a reader."""
    sys.stdout, sys.stderr = streams = Unblocked(1), Unblocked(2)
    for stream in streams:
        atexit.register(stream.end)
