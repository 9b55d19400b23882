"""The recipes of `schema/README.md`, each followed to the letter on a copy of the checkout."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.support.checkout import ROOT

COPIED = ("alembic", "api", "schema", "tests", "README.md", "pyproject.toml")
LEFT = shutil.ignore_patterns("__pycache__", "node_modules", "static", "*.db")
ASK = """
import asyncio, json, sys
from schema.build import build
from schema.execution.context import Context
from schema.storage.open import snapshots

async def ask(url, query):
    async with Context(snapshots(url)) as context:
        return await build().execute(query, context_value=context)

print(json.dumps(vars(asyncio.run(ask(*sys.argv[1:])))["data"]))
"""


class Copy:
    """A copy of the checkout, in which somebody follows recipes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=LEFT)
            else:
                shutil.copy(ROOT / name, folder / name)

    def follow(self, recipe: str) -> None:
        """Does what the blocks of a recipe say: files are written, and lines put in or replaced."""
        told = (ROOT / "schema" / "README.md").read_text("utf-8")
        steps = told.partition(f"### {recipe}\n")[2].partition("\n### ")[0]
        blocks = re.findall(r"^ *```(python|diff)\n(.*?)^ *```$", steps, re.DOTALL | re.MULTILINE)
        assert blocks
        for kind, indented in blocks:
            first, _, rest = textwrap.dedent(indented).partition("\n")
            path = self.folder / first.split()[1]
            if kind == "python":
                assert not path.exists()
                path.write_text(rest, "utf-8")
            else:
                old, new = ("".join(_side(rest, sign)) for sign in "-+")
                text = path.read_text("utf-8")
                assert text.count(old) == 1, old
                path.write_text(text.replace(old, new), "utf-8")

    def run(self, *arguments: str, is_refused: bool = False) -> str:
        """What Python prints in the copy."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={
                **os.environ,
                "PYTHONPATH": str(self.folder),
                "PACTBOOK_DATABASE_URL": f"sqlite:///{self.folder}/copy.db",
                "COLUMNS": "400",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert bool(done.returncode) is is_refused, done.stdout + done.stderr
        return done.stdout + done.stderr

    def pactbook(self, *arguments: str, is_refused: bool = False) -> str:
        """What the command says."""
        return self.run("-c", "from api.cli import main; main()", *arguments, is_refused=is_refused)

    def ask(self, query: str) -> dict[str, Any]:
        """The answer of the graph."""
        url = f"sqlite:///{self.folder}/copy.db"
        answer: dict[str, Any] = json.loads(self.run("-c", ASK, url, query))
        return answer

    def test(self, name: str, chosen: str) -> None:
        """Runs tests of the copy: those in a file that an expression chooses."""
        [path] = (self.folder / "tests").rglob(name)
        options = ["-q", "-n", "0", "-p", "no:cacheprovider", "-k", chosen]
        self.run("-m", "pytest", *options, str(path))


def _side(diff: str, sign: str) -> list[str]:
    """The lines of a difference as they are before it (`-`) or after it (`+`)."""
    return [line[1:] + "\n" for line in diff.splitlines() if line[0] in (" ", sign)]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A copy of the checkout."""
    return Copy(tmp_path)


def test_the_recipes_give_a_field_and_a_root_question(copy: Copy) -> None:
    before = (ROOT / "schema" / "schema.graphql").read_text("utf-8")
    copy.follow("Add a field")
    copy.follow("Add a root question")
    copy.pactbook("schema", "schema/schema.graphql")
    after = (copy.folder / "schema" / "schema.graphql").read_text("utf-8")
    assert "weather: String" in after
    assert {*before.splitlines()} <= {*after.splitlines()}
    seed = copy.folder / "api" / "seed" / "dossier.yaml"
    event = "  event/presidents-meeting:\n"
    coded = seed.read_text("utf-8").replace(event, event + "    weather: {quote: on Thursday}\n")
    seed.write_text(coded, "utf-8")
    copy.pactbook("migrate")
    copy.pactbook("load")
    copy.pactbook("check")
    found = copy.ask(
        '{ events(where: {weather: {startsWith: "on"}}) { nodes { id weather } } '
        "places(first: 2) { name eventCount } }"
    )
    assert found == {
        "events": {"nodes": [{"id": "event/presidents-meeting", "weather": "on Thursday"}]},
        "places": [{"name": "Russia", "eventCount": 1}],
    }
    copy.pactbook("migrate", "--to", "0017")
    copy.pactbook("migrate")
    copy.pactbook("check")
    copy.test("test_migrations.py", "sqlite and (agree or same_indexes or up_and_down)")
    copy.test("test_layers.py", "questions or floors or circle")
    copy.test("test_cost.py", "has_a_bound")


def test_a_field_that_is_not_optional_is_asked_of_new_records_alone(copy: Copy) -> None:
    copy.pactbook("migrate")
    copy.pactbook("load")
    copy.follow("Add a field")
    event = copy.folder / "schema" / "nouns" / "event.py"
    text = event.read_text("utf-8")
    event.write_text(text.replace('    optional = frozenset({"weather"})\n', ""), "utf-8")
    copy.pactbook("migrate")
    copy.pactbook("check")
    [found] = copy.ask(
        "{ events(first: 1) { nodes { weather unknowns(first: 100) { nodes { field } } } } }"
    ).values()
    assert found["nodes"][0]["weather"] is None
    assert {"field": "WEATHER"} not in found["nodes"][0]["unknowns"]["nodes"]
    assert "nothing" in copy.pactbook("publish", "api/seed")
    other = ("--database", f"sqlite:///{copy.folder}/other.db")
    copy.pactbook("migrate", *other)
    refusal = copy.pactbook("publish", "api/seed", *other, is_refused=True)
    assert "weather: it has neither a value nor a reason" in refusal
