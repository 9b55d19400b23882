"""`pactbook serve` as a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx2

from tests.support.checkout import ROOT

SERVE = [sys.executable, "-c", "from api.cli import main; main()", "serve"]
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT),
    "PACTBOOK_OPERATION_SECONDS": "60",
}


@contextmanager
def serving(
    url: str, *options: str, environment: Mapping[str, str] = ENVIRONMENT
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`pactbook serve` as a process, and its address."""
    process = subprocess.Popen(
        [*SERVE, "--port", "0", "--database", url, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        place = next(
            found[1] for line in lines if (found := re.search(r"Graph +(\S+)/graphql", line))
        )
        yield process, place
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def answered(process: subprocess.Popen[str], place: str) -> dict[str, Any]:
    """The health of a server that has just said where it is."""
    while process.poll() is None:
        try:
            found: dict[str, Any] = httpx2.get(f"{place}/health", timeout=None).json()
        except httpx2.ConnectError:
            time.sleep(0.05)
        else:
            return found
    raise AssertionError(f"{place} does not answer")
