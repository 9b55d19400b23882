"""The watermark: a publication is in the very next answer, and who cannot know asks."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from schema.storage.engine import address
from schema.storage.freshness import Watermark
from schema.storage.freshness_postgresql import PostgresFreshness
from schema.storage.open import newest
from tests.support.checkout import ROOT
from tests.support.clients import OLD, Client, shown, within
from tests.support.damage import change
from tests.support.databases import Store
from tests.support.dossier_factory import LONGER, make, pact

READS = int(os.environ.get("PACTBOOK_TEST_READS", "300"))
"""How many answers are read while another process publishes."""


PUBLISHER = """
import sys
from pathlib import Path
from api.database.seeding import publish_to
from schema.dossiers.reader import read_dossier

url, count, *folders = sys.argv[1:]
codings = [read_dossier(Path(folder)) for folder in folders]
for number in range(int(count)):
    done = publish_to(url, codings[number % 2], "another process", replace=True)
    print(done.edition, flush=True)
"""


def test_a_publication_of_another_process_is_in_the_very_next_answer(
    seeded: Store, tmp_path: Path
) -> None:
    """Of thousands of answers under load none is older than what was published before it."""
    folders = [make(tmp_path / "one"), make(tmp_path / "two", pact(), text=LONGER)]
    count = max(10, READS // 30)

    async def work(client: Client) -> None:
        arguments = [seeded.url, str(count), *map(str, folders)]
        publisher = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PUBLISHER, *arguments),
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert publisher.stdout is not None
        published, reads, stale, running = 2, 0, 0, True

        async def read(number: int) -> None:
            nonlocal reads, stale
            while running or reads < READS:
                least = published
                told = await client.ask(OLD, ("POST", "GET")[number % 2], host=f"http://h{number}")
                stale += told.json()["extensions"]["edition"] < least
                reads += 1
                await asyncio.sleep(0)

        readers = [asyncio.create_task(read(number)) for number in range(6)]
        async for line in publisher.stdout:
            published = int(line)
        running = False
        await asyncio.gather(*readers)
        assert await publisher.wait() == 0
        assert (published, stale) == (2 + count, 0)
        assert reads >= READS
        assert client.reads < reads

    within(seeded, work)


def test_a_lost_listener_is_made_again_and_misses_nothing(seeded: Store, tmp_path: Path) -> None:
    if seeded.is_sqlite:
        pytest.skip("SQLite has no listener.")

    async def work(client: Client) -> None:
        assert client.view.kept
        known = client.view.kept.newest
        assert isinstance(known, PostgresFreshness)
        await client.ask(OLD)
        assert known.raw
        ended = f"SELECT pg_terminate_backend({known.raw.info.backend_pid})"
        await asyncio.to_thread(change, seeded, ended)
        await asyncio.to_thread(seeded.publish, make(tmp_path))
        for _ in range(2):
            assert (await client.ask(OLD)).json()["extensions"]["edition"] == 3
        assert client.reads == 2
        assert known.hears

    within(seeded, work)


def test_a_server_that_cannot_listen_asks_each_time(seeded: Store, tmp_path: Path) -> None:
    if seeded.is_sqlite:
        pytest.skip("SQLite has no listener.")
    deaf = PostgresFreshness(address(seeded.url), channel="of nobody; SELECT 1/0")

    async def work(client: Client) -> None:
        assert client.view.kept
        await client.ask(OLD)
        assert client.view.kept.newest.now() is None
        await client.ask(OLD)
        assert client.reads == 1
        await asyncio.to_thread(seeded.publish, make(tmp_path))
        assert (await client.ask(OLD)).json()["extensions"]["edition"] == 3

    within(seeded, work, watch=deaf)


def test_a_server_that_does_not_answer_holds_a_publication_up_for_a_while_only(
    seeded: Store, tmp_path: Path
) -> None:
    if seeded.is_sqlite:
        pytest.skip("SQLite needs no server's leave.")

    async def work(client: Client) -> None:
        await client.ask(OLD)
        assert seeded.publish(make(tmp_path)).edition == 3, "while the loop stands still"
        assert client.view.kept
        known = await client.view.kept.newest.fetch()
        assert known is not None
        assert known.edition == 3

    within(seeded, work)


class Unknowing:
    """Knows of no edition."""

    is_bare = False

    def now(self) -> None:
        return None

    async def fetch(self) -> None:
        return None

    async def dispose(self) -> None:
        pass


def test_nothing_kept_is_used_where_the_edition_is_unknown(seeded: Store) -> None:
    async def work(client: Client) -> None:
        first, second = await client.ask(OLD, "GET"), await client.ask(OLD, "GET")
        assert shown(first) == shown(second)
        assert client.reads == 2

    within(seeded, work, watch=Unknowing())


def test_a_database_that_is_not_there_has_no_edition(tmp_path: Path) -> None:
    async def asked(url: str) -> Watermark | None:
        known = newest(url)
        try:
            return known.now() or await known.fetch()
        finally:
            await known.dispose()

    (tmp_path / "empty.db").touch()
    for url in (f"sqlite:///{tmp_path}/no.db", f"sqlite:///{tmp_path}/empty.db"):
        assert asyncio.run(asked(url)) is None
    assert asyncio.run(asked("postgresql://nobody@127.0.0.1:1/nothing")) is None
    assert not (tmp_path / "no.db").exists()
