"""Outputs that never block: all is written, in order, or dropped and counted."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.process.streams import Unblocked
from tests.support.checkout import ROOT

PIPE_BYTES = 65_536


def written(*texts: str, most: int = 1 << 20) -> bytes:
    """What a reader finds of what was written."""
    reading, writing = os.pipe()
    stream = Unblocked(writing, most)
    for text in texts:
        stream.write(text)
    stream.end(60)
    os.close(writing)
    with os.fdopen(reading, "rb") as reader:
        return reader.read()


@given(st.lists(st.text(max_size=50), max_size=20))
def test_all_is_written_in_order(texts: list[str]) -> None:
    expected = "".join(texts).encode(errors="backslashreplace")
    assert written(*texts) == expected


def test_what_nobody_reads_is_dropped_and_counted() -> None:
    reading, writing = os.pipe()
    stream = Unblocked(writing, 1_000)
    line = "x" * 99 + "\n"
    number = 2_000
    for _ in range(number):
        assert stream.write(line) == 100, "who writes is told nothing"
    assert stream.dropped > 0
    assert stream.size <= 1_000
    dropped = stream.dropped
    found = bytearray()

    def read() -> None:
        with os.fdopen(reading, "rb") as reader:
            found.extend(reader.read())

    thread = threading.Thread(target=read)
    thread.start()
    stream.end(60)
    os.close(writing)
    thread.join()
    *lines, told = found.decode().splitlines()
    assert len(lines) + dropped == number
    assert told == f"{dropped} messages were dropped because nobody read them."


def test_a_reader_that_has_gone_stops_nothing() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    stream = Unblocked(writing, 1_000)
    for _ in range(100):
        stream.write("x" * 100)
    stream.end(60)
    assert not stream.thread.is_alive()
    os.close(writing)


def test_a_stream_is_what_others_take_it_for() -> None:
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123  # a descriptor is wanted
        stream = Unblocked(nowhere.fileno())
        print("a", 1, file=stream, flush=True)
        assert (stream.fileno(), stream.isatty(), stream.writable()) == (
            nowhere.fileno(),
            False,
            True,
        )
        stream.end()


FLOOD = """
import logging, socket, sys
from api.process import server as serving
from api.settings import Settings

def noisy(settings):
    async def app(scope, receive, send):
        if scope["type"] != "http":
            return
        if scope["path"] == "/fail":
            print("x" * 1000)
            sys.stderr.write("x" * 1000 + "\\n")
            logging.getLogger("anything").warning("x" * 1000)
            raise RuntimeError("x" * 1000)
        headers = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})
    return app

serving.create_app = noisy
serving.serve(Settings(), socket.socket(fileno=int(sys.argv[1])))
"""


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_an_output_that_nobody_reads_holds_nothing_up(stream: str) -> None:
    reading, writing = os.pipe()
    outputs = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: writing}
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.set_inheritable(True)
        descriptor, port = listener.fileno(), listener.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-c", FLOOD, str(descriptor)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            pass_fds=[descriptor],
            stdout=outputs["stdout"],
            stderr=outputs["stderr"],
        )
    os.close(writing)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=None) as client:
            for _ in range(2 * PIPE_BYTES // 1_000):
                assert client.get("/fail").status_code == 500
            assert client.get("/").text == "ok"
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    finally:
        process.kill()
        process.wait()
        os.close(reading)
