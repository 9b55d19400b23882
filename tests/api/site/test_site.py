"""The files of the site: the schema, robots, the site map, the icon, and words for models."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
from graphql import build_schema
from lxml import etree  # type: ignore[import-untyped]  # it has no types

from api.site.view import Site
from schema.build import build
from schema.graph.sdl import sdl
from tests.support.databases import Store
from tests.support.dossier_factory import make, pact
from tests.support.page_visits import HERE, visited

PUBLIC = "https://pactbook.example/record"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PRESENT = """query($after: String) { changes(since: {edition: 0}, first: 100, after: $after) {
  pageInfo { hasNextPage endCursor } nodes { recordId record { id } } } }"""


def present(store: Store) -> set[str]:
    """The records that there are, by the log of changes."""
    found, after = set(), None
    while True:
        page = store.ask(PRESENT, after=after)["changes"]
        found |= {each["recordId"] for each in page["nodes"] if each["record"]}
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def addresses(content: bytes) -> list[str]:
    """The addresses of a site map, or of its files, which obey the protocol."""
    root = etree.fromstring(content)
    each = {f"{MAP}urlset": "url", f"{MAP}sitemapindex": "sitemap"}[root.tag]
    assert {child.tag for child in root} <= {f"{MAP}{each}"}
    for child in root:
        assert {part.tag for part in child} <= {f"{MAP}loc", f"{MAP}lastmod"}
        for day in child.findall(f"{MAP}lastmod"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", day.text)
    return [location.text for location in root.iter(f"{MAP}loc")]


def test_every_file_has_a_type_and_a_tag(seed: Store) -> None:
    types = {
        "/schema.graphql": "text/plain; charset=utf-8",
        "/robots.txt": "text/plain; charset=utf-8",
        "/llms.txt": "text/plain; charset=utf-8",
        "/favicon.svg": "image/svg+xml",
        "/favicon.ico": "image/svg+xml",
        "/sitemap.xml": "application/xml",
    }
    first = visited(seed.url, *types)
    assert [response.status_code for response in first] == [200] * len(types)
    assert [response.headers["content-type"] for response in first] == [*types.values()]
    again = [
        (path, {"If-None-Match": response.headers["etag"]})
        for path, response in zip(types, first, strict=True)
    ]
    assert [response.status_code for response in visited(seed.url, *again)] == [304] * len(types)


def test_the_schema_is_the_contract(seed: Store) -> None:
    [response] = visited(seed.url, "/schema.graphql")
    assert response.text == sdl(build())
    assert "procurements" in build_schema(response.text).query_type.fields  # type: ignore[union-attr]  # it has one


def test_robots_may_read_pages_and_ask_nothing(seed: Store) -> None:
    plain, inside = (visited(seed.url, "/robots.txt", public_url=at)[0] for at in ("", PUBLIC))
    rules = RobotFileParser()
    rules.parse(plain.text.splitlines())
    assert rules.can_fetch("any", f"{HERE}/party/poland")
    assert rules.can_fetch("any", f"{HERE}/")
    assert not rules.can_fetch("any", f"{HERE}/graphql?query=x")
    assert rules.site_maps() == [f"{HERE}/sitemap.xml"]
    assert "Disallow: /record/graphql\n" in inside.text
    assert f"Sitemap: {PUBLIC}/sitemap.xml\n" in inside.text


def test_the_site_map_has_every_record_once(seed: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    [whole] = visited(seed.url, "/sitemap.xml")
    found = addresses(whole.content)
    assert found == sorted(found)
    assert set(found) == {f"{HERE}/{id}" for id in present(seed)}
    monkeypatch.setattr(Site, "addresses_a_file", 100)
    [index] = visited(seed.url, "/sitemap.xml")
    files = [address.removeprefix(HERE) for address in addresses(index.content)]
    assert files == [f"/sitemap-{number}.xml" for number in range(1, len(found) // 100 + 2)]
    parts = [addresses(response.content) for response in visited(seed.url, *files)]
    assert [address for part in parts for address in part] == found
    assert {len(part) for part in parts[:-1]} == {100}
    for response in visited(seed.url, "/sitemap-0.xml", "/sitemap-99.xml"):
        assert response.status_code == 404
        assert "of the site map" in response.json()["errors"][0]["message"]


def test_what_was_retracted_is_on_no_map(empty: Store, tmp_path: Path) -> None:
    [nothing] = visited(empty.url, "/sitemap.xml")
    assert addresses(nothing.content) == []
    empty.publish(make(tmp_path / "first"))
    rest = {id: each for id, each in pact().items() if not id.startswith("agreement/")}
    empty.publish(make(tmp_path / "second", rest))
    [now] = visited(empty.url, "/sitemap.xml", public_url=PUBLIC)
    assert addresses(now.content) == [
        f"{PUBLIC}/{id}"
        for id in ("official/anna-kowalska", "party/alfa", "party/bravo", "source/first")
    ]


def test_pages_show_the_icon(seed: Store) -> None:
    page, start, icon = visited(seed.url, "/party/poland", "/", "/favicon.svg")
    assert '<link rel="icon" type="image/svg+xml" href="../favicon.svg">' in page.text
    assert "img-src 'self'" in page.headers["content-security-policy"]
    assert 'href="favicon.svg"' in start.text
    assert 'href="changes.atom"' in start.text
    assert len(icon.content) < 1000
    assert etree.fromstring(icon.content).tag == "{http://www.w3.org/2000/svg}svg"
    assert icon.headers["cache-control"] == "public, max-age=86400"


def test_what_models_are_told_is_true(seed: Store) -> None:
    [response] = visited(seed.url, "/llms.txt")
    lines = response.text.splitlines()
    assert lines[0] == "# Pactbook"
    assert lines[2].startswith("> ")
    links = re.findall(rf"\({HERE}(/[^)]+)\)", response.text)
    assert len(links) > 5
    assert {each.status_code for each in visited(seed.url, *links)} == {200}
    queries = re.findall(r'"query": "(.*?[^\\])"\}', response.text)
    queries += re.findall(r"`(\{ .*?\})`", response.text)
    assert len(queries) == 2
    for query in queries:
        assert seed.ask(query.replace('\\"', '"'))
    assert seed.ask('{ procurements(where: { text: "drone" }) { totalCount } }')
    assert "- `procurements`: One purchase from intent to delivery" in response.text
