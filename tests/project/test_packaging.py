"""What is committed can be installed anywhere: pinned, complete, and free of addresses."""

import json
import os
import sqlite3
import subprocess
import sys
import tomllib
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.checkout import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = PYPROJECT["dependency-groups"]
METADATA = f"pactbook-{PYPROJECT['project']['version']}.dist-info"

# Spelled in parts, so that this file names none of them either.
REGISTRIES = [
    words.replace(" ", ".")
    for words in ("pypi org", "pythonhosted org", "registry npmjs org", "registry yarnpkg com")
]
MACHINE_PATHS = [words.replace(" ", "/") for words in (" work ", " root ")]
TOP_LEVEL = {
    *("README.md", "pyproject.toml", "api", "schema", "alembic", "tests"),
    *("Makefile", "LICENSE", ".gitignore", ".gitattributes", ".ci"),
    *("requirements.txt", "requirements-dev.txt", "requirements-build.txt", "requirements-uv.txt"),
    "requirements-bench.txt",
}
PINS = {
    "requirements.txt": PYPROJECT["project"]["dependencies"],
    "requirements-dev.txt": GROUPS["dev"],
    "requirements-build.txt": GROUPS["build"],
    "requirements-uv.txt": GROUPS["uv"],
    "requirements-bench.txt": GROUPS["bench"],
    "tests/clients/requirements.txt": GROUPS["clients"],
}
APART = "tests/clients/requirements.txt"
"""What is installed into an environment of its own, where other versions do no harm."""


@pytest.fixture(scope="session")
def committed() -> list[Path]:
    """The files that are committed, or would be by the next commit."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize("unwanted", [*REGISTRIES, *MACHINE_PATHS])
def test_no_committed_file_names_a_registry_or_a_machine(
    committed: list[Path], unwanted: str
) -> None:
    naming = [path for path in committed if unwanted.encode() in path.read_bytes()]
    assert naming == []


def test_only_agreed_entries_stand_at_the_top(committed: list[Path]) -> None:
    assert {path.relative_to(ROOT).parts[0] for path in committed} <= TOP_LEVEL


def test_no_lock_of_addresses_is_committed(committed: list[Path]) -> None:
    assert not {path.name for path in committed} & {"uv.lock", "pylock.toml", "yarn.lock"}


def test_npm_locks_carry_hashes_and_no_addresses(committed: list[Path]) -> None:
    locks = [path for path in committed if path.name == "package-lock.json"]
    assert locks
    for lock in locks:
        packages = json.loads(lock.read_text())["packages"]
        assert [name for name, entry in packages.items() if "resolved" in entry] == []
        assert [name for name, entry in packages.items() if name and not entry["integrity"]] == []


@pytest.mark.parametrize("name", PINS)
def test_requirements_are_pinned_by_hash_and_name_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    for requirement in text.replace("\\\n", " ").splitlines():
        if not requirement.lstrip().startswith("#"):
            assert "==" in requirement
            assert "--hash=sha256:" in requirement


@pytest.mark.parametrize("name", PINS)
def test_requirements_agree_with_the_project(name: str) -> None:
    pinned = _pinned(name)
    for entry in PINS[name]:
        if isinstance(entry, str):
            wanted = Requirement(entry)
            version = pinned[canonicalize_name(wanted.name)]
            assert version in wanted.specifier, f"{name} has {wanted.name} {version}: make lock"


def test_no_two_requirements_files_disagree() -> None:
    versions: dict[str, set[str]] = {}
    for name in PINS.keys() - {APART}:
        for package, version in _pinned(name).items():
            versions.setdefault(package, set()).add(version)
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}


def test_migrations_are_no_package() -> None:
    """With an `__init__.py` the folder would hide the library of the same name."""
    assert not (ROOT / "alembic" / "__init__.py").exists()
    assert not _imported_from("alembic").is_relative_to(ROOT / "alembic")


@pytest.mark.parametrize("package", ["api", "schema"])
def test_the_checkout_is_what_is_imported(package: str, tmp_path: Path) -> None:
    assert _imported_from(package, tmp_path) == ROOT / package / "__init__.py"


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installed wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_a_wheel_holds_everything_that_serving_needs(unpacked: Path, committed: list[Path]) -> None:
    held = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    folders = {"api": "api", "schema": "schema", "alembic": "api/_alembic"}
    wanted = {
        "/".join((folders[parts[0]], *parts[1:]))
        for parts in (path.relative_to(ROOT).parts for path in committed)
        if parts[0] in folders
    }
    static = ROOT / "api" / "explorer" / "static"
    wanted |= {path.relative_to(ROOT).as_posix() for path in static.rglob("*") if path.is_file()}
    assert wanted - held == set()
    assert {name.split("/")[0] for name in held} <= {"api", "schema", METADATA}


def test_an_installed_wheel_migrates_by_its_own_files(unpacked: Path, tmp_path: Path) -> None:
    code = (
        "import api.cli, api.database.migrate as migrate, sys;"
        "print(api.cli.__file__, migrate.config().get_main_option('script_location'));"
        "sys.argv[1:] = ['migrate', '--database', 'sqlite:///wheel.db'];"
        "api.cli.main()"
    )
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    command = [sys.executable, "-c", code]
    ran = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(f"{unpacked / 'api/cli.py'} {unpacked / 'api/_alembic'}")
    with closing(sqlite3.connect(tmp_path / "wheel.db")) as database:
        assert database.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


def _pinned(name: str) -> dict[str, str]:
    lines = [line for line in (ROOT / name).read_text().splitlines() if "==" in line]
    pairs = [line.split(";")[0].removesuffix("\\").split("==") for line in lines]
    return {canonicalize_name(package.strip()): version.strip() for package, version in pairs}


def _imported_from(package: str, folder: Path = ROOT) -> Path:
    code = f"import {package}; print({package}.__file__)"
    command = [sys.executable, "-c", code]
    return Path(
        subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=True
        ).stdout.strip()
    )
