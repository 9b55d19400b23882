"""The tests' own databases: PostgreSQL starts, what is filled once is copied, nothing is left."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests.support.databases import Store, Stores
from tests.support.local_postgres import Server, postgres_server


def test_a_copy_has_the_rows_of_its_template() -> None:
    with postgres_server() as server:
        template = server.create_database()
        _run(template, "CREATE TABLE pact AS SELECT 1 AS id")
        by_url = server.create_database(template=template)
        by_name = server.create_database(template=sa.make_url(template).database)
        assert [_rows(by_url), _rows(by_name)] == [1, 1]
        assert len({template, by_url, by_name}) == 3


def test_a_dropped_database_is_gone() -> None:
    with postgres_server() as server:
        url = server.create_database()
        server.drop(url)
        with pytest.raises(OperationalError, match="does not exist"):
            _run(url, "SELECT 1")


def test_nothing_is_left_after_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PACTBOOK_TEST_POSTGRES", raising=False)
    with postgres_server() as server:
        folder = _folder(server)
        assert folder.is_dir()
    assert not folder.exists()


def test_a_server_named_by_url_is_used_and_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    with postgres_server() as server:
        named = server.url.render_as_string(hide_password=False)
        monkeypatch.setenv("PACTBOOK_TEST_POSTGRES", named)
        with postgres_server() as guest:
            url = guest.create_database()
            _run(url, "SELECT 1")
        with pytest.raises(OperationalError, match="does not exist"):
            _run(url, "SELECT 1")


def test_what_many_read_is_filled_once_and_copied(stores: Stores, tmp_path: Path) -> None:
    called: list[str] = []

    def fill(store: Store) -> None:
        called.append(store.url)
        _run(store.url, "CREATE TABLE pact AS SELECT 1 AS id")

    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    workers = [Stores(stores.kind, folder, tmp_path, stores.server) for folder in folders]
    read = [each.filled("pact", fill) for each in (*workers, *workers)]
    assert len(called) == 1
    assert len({*called, *(store.url for store in read)}) == 3
    assert [_rows(store.url) for store in read] == [1] * 4


def _folder(server: Server) -> Path:
    host = server.url.query["host"]
    assert isinstance(host, str)
    return Path(host)


def _run(url: str, statement: str) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text(statement))


def _rows(url: str) -> int:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return len(connection.execute(sa.text("SELECT id FROM pact")).all())
