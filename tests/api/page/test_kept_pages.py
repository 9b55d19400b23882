"""Pages are kept as answers are: made once an edition, and never an older one than the newest."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.app import create_app
from api.page.view import ReadablePages
from api.page.wanted import Wanted
from api.settings import Settings
from tests.support.databases import Store
from tests.support.dossier_factory import make
from tests.support.page_visits import HERE

PACT = "/agreement/alfa-bravo"
DRONES = "/procurement/south-korea-polish-drones"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Wanted]:
    """The pages that are read, and not given again."""
    found: list[Wanted] = []
    usual = ReadablePages.shown

    async def shown(self: ReadablePages, request: Any, wanted: Wanted, *given: Any) -> Any:
        found.append(wanted)
        return await usual(self, request, wanted, *given)

    monkeypatch.setattr(ReadablePages, "shown", shown)
    return found


def test_a_page_is_made_once_for_each_form(seed: Store, reads: list[Wanted]) -> None:
    paths = [DRONES, f"{DRONES}?format=json", f"{DRONES}?edition=1", f"{DRONES}@1",
             "/party/nowhere", "/source/poland-south-korea-defense-ties"]  # fmt: skip

    async def run() -> None:
        served = create_app(Settings(database_url=seed.url))
        transport = httpx2.ASGITransport(served)
        async with (
            served.router.lifespan_context(served),
            httpx2.AsyncClient(transport=transport, base_url=HERE) as client,
        ):
            first = [await client.get(path) for path in paths]
            # An id with its edition is the same page as the id and the edition.
            assert len(reads) == len(paths) - 1
            again = [await client.get(path) for path in paths]
            for before, after in zip(first, again, strict=True):
                assert (before.status_code, before.content) == (after.status_code, after.content)
                assert before.headers.raw == after.headers.raw
            assert len(reads) == len(paths) - 1
            tag = first[0].headers["etag"]
            known = await client.get(DRONES, headers={"if-none-match": tag})
            assert (known.status_code, known.headers["etag"]) == (304, tag)
            absent = await client.get("/party/nowhere", headers={"if-none-match": "*"})
            assert absent.status_code == 404
            assert "etag" not in absent.headers
            wrong = [f"{DRONES}?edition=9", f"{DRONES}?part=2", "/nothing/x"]
            before_wrong = len(reads)
            for path in (*wrong, *wrong):
                assert (await client.get(path)).status_code in (400, 404)
            assert len(reads) == before_wrong + 4, "what is asked wrongly is not kept"

    asyncio.run(run())


def test_a_publication_makes_pages_anew(seeded: Store, tmp_path: Path, reads: list[Wanted]) -> None:
    async def run() -> None:
        served = create_app(Settings(database_url=seeded.url))
        transport = httpx2.ASGITransport(served)
        async with (
            served.router.lifespan_context(served),
            httpx2.AsyncClient(transport=transport, base_url=HERE) as client,
        ):
            assert [(await client.get(PACT)).status_code for _ in range(2)] == [404, 404]
            old = await client.get(DRONES)
            assert len(reads) == 2
            await asyncio.to_thread(seeded.publish, make(tmp_path))
            assert (await client.get(PACT)).status_code == 200
            known = {"if-none-match": old.headers["etag"]}
            new = await client.get(DRONES, headers=known)
            assert new.status_code == 200
            assert "edition 3" in new.text.lower()
            assert len(reads) == 4

    asyncio.run(run())


def test_a_reader_who_has_the_page_has_it_not_made(seed: Store) -> None:
    async def run() -> None:
        tags: list[str] = []
        for _ in range(2):  # two processes
            served = create_app(Settings(database_url=seed.url))
            transport = httpx2.ASGITransport(served)
            async with (
                served.router.lifespan_context(served),
                httpx2.AsyncClient(transport=transport, base_url=HERE) as client,
            ):
                if tags:
                    known = await client.get(DRONES, headers={"if-none-match": tags[0]})
                    assert (known.status_code, known.content) == (304, b"")
                    kept = served.graph.kept
                    assert kept is not None
                    assert not kept.answers.held, "nothing was made"
                tags.append((await client.get(DRONES)).headers["etag"])
        assert tags[0] == tags[1]

    asyncio.run(run())


def test_pages_are_not_kept_where_nothing_is(seed: Store, reads: list[Wanted]) -> None:
    async def run() -> None:
        served = create_app(Settings(database_url=seed.url, answers_kept=0))
        transport = httpx2.ASGITransport(served)
        async with (
            served.router.lifespan_context(served),
            httpx2.AsyncClient(transport=transport, base_url=HERE) as client,
        ):
            pages = [await client.get(DRONES) for _ in range(2)]
            assert pages[0].content == pages[1].content
            assert len(reads) == 2

    asyncio.run(run())
