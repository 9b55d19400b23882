"""The feeds: valid in both formats, whole over their pages, in words, and read once an edition."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.feeds.atom import atom
from api.feeds.feed import CHARACTERS, Entry, Feed, tag
from api.feeds.json_feed import json_feed
from api.feeds.view import Feeds
from schema.model.noun import Record
from schema.model.registry import nouns, prefix_of
from tests.support.atom_schema import NAMES, valid_atom
from tests.support.databases import Store, Stores
from tests.support.dossier_factory import TEXT, make, pact
from tests.support.page_visits import HERE, visited
from tests.support.waiting import forever

DRONES = "procurement/south-korea-polish-drones"
ARTICLE = "source/poland-south-korea-defense-ties"
PACT = "agreement/alfa-bravo"
ALL = """query($after: String, $about: [ID!]) {
  changes(since: {edition: 0}, direction: DESC, first: 100, after: $after, about: $about) {
    pageInfo { hasNextPage endCursor } nodes { title kind recordId edition { number } } } }"""
KNOWN = {
    "version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url",
    "icon", "favicon", "authors", "language", "expired", "hubs", "items",
}  # fmt: skip
OF_ITEM = {
    "id", "url", "external_url", "title", "content_html", "content_text", "summary", "image",
    "banner_image", "date_published", "date_modified", "authors", "tags", "language",
    "attachments",
}  # fmt: skip


def valid_json_feed(content: bytes) -> Any:
    """The feed that these bytes are, which has to obey JSON Feed 1.1."""
    feed = json.loads(content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {"title", "items"} <= feed.keys() <= KNOWN
    assert all(author["name"] for author in feed["authors"])
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids))
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert {key for key in item if not key.startswith("_")} <= OF_ITEM
        assert item.get("content_html") or item.get("content_text")
        assert all(isinstance(item[key], dict) for key in item if key.startswith("_"))
        for date in ("date_published", "date_modified"):
            assert datetime.datetime.fromisoformat(item[date]).tzinfo
    for address in (feed["feed_url"], feed["home_page_url"], *(i["url"] for i in feed["items"])):
        assert urlsplit(address).scheme in ("http", "https")
    return feed


def read(store: Store, *paths: str) -> list[Any]:
    """The JSON feeds at some paths, which must be there."""
    feeds = []
    for path, response in zip(paths, visited(store.url, *paths), strict=True):
        assert response.status_code == 200, (path, response.text)
        feeds.append(valid_json_feed(response.content))
    return feeds


def path_of(address: str) -> str:
    """An address as the test asks for it."""
    assert address.startswith(HERE)
    return address.removeprefix(HERE)


def every_change(store: Store, about: str | None = None) -> list[tuple[str, int]]:
    """Every change by its record and edition, newest first, as the graph has them."""
    found: list[tuple[str, int]] = []
    after = None
    while True:
        given = {"about": about and [about], "after": after}
        page = store.ask(ALL, **given)["changes"]
        found += [(each["recordId"], each["edition"]["number"]) for each in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


@pytest.fixture(scope="module")
def story(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A pact whose label changes, and which is retracted."""
    folder = tmp_path_factory.mktemp("feeds")

    def fill(store: Store) -> None:
        named = pact()
        named[PACT]["label"] = {"value": "The pact", "quote": "The pact"}
        rest = {id: each for id, each in pact().items() if id != PACT}
        for number, records in enumerate((None, named, rest), 1):
            store.publish(make(folder / str(number), records))

    return stores.filled("feeds", fill)


def samples(store: Store) -> list[str]:
    """A record of every noun that has any."""
    ids = []
    for noun in nouns().values():
        if issubclass(noun, Record):
            with store.connect() as connection:
                rows = connection.exec_driver_sql(
                    f"SELECT min(id) FROM record WHERE noun = '{prefix_of(noun)}'"
                )
                ids += [id for (id,) in rows if id]
    return ids


def test_every_feed_is_valid_and_says_the_same_in_both_formats(seed: Store) -> None:
    records = samples(seed)
    assert len(records) > 7
    feeds = ["/editions", "/changes", *(f"/{id}/changes" for id in (*records, "party/poland"))]
    atoms = visited(seed.url, *(f"{feed}.atom" for feed in feeds))
    others = visited(seed.url, *(f"{feed}.jsonfeed" for feed in feeds))
    for feed, as_atom, as_json in zip(feeds, atoms, others, strict=True):
        assert as_atom.headers["content-type"] == "application/atom+xml"
        assert as_json.headers["content-type"] == "application/feed+json"
        document, body = valid_atom(as_atom.content), valid_json_feed(as_json.content)
        entries = document.findall("a:entry", NAMES)
        assert len(entries) == len(body["items"]) > 0
        for entry, item in zip(entries, body["items"], strict=True):
            for name, key in (("id", "id"), ("title", "title"), ("content", "content_html")):
                assert entry.findtext(f"a:{name}", namespaces=NAMES) == item[key]
            assert entry.find("a:link", NAMES).get("href") == item["url"]
        ways = {link.get("rel"): link.get("href") for link in document.findall("a:link", NAMES)}
        assert ways["self"] == f"{HERE}{feed}.atom"
        assert ways["alternate"] == f"{HERE}{feed}.json"
        assert len(as_json.content) < 10**6


def test_the_pages_of_a_feed_tell_every_change_once(seed: Store) -> None:
    expected, found, path = every_change(seed), [], "/changes.json"
    pages = []
    while path:
        [page] = read(seed, path)
        pages.append(page)
        found += [(i["_pactbook"]["record"], i["_pactbook"]["edition"]) for i in page["items"]]
        path = path_of(page["next_url"]) if "next_url" in page else ""
    assert found == expected
    assert len(pages) > 3
    [second] = visited(seed.url, path_of(pages[1]["feed_url"]).replace(".json", ".atom"))
    ways = {
        link.get("rel"): link.get("href")
        for link in valid_atom(second.content).findall("a:link", NAMES)
    }
    assert ways["first"] == f"{HERE}/changes.atom"
    assert ways["next"] == pages[1]["next_url"].replace(".json", ".atom")
    [back] = read(seed, path_of(ways["previous"]).replace(".atom", ".json"))
    assert [item["id"] for item in back["items"]] == [item["id"] for item in pages[0]["items"]]


def test_a_party_has_a_feed_of_all_it_takes_part_in(seed: Store) -> None:
    [feed] = read(seed, "/party/poland/changes.json")
    found = [(i["_pactbook"]["record"], i["_pactbook"]["edition"]) for i in feed["items"]]
    assert found == every_change(seed, "party/poland")
    assert (DRONES, 2) in found
    assert feed["title"] == "Pactbook: Poland"
    assert feed["home_page_url"] == f"{HERE}/party/poland"


def test_a_feed_takes_a_where_kinds_and_what_was_seen(seed: Store) -> None:
    where = quote(json.dumps({"nouns": ["PROCUREMENT"], "involves": [{"actor": "party/poland"}]}))
    found, amended, later, instant = read(
        seed,
        f"/changes.json?where={where}",
        "/changes.json?kinds=AMENDED,RETRACTED",
        "/changes.json?since=2",
        "/changes.json?since=2026-11-25T00:00:00Z",
    )
    assert [item["_pactbook"]["record"] for item in found["items"]] == [DRONES]
    assert found["feed_url"].startswith(f"{HERE}/changes.json?where=%7B")
    assert {item["_pactbook"]["kind"] for item in amended["items"]} == {"AMENDED"}
    assert later["items"] == instant["items"] == []


def test_an_entry_says_in_words_what_changed(story: Store) -> None:
    [feed] = read(story, f"/{PACT}/changes.json")
    retracted, amended, added = feed["items"]
    assert [item["title"].split(":")[0] for item in feed["items"]] == [
        "Retracted", "Amended", "Added",
    ]  # fmt: skip
    assert "Label: a pact → The pact" in amended["content_text"].splitlines()
    assert "<li>Label: a pact → The pact</li>" in amended["content_html"]
    assert "Label: no longer The pact" in retracted["content_text"].splitlines()
    parties = [line for line in added["content_text"].splitlines() if line.startswith("Parties: ")]
    assert len(parties) == 2
    assert [item["url"] for item in feed["items"]] == [
        f"{HERE}/{PACT}?edition={number}" for number in (2, 2, 1)
    ]
    assert all(page.status_code == 200 for page in visited(
        story.url, *(path_of(item["url"]) for item in feed["items"])
    ))  # fmt: skip
    [editions] = read(story, "/editions.json")
    assert [item["_pactbook"]["edition"] for item in editions["items"]] == [3, 2, 1]
    assert "Records: 0 added, 1 amended, 0 retracted" in editions["items"][1]["content_text"]
    assert f"Amended: {amended['title'].split(': ', 1)[1]}" in editions["items"][1]["content_text"]


def test_values_point_at_records_by_their_titles(seed: Store) -> None:
    [feed] = read(seed, f"/{DRONES}/changes.json")
    lines = feed["items"][0]["content_text"].splitlines()
    assert "Agreement: Deal of South Korea to procure drone technology from Poland" in lines
    assert "Stage: Signed" in lines
    assert not [line for line in lines if re.search("(agreement|party)/", line)]


def test_a_feed_is_read_again_only_after_an_edition(seeded: Store, tmp_path: Path) -> None:
    feeds = ["/editions.atom", "/changes.json", f"/{DRONES}/changes.atom"]
    first = visited(seeded.url, *feeds)
    tags = [response.headers["etag"] for response in first]
    assert len({*tags}) == 3
    known = [(feed, {"If-None-Match": tag}) for feed, tag in zip(feeds, tags, strict=True)]
    for again, tag_ in zip(visited(seeded.url, *known), tags, strict=True):
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag_)
        assert again.headers["cache-control"] == "no-cache"
    seeded.publish(make(tmp_path / "later", source="source/later"))
    assert [response.status_code for response in visited(seeded.url, *known)] == [200] * 3
    before = {item["id"] for item in valid_json_feed(first[1].content)["items"]}
    [now] = read(seeded, "/changes.json")
    kept = {item["id"] for item in now["items"] if item["_pactbook"]["edition"] < 3}
    assert kept
    assert kept <= before


def test_a_text_that_is_hidden_is_in_no_feed(empty: Store, tmp_path: Path) -> None:
    secret = f"{TEXT}{'Nobody may read this sentence. ' * 9}\n"
    hidden = {"value": False, "basis": "Nobody may."}
    empty.publish(make(tmp_path / "hidden", text=secret, is_text_public=hidden))
    feeds = ("/changes.json", "/changes.atom", "/source/first/changes.json", "/editions.json")
    for response in visited(empty.url, *feeds):
        assert response.status_code == 200
        assert "Nobody may read" not in response.text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/changes.atom?where=x", 400, "`where` is no JSON object: 'x'. Write {"),
        ('/changes.atom?where={"nouns":["PIE"]}', 400, "PIE"),
        ("/changes.atom?kinds=NEW", 400, "'NEW' is no kind of change. Kinds: ADDED, AMENDED"),
        ("/changes.atom?since=7", 400, "Edition 7 is not published. Editions run from 1 to 2."),
        ("/changes.atom?since=x", 400, "x"),
        ("/changes.atom?after=x", 400, "'x' is not a cursor"),
        ("/changes.atom?after=x&before=x", 400, "`after` and `before` ask for two pages. Give one"),
        ("/changes.atom?were={}", 400, "'were' is no parameter of this feed. It has after,"),
        ("/changes.atom?since=1&since=2", 400, "A parameter is given twice. Give each once."),
        ("/editions.atom?kinds=ADDED", 400, "'kinds' is no parameter of this feed. It has after"),
        ("/party/nowhere/changes.atom", 404, "Nothing is known under the id party/nowhere."),
        ("/nothing/x/changes.atom", 404, "Only records have feeds, and nothing/x is none."),
        ("/edition/1/changes.atom", 404, "Only records have feeds, and edition/1 is none."),
        ("/party/poland@2/changes.atom", 400, "A feed tells of all editions. Leave '@2' out of"),
    ],
)
def test_what_is_wrong_is_said(seed: Store, path: str, status: int, words: str) -> None:
    [response] = visited(seed.url, path)
    assert response.status_code == status
    [error] = response.json()["errors"]
    assert words in error["message"]
    assert error["extensions"]["code"] == ("NOT_FOUND" if status == 404 else "BAD_USER_INPUT")


def test_a_feed_of_nothing_is_none(empty: Store) -> None:
    [response] = visited(empty.url, "/changes.atom")
    assert response.status_code == 404
    assert response.json()["errors"][0]["message"] == "No edition is published yet."


def test_a_feed_that_takes_too_long_is_stopped(
    seed: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Feeds, "found", lambda *given: forever())
    [response] = visited(seed.url, "/changes.atom", operation_seconds=0.01)
    assert response.status_code == 503
    assert response.json()["errors"][0]["extensions"]["code"] == "TIMEOUT"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=60))
def test_whatever_is_written_makes_a_valid_feed(title: str, name: str, lines: list[str]) -> None:
    instant = "2026-11-24T12:00:00+00:00"
    entry = Entry("tag:x,2026-11-24:a", title, instant, name, f"{HERE}/a", lines, tags=[title])
    ways: dict[str, str] = dict.fromkeys(("self", "first", "alternate"), f"{HERE}/x")
    feed = Feed(title, name, instant, HERE, ways, f"{HERE}/i", [entry])
    valid_atom(atom(feed))
    [item] = json.loads(json_feed(feed))["items"]
    assert item["title"] == title
    assert (
        all(len(line) <= CHARACTERS + 1 for line in item["content_text"].split("\n")) or not lines
    )


def test_a_tag_names_the_host_and_the_day() -> None:
    instant = "2026-11-24T12:00:00+00:00"
    assert (
        tag("https://Pactbook.example/x", instant, "a/1") == "tag:pactbook.example,2026-11-24:a/1"
    )
    assert tag("http://127.0.0.1:8000", instant, "a") == "tag:127.0.0.1,2026-11-24:a"
    assert tag("http://[::1]:8000", instant, "a") == "tag:localhost,2026-11-24:a"
