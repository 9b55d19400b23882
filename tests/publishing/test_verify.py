"""What `pactbook check` finds: each kind of damage by its name, and nothing after kill -9."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from api.cli import app
from schema.errors import DossierRefusedError
from schema.publishing.verify import check
from tests.support.checkout import ROOT
from tests.support.damage import damage
from tests.support.databases import Store
from tests.support.dossier_factory import Data, make, pact, record

MOMENTS = int(os.environ.get("PACTBOOK_KILLS", "20"))
"""At how many moments a publication is killed; `.ci/run` kills more."""
PUBLISHER = """
import os, sys
from functools import cache
from pathlib import Path
import sqlalchemy as sa
from api.database.seeding import publish_to
from schema.dossiers.reader import read_dossier

read = cache(read_dossier)

def step(*_):
    os.write(1, b"step\\n")  # at once, as it may be killed at any time
    os.read(0, 1)

for line in sys.stdin:
    if not line.strip():
        continue  # leave that a killed one no longer took
    coding = read(Path(line.strip()))
    child = os.fork()
    if child == 0:
        sa.event.listen(sa.Engine, "before_cursor_execute", step)
        sa.event.listen(sa.Engine, "commit", step)
        print(os.getpid(), flush=True)
        publish_to(sys.argv[1], coding, "tester")
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Publishes the folders it is told, each in a process of its own that need not import again.

Before each statement, and before the commit, it says so and waits for leave.
"""


@pytest.fixture
def published(empty: Store, tmp_path: Path) -> Store:
    """A database with the pact in two editions, in order."""
    empty.publish(make(tmp_path / "a"))
    records = pact()
    records["agreement/alfa-bravo"]["label"] = "NOT_STATED"
    empty.publish(make(tmp_path / "b", records))
    assert not empty.check().findings
    return empty


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (
            ['UPDATE passage SET start = start + 1, "end" = "end" + 1 WHERE id LIKE \'%sector%\''],
            [
                (
                    "passage/first.agreement.alfa-bravo.sector.*: the text has '* drones *' "
                    "at *, not '🛩 drones'."
                )
            ],
        ),
        (
            ["UPDATE passage SET start_utf16 = start WHERE id LIKE '%sector%'"],
            ["passage/*: its UTF-16 offsets are not those of the words."],
        ),
        (
            ["UPDATE passage SET prefix = 'x' WHERE id LIKE '%sector%'"],
            ["passage/*: the words around it are not those of the text."],
        ),
        (["UPDATE source SET text = 'x' || text"], ["passage/*: the text has *"]),
        (
            ["UPDATE agreement SET sector = 'ships' WHERE until IS NULL"],
            ["agreement/alfa-bravo: sector holds 'ships', its accepted claim says '🛩 drones'."],
        ),
        (
            ["UPDATE agreement SET label = 'a deal' WHERE until IS NULL"],
            ["agreement/alfa-bravo: label holds 'a deal', its accepted claim says None."],
        ),
        (
            ["UPDATE claim SET value = '\"ships\"' WHERE id LIKE '%sector%'"],
            ["agreement/alfa-bravo: sector holds '🛩 drones', its accepted claim says 'ships'."],
        ),
        (
            ["UPDATE claim SET value = '{' WHERE id LIKE '%sector%'"],
            ["claim/first.agreement.alfa-bravo.sector.*: its value is no JSON."],
        ),
        (
            ["DELETE FROM claim WHERE field = 'description' AND record_id = 'party/bravo'"],
            ["party/bravo: description has neither a value nor a reason."],
        ),
        (
            ["DELETE FROM passage WHERE id LIKE '%sector%'"],
            ["claim/first.agreement.alfa-bravo.sector.*: it is STATED and rests on no passage."],
        ),
        (
            ["UPDATE claim SET basis = NULL WHERE id LIKE '%party.alfa.kind%'"],
            ["claim/first.party.alfa.kind.*: it is INFERRED and has no basis."],
        ),
        (
            ["UPDATE claim SET is_accepted = FALSE WHERE field = 'purpose'"],
            ["agreement/alfa-bravo: purpose has neither a value nor a reason."],
        ),
        (
            ["DELETE FROM claim WHERE record_id = 'party/bravo'"],
            ["party/bravo: no claim says that it exists."],
        ),
        (
            ["DELETE FROM party WHERE id = 'party/alfa'"],
            ["*: state_id points at party/alfa, which is not there."],
        ),
        (
            ["DELETE FROM party WHERE id = 'party/bravo'"],
            ["claim/*: record_id points at party/bravo, which is not there."],
        ),
        (["DELETE FROM record WHERE id = 'party/bravo'"], ["party/bravo was never given out."]),
        (
            ["UPDATE record SET noun = 'official' WHERE id = 'party/bravo'"],
            ["party/bravo is given out as official."],
        ),
        (["DELETE FROM edition WHERE number = 1"], ["edition 1 is missing; the next is 2."]),
        (
            ["DELETE FROM edition WHERE number = 2"],
            [
                "the edition counter holds 2, the newest edition is 1.",
                "agreement/alfa-bravo: the version from 2 until None is of no edition.",
            ],
        ),
        (
            ["UPDATE edition_counter SET number = 7"],
            ["the edition counter holds 7, the newest edition is 2."],
        ),
        (
            ["DELETE FROM edition_counter"],
            ["the edition counter holds None, the newest edition is 2."],
        ),
        (["UPDATE edition SET mark = '' WHERE number = 2"], ["edition 2 has no mark."]),
        (["UPDATE edition SET mark = 'same'"], ["edition 2 has the mark of edition 1."]),
        (
            [
                "UPDATE agreement SET until = NULL WHERE since = 2",
                "UPDATE agreement SET until = 3 WHERE since = 1",
                "UPDATE edition_counter SET number = 3",
                (
                    "INSERT INTO edition SELECT 3, published_at, author, summary, "
                    "idempotency_key, 'other' FROM edition WHERE number = 2"
                ),
            ],
            ["agreement/alfa-bravo: the versions from 1 and 2 overlap."],
        ),
        (
            ["UPDATE agreement SET until = 1 WHERE since = 1"],
            ["agreement/alfa-bravo: the version from 1 until 1 is of no edition."],
        ),
        (
            [
                "UPDATE edition_counter SET number = 3",
                (
                    "INSERT INTO edition SELECT 3, published_at, author, summary, "
                    "idempotency_key, 'other' FROM edition WHERE number = 2"
                ),
            ],
            ["edition 3 changed nothing: it is half written or empty."],
        ),
    ],
)
def test_each_damage_is_named(published: Store, statements: list[str], found: list[str]) -> None:
    findings = damage(published, *statements)
    for expected in found:
        assert any(alike(expected, finding) for finding in findings), (expected, findings[:5])


def alike(expected: str, finding: str) -> bool:
    """Whether a finding is the expected one, `*` standing for any words."""
    return (
        re.fullmatch(".*".join(map(re.escape, expected.split("*"))), finding, re.DOTALL) is not None
    )


def test_a_field_that_came_later_is_not_coded_in_what_was_published_before(
    empty: Store, tmp_path: Path
) -> None:
    """Without a claim of any `purpose` all is as if the field had not been there yet."""
    empty.publish(make(tmp_path / "first"))
    assert damage(empty, "DELETE FROM claim WHERE field = 'purpose'") == []
    old = pact()
    del old["agreement/alfa-bravo"]["purpose"]
    assert empty.publish(make(tmp_path / "again", old)).edition is None
    old["agreement/alfa-bravo"]["label"] = "NOT_STATED"
    assert empty.publish(make(tmp_path / "amended", old)).edition == 2
    assert empty.check().findings == []

    new = record("agreement/later", "A later pact", kind={"value": "TREATY", "quote": "‘a pact’"})
    silent = {id: {**fields} for id, fields in new.items()}
    del silent["agreement/later"]["purpose"]
    unexplained = "agreement/later purpose: it has neither a value nor a reason."
    with pytest.raises(DossierRefusedError, match=unexplained):
        empty.publish(make(tmp_path / "silent", silent, source="source/second"))
    assert empty.publish(make(tmp_path / "new", new, source="source/second")).edition == 3
    with pytest.raises(DossierRefusedError, match=unexplained):
        empty.publish(make(tmp_path / "silent", silent, source="source/second"))
    old["agreement/alfa-bravo"]["sector"] = "NOT_STATED"
    assert empty.publish(make(tmp_path / "last", old)).edition == 4
    assert empty.check().findings == []
    fields = """{ purpose unknowns(first: 100) { nodes { field } }
      claims(field: PURPOSE) { nodes { status } } }"""
    before, after = (
        empty.ask(f'{{ agreement(by: {{slug: "{slug}"}}) {fields} }}')["agreement"]
        for slug in ("alfa-bravo", "later")
    )
    assert (before["purpose"], before["claims"]["nodes"]) == (None, [])
    assert {"field": "PURPOSE"} not in before["unknowns"]["nodes"]
    assert (after["purpose"], after["claims"]["nodes"]) == (None, [{"status": "NOT_STATED"}])
    assert {"field": "PURPOSE"} in after["unknowns"]["nodes"]


def test_the_command_tells_what_is_sound_and_what_is_not(published: Store) -> None:
    arguments = ["check", "--database", published.url]
    sound = CliRunner().invoke(app, arguments)
    assert (sound.exit_code, sound.stdout[:28]) == (0, "Findings: 0 in 2 editions, 6")
    damage(published, "UPDATE edition_counter SET number = 7")
    broken = CliRunner().invoke(app, arguments)
    assert broken.exit_code == 1
    assert broken.stdout.startswith(
        "the edition counter holds 7, the newest edition is 2.\nFindings: 1 in 2 editions"
    )


def test_what_is_published_while_it_checks_is_no_damage(published: Store, tmp_path: Path) -> None:
    folders = [make(tmp_path / str(number), many(number)) for number in range(2)]

    def publish(step: str, done: int, total: int) -> None:
        if done:
            published.publish(folders[done % 2])

    with published.connect() as connection:
        report = check(connection, publish)
    assert (report.findings, report.counts["editions"]) == ([], 2)
    assert published.check().counts["editions"] > 2


def test_an_empty_database_is_sound(empty: Store) -> None:
    assert empty.check().findings == []


def many(number: int) -> Data:
    """Some hundred records, every one another one in each edition."""
    records = pact()
    for index in range(60):
        records |= record(
            f"agreement/number-{index}",
            f"Agreement {index} of {number}",
            label={"value": f"pact {number}", "quote": "‘a pact’", "basis": "It is numbered."},
            sector={"quote": "🛩 drones"},
        )
    return records


@pytest.mark.skipif(not hasattr(os, "fork"), reason="This system cannot fork a process.")
def test_kill_9_at_any_moment_of_publishing_leaves_no_half_edition(
    empty: Store, tmp_path: Path
) -> None:
    """Each is killed before a statement or the commit, or in it: all of the edition, or nothing."""
    folders = [make(tmp_path / str(number), many(number)) for number in range(2)]
    moments = random.Random(2026)
    editions, killed = 2, 0
    with publisher(empty) as publish:
        assert publish(folders[0], None, None)[1] == 0
        steps, status = publish(folders[1], None, None)
        assert status == 0
        for moment in range(MOMENTS):
            # Every fifth is killed at the commit, which is the last step.
            step = moments.randrange(steps) if moment % 5 else steps - 1
            into = moments.uniform(0, 0.003) if moment % 2 else None
            _, status = publish(folders[editions % 2], step, into)
            assert empty.check().findings == [], f"moment {moment}"
            # Read last, as a server may end a commit that was begun for one who is killed.
            with empty.connect() as connection:
                newest = connection.execute(sa.text("SELECT max(number) FROM edition")).scalar_one()
            assert newest in (editions, editions + 1), f"moment {moment}"
            killed += status == -signal.SIGKILL and newest == editions
            editions = int(newest)
        assert killed >= MOMENTS / 2
        assert publish(folders[editions % 2], None, None)[1] == 0
    assert empty.check().counts["editions"] == editions + 1
    assert empty.check().findings == []


Publish = Callable[[Path, int | None, float | None], tuple[int, int]]
"""Publishes a folder: how many steps it took, and how the process ended.

It is killed before a step, or so many seconds after it was let into it.
"""


@contextmanager
def publisher(store: Store) -> Iterator[Publish]:
    """Publishes in processes that are killed at a step, however fast the machine is."""
    process = subprocess.Popen(
        [sys.executable, "-c", PUBLISHER, store.url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        told, asked = process.stdout, process.stdin

        def say(line: str) -> None:
            asked.write(f"{line}\n")
            asked.flush()

        def publish(folder: Path, kill_at: int | None, into: float | None) -> tuple[int, int]:
            say(str(folder))
            child, steps = int(told.readline()), 0
            while (line := told.readline()) == "step\n":
                if kill_at is None or steps < kill_at:
                    say("")
                elif steps == kill_at:
                    if into is not None:
                        say("")
                        time.sleep(into)  # no wait: the moment is what is tested
                    with suppress(ProcessLookupError):
                        os.kill(child, signal.SIGKILL)
                steps += 1
            return steps, int(line)

        yield publish
        asked.close()
