"""The worker: new documents and introspection leave the event loop, within bounds."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import httpx2
import pytest
from graphql import get_introspection_query, validate
from starlette.applications import Starlette

from api.limits.documents import Document, Documents
from api.limits.limits import Limits
from api.limits.worker import Worker
from schema.errors import ServerBusyError
from tests.support.book_schema import app, code, graph, query


def test_work_is_done_in_one_thread_and_not_on_the_loop() -> None:
    async def run() -> set[int]:
        worker = Worker("test", 8)
        return {*await asyncio.gather(*(worker.run(threading.get_ident) for _ in range(8)))}

    [thread] = asyncio.run(run())
    assert thread != threading.get_ident()


def test_what_work_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(Worker("test", 1).run(lambda: 1 // 0))


def test_who_comes_when_too_much_waits_is_refused_and_may_come_again() -> None:
    async def run() -> None:
        worker, latch = Worker("test", 2), threading.Event()
        waiting = [asyncio.ensure_future(worker.run(latch.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(ServerBusyError):
            await worker.run(latch.wait)
        latch.set()
        assert await asyncio.gather(*waiting) == [True, True]
        assert await worker.run(latch.wait)

    asyncio.run(run())


def test_what_nobody_waits_for_is_not_begun() -> None:
    async def run() -> list[str]:
        worker, latch, begun = Worker("test", 8), threading.Event(), list[str]()
        held = asyncio.ensure_future(worker.run(latch.wait))
        left = asyncio.ensure_future(worker.run(lambda: begun.append("left")))
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.wait([left])
        latch.set()
        await held
        await worker.run(lambda: begun.append("next"))
        return begun

    assert asyncio.run(run()) == ["next"]


@contextmanager
def held() -> Iterator[threading.Event]:
    """Documents are read only once the latch is set."""
    latch, made = threading.Event(), Documents.made

    def late(documents: Documents, text: str) -> Document:
        latch.wait()
        return made(documents, text)

    with mock.patch.object(Documents, "made", late):
        yield latch
        latch.set()


def asked(served: Starlette, texts: list[str], latch: threading.Event) -> list[httpx2.Response]:
    """The answers to operations that are asked at once; the first of them lets the latch go."""

    async def run() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(served)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:

            async def ask(text: str) -> httpx2.Response:
                headers = {"content-type": "application/json"}
                content = json.dumps({"query": text})
                return await client.post("/graphql", content=content, headers=headers)

            waiting = [asyncio.ensure_future(ask(text)) for text in texts]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            latch.set()
            return await asyncio.gather(*waiting)

    return asyncio.run(run())


def test_a_known_document_is_answered_while_others_are_validated() -> None:
    served, known = app(), "{ book { title } }"
    query(served, known)
    with held() as latch:
        new, told = asked(served, ["{ book { title sequel { title } } }", known], latch)
    assert told.json()["data"] == {"book": {"title": "Volume 1"}}
    assert new.json()["data"]["book"]["sequel"]


def test_too_many_new_documents_are_told_to_come_again() -> None:
    texts = [f"query Q{number} {{ book {{ title }} }}" for number in range(4)]
    with held() as latch:
        answers = asked(app(Limits(documents_waiting=3)), texts, latch)
    *others, told = sorted(answers, key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in others] == [200, 200, 200]
    assert (told.status_code, code(told)) == (503, "SERVER_BUSY")
    assert told.headers["retry-after"] == "1"


def test_a_document_that_many_send_at_once_is_read_once() -> None:
    with mock.patch("api.limits.documents.validate", wraps=validate) as validated, held() as latch:
        latch.set()
        answers = asked(app(Limits(documents_waiting=1)), ["{ book { title } }"] * 9, latch)
    assert [answer.status_code for answer in answers] == [200] * 9
    assert validated.call_count == 1


def test_who_leaves_takes_the_document_from_nobody() -> None:
    async def run() -> None:
        documents, text = Documents(graph._schema, Limits()), "{ book { title } }"
        with held() as latch:
            left, stays = (asyncio.ensure_future(documents.prepare(text)) for _ in range(2))
            await asyncio.sleep(0)
            left.cancel()
            latch.set()
            await stays
        assert documents.knows(text)
        assert not documents.reading

    asyncio.run(run())


def test_validation_is_within_the_time_of_its_operation() -> None:
    with held():
        response = query(app(Limits(operation_seconds=0.01)), "{ book { title } }")
    assert code(response) == "TIMEOUT"


def test_all_that_is_dear_is_done_in_the_worker() -> None:
    threads = set[int]()
    made = Documents.made

    def noted(documents: Documents, text: str) -> Document:
        threads.add(threading.get_ident())
        return made(documents, text)

    with mock.patch.object(Documents, "made", noted):
        for text in ("{ book { title } }", "{ nothing }", "{", "{ a: __typename" * 900):
            query(app(), text)
    assert threads
    assert threading.get_ident() not in threads


@pytest.mark.parametrize("beside", ["", "book { title }"])
def test_the_graph_tells_of_itself_in_another_thread(beside: str) -> None:
    run, count = Worker.run, 0

    async def noted(worker: Worker, work: Any) -> Any:
        nonlocal count
        count += 1
        return await run(worker, work)

    text = f'{{ a: __schema {{ types {{ name }} }} b: __type(name: "Book") {{ name }} {beside} }}'
    with mock.patch.object(Worker, "run", noted):
        answer = query(app(), text).json()
    assert answer["data"]["b"] == {"name": "Book"}
    assert {"name": "Book"} in answer["data"]["a"]["types"]
    assert answer["data"].get("book") == ({"title": "Volume 1"} if beside else None)
    assert count == 3, "the document, and each of the two fields"


def test_what_many_ask_of_the_graph_is_told_all_the_same() -> None:
    text = get_introspection_query()
    aliases = (f'a{n}: __type(name: "Book") {{ name }}' for n in range(30))
    aliased = f"{{ {' '.join(aliases)} }}"
    served = app(Limits(documents_waiting=1))
    assert len(query(served, aliased).json()["data"]) == 30
    assert query(served, text).json()["data"]["__schema"]["types"]
