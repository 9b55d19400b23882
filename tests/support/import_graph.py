"""Prints the floors and circles of the packages: `python -m tests.support.import_graph`."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.support.checkout import ROOT

MODULES = {
    str(path.relative_to(ROOT).with_suffix("")).replace("/", "."): path
    for folder in ("api", "schema", "alembic", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "node_modules" not in path.parts
}
"""Every file of Python by its dotted name; a package's own is `….__init__`."""
OURS = ("schema", "api")


def imported(path: Path) -> set[str]:
    """The modules that a file imports, wherever it does so, those for types alone too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            assert node.module
            for name in (f"{node.module}.{alias.name}" for alias in node.names):
                is_module = name in MODULES or f"{name}.__init__" in MODULES
                found.add(name if is_module else node.module)
    return found


def package(module: str) -> str:
    """The package that a module stands in, or the module where it stands in the top folder."""
    return ".".join(module.removesuffix(".__init__").split(".")[:2])


def arrows() -> dict[str, set[str]]:
    """What each package of `schema` and `api` imports of the others."""
    found: dict[str, set[str]] = {}
    for module, path in MODULES.items():
        if module.split(".")[0] in OURS:
            own = {name for name in imported(path) if name.split(".")[0] in OURS}
            below = {package(name) for name in own} - {package(module)}
            found.setdefault(package(module), set()).update(below)
    found.pop("schema", None)  # the package's face, which declares the nouns by importing them
    return {name: below & found.keys() for name, below in found.items()}


def floors(below: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """The packages from the ground up: each stands above all that it imports."""
    left = {name: set(needs) for name, needs in below.items()}
    while ready := sorted(name for name, needs in left.items() if not needs & left.keys()):
        yield ready
        for name in ready:
            del left[name]
    if left:
        yield from ([f"circle: {', '.join(sorted(left))}"],)


def main() -> None:
    """Prints each floor, and how many there are."""
    drawn = [*floors(arrows())]
    for number, names in enumerate(drawn, 1):
        sys.stdout.write(f"{number} {' '.join(names)}\n")
    inner = [names for names in drawn if any(name.startswith("schema.") for name in names)]
    circles = sum(names[0].startswith("circle") for names in drawn)
    told = f"{len(inner)} floors in schema, {len(drawn)} with api, {circles} circles"
    sys.stdout.write(told + "\n")


if __name__ == "__main__":
    main()
