"""The clients of `tests/clients`: a copy with all that they generate, and their programs."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from graphql import build_schema, introspection_from_schema

from tests.support.checkout import CONTRACT, ROOT
from tests.support.nodejs import absent, node_ready

CLIENTS = ROOT / "tests" / "clients"
OWN = ROOT / ".venv" / "clients" / "bin"
"""Where `make test` installs the generators for Python."""
LEFT = shutil.ignore_patterns("node_modules", "generated", "__pycache__")

Done = subprocess.CompletedProcess[str]


def copied(shared: Path, name: str, generate: Callable[[Path], object]) -> Path:
    """A copy of the clients beside the contract, made and filled once for all workers."""
    folder = shared / f"clients-{name}"
    done = shared / f"clients-{name}.done"
    with done.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(CLIENTS, folder, ignore=LEFT)
            shutil.copy(CONTRACT, folder)
            generate(folder)
            done.touch()
    return folder


class JavaScript:
    """The clients in TypeScript, with what each made of the contract."""

    def __init__(self, shared: Path) -> None:
        self.node = node_ready(CLIENTS)
        self.folder = copied(shared, "node", self._generate)

    def _generate(self, folder: Path) -> None:
        (folder / "node_modules").symlink_to(CLIENTS / "node_modules")
        checked(self.node("generate.mjs", cwd=folder))

    def run(self, program: str, address: str) -> Done:
        """What a program comes to against a server."""
        return self.node("run.mjs", program, address, cwd=self.folder)

    def typed(self) -> Done:
        """What the compiler says of all types."""
        return self.node("node_modules/typescript/lib/tsc.js", cwd=self.folder)


class Python:
    """The clients in Python, with what their generators made of the contract."""

    def __init__(self, shared: Path) -> None:
        if not (OWN / "sgqlc-codegen").exists():
            absent("the generators for Python are not installed: make test does it")
        self.folder = copied(shared, "python", self._generate)

    def _generate(self, folder: Path) -> None:
        for client in ("ariadne", "sgqlc"):
            (folder / client / "generated").mkdir()
        introspection = introspection_from_schema(build_schema(CONTRACT.read_text("utf-8")))
        (folder / "introspection.json").write_text(json.dumps(introspection), "utf-8")
        types = "sgqlc/generated/pactbook_types.py"
        checked(ran(folder, str(OWN / "sgqlc-codegen"), "schema", "introspection.json", types))
        config = "ariadne/ariadne-codegen.toml"
        checked(ran(folder, str(OWN / "ariadne-codegen"), "--config", config))

    def run(self, program: str, address: str) -> Done:
        """What a program comes to against a server."""
        python = sys.executable if program.startswith("gql/") else str(OWN / "python")
        return ran(self.folder, python, program, PACTBOOK=f"{address}/graphql")


def ran(folder: Path, *command: str, **environment: str) -> Done:
    """What a command comes to in a folder."""
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def checked(done: Done) -> None:
    """Refuses what failed, with all that it said."""
    assert done.returncode == 0, done.stdout + done.stderr
