"""What every test can ask for: both databases, with the seed or empty, and a running server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from api.database.seeding import load
from schema import declare_indexes
from schema.dossiers.reader import read_dossier
from tests.oracle.small_record import states
from tests.support.browser import CHROMIUM, FLAGS, absent, serving
from tests.support.bulk_rows import fill
from tests.support.contradicting_sources import publish_press
from tests.support.databases import NOW, Store, Stores
from tests.support.local_postgres import NoPostgresError, Server, postgres_server
from tests.support.waiting import never_end

KINDS = ["sqlite", "postgresql"]

# A machine under load takes as long as it takes: nothing here is judged by the clock.
settings.register_profile("pactbook", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("pactbook")


servers = pytest.StashKey[Server]()


def pytest_configure_node(node: Any) -> None:
    """Has all workers use one PostgreSQL, which ends with the run."""
    stash = node.config.stash
    if servers not in stash:
        running = ExitStack()
        node.config.add_cleanup(running.close)
        with suppress(NoPostgresError):  # The tests that want one say so.
            stash[servers] = running.enter_context(postgres_server())
    if servers in stash:
        server = stash[servers]
        node.workerinput["postgres"] = server.url.render_as_string(hide_password=False), server.run


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A real PostgreSQL."""
    given = getattr(request.config, "workerinput", {}).get("postgres")
    if given:
        url, run = given
        yield Server(make_url(url), run)
        return
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that all its workers share."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if hasattr(request.config, "workerinput") else own) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Stores:
    """The maker of SQLite databases."""
    return Stores("sqlite", tmp_path_factory.mktemp("sqlite"), shared, None)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory, shared: Path, postgres: Server) -> Stores:
    """The maker of PostgreSQL databases."""
    return Stores("postgresql", tmp_path_factory.mktemp("postgresql"), shared, postgres)


@pytest.fixture(scope="session", params=KINDS)
def stores(request: pytest.FixtureRequest) -> Stores:
    """The maker of databases, once for each kind."""
    made: Stores = request.getfixturevalue(request.param)
    return made


@pytest.fixture(scope="session")
def both(sqlite: Stores, postgresql: Stores) -> tuple[Stores, Stores]:
    """Both makers at once, for comparing answers."""
    return sqlite, postgresql


@pytest.fixture(scope="session")
def seed(stores: Stores) -> Store:
    """A database that holds the seed, for reading only."""
    return stores.seed()


@pytest.fixture(scope="session")
def press(stores: Stores) -> Store:
    """A database that holds the seed and three texts that contradict it, for reading only."""
    return stores.filled("press", publish_press, seeded=True)


@pytest.fixture(scope="session")
def bulk(stores: Stores) -> Store:
    """A database with many records of every noun, for reading only."""
    declare_indexes()  # as migrations do, which another worker may have run

    def filled(store: Store) -> None:
        with store.connect() as connection, connection.begin():
            fill(connection)

    return stores.filled("bulk", filled)


@pytest.fixture
def seeded(stores: Stores) -> Iterator[Store]:
    """A database of the test's own that holds the seed."""
    store = stores.make(seeded=True)
    yield store
    stores.drop(store)


@pytest.fixture
def small(stores: Stores, tmp_path: Path) -> Iterator[Store]:
    """The same with five states of the 249, which is loaded and checked much sooner."""

    def fill(store: Store) -> None:
        few = read_dossier(states(tmp_path / "states"))
        load(store.url, "pactbook", now=NOW, states=few)

    store = stores.copied("small", fill)
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
def live_server(sqlite: Stores) -> Iterator[str]:
    """The address of a running server with the seed."""
    with serving(sqlite.seed()) as address:
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
