"""Behind a real nginx with TLS at a sub-path, set up as the documentation says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import httpx2
import pytest
import zstandard

from tests.support.browser import Visit, serving
from tests.support.checkout import ROOT
from tests.support.databases import Stores
from tests.support.nginx import in_front

[DOCUMENTED] = re.findall(
    r"```nginx\n(.*?)```", (ROOT / "api/README.md").read_text("utf-8"), re.DOTALL
)
WHOLE = """
location /whole/ {{
    proxy_pass {inner};
    proxy_http_version 1.1;
    proxy_set_header Forwarded "for=$remote_addr;proto=$scheme;host=\\"$http_host\\"";
    proxy_set_header X-Forwarded-Host "";
    proxy_set_header X-Forwarded-Proto "";
    proxy_set_header X-Forwarded-For "";
    proxy_set_header X-Forwarded-Prefix "";
}}
"""
PACKED = """
location /packed/ {{
    proxy_pass {inner}/;
    proxy_set_header Accept-Encoding "";
    gzip on;
    gzip_proxied any;
    gzip_types application/json;
}}
"""
LISTING = "{ parties(first: 50) { nodes { id title url } } }"
RECORD = "procurement/south-korea-polish-drones"
TRUSTED = {"trusted_proxies": "127.0.0.1"}


class Front:
    """A client of what stands behind nginx, at a path."""

    def __init__(self, place: str, http: httpx2.Client) -> None:
        self.place, self.http = place, http

    def ask(self, path: str, **headers: str) -> httpx2.Response:
        """The answer to GET; a header is given with `_` for `-`."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.get(f"{self.place}/{path}", headers=given)


@pytest.fixture(scope="module")
def nginx(sqlite: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Front]]:
    """What stands behind nginx: with the prefix taken off, with it, and packed by nginx."""
    folder, store = tmp_path_factory.mktemp("nginx"), sqlite.seed()
    with (
        serving(store, **TRUSTED) as taken_off,
        serving(store, path_prefix="/whole", **TRUSTED) as whole,
    ):
        documented = DOCUMENTED.replace("http://127.0.0.1:8000", taken_off)
        assert taken_off in documented
        more = WHOLE.format(inner=whole) + PACKED.format(inner=taken_off)
        with (
            in_front(folder, documented + more) as (place, trust),
            httpx2.Client(verify=trust, trust_env=False) as http,
        ):
            names = ("pactbook", "whole", "packed")
            yield {name: Front(f"{place}/{name}", http) for name in names}


@pytest.fixture(params=["pactbook", "whole"])
def front(nginx: dict[str, Front], request: pytest.FixtureRequest) -> Front:
    """One of the two ways to serve a sub-path."""
    return nginx[request.param]


def test_health_is_under_the_prefix(front: Front) -> None:
    assert front.ask("health").json()["status"] == "ok"


def test_permalinks_are_of_the_outer_address_and_lead_there(front: Front) -> None:
    nodes = front.http.post(f"{front.place}/graphql", json={"query": LISTING}).json()
    for node in nodes["data"]["parties"]["nodes"]:
        assert node["url"] == f"{front.place}/{node['id']}"
    found = front.http.get(nodes["data"]["parties"]["nodes"][0]["url"])
    assert found.status_code == 200
    assert f'rel="canonical" href="{found.url}"' in found.text


def test_nobody_outside_can_say_where_this_stands(front: Front) -> None:
    evil = {
        "x_forwarded_host": "evil.example",
        "x_forwarded_proto": "http",
        "x_forwarded_for": "10.0.0.1",
        "forwarded": "host=evil.example",
    }
    found = front.ask(RECORD, **evil)
    assert "evil.example" not in found.text
    assert f'href="{front.place}/{RECORD}"' in found.text


def test_redirects_stay_inside(front: Front) -> None:
    for path, wanted, accept in (
        (f"{RECORD}/", RECORD, "*/*"),
        (f"{RECORD}/?edition=2", f"{RECORD}?edition=2", "*/*"),
        ("graphql?query=x", "?query=x", "text/html"),
    ):
        found = front.ask(path, accept=accept)
        assert found.status_code in (303, 307)
        assert urljoin(f"{front.place}/{path}", found.headers["location"]) == (
            f"{front.place}/{wanted}"
        )


@pytest.mark.parametrize("coding", ["zstd", "gzip", "identity"])
def test_answers_come_compressed_and_are_known_again(front: Front, coding: str) -> None:
    for path in (f"graphql?query={LISTING}", RECORD):
        first = front.ask(path, accept_encoding=coding)
        assert first.headers.get("content-encoding", "identity") == coding
        tag = first.headers["etag"]
        again = front.ask(path, accept_encoding=coding, if_none_match=tag)
        assert (again.status_code, again.headers["etag"]) == (304, tag)
        content = first.content
        if coding == "zstd":
            content = zstandard.ZstdDecompressor().decompressobj().decompress(content)
        assert content == front.ask(path, accept_encoding="identity").content


def test_what_nginx_packs_itself_is_known_again(nginx: dict[str, Front]) -> None:
    packed, path = nginx["packed"], f"graphql?query={LISTING}"
    first = packed.ask(path, accept_encoding="gzip")
    tag = first.headers["etag"]
    assert (first.headers["content-encoding"], tag[:3]) == ("gzip", 'W/"')
    assert packed.ask(path, accept_encoding="gzip", if_none_match=tag).status_code == 304


def test_pages_of_other_origins_read_through_it(front: Front) -> None:
    for path in (RECORD, "health", "nothing", "graphql?query={nothing}", "graphql?query={x"):
        found = front.ask(path, origin="https://other.example")
        assert found.headers["access-control-allow-origin"] == "*"
        assert found.headers["access-control-expose-headers"] == "*"


def test_a_browser_finds_its_way(front: Front, browser: Any) -> None:
    visit = Visit(browser, f"{front.place}/{RECORD}", ignore_https_errors=True)
    assert visit.page.title().endswith("Pactbook")
    visit.page.get_by_role("link", name="Pactbook", exact=True).click()
    visit.page.wait_for_url(f"{front.place}/")
    asked = "async () => (await fetch('graphql?query={__typename}')).json()"
    assert visit.page.evaluate(asked)["data"] == {"__typename": "Query"}
    assert not visit.strangers(front.place.rpartition("/")[0])
