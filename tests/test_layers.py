"""The floors: imports point down only, no drawers, every file fits in the head and says why."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from schema.noun import nouns

ROOT = Path(__file__).parents[1]
MODULES = {
    str(path.relative_to(ROOT).with_suffix("")).replace("/", "."): path
    for folder in ("api", "schema", "alembic", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "node_modules" not in path.parts
}
NOUNS = {noun.__module__ for noun in nouns().values()}
SHARED = {"schema.stage", "schema.actor"}
"""What two nouns share: a list of choices, and the fields of parties and officials."""
KNOWS_CLAIMS = {"schema.acceptance", "schema.check", "schema.dossier", "schema.drafting"} | {
    "schema.ages",
    "schema.weighing",
}
"""Machinery that weighs claims, and so must know what a claim is; it knows no other noun."""
DRAWERS = re.compile(r"(^|_)(utils?|helpers?|common|base|managers?|misc|tools?|lib)(_|$)")


def imported(path: Path) -> set[str]:
    """The modules that a file imports, wherever it does so, those for types alone left out."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            assert node.module
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in inner}
    return found


def package(module: str) -> str:
    """The floor a module stands on."""
    return module.partition(".")[0]


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down_only(module: str) -> None:
    below = {
        "tests": {"tests", "api", "schema"},
        "api": {"api", "schema"},
        "schema": {"schema"},
        "alembic": {"schema"} if module == "alembic.env" else set(),
    }[package(module)]
    own = {
        name for name in imported(MODULES[module]) if package(name) in ("tests", "api", "schema")
    }
    assert {package(name) for name in own} <= below
    if package(module) == "alembic":
        assert own <= {"schema", "schema.database"}


@pytest.mark.parametrize("module", sorted(name for name in MODULES if package(name) == "schema"))
def test_machinery_knows_no_noun_and_nouns_know_no_sibling(module: str) -> None:
    known = imported(MODULES[module]) & NOUNS
    if module == "schema" or module == "schema.__init__":
        assert known == NOUNS, "the package shows every noun"
    elif module in KNOWS_CLAIMS:
        assert known <= {"schema.claim"}
    else:
        assert known == set()


@pytest.mark.parametrize("module", sorted(NOUNS))
def test_a_noun_stands_on_the_machinery_of_nouns_alone(module: str) -> None:
    own = {name for name in imported(MODULES[module]) if package(name) == "schema"}
    assert own <= {"schema.declaration", "schema.noun", *SHARED}


def test_each_noun_has_a_file_named_after_it() -> None:
    files = {name: noun.__module__ for name, noun in nouns().items()}
    expected = {
        name: "schema.claim"
        if name == "Passage"
        else "schema." + re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
        for name in files
    }
    assert files == expected


@pytest.mark.parametrize("module", MODULES)
def test_no_module_is_a_drawer(module: str) -> None:
    assert not any(DRAWERS.search(part) for part in module.split("."))


@pytest.mark.parametrize("module", MODULES)
def test_every_module_opens_by_saying_what_it_is_for(module: str) -> None:
    text = MODULES[module].read_text("utf-8")
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring
    first, *rest = docstring.splitlines()
    assert first.endswith((".", "…"))
    assert not rest or rest[0] == ""


@pytest.mark.parametrize("module", [name for name in MODULES if package(name) in ("api", "schema")])
def test_every_module_fits_in_the_head(module: str) -> None:
    lines = len(MODULES[module].read_text("utf-8").splitlines())
    assert lines <= 400


def test_the_migrations_have_no_package() -> None:
    assert not (ROOT / "alembic" / "__init__.py").exists()
