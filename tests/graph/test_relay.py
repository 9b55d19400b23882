"""Relay's own compiler takes the schema, and refetches every record by its id."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from schema.model.registry import nouns
from tests.support import nodejs
from tests.support.checkout import CONTRACT

NO_PROGRAM = 69
"""What the script says where Relay has no compiler for the machine."""


def compiled(folder: Path, schema: str) -> subprocess.CompletedProcess[str]:
    """What Relay makes of a fragment on each noun that is to be fetched again on its own."""
    (folder / "schema.graphql").write_text(schema, "utf-8")
    source = folder / "src"
    source.mkdir()
    for noun in nouns():
        fragment = f'fragment {noun}_it on {noun} @refetchable(queryName: "{noun}Query") {{ id }}'
        (source / f"{noun}.js").write_text(f"graphql`{fragment}`;", "utf-8")
    config = folder / "relay.config.json"
    config.write_text(
        json.dumps({"src": "./src", "schema": "./schema.graphql", "language": "javascript"})
    )
    done = nodejs.npm_ready()("relay", str(config))
    if done.returncode == NO_PROGRAM:
        nodejs.absent(done.stderr.strip())
    return done


def test_relay_refetches_every_record(tmp_path: Path) -> None:
    done = compiled(tmp_path, CONTRACT.read_text("utf-8"))
    assert done.returncode == 0, done.stdout + done.stderr
    made = {path.name for path in (tmp_path / "src" / "__generated__").iterdir()}
    assert {f"{noun}Query.graphql.js" for noun in nouns()} <= made


def test_relay_refuses_a_node_that_takes_more_than_its_id(tmp_path: Path) -> None:
    schema = CONTRACT.read_text("utf-8")
    start = schema.index("  node(\n")
    more = schema[:start] + schema[start:].replace("    id: ID!\n", "    id: ID!\n    at: Int\n", 1)
    done = compiled(tmp_path, more)
    assert done.returncode != 0
    assert "Invalid use of @refetchable" in done.stdout + done.stderr
