"""Migrations: one history, the same as the models, safe at once and when killed."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from api.database.migrate import config, migrate
from api.database.revision import head, revision
from schema import declare_indexes
from schema.storage.engine import include_in_autogenerate
from tests.oracle.small_record import states
from tests.support.checkout import ROOT
from tests.support.databases import Store, Stores

KILLED = """
import os, signal, sys
import sqlalchemy as sa
from api.database.migrate import migrate

statements = 0

@sa.event.listens_for(sa.Engine, "after_cursor_execute")
def count(connection, cursor, statement, *rest):
    global statements
    statements += statement.startswith(("CREATE", "INSERT", "ALTER"))
    if statements == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

migrate(sys.argv[1])
"""
STARTS = """
import os, sys
from pathlib import Path
from api.database.seeding import load
from api.database.migrate import migrate
from schema.dossiers.reader import read_dossier

states = read_dossier(Path(sys.argv[2]))  # few, as each server that starts may load them

def start(leave):
    os.read(leave, 1)
    migrate(sys.argv[1])
    done = [done.edition for done in load(sys.argv[1], "server", states=states)]
    os.write(1, "".join(f"{edition}\\n" for edition in done if edition).encode())

leave, go = os.pipe()
servers = []
for _ in range(8):
    servers.append(os.fork())
    if not servers[-1]:
        start(leave)
        os._exit(0)
os.write(go, b"." * 8)
print([os.waitstatus_to_exitcode(os.waitpid(server, 0)[1]) for server in servers], flush=True)
"""
"""Eight processes that need not import again, and all wait for one moment."""


@pytest.fixture
def bare(stores: Stores) -> Iterator[Store]:
    """A database that no migration has touched."""
    store = stores.bare()
    yield store
    stores.drop(store)


def shape(store: Store) -> dict[str, Any]:
    """Tables with their columns, keys and indexes."""
    with store.connect() as connection:
        inspector = sa.inspect(connection)
        return {
            table: (
                [
                    (column["name"], str(column["type"]), column["nullable"])
                    for column in inspector.get_columns(table)
                ],
                inspector.get_pk_constraint(table),
                sorted(map(str, inspector.get_foreign_keys(table))),
                [told for told in indexes(connection) if f" ON {table} " in told.replace('"', "")],
                sorted(str(check["name"]) for check in inspector.get_check_constraints(table)),
            )
            for table in sorted(inspector.get_table_names())
            if table != "alembic_version"
        }


def indexes(connection: sa.Connection) -> list[str]:
    """The statements that make the indexes, those on expressions too, which nobody reflects."""
    told = sa.text(
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        if connection.dialect.name == "sqlite"
        else "SELECT replace(indexdef, 'public.', '') FROM pg_indexes WHERE schemaname = 'public'"
    )
    return sorted(str(row[0]) for row in connection.execute(told))


def stands_at(store: Store) -> str | None:
    """The revision a database is at."""
    with store.connect() as connection:
        return revision(connection)


def test_the_history_has_one_head_and_one_root() -> None:
    scripts = ScriptDirectory.from_config(config())
    assert len(scripts.get_heads()) == len(scripts.get_bases()) == 1
    assert scripts.get_heads() == [head()]


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection", "ignore:autogenerate skipping")
def test_the_models_and_the_migrations_agree(empty: Store) -> None:
    with empty.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": include_in_autogenerate}
        )
        found = compare_metadata(context, SQLModel.metadata)
    assert [change for change in found if "index" not in str(change[0])] == []


def test_the_models_and_the_migrations_have_the_same_indexes(empty: Store, bare: Store) -> None:
    declare_indexes()
    with bare.connect() as connection, connection.begin():
        SQLModel.metadata.create_all(connection)
        models = indexes(connection)
    with empty.connect() as connection:
        made = [index for index in indexes(connection) if " search_fts " not in index]
    assert [each for each in made if "alembic_version" not in each] == models


def test_every_step_goes_up_and_down_and_up_again(bare: Store) -> None:
    steps = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()][
        ::-1
    ]
    shapes = [shape(bare)]
    for step in steps:
        migrate(bare.url, step)
        assert stands_at(bare) == step
        shapes.append(shape(bare))
    for index in range(len(steps) - 1, -1, -1):
        migrate(bare.url, steps[index - 1] if index else "base")
        assert shape(bare) == shapes[index]
    migrate(bare.url)
    assert shape(bare) == shapes[-1]
    assert stands_at(bare) == head()


def test_migrating_again_changes_nothing(empty: Store) -> None:
    before = empty.dump()
    migrate(empty.url)
    assert empty.dump() == before


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="This system has no kill -9.")
@pytest.mark.parametrize("statement", [1, 2, 5, 12, 30])
def test_a_killed_migration_leaves_no_half_schema(bare: Store, statement: int) -> None:
    arguments = [sys.executable, "-c", KILLED, bare.url, str(statement)]
    killed = subprocess.run(arguments, cwd=ROOT, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert shape(bare) == {}
    assert stands_at(bare) is None
    migrate(bare.url)
    assert stands_at(bare) == head()
    assert bare.check().findings == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="This system cannot fork a process.")
def test_eight_servers_that_start_at_once_migrate_and_load_once(
    bare: Store, tmp_path: Path
) -> None:
    arguments = [sys.executable, "-c", STARTS, bare.url, str(states(tmp_path))]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    *loaded, ended = done.stdout.splitlines()
    assert ended == str([0] * 8), done.stderr
    assert sorted(loaded) == ["1", "2"]
    assert stands_at(bare) == head()
    assert bare.check().findings == []


def test_a_wheel_brings_its_own_migrations(tmp_path: Path) -> None:
    """In a wheel the folder beside `api` is the library Alembic, which has no history of ours."""
    package = tmp_path / "api"
    (package / "database").mkdir(parents=True)
    shutil.copy(ROOT / "api" / "database" / "revision.py", package / "database")
    shutil.copytree(
        ROOT / "alembic", package / "_alembic", ignore=shutil.ignore_patterns("__pycache__")
    )
    (tmp_path / "alembic").mkdir()
    spec = importlib.util.spec_from_file_location(
        "installed_revision", package / "database" / "revision.py"
    )
    assert spec is not None
    assert spec.loader is not None
    installed = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(installed)
    assert installed.folder() == package / "_alembic"
    assert installed.head() == head()


def test_a_file_is_made_with_its_folder(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'new' / 'folder' / 'pactbook.db'}")
    migrate(store.url)
    assert stands_at(store) == head()


@pytest.mark.skipif(os.name == "nt", reason="The command is installed under another name.")
def test_the_command_says_where_the_database_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'pactbook.db'}"
    command = [
        sys.executable,
        "-c",
        "from api.cli import main; main()",
        "migrate",
        "--database",
        url,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "The database is at head.\n"
