"""The floors: imports point down only, no drawers, every file fits in the head and says why."""

from __future__ import annotations

import ast
import re

import pytest

from schema.model.registry import nouns
from tests.support.checkout import ROOT
from tests.support.import_graph import MODULES, arrows, floors, imported, package

NOUNS = {noun.__module__ for noun in nouns().values()}
STAGE, ACTOR = "schema.nouns.stage", "schema.nouns.actor"
"""What two nouns share: a list of choices, and the fields of parties and officials."""
BELOW = "errors model storage graph filtering planning execution"
SCHEMA = {
    "errors": "",
    "model": "errors",
    "nouns": "model",
    "storage": "errors model",
    "graph": "model nouns",
    "filtering": "errors model storage",
    "reading": "model",
    "indexing": "model nouns storage",
    "dossiers": "errors model nouns",
    "publishing": "errors model nouns storage filtering indexing dossiers reading",
    "planning": "errors model storage graph filtering",
    "execution": "errors model storage graph filtering planning",
    "evidence": f"{BELOW} nouns",
    "history": f"{BELOW} nouns",
    "search": f"{BELOW} nouns indexing",
    "questions": f"{BELOW} nouns",
    "build": f"{BELOW} nouns evidence history search questions",
}
"""The packages of `schema`, from the ground up, and what each may import beside itself."""
API = {
    "lru": "",
    "explorer": "",
    "limits": "api.lru errors model storage graph planning execution build",
    "http": "api.lru api.limits errors model storage execution",
    "page": "api.explorer api.limits api.http errors model nouns graph filtering planning "
    "execution evidence build",
    "site": "api.limits api.http errors model storage filtering graph execution",
    "feeds": "api.page api.limits api.http errors model execution",
    "files": "api.http errors model storage graph planning",
    "snapshot": "api.files api.http errors model storage graph filtering execution build",
    "database": "errors model storage indexing dossiers publishing",
}
"""The same of `api`. What is not here puts it all together, and may import everything."""
MAY_IMPORT = {
    f"{folder}.{name}": {
        each if each.startswith("api.") else f"schema.{each}" for each in allowed.split()
    }
    for folder, law in (("schema", SCHEMA), ("api", API))
    for name, allowed in law.items()
}
KNOWN_NOUNS: dict[str, set[str]] = {
    "schema.graph": {ACTOR},
    "schema.indexing": {ACTOR},
    "schema.dossiers": {"schema.nouns.claim"},
    "schema.publishing": {"schema.nouns.claim"},
    "schema.evidence": {"schema.nouns.claim"},
    "schema.history": {"schema.nouns.claim"},
    "schema.search": {STAGE},
    "api.page": {"schema.nouns.claim"},
}
"""The nouns that a package knows: what weighs claims must know what a claim is."""
STILL_NAMED = {
    "schema.planning.joins",
    "schema.planning.scope",
}
"""The modules that still know a noun by its name and not by its trait; there come no more."""
DRAWERS = re.compile(r"(^|_)(utils?|helpers?|common|base|managers?|misc|tools?|lib)(_|$)")


def top(module: str) -> str:
    """The folder at the top that a module stands in."""
    return module.partition(".")[0]


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down_only(module: str) -> None:
    below = {
        "tests": {"tests", "api", "schema"},
        "api": {"api", "schema"},
        "schema": {"schema"},
        "alembic": {"schema"} if module == "alembic.env" else set(),
    }[top(module)]
    own = {name for name in imported(MODULES[module]) if top(name) in ("tests", "api", "schema")}
    assert {top(name) for name in own} <= below
    if top(module) == "alembic":
        assert own <= {"schema", "schema.storage.engine"}


@pytest.mark.parametrize("module", sorted(m for m in MODULES if package(m) in MAY_IMPORT))
def test_a_package_imports_what_the_law_allows(module: str) -> None:
    own = {name for name in imported(MODULES[module]) if top(name) in ("api", "schema")}
    known = {package(name) for name in own}
    assert known <= {package(module), *MAY_IMPORT[package(module)]}
    if package(module) != "schema.nouns":
        nouns_known = {name for name in own if package(name) == "schema.nouns"}
        assert nouns_known <= KNOWN_NOUNS.get(package(module), set())


def test_every_package_of_the_schema_stands_in_the_law() -> None:
    assert {name for name in arrows() if top(name) == "schema"} <= MAY_IMPORT.keys()


def test_the_house_has_eight_floors_and_no_circle() -> None:
    drawn = [*floors(arrows())]
    assert not any(name.startswith("circle") for names in drawn for name in names)
    assert sum(any(top(name) == "schema" for name in names) for names in drawn) <= 8


def test_no_module_imports_itself_by_way_of_others() -> None:
    own = {name for name in MODULES if top(name) in ("schema", "api")} - {"schema.__init__"}
    below = {name: imported(MODULES[name]) & own for name in own}
    assert not [names for names in floors(below) if names[0].startswith("circle")]


@pytest.mark.parametrize("module", sorted(NOUNS))
def test_a_noun_stands_on_the_machinery_of_nouns_alone(module: str) -> None:
    own = {name for name in imported(MODULES[module]) if top(name) == "schema"}
    assert own <= {
        *(f"schema.model.{name}" for name in ("choices", "factuality", "fields", "noun", "traits")),
        STAGE,
        ACTOR,
    }


def test_a_noun_is_known_by_its_trait_and_not_by_its_name() -> None:
    naming = {
        name
        for name, path in MODULES.items()
        if top(name) in ("schema", "api") and package(name) != "schema.nouns"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in nouns()
    }
    assert naming <= STILL_NAMED


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


@pytest.mark.parametrize("module", [name for name in MODULES if top(name) in ("api", "schema")])
def test_every_module_fits_in_the_head(module: str) -> None:
    lines = len(MODULES[module].read_text("utf-8").splitlines())
    assert lines <= 300


def test_the_migrations_have_no_package() -> None:
    assert not (ROOT / "alembic" / "__init__.py").exists()
