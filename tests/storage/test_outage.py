"""A database that is away: 503 and one line in the log, and all well again when it is back."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from schema.storage.outage import Outage
from tests.oracle.small_record import states
from tests.support.databases import Store, Stores
from tests.support.local_postgres import NoPostgresError, OwnServer, own_server
from tests.support.waiting import ENDLESS, SHORT, Served, code, served, until


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    """A PostgreSQL that these tests stop and freeze."""
    try:
        with own_server() as server:
            yield server
    except NoPostgresError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def store(server: OwnServer, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A database there that holds some states."""
    folder = tmp_path_factory.mktemp("own")
    store = Stores("postgresql", folder, folder, server).make(seeded=False)
    store.publish(states(folder / "states"))
    return store


def run(store: Store, work: Any, **settings: Any) -> None:
    """Does work with an application over a store, in some minutes at most."""

    async def within() -> None:
        async with asyncio.timeout(180), served(store, **settings) as app:
            await work(app)

    asyncio.run(within())


def is_away(response: httpx2.Response, store: Store) -> None:
    """Asserts that an answer says that the database is away, and not where it was."""
    assert (response.status_code, code(response)) == (503, "DATABASE_NOT_READY")
    assert response.headers["retry-after"] == "5"
    place = store.url.partition("://")[2]
    for part in (place, "pb-", "pactbook_", ".db", "/tmp"):
        assert part not in response.text


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log was told of the database; nothing was told with a trace."""
    assert all(record.exc_info is None for record in caplog.records)
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def test_a_server_that_was_started_again_costs_no_answer(server: OwnServer, store: Store) -> None:
    async def work(app: Served) -> None:
        asked = [f"{{ a{number}: {SHORT[1:]}" for number in range(12)]
        first = [asyncio.create_task(app.ask(query)) for query in asked]
        for task in first:
            (await task).raise_for_status()
        await asyncio.to_thread(server.stop)
        await asyncio.to_thread(server.start)
        mistake = asyncio.create_task(app.ask('{ parties(after: "x") { totalCount } }'))
        again = [asyncio.create_task(app.ask(query)) for query in asked]
        for before, after in zip(first, again, strict=True):
            assert (await after).content == (await before).content
        assert code(await mistake) == "BAD_USER_INPUT"
        assert (await app.http.get("/party/poland")).status_code == 200
        assert (await app.http.get("/health")).json()["status"] == "ok"

    run(store, work)


def test_a_server_that_goes_away_is_told_of_once(
    server: OwnServer, store: Store, endless: None, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(app: Served) -> None:
        (await app.ask(SHORT)).raise_for_status()
        reading: Any = app.snapshots
        task = asyncio.create_task(app.ask(ENDLESS))
        await until(lambda: reading.long.free == 1)
        await asyncio.to_thread(server.stop)
        try:
            is_away(await task, store)
            for query in (SHORT, SHORT, '{ parties(after: "x") { totalCount } }'):
                is_away(await app.ask(query), store)
            assert (await app.http.get("/health")).status_code == 503
            page = await app.http.get("/party/poland?format=json")
            is_away(page, store)
            [line] = lines(caplog)
            assert "does not answer" in line
        finally:
            await asyncio.to_thread(server.start)
        (await app.ask(SHORT)).raise_for_status()
        assert (await app.http.get("/health")).json()["status"] == "ok"

    run(store, work)


def test_time_limits_hold_while_the_server_stands_still(server: OwnServer, store: Store) -> None:
    async def work(app: Served) -> None:
        mistake = '{ parties(after: "x") { totalCount } }'
        for query in (SHORT, mistake):
            await app.ask(query)
        await asyncio.to_thread(server.freeze)
        try:
            asked = [app.ask(query) for query in (SHORT, mistake, "{ editions { nodes { id } } }")]
            for answer in await asyncio.gather(*asked):
                assert answer.status_code == 503 or code(answer) == "TIMEOUT"

            async def is_away() -> bool:
                return (await app.http.get("/health")).status_code == 503

            await until(is_away)  # as soon as it rests no more on what it knew before
        finally:
            server.thaw()

        async def is_well() -> bool:
            health, answer = await app.http.get("/health"), await app.ask(SHORT)
            return health.status_code == 200 and "errors" not in answer.json()

        await until(is_well)

    run(store, work, operation_seconds=1.0)


@pytest.mark.parametrize("how", ["gone", "locked", "no database"])
def test_a_file_that_cannot_be_read_is_told_of_once(
    how: str, sqlite: Stores, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = sqlite.make(seeded=False)
    path = Path(store.url.removeprefix("sqlite:///"))
    locked = sqlite3.connect(path)
    if how == "gone":
        path = path.rename(tmp_path / "elsewhere.db")
    elif how == "no database":
        path.write_bytes(b"no database, but long enough to have a header of one" * 20)
    else:
        locked.execute("PRAGMA locking_mode = EXCLUSIVE")
        locked.execute("CREATE TABLE held (a)")

    async def work(app: Served) -> None:
        for query in (SHORT, SHORT, '{ parties(after: "x") { totalCount } }'):
            is_away(await app.ask(query), store)
        is_away(await app.http.get("/party/poland?format=json"), store)
        health = await app.http.get("/health")
        assert (health.status_code, health.json()) == (503, {"status": "no database"})
        [line] = lines(caplog)
        assert "does not answer" in line
        if how == "locked":
            locked.close()
            (await app.ask(SHORT)).raise_for_status()

    run(store, work)
    locked.close()


def test_a_password_is_never_told(caplog: pytest.LogCaptureFixture) -> None:
    store = Store("postgresql://reader:hunter2@127.0.0.1:1/nothing")

    async def work(app: Served) -> None:
        response = await app.ask(SHORT)
        is_away(response, store)
        assert "127.0.0.1" not in response.text
        [line] = lines(caplog)
        assert "127.0.0.1:1/nothing" in line
        assert "hunter2" not in line

    run(store, work)


def test_an_outage_is_told_again_when_it_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage(sa.make_url("sqlite:///no.db"))
    for _ in range(2):
        outage.error(OSError("first\nsecond"))
        outage.error(OSError(""))
        outage.over()
    assert len(lines(caplog)) == 2
    assert lines(caplog)[0].endswith("does not answer: first")
