"""What the command says of its own mistakes: one line, what is wrong and what would be right."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from api import cli
from api.database.seeding import SEED
from api.process import failures
from schema.errors import DatabaseFailedError
from schema.storage.engine import connected
from tests.support.checkout import ROOT
from tests.support.databases import Store, Stores

Run = Callable[..., str]
COMMANDS = (["serve", "--port", "0"], ["migrate"], ["publish", str(SEED)], ["load"], ["check"])
FULL = """
import resource, sys
from api.cli import main

size = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
main()
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The one line that a command says when it fails."""

    def failed(*arguments: str, code: int = 1) -> str:
        monkeypatch.setattr(sys, "argv", ["pactbook", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == code
        told = capsys.readouterr().err
        assert told.count("\n") == 1, told
        assert told.strip()
        return told.strip()

    return failed


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_shows_a_traceback_where_there_is_no_database(
    command: list[str], run: Run, tmp_path: Path
) -> None:
    (tmp_path / "text.db").write_text("This is no database, however long it may be. " * 20)
    (tmp_path / "folder").mkdir()
    given = f"sqlite:///{tmp_path}"

    def told(url: str, code: int = 1) -> str:
        return run(*command, "--database", url, code=code)

    assert told(f"{given}/folder").endswith("folder is a folder. Name a file in it.")
    assert "is no SQLite database. Name another file" in told(f"{given}/text.db")
    assert "text.db" in told(f"{given}/text.db/x.db")
    away = told("postgresql://me:hunter2@127.0.0.1:1/x")
    assert "x at 127.0.0.1:1 cannot be used: " in away
    assert "Connection refused" in away
    assert "hunter2" not in away
    if command[0] not in ("serve", "migrate"):
        missing = told(f"{given}/none.db")
        assert missing.endswith("none.db is not there. `pactbook migrate` makes one.")
        assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("pactbook.db", "cannot be read"),
        ("postgresql://me:hunter2@127.0.0.1:hunter2/x", "cannot be read"),
        ("postgresql://me:hunt@er2@127.0.0.1/x", "has more than one @"),
        ("mysql://me:hunter2@127.0.0.1/x", "names neither SQLite nor PostgreSQL"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_an_address_that_leads_nowhere_is_a_mistake_of_use(url: str, wrong: str, run: Run) -> None:
    told = run("check", "--database", url, code=2)
    assert told.startswith(f"The address of the database {wrong}. Write `sqlite:///pactbook.db`")
    assert "hunt" not in told
    assert "er2" not in told


def test_what_libpq_does_not_know_is_told_without_secrets(run: Run) -> None:
    told = run("check", "--database", "postgresql://127.0.0.1:1/x?passwrd=1&password=hunter2")
    assert 'invalid connection option "passwrd"' in told
    assert "hunter2" not in told


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_newer_database_is_told_of(command: list[str], run: Run, empty: Store) -> None:
    with empty.connect() as connection, connection.begin():
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    told = run(*command, "--database", empty.url)
    assert " is at revision 9999, and this release of Pactbook knows revisions up to " in told


def test_a_revision_that_there_is_not_is_told_of(run: Run, empty: Store) -> None:
    told = run("migrate", "--to", "9999", "--database", empty.url)
    assert told.startswith("There is no revision '9999'. Write `head`, `base` or one from 0001 to")


def test_a_wrong_password_or_name_is_told_of_without_it(run: Run, stores: Stores) -> None:
    if stores.server is None:
        pytest.skip("SQLite has no users.")
    url = sa.make_url(stores.seed().url)
    for given in (url.set(database="no_such"), url.set(username="nobody", password="hunter2")):
        told = run("check", "--database", given.render_as_string(hide_password=False))
        assert "does not exist" in told
        assert "hunter2" not in told


def test_files_that_are_not_there_are_told_of(run: Run, empty: Store, tmp_path: Path) -> None:
    assert "No such file or directory" in run("schema", str(tmp_path / "no" / "x.graphql"))
    long = str(tmp_path / ("x" * 300))
    assert "File name too long" in run("publish", long, "--database", empty.url)


def test_a_file_that_stays_locked_is_told_of(empty: Store) -> None:
    if not empty.is_sqlite:
        pytest.skip("On PostgreSQL a publication waits for the one before.")
    with (
        connected(empty.url, writes=True) as connection,
        connection.begin(),
        pytest.raises(DatabaseFailedError) as refused,
        failures.reported(empty.url),
        connected(empty.url, writes=True, busy_seconds=0) as other,
    ):
        other.begin()
    line = "is locked by another process that writes."
    assert line in str(refused.value)


def test_a_file_that_is_damaged_is_told_of(run: Run, empty: Store) -> None:
    if not empty.is_sqlite:
        pytest.skip("PostgreSQL is no file.")
    path = Path(empty.url.removeprefix("sqlite:///"))
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 200_000)
    assert "is damaged. Put a backup in its place." in run("check", "--database", empty.url)


@pytest.mark.skipif(os.name == "nt", reason="This system has no such limit.")
def test_a_full_disk_publishes_nothing(sqlite: Stores) -> None:
    store = sqlite.make(seeded=False)
    path = Path(store.url.removeprefix("sqlite:///"))
    arguments = ["load", "--database", store.url]
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path.stat().st_size + 100_000), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert "on its disk; nothing was changed." in done.stderr
    assert store.check().findings == []
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT count(*) FROM edition").fetchone() == (0,)
