"""A server under attack: a process with bounded memory, and a normal client beside it.

Attackers and client are bounded in count; they end when the client has its answers.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from api.settings import Settings
from tests.support.checkout import ROOT

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
MEBI = 1 << 20
GIBI = 1 << 30

ANSWERS = 200
"""How many answers of a normal client make a median."""
RATIO = 10
"""How many times its own median a normal client may wait beside an attack."""
FLOOR_SECONDS = 0.005
"""A median below this counts as this: less is noise on a machine that does other work."""
TRIES = 3
"""How often it is measured where others disturb it; an attack that hits, hits each time."""

Attack = Callable[[str], object]
"""One attack on the server at an address; it returns when it is over."""


@dataclass
class Attacked:
    """A server that runs."""

    process: subprocess.Popen[bytes]
    address: str
    """Such as `http://127.0.0.1:8123`."""

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.address.rpartition(":")[2])

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def mebibytes(self) -> float:
        """The most resident memory that it had."""
        told = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in told.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024


@contextmanager
def attacked(url: str, address_space: int | None = None, /, **settings: str) -> Iterator[Attacked]:
    """A server over the database at `url`, with settings by their names, `body_bytes="100"`.

    `address_space` bounds its memory in bytes, as RLIMIT_AS does.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1024)
        listener.set_inheritable(True)
        port, descriptor = listener.getsockname()[1], listener.fileno()

        given = {f"PACTBOOK_{name.upper()}": value for name, value in settings.items()}
        process = subprocess.Popen(
            [sys.executable, "-m", "api.process.server", str(descriptor)],
            cwd=ROOT,
            env=ENVIRONMENT | Settings(database_url=url).environment | given,
            pass_fds=[descriptor],
            stderr=subprocess.DEVNULL,
        )
        if address_space is not None:
            resource.prlimit(process.pid, resource.RLIMIT_AS, (address_space, address_space))
    # The listener is there before the process is, so that the first request waits for its start.
    server = Attacked(process, f"http://127.0.0.1:{port}")
    try:
        httpx2.get(f"{server.address}/health", timeout=None).raise_for_status()
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(120)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass
class Times:
    """How long a normal client waited."""

    seconds: list[float] = field(repr=False)

    @property
    def median(self) -> float:
        """The median in seconds, not below what counts as noise."""
        return max(FLOOR_SECONDS, statistics.median(self.seconds))


def normal(server: Attacked, answers: int = ANSWERS) -> Times:
    """How long a normal client waits for each of so many answers, which must all be right.

    It is a process of its own, so that the attackers do not slow it down.
    """
    command = [sys.executable, "-m", "tests.attacks.client", server.address, str(answers)]
    told = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, check=False)
    assert told.returncode == 0, told.stderr.decode()
    return Times([float(line) for line in told.stdout.split()])


def beside(server: Attacked, attack: Attack, clients: int = 2, answers: int = ANSWERS) -> Times:
    """How long a normal client waits while others attack, again and again, until it is done."""
    stop = threading.Event()
    begun = [threading.Event() for _ in range(clients)]
    wrong: list[BaseException] = []

    def attacker(started: threading.Event) -> None:
        while not stop.is_set():
            started.set()
            try:
                attack(server.address)
            except (OSError, httpx2.HTTPError):
                pass  # an attacker may be refused, cut off or kept waiting
            except BaseException as error:  # noqa: BLE001  # a mistake in the test itself
                wrong.append(error)
                return

    threads = [threading.Thread(target=attacker, args=[each], daemon=True) for each in begun]
    for thread in threads:
        thread.start()
    try:
        for each in begun:
            each.wait()
        return normal(server, answers)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        assert not wrong, wrong


def withstands(
    server: Attacked, attack: Attack, harmless: Attack | None = None, clients: int = 2
) -> None:
    """Asserts that a normal client waits no longer than `RATIO` times its own median.

    Its own median is taken beside as many clients that ask something harmless, so that both are
    measured on a machine that is as busy.
    """
    found = []
    for _ in range(TRIES):
        own = beside(server, harmless or small, clients)
        under = beside(server, attack, clients)
        assert server.is_alive
        if under.median <= RATIO * own.median:
            return
        found.append(f"{under.median:.4f} s, alone {own.median:.4f} s")
    raise AssertionError("; ".join(found))


def asked(address: str, query: str, **more: object) -> httpx2.Response:
    """The answer to one operation by POST."""
    return httpx2.post(f"{address}/graphql", json={"query": query, **more}, timeout=None)


def small(address: str) -> None:
    """Asks something harmless, as one of many normal clients does."""
    asked(address, "{ parties(first: 5) { nodes { id title } } }").raise_for_status()
