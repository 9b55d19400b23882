"""Read-only files: they are served, and those who may write to them are seen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.checkout import ROOT
from tests.support.databases import Store, Stores
from tests.support.dossier_factory import LONGER, make
from tests.support.local_postgres import NOBODY

pytestmark = pytest.mark.skipif(os.name == "nt", reason="This system has other permissions.")
PREPARED = """
import os, sys
from api import cli
from api.database.seeding import load
from api.database.migrate import migrate
from api.settings import Settings
from schema.storage.timing import Timing
from tests.support.clients import OLD, fetched, within
from tests.support.databases import Store

nobody = int(sys.argv.pop(1))
warm, url, dossier = sys.argv[1:]

def status(*command):
    sys.argv[1:] = [*command, "--database", url]
    try:
        cli.main()
    except SystemExit as ended:
        return ended.code

# What is imported late may lie where nobody else may read.
fetched(warm, "/party/poland")
fetched(warm, "/graphql?query={agreements{totalCount}}")
Store(warm).check()
migrate(warm)
if os.geteuid() == 0:
    os.setgid(nobody)
    os.setuid(nobody)
"""
SERVES = """
migrate(url)
print(load(url, "nobody")[0].edition)
print(fetched(url, "/health").json()["status"], fetched(url, "/party/poland").status_code)
print(status("check"), status("publish", dossier))
"""
LACKS = """
cli._loaded(Settings(database_url=url))
print(fetched(url, "/health").json()["edition"])
"""
FOLLOWS = """
async def work(client):
    for _ in sys.stdin:
        asked = [(await client.ask(OLD)).json() for _ in range(2)]
        print(*(each["extensions"]["edition"] for each in asked), flush=True)

timing = Timing(look_seconds=0)  # it is looked at before each answer
within(Store(url), work, timing, answers_kept=int(dossier))
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody may enter."""
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/pb-XXXXXX"], text=True).strip())
    folder.chmod(0o755)
    yield folder
    for each in folder.iterdir():
        each.chmod(0o755)
    shutil.rmtree(folder)


def locked(store: Store, place: Path) -> Store:
    """A copy of an SQLite database that may only be read, and so may its folder."""
    folder = place / "locked"
    folder.mkdir()
    copy = folder / "pactbook.db"
    shutil.copy(store.url.removeprefix("sqlite:///"), copy)
    copy.chmod(0o444)
    folder.chmod(0o555)
    return Store(f"sqlite:///{copy}")


@contextmanager
def nobody(script: str, warm: Store, *given: str) -> Iterator[subprocess.Popen[str]]:
    """A process without any privilege."""
    arguments = [sys.executable, "-c", PREPARED + script, str(NOBODY), warm.url, *given]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(arguments, cwd=ROOT, text=True, **pipes) as process:  # type: ignore[call-overload]  # of three pipes
        yield process


def said(script: str, warm: Store, *given: str) -> tuple[list[str], list[str]]:
    """What such a process prints, and what it tells beside it."""
    with nobody(script, warm, *given) as process:
        output, errors = process.communicate()
    assert process.returncode == 0, errors
    return output.splitlines(), errors.splitlines()


def test_a_read_only_file_is_served_and_checked(sqlite: Stores, place: Path) -> None:
    warm = sqlite.make(seeded=True)
    store = locked(warm, place)
    output, errors = said(SERVES, warm, store.url, str(make(place / "b")))
    assert output[:2] == ["None", "ok 200"]
    assert output[2].startswith("Findings: 0 in 2 editions")
    assert output[3] == "0 1"
    [line] = errors
    assert line.endswith("may only be read. Allow writing to the file and to its folder.")
    assert [each.name for each in (place / "locked").iterdir()] == ["pactbook.db"]


def test_a_read_only_file_without_the_seed_is_served_and_says_so(
    sqlite: Stores, place: Path
) -> None:
    store = locked(sqlite.make(seeded=False), place)
    output, errors = said(LACKS, sqlite.make(seeded=True), store.url, "")
    assert output == ["0"]
    [line] = errors
    assert line.startswith("The database may only be read: it is served without the states")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="Only root may still write.")
@pytest.mark.parametrize("kept", ["0", "1000000"])
def test_what_another_publishes_to_a_file_that_is_read_only_here_is_seen(
    sqlite: Stores, place: Path, kept: str
) -> None:
    warm = sqlite.make(seeded=True)
    store = locked(warm, place)
    folders = [make(place / "b"), make(place / "c", text=LONGER)]
    with nobody(FOLLOWS, warm, store.url, kept) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def asked() -> str:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write("\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        assert asked() == "2 2"
        store.publish(folders[0])
        assert asked() == "3 3"
        with store.connect() as open_beside:
            open_beside.exec_driver_sql("SELECT 1 FROM edition")
            store.publish(folders[1])
            assert asked() == "4 4"
            store.publish(folders[0])
            assert asked() == "5 5"
        assert asked() == "5 5"
        process.stdin.close()
    assert store.check().findings == []
