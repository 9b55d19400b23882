"""What a verb of `pactbook` imports: what it needs, told by what is loaded and not by time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.checkout import ROOT
from tests.support.databases import Store, Stores
from tests.support.dossier_factory import make

VERB = """
import os, sys
def loaded(*_): print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
os.execve = loaded  # where `serve` goes on as another process
from api.cli import main
try:
    main()
finally:
    loaded()
"""
SERVING = {"jinja2", "starlette", "uvicorn"}
READING = SERVING | {"strawberry", "graphql"}
MIGRATING = {"alembic", "mako"}
POSTGRESQL = {"psycopg"}
STATES = {"babel"}


def loaded(*verb: str) -> set[str]:
    """The packages that are loaded when a verb has run."""
    command = [sys.executable, "-c", VERB, *verb]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return set(ran.stderr.splitlines()[-1].split())


@pytest.fixture
def file(sqlite: Stores) -> Store:
    """An SQLite file with the seed."""
    return sqlite.make(seeded=True)


def test_publishing_loads_neither_what_serves_nor_what_migrates(
    file: Store, tmp_path: Path
) -> None:
    found = loaded("publish", str(make(tmp_path / "a")), "--database", file.url)
    assert found & (READING | MIGRATING | POSTGRESQL) == set()


def test_checking_loads_neither_what_serves_nor_what_migrates(file: Store) -> None:
    found = loaded("check", "--database", file.url)
    assert found & (READING | MIGRATING | POSTGRESQL) == set()


@pytest.mark.parametrize("verb", ["migrate", "load", "serve"])
def test_nothing_that_migrates_is_loaded_where_nothing_is_left_to_do(
    file: Store, verb: str
) -> None:
    found = loaded(verb, "--database", file.url, *(["--port", "0"] if verb == "serve" else []))
    assert found & (READING | MIGRATING | POSTGRESQL) == set()


def test_a_schema_loads_what_it_is_made_of() -> None:
    of_graph, of_dossiers = loaded("schema"), loaded("schema", "--dossier")
    assert of_graph & (SERVING | MIGRATING | POSTGRESQL | STATES) == set()
    assert "graphql" in of_graph
    assert of_dossiers & (READING | MIGRATING | POSTGRESQL | STATES) == set()
