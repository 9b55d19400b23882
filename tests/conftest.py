"""What every test can ask for: both databases, with the seed or empty, and a running server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.browsing import CHROMIUM, FLAGS, absent, serving
from tests.localpg import Server, postgres_server
from tests.press import publish_press
from tests.stores import Store, Stores
from tests.waiting import never_end

KINDS = ["sqlite", "postgresql"]

# A machine under load takes as long as it takes: nothing here is judged by the clock.
settings.register_profile("pactbook", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("pactbook")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session", params=KINDS)
def stores(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """The maker of databases, once for each kind."""
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    return Stores(request.param, tmp_path_factory.mktemp(request.param), server)


@pytest.fixture(scope="session")
def both(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Stores, Stores]:
    """Both makers at once, for comparing answers."""
    sqlite = Stores("sqlite", tmp_path_factory.mktemp("both"), None)
    return sqlite, Stores("postgresql", tmp_path_factory.mktemp("both"), postgres)


@pytest.fixture(scope="session")
def seed(stores: Stores) -> Store:
    """A database that holds the seed, for reading only."""
    return stores.template()


@pytest.fixture(scope="session")
def press(stores: Stores) -> Store:
    """A database that holds the seed and three texts that contradict it, for reading only."""
    store = stores.make(seeded=True)
    publish_press(store)
    return store


@pytest.fixture
def seeded(stores: Stores) -> Iterator[Store]:
    """A database of the test's own that holds the seed."""
    store = stores.make(seeded=True)
    yield store
    stores.drop(store)


@pytest.fixture
def empty(stores: Stores) -> Iterator[Store]:
    """A migrated database of the test's own that holds nothing."""
    store = stores.make(seeded=False)
    yield store
    stores.drop(store)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the root field `coverage` run a statement that does not end."""
    never_end(monkeypatch)


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server with the seed."""
    folder: Path = tmp_path_factory.mktemp("live")
    store = Stores("sqlite", folder, None).template()
    with serving(store) as address:
        yield address


@pytest.fixture
def browser() -> Iterator[Any]:
    """A browser, or a reason why there is none."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        absent(f"there is no Chromium at {CHROMIUM}")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()
