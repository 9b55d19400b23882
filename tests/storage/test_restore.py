"""Restored and lost databases: an edition is known by its mark, a file by its inode."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from schema.storage.sqlite_open import OpenFile
from schema.storage.timing import Timing
from tests.support.clients import HOST, OLD, Client, within
from tests.support.databases import Store, Stores
from tests.support.dossier_factory import make, pact

NAMED = "query($at: AsOf) { agreements(asOf: $at) { nodes { title } } }"
THIRD: dict[str, Any] = {"at": {"edition": 3}}
PAGE = f"{HOST}/agreement/alfa-bravo"
MARKS = "{ editions { nodes { number mark } } }"
LOOKING = Timing(look_seconds=0)
"""What lies at a path is looked at before each answer."""


class Backup:
    """A copy of a database, and how it takes the database's place."""

    def __init__(self, store: Store, stores: Stores, folder: Path) -> None:
        self.store, self.server = store, stores.server
        self.copy = folder / "backup.db"
        if self.server is not None:
            self.template = self.server.create_database(store.url)
        else:
            copy(path_of(store), self.copy)

    def moved(self) -> None:
        """`mv backup.db pactbook.db`; or the database is dropped and made again."""
        if self.server is None:
            self.copy.replace(path_of(self.store))
            return
        url = sa.make_url(self.store.url)
        name, plain = url.database or "", url.set(drivername="postgresql", database="postgres")
        self.server.drop(self.store.url)
        with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as raw:
            raw.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(sa.make_url(self.template).database or "")
                )
            )

    def written(self) -> None:
        """`.restore backup.db` in SQLite's shell: the same file, with what the copy holds."""
        with (
            closing(sqlite3.connect(self.copy)) as source,
            closing(sqlite3.connect(path_of(self.store))) as target,
        ):
            source.backup(target)


def copy(file: Path, backup: Path) -> None:
    """A copy, made as README says."""
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("VACUUM INTO ?", [str(backup)])


def path_of(store: Store) -> Path:
    """Where an SQLite file lies."""
    return Path(store.url.removeprefix("sqlite:///"))


Restore = Callable[[Backup], None]


@pytest.mark.parametrize("restore", [Backup.moved, Backup.written])
@pytest.mark.parametrize("is_seen", [True, False])
def test_no_answer_of_a_lost_edition_is_given_for_that_of_its_number(
    seeded: Store, stores: Stores, tmp_path: Path, restore: Restore, is_seen: bool
) -> None:
    """Edition 3 is published, lost, and published again with other contents."""
    if restore is Backup.written and not seeded.is_sqlite:
        pytest.skip("PostgreSQL has no such thing.")
    backup = Backup(seeded, stores, tmp_path)
    other = pact()
    other["agreement/alfa-bravo"]["title"] = "The other pact"
    folders = make(tmp_path / "b"), make(tmp_path / "c", other)

    async def shown(client: Client) -> dict[str, httpx2.Response]:
        found = {
            "now": await client.ask(NAMED, "GET"),
            "posted": await client.ask(NAMED),
            "third": await client.ask(NAMED, "GET", variables=THIRD),
            "second": await client.ask(OLD, "GET", variables={"at": {"edition": 2}}),
            "page": await client.http.get(PAGE),
            "marks": await client.ask(MARKS, "GET"),
        }
        assert {response.status_code for response in found.values()} == {200}
        return found

    async def work(client: Client) -> None:
        await client.ask(NAMED)
        await asyncio.to_thread(seeded.publish, folders[0])
        lost = await shown(client)
        assert "The other pact" not in lost["now"].text
        await asyncio.to_thread(restore, backup)
        if is_seen:
            told = await client.ask(NAMED)
            assert told.json()["extensions"]["edition"] == 2
            gone = await client.ask(NAMED, "GET", variables=THIRD)
            assert gone.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        await asyncio.to_thread(seeded.publish, folders[1])
        found = await shown(client)
        for name in ("now", "posted", "third", "page"):
            assert "The other pact" in found[name].text, name
        assert found["second"].content == lost["second"].content
        (_, *before), (_, *after) = (
            each["marks"].json()["data"]["editions"]["nodes"] for each in (lost, found)
        )
        assert before[0] == after[0], "the second edition is the same"
        assert before[1]["number"] == after[1]["number"] == 3
        assert before[1]["mark"] != after[1]["mark"]
        for name, variables in {"now": {}, "third": THIRD}.items():
            tag = lost[name].headers["etag"]
            again = await client.ask(NAMED, "GET", if_none_match=tag, variables=variables)
            assert again.content == found[name].content
        tag = lost["page"].headers["etag"]
        again = await client.http.get(PAGE, headers={"If-None-Match": tag})
        assert (again.status_code, again.text) == (200, found["page"].text)

    within(seeded, work, LOOKING)
    assert seeded.check().findings == []


def test_an_answer_that_a_restore_overtakes_is_never_given_again(
    seeded: Store, stores: Stores, tmp_path: Path
) -> None:
    backup = Backup(seeded, stores, tmp_path)
    other = pact()
    other["agreement/alfa-bravo"]["title"] = "The other pact"
    folders = make(tmp_path / "b"), make(tmp_path / "c", other)

    async def work(client: Client) -> None:
        async def restore() -> None:
            client.after = None
            await asyncio.to_thread(backup.moved)
            await asyncio.to_thread(seeded.publish, folders[1])

        await asyncio.to_thread(seeded.publish, folders[0])
        client.after = restore
        overtaken = await client.ask(NAMED)
        assert "The other pact" not in overtaken.text
        assert "The other pact" in (await client.ask(NAMED)).text

    within(seeded, work, LOOKING)


@pytest.fixture
def file(seeded: Store) -> Path:
    """The file of a database."""
    if not seeded.is_sqlite:
        pytest.skip("PostgreSQL is no file.")
    return path_of(seeded)


async def health(client: Client) -> int:
    """The status that the health of the server has."""
    return (await client.http.get(f"{HOST}/health")).status_code


def unsaved(store: Store, folder: Path) -> None:
    """Publishes so that a log remains beside the file, as a server has it open."""
    store.publish(make(folder))
    assert Path(f"{path_of(store)}-wal").stat().st_size > 0


@pytest.mark.parametrize("kept", [0, 1_000_000])
def test_a_file_that_is_lost_is_missed_and_one_that_comes_back_is_served(
    seeded: Store, file: Path, tmp_path: Path, kept: int
) -> None:
    async def work(client: Client) -> None:
        await client.ask(NAMED)
        await health(client)
        await asyncio.to_thread(unsaved, seeded, tmp_path / "b")
        before = await client.ask(NAMED)
        os.rename(file, tmp_path / "elsewhere.db")  # noqa: PTH104  # at once
        for _ in range(2):
            for method in ("GET", "POST"):
                lost = await client.ask(NAMED, method)
                assert lost.status_code == 503
                [error] = lost.json()["errors"]
                assert error["extensions"]["code"] == "DATABASE_NOT_READY"
                assert str(file) not in lost.text
            assert await health(client) == 503
            assert (await client.http.get(PAGE)).status_code == 503
        assert not await asyncio.to_thread(file.exists), "none is made"
        os.rename(tmp_path / "elsewhere.db", file)  # noqa: PTH104  # at once
        assert await health(client) == 200
        assert (await client.ask(NAMED)).content == before.content

    within(seeded, work, LOOKING, answers_kept=kept)
    assert seeded.check().findings == []


@pytest.mark.parametrize("kept", [0, 1_000_000])
@pytest.mark.parametrize("is_missed", [True, False])
def test_a_file_in_the_place_of_another_is_served_without_its_log(
    seeded: Store, file: Path, tmp_path: Path, kept: int, is_missed: bool
) -> None:
    backup = tmp_path / "backup.db"
    copy(file, backup)

    async def work(client: Client) -> None:
        await client.ask(NAMED)
        await health(client)
        await asyncio.to_thread(unsaved, seeded, tmp_path / "b")
        assert (await client.ask(NAMED)).json()["extensions"]["edition"] == 3
        if is_missed:
            os.rename(file, tmp_path / "old.db")  # noqa: PTH104  # at once
            assert (await client.ask(NAMED)).status_code == 503
        else:
            os.link(file, tmp_path / "old.db")
        backup.replace(file)
        assert (await client.ask(NAMED)).json()["extensions"]["edition"] == 2
        assert (await client.http.get(f"{HOST}/health")).json()["edition"] == 2
        other = pact()
        other["agreement/alfa-bravo"]["title"] = "The other pact"
        published = await asyncio.to_thread(seeded.publish, make(tmp_path / "c", other))
        assert published.edition == 3
        assert "The other pact" in (await client.ask(NAMED)).text
        assert "The other pact" in (await client.http.get(PAGE)).text

    within(seeded, work, LOOKING, answers_kept=kept)
    assert seeded.check().findings == []
    old = Store(f"sqlite:///{tmp_path / 'old.db'}")
    assert old.check().findings == []
    assert old.ask("{ editions { totalCount } }") == {"editions": {"totalCount": 3}}


def test_two_servers_of_one_file_leave_each_other_the_new_one(
    seeded: Store, file: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    copy(file, backup)

    async def inner(second: Client) -> None:
        await second.ask(NAMED)
        await health(second)
        await asyncio.to_thread(unsaved, seeded, tmp_path / "b")
        backup.replace(file)
        assert (await second.ask(NAMED)).json()["extensions"]["edition"] == 2
        await asyncio.to_thread(unsaved, seeded, tmp_path / "c")

    async def outer(first: Client) -> None:
        await first.ask(NAMED)
        await health(first)
        await asyncio.to_thread(within, seeded, inner, LOOKING)
        assert (await first.ask(NAMED)).json()["extensions"]["edition"] == 3
        assert await health(first) == 200

    within(seeded, outer, LOOKING)
    assert seeded.check().findings == []
    assert seeded.ask("{ editions { totalCount } }") == {"editions": {"totalCount": 3}}


def test_all_connections_turn_to_another_file_at_once(tmp_path: Path) -> None:
    path, other = tmp_path / "a.db", tmp_path / "b.db"
    for each in (path, other):
        with closing(sqlite3.connect(each)) as raw:
            raw.execute("CREATE TABLE held (name)")
    first, second = OpenFile(path, 3_600), OpenFile(path, 3_600)
    other.replace(path)
    assert first.is_current()
    assert second.is_current(), "nobody has looked yet"
    third = OpenFile(path, 3_600)
    assert [each.is_current() for each in (first, second, third)] == [False, False, True]
    for opened in (first, second, third):
        opened.close()
