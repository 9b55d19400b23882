"""What Pactbook is compared with: `python -m tests.benchmarks.serving KIND PLACE PORT`."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.benchmarks.asking import asker
from tests.benchmarks.handwritten import Variables

Answer = Callable[[str, Variables], Awaitable[bytes]]
KINDS = ("plain", "sql", "bare")


def raw(answer: Answer) -> ASGIApp:
    """An ASGI application that reads a body, parses it, and sends the bytes of the answer."""
    kind = (b"content-type", b"application/json; charset=utf-8")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        call = orjson.loads(body)
        told = await answer(call["operationName"].lower(), call["variables"])
        headers = [kind, (b"content-length", b"%d" % len(told))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": told})

    return app


def by_hand(url: str) -> ASGIApp:
    """One statement by hand a question."""
    return raw(asker(url).answer)


def bare(path: str) -> ASGIApp:
    """Bytes that are ready, out of a file: by question and by its variables in JSON."""
    ready: dict[tuple[str, bytes], bytes] = pickle.loads(Path(path).read_bytes())

    async def answer(name: str, variables: Variables) -> bytes:
        return ready[name, orjson.dumps(variables)]

    return raw(answer)


def app_of(kind: str, place: str) -> ASGIApp:
    """The application of a kind; the place is a database, or a file of answers for `bare`."""
    if kind == "plain":
        from tests.benchmarks.plain.app import plain_app  # noqa: PLC0415  # heavy, and weighed

        return plain_app(place)
    return by_hand(place) if kind == "sql" else bare(place)


def main(kind: str, place: str, port: int) -> None:
    """Serves until it is told to stop."""
    config = uvicorn.Config(
        app_of(kind, place),
        port=port,
        loop="uvloop",
        http="httptools",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
