"""The floors: imports point down only, no drawers, every file fits in the head and says why."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from schema.model.registry import nouns

ROOT = Path(__file__).parents[1]
MODULES = {
    str(path.relative_to(ROOT).with_suffix("")).replace("/", "."): path
    for folder in ("api", "schema", "alembic", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "node_modules" not in path.parts
}
NOUNS = {noun.__module__ for noun in nouns().values()}
STAGE, ACTOR = "schema.nouns.stage", "schema.nouns.actor"
"""What two nouns share: a list of choices, and the fields of parties and officials."""
BELOW = "errors model storage graph filtering planning execution"
MAY_IMPORT = {
    "errors": "",
    "model": "errors",
    "nouns": "model",
    "storage": "errors model",
    "graph": "model nouns",
    "filtering": "errors model storage",
    "indexing": "model nouns storage",
    "dossiers": "errors model nouns",
    "publishing": "errors model nouns storage filtering indexing dossiers",
    "planning": "errors model storage graph filtering",
    "execution": "errors model storage graph filtering planning",
    "evidence": f"{BELOW} nouns",
    "history": f"{BELOW} nouns",
    "search": f"{BELOW} nouns indexing",
    "questions": f"{BELOW} nouns",
}
"""The packages of `schema`, from the ground up, and what each may import beside itself."""
KNOWN_NOUNS = {
    "graph": {ACTOR},
    "indexing": {ACTOR},
    "dossiers": {"schema.nouns.claim"},
    "publishing": {"schema.nouns.claim"},
    "evidence": {"schema.nouns.claim"},
    "history": {"schema.nouns.claim"},
    "search": {STAGE},
}
"""The nouns that a package knows: what weighs claims must know what a claim is."""
DRAWERS = re.compile(r"(^|_)(utils?|helpers?|common|base|managers?|misc|tools?|lib)(_|$)")


def imported(path: Path) -> set[str]:
    """The modules that a file imports, wherever it does so, those for types alone too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
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
        assert own <= {"schema", "schema.storage.engine"}


INNER = sorted(name for name in MODULES if re.match(r"schema\.(?!__init__|build)", name))


def floor(module: str) -> str:
    """The package of `schema` that a module stands in."""
    return module.split(".")[1]


@pytest.mark.parametrize("module", INNER)
def test_a_package_imports_what_the_law_allows(module: str) -> None:
    own = {name for name in imported(MODULES[module]) if package(name) == "schema"}
    assert {floor(name) for name in own if name != "schema"} <= {
        floor(module),
        *MAY_IMPORT[floor(module)].split(),
    }
    assert "schema" not in own, "the package's face imports everything"
    if floor(module) != "nouns":
        nouns_known = {name for name in own if floor(name) == "nouns"}
        assert nouns_known <= KNOWN_NOUNS.get(floor(module), set())


def test_no_module_imports_itself_by_way_of_others() -> None:
    below = {name: imported(path) & MODULES.keys() for name, path in MODULES.items()}
    left = {name: set(below[name]) for name in MODULES if package(name) in ("schema", "api")}
    left.pop("schema.__init__")
    while ready := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in ready:
            del left[name]
    assert not left, "these stand in a circle, or above one"


@pytest.mark.parametrize("module", sorted(NOUNS))
def test_a_noun_stands_on_the_machinery_of_nouns_alone(module: str) -> None:
    own = {name for name in imported(MODULES[module]) if package(name) == "schema"}
    assert own <= {"schema.model.fields", "schema.model.noun", STAGE, ACTOR}


def test_each_noun_has_a_file_named_after_it() -> None:
    files = {name: noun.__module__ for name, noun in nouns().items()}
    expected = {
        name: "schema.nouns."
        + ("claim" if name == "Passage" else re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower())
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
