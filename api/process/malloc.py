"""Memory: what the process leaves to the system, so that it does not grow under load."""

from __future__ import annotations

import ctypes
import gc
import sys

ARENA_MAX, MMAP_THRESHOLD, TRIM_THRESHOLD = -8, -3, -1
"""The names of glibc's parameters, in malloc.h."""
LARGE = 131_072
"""What is larger, such as a whole answer, goes back to the system as soon as it is let go."""


def limit_heap_growth() -> None:
    """Has the memory of answers used again, whichever thread made them."""
    gc.collect()
    gc.freeze()  # the graph stays as long as the process; looking through it again finds nothing
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        # Each thread's own arena would keep what its largest answer took.
        library.mallopt(ARENA_MAX, 1)
        library.mallopt(MMAP_THRESHOLD, LARGE)
        library.mallopt(TRIM_THRESHOLD, 2 * LARGE)
        library.malloc_trim(0)
