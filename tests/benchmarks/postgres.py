"""A PostgreSQL whose data stay: made once in a folder, started for the length of a run."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from tests.support import local_postgres

SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "512MB",
    "effective_cache_size": "4GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "max_connections": "100",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "random_page_cost": "1.1",
    "log_min_messages": "warning",
}
"""As somebody would tune it for short reads from memory, one core a question."""


@contextmanager
def kept_server(folder: Path) -> Iterator[URL]:
    """The address of a server whose data lie in a folder; PACTBOOK_TEST_POSTGRES's, if given."""
    given = os.environ.get("PACTBOOK_TEST_POSTGRES")
    if given:
        yield make_url(given).set(drivername=local_postgres.DRIVER)
        return
    # A socket's path must be short, and the server's account must be able to enter the folder.
    with tempfile.TemporaryDirectory(prefix="pb-", dir="/tmp") as place:
        home = Path(place)
        account = local_postgres._account()
        if account is not None:
            os.chown(home, account, account)
        programs = local_postgres._binaries(home)
        data = folder / "postgresql"
        if not (data / "PG_VERSION").exists():
            data.mkdir(parents=True, exist_ok=True)
            if account is not None:
                os.chown(data, account, account)
            choices = ["--username=pactbook", "--auth=trust", "--encoding=UTF8", "--locale=C"]
            local_postgres._call([programs / "initdb", "-D", data, *choices, "--no-sync"], home)
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", home, *settings],
                cwd=home,
                user=account,
                group=account,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            yield local_postgres._wait(process, home).set(drivername=local_postgres.DRIVER)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(local_postgres.START_SECONDS)


def databases(server: URL) -> set[str]:
    """The names of a server's databases."""
    with _connected(server) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def create(server: URL, name: str) -> None:
    """Makes an empty database."""
    with _connected(server) as connection:
        made = sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
        connection.execute(made)


def rename(server: URL, name: str, to: str) -> None:
    """Gives a database its last name."""
    with _connected(server) as connection:
        told = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        connection.execute(told.format(sql.Identifier(name), sql.Identifier(to)))


def drop(server: URL, name: str) -> None:
    """Drops a database, if it is there."""
    with _connected(server) as connection:
        told = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(told)


def plain(address: URL) -> str:
    """An address as psycopg reads it."""
    return address.set(drivername="postgresql").render_as_string(hide_password=False)


def _connected(server: URL) -> psycopg.Connection:
    return psycopg.connect(plain(server), autocommit=True)
