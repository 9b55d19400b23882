"""The application and its process: health, permalinks, starting, stopping, the command's help."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import threading
from pathlib import Path
from unittest import mock

import httpx2
import pytest
from typer.testing import CliRunner

from api.cli import app
from api.database.migrate import migrate
from api.database.revision import head
from api.process.server import place as clickable
from schema.dossiers.format import json_schema
from tests.support.clients import fetched
from tests.support.databases import Store, Stores
from tests.support.serve_process import ENVIRONMENT, SERVE, answered, serving
from tests.support.waiting import until_now

COMMANDS = [
    "serve", "migrate", "publish", "load", "check", "schema", "explain", "documents", "snapshot",
    "verify",
]  # fmt: skip
LATCH = """
import asyncio, os
from pathlib import Path
from api.http.endpoint import GraphQLView

place = Path(os.environ["PACTBOOK_TEST_LATCH"])
answered = GraphQLView.__call__

async def held(self, scope, receive, send):
    (place / "held").touch()
    while not (place / "released").exists():
        await asyncio.sleep(0.01)
    await answered(self, scope, receive, send)

GraphQLView.__call__ = held
"""
"""Has a server hold each request for the graph, as Python's `sitecustomize`."""


def test_health_tells_the_edition_and_the_revision(seed: Store) -> None:
    response = fetched(seed.url, "/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "revision": head(), "edition": 2}


def test_health_of_a_database_without_editions(empty: Store) -> None:
    response = fetched(empty.url, "/health")
    assert (response.status_code, response.json()["edition"]) == (200, 0)


def test_a_database_that_is_not_migrated_is_not_healthy(empty: Store) -> None:
    migrate(empty.url, "base")
    response = fetched(empty.url, "/health")
    assert response.status_code == 503
    assert response.json() == {"status": "not migrated", "revision": None, "wanted": head()}
    asked = fetched(empty.url, "/graphql?query={agreements{totalCount}}").json()
    (error,) = asked["errors"]
    assert error["extensions"]["code"] == "DATABASE_NOT_READY"
    assert error["message"].endswith("is not migrated. Run `pactbook migrate` first.")


@pytest.mark.parametrize(
    "url", ["sqlite:////no/such/folder/pactbook.db", "postgresql://nobody@127.0.0.1:1/nothing"]
)
def test_no_database_is_not_healthy(url: str) -> None:
    response = fetched(url, "/health")
    assert response.status_code == 503
    assert response.json() == {"status": "no database"}
    assert response.headers["retry-after"] == "5"


def test_the_schema_of_dossiers_is_published(empty: Store) -> None:
    response = fetched(empty.url, "/dossier.schema.json")
    assert response.headers["content-type"] == "application/schema+json"
    assert response.json() == json_schema()


def test_the_schema_of_dossiers_is_made_once(empty: Store) -> None:
    first = fetched(empty.url, "/dossier.schema.json")
    with mock.patch("api.app.json_schema") as made:
        again = fetched(empty.url, "/dossier.schema.json")
        tag = {"If-None-Match": f'"other", {again.headers["etag"]}'}
        unchanged = fetched(empty.url, "/dossier.schema.json", tag)
    assert not made.called
    assert again.content == first.content
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["etag"] == first.headers["etag"]


def test_a_permalink_shows_its_record(seed: Store) -> None:
    response = fetched(seed.url, "/official/jacek-siewiera")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert '<h1 dir="auto">Jacek Siewiera</h1>' in response.text


def test_the_public_address_begins_every_permalink(seed: Store) -> None:
    query = '/graphql?query={node(id:"party/poland"){...on Record{url}}}'
    for settings, expected in (
        ({}, "http://pactbook.test/party/poland"),
        ({"public_url": "https://pactbook.example/"}, "https://pactbook.example/party/poland"),
    ):
        answer = fetched(seed.url, query, **settings).json()
        assert answer["data"] == {"node": {"url": expected}}


def test_the_page_sizes_of_the_settings_hold(seed: Store) -> None:
    sizes = {"page_size": 1, "page_ceiling": 2}
    listing = "/graphql?query={officials%s{nodes{id}}}"
    assert len(fetched(seed.url, listing % "", **sizes).json()["data"]["officials"]["nodes"]) == 1
    error = fetched(seed.url, listing % "(first:3)", **sizes).json()["errors"][0]
    assert "the ceiling of 2" in error["message"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("sizes", "default", "ceiling"),
    [({}, 20, 100), ({"page_size": 7, "page_ceiling": 49}, 7, 49)],
)
def test_the_graph_says_the_page_sizes_of_the_settings(
    seed: Store, sizes: dict[str, int], default: int, ceiling: int
) -> None:
    asked = "fields{args{name description}}"
    query = f'{{__schema{{queryType{{{asked}}}}}__type(name:"Party"){{{asked}}}}}'
    data = fetched(seed.url, f"/graphql?query={query}", **sizes).json()["data"]
    for type in (data["__schema"]["queryType"], data["__type"]):
        arguments = [given for field in type["fields"] for given in field["args"]]
        told = {
            name: {given["description"] for given in arguments if given["name"] == name}
            for name in ("first", "last")
        }
        assert (
            f"How many records, from the start; {default} when left out, at most {ceiling}."
            in (told["first"])
        )
        assert f"How many records, from the end; at most {ceiling}." in told["last"]
        assert not any("{" in words for each in told.values() for words in each)


def test_a_fresh_file_is_served_and_a_running_request_is_finished(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(LATCH)
    environment = {
        **ENVIRONMENT,
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ENVIRONMENT['PYTHONPATH']}",
        "PACTBOOK_TEST_LATCH": str(tmp_path),
        "PACTBOOK_SHUTDOWN_SECONDS": "3600",
    }
    url = f"sqlite:///{tmp_path / 'new' / 'pactbook.db'}"
    responses: list[httpx2.Response] = []
    with serving(url, environment=environment) as (process, place):
        assert answered(process, place) == {"status": "ok", "revision": head(), "edition": 2}

        def ask() -> None:
            body = {"query": "{ names { totalCount } }"}
            responses.append(httpx2.post(f"{place}/graphql", json=body, timeout=None))

        thread = threading.Thread(target=ask)
        thread.start()
        until_now((tmp_path / "held").exists)
        process.send_signal(signal.SIGTERM)
        until_now(lambda: is_refused(place))
        (tmp_path / "released").touch()
        thread.join()
        assert process.wait() == 0
    (response,) = responses
    assert response.json()["data"]["names"]["totalCount"] > 0


def is_refused(place: str) -> bool:
    """Whether nobody listens at an address any more."""
    try:
        httpx2.get(f"{place}/health", timeout=None)
    except httpx2.TransportError:
        return True
    return False


def test_serving_again_loads_nothing_again(sqlite: Stores) -> None:
    store = sqlite.make(seeded=True)
    before = store.dump()
    for stop in (signal.SIGTERM, signal.SIGINT):
        with serving(store.url) as (process, place):
            assert answered(process, place)["edition"] == 2
            process.send_signal(stop)
            assert process.wait() == 0
    assert store.dump() == before


def test_a_database_can_be_served_without_the_seed(tmp_path: Path) -> None:
    with serving(f"sqlite:///{tmp_path / 'bare.db'}", "--no-seed") as (process, place):
        assert answered(process, place)["edition"] == 0


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
        ("fe80:0::1", "http://[fe80::1]:8000"),
        ("", "http://127.0.0.1:8000"),
        ("pactbook.example", "http://pactbook.example:8000"),
    ],
)
def test_the_address_that_is_told_can_be_clicked(host: str, told: str) -> None:
    assert clickable(host, 8000) == told


def test_the_address_of_a_server_over_ipv6_can_be_clicked(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
    bare = f"sqlite:///{tmp_path / 'bare.db'}"
    with serving(bare, "--no-seed", "--host", "::1") as (process, place):
        assert place.startswith("http://[::1]:")
        assert answered(process, place)["edition"] == 0


def test_a_port_in_use_is_told_in_plain_words(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [*SERVE, "--no-seed", "--port", str(port), "--database", f"sqlite:///{tmp_path}/x.db"],
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
            check=False,
        )
    assert ended.returncode == 1
    told = " ".join(ended.stderr.split())
    assert f"Port {port} on 127.0.0.1 cannot be used: Address already in use." in told
    assert "Choose another with --port." in told


def test_a_wrong_setting_is_told_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACTBOOK_PORT", "many")
    result = CliRunner().invoke(app, ["serve"])
    assert result.exit_code == 2
    assert "PACTBOOK_PORT='many'" in " ".join(result.stderr.split())


def test_help_names_every_command() -> None:
    told = CliRunner().invoke(app, ["--help"])
    assert told.exit_code == 0
    shown = re.findall(r"^\W*(\w+)  ", told.stdout.partition("Commands")[2], re.MULTILINE)
    assert sorted(shown) == sorted(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does(command: str) -> None:
    told = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
    assert told.exit_code == 0
    assert f"{command} [OPTIONS]" in told.stdout
    assert re.search(r"^ [A-Z].+\.\s*$", told.stdout, re.MULTILINE), "one sentence"
