"""A real server and a real browser for the tests, and what goes wrong while it visits a page."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest

from api.app import create_app
from api.settings import Settings
from tests.support.databases import Store
from tests.support.live_server import running

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]


def absent(reason: str) -> NoReturn:
    """Skip, and say why; fail in CI, where everything must run."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class Visit:
    """One visit of a page, with everything that went wrong during it."""

    def __init__(self, browser: Any, address: str, width: int = 1440, **given: Any) -> None:
        self.asked: list[str] = []
        self.wrong: list[str] = []
        self.page = browser.new_page(viewport={"width": width, "height": 900}, **given)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.add_init_script(
            "addEventListener('securitypolicyviolation', e => console.error('CSP', e.blockedURI))"
        )
        self.page.goto(address)

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(message.text)

    def answers(self, words: str) -> None:
        """Waits until the explorer's answer shows these words."""
        # The editor writes spaces that do not break, and none where it breaks a line.
        spaced = re.compile(r"\s*".join(map(re.escape, words.split())))
        self.page.locator(".result-window .view-lines").filter(has_text=spaced).wait_for()

    def strangers(self, host: str) -> list[str]:
        """The requests that left the host."""
        return [url for url in self.asked if not url.startswith((f"{host}/", "data:"))]


@contextmanager
def serving(store: Store, **given: Any) -> Iterator[str]:
    """The address of a server of a database, by these settings."""
    settings = Settings(database_url=store.url, **given)
    with running(create_app(settings), **given) as (_, address):
        yield address
