"""Server and load processes, and what the system tells of them."""

from __future__ import annotations

import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

START_SECONDS = 120
ROOT = Path(__file__).resolve().parents[2]
KEPT = {"PACTBOOK_ANSWERS_KEPT": "0"}
"""The setting that has Pactbook keep no answers."""
CEILINGS = {
    "PACTBOOK_PAGE_CEILING": "500",
    "PACTBOOK_COST": "1000000",
    "PACTBOOK_OPERATION_SECONDS": "120",
}


@dataclass
class Running:
    """A server that runs."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def cpu(self) -> float | None:
        """The seconds of processor time that it took so far; None where nobody tells."""
        try:
            told = Path(f"/proc/{self.process.pid}/stat").read_text()
        except OSError:
            return None
        fields = told.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float | None:
        """Its resident memory in MiB; None where nobody tells."""
        return self._status("VmRSS")

    def most_memory(self) -> float | None:
        """The most resident memory that it had, in MiB."""
        return self._status("VmHWM")

    def _status(self, name: str) -> float | None:
        try:
            told = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return None
        return next(
            (int(line.split()[1]) / 1024 for line in told.splitlines() if line.startswith(name)),
            None,
        )


def interpreter(checkout: Path) -> Path:
    """The Python of a checkout; that of this one is what runs here."""
    return Path(sys.executable) if checkout == ROOT else checkout / ".venv/bin/python"


def command(
    name: str, place: str, port: int, checkout: Path = ROOT
) -> tuple[list[str], dict[str, str]]:
    """How a server is started, and what its environment says."""
    if name in ("pactbook", "kept"):
        pactbook = [str(interpreter(checkout).with_name("pactbook")), "serve", "--no-seed"]
        environment = CEILINGS | (KEPT if name == "pactbook" else {})
        return [*pactbook, "--port", str(port), "--database", place], environment
    return [sys.executable, "-m", "tests.benchmarks.serving", name, place, str(port)], {}


@contextmanager
def server(name: str, place: str, checkout: Path = ROOT) -> Iterator[Running]:
    """A server on a port of its own, for the length of the block; Pactbook's of any checkout."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told, environment = command(name, place, port, checkout)
    process = subprocess.Popen(
        told,
        cwd=checkout,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=None if name not in ("pactbook", "kept") else subprocess.DEVNULL,
    )
    try:
        _wait(process, port, name)
        yield Running(name, port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, name: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    message = f"The server {name} did not start."
    raise RuntimeError(message)


class Load:
    """The process that asks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.load"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Ends the process."""
        self.process.communicate()

    def bodies(self, name: str, bodies: Sequence[bytes]) -> str:
        """A file with the bodies of requests, for `ask`."""
        path = self.folder / f"{name}.bodies"
        path.write_bytes(pickle.dumps([*bodies]))
        return str(path)

    def ask(self, port: int, bodies: str, connections: int, **until: float) -> dict[str, float]:
        """How it went to ask for some seconds, or for some requests."""
        told: dict[str, Any] = {"port": port, "bodies": bodies, "connections": connections}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(told | until).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            message = "The load's process ended; what a server answered stands above."
            raise RuntimeError(message)
        found: dict[str, float] = json.loads(line)
        return found
