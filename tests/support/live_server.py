"""A server in this process, as `pactbook serve` runs it, whose application a test can hold up."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.types import ASGIApp

from api.process.server import Server, server
from api.settings import Settings
from tests.support.waiting import until_now


@contextmanager
def running(app: ASGIApp, host: str = "127.0.0.1", **given: Any) -> Iterator[tuple[Server, str]]:
    """A server of an application by these settings, and its address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.bind((host, 0))
        serving = server(Settings(host=host, **given), app)
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        until_now(lambda: serving.started or not thread.is_alive())
        assert serving.started
        try:
            yield serving, f"http://{host}:{listener.getsockname()[1]}"
        finally:
            serving.should_exit = True
            thread.join()
