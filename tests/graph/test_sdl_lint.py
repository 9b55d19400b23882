"""The committed schema passes both schema linters, in the profile of tests/support/node."""

from __future__ import annotations

from pathlib import Path

from tests.support.checkout import CONTRACT
from tests.support.nodejs import npm_ready


def test_the_schema_has_no_lint_problem() -> None:
    linted = npm_ready()("lint", str(CONTRACT))
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_the_linters_find_what_is_wrong(tmp_path: Path) -> None:
    bad = tmp_path / "bad.graphql"
    bad.write_text("type Query {\n  getThing: Int!\n}\n")
    linted = npm_ready()("lint", str(bad))
    assert linted.returncode == 1
    assert "naming-convention" in linted.stdout
    assert "fields-have-descriptions" in linted.stdout
