"""The pages: every id answers with its record, safe and readable, as HTML and as JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest

from api.page import annotation, wording
from api.page.query import question, type_of
from api.page.record import PART
from api.page.view import ReadablePages
from schema.build import build
from schema.model.registry import nouns, prefix_of
from tests.support import nodejs
from tests.support.browser import Visit, serving
from tests.support.databases import Store, Stores
from tests.support.dossier_factory import TEXT, make, record
from tests.support.page_visits import BROWSER, HERE, visited
from tests.support.waiting import forever

ARTICLE = "source/poland-south-korea-defense-ties"
DRONES = "procurement/south-korea-polish-drones"
PACT = "agreement/alfa-bravo"
EVIL = "<script>alert('\"&')</script>"
VOID = {"meta", "link", "br"}


class Reading(HTMLParser):
    """A page as a reader without a browser takes it apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[tuple[str, str]] = []
        self.marked: dict[str, str] = {}
        self.words = ""
        self.feed(text)
        assert self.open == [], "every tag is closed"
        self.ids = [given["id"] for _, given in self.tags if "id" in given]
        self.links = [given["href"] for tag, given in self.tags if tag == "a"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag not in VOID:
            self.open.append((tag, given.get("id") or given.get("data-of") or ""))

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self.open.pop()
        assert opened == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] == "style":
            return
        self.words += data
        for tag, name in self.open:
            if tag == "mark" and name:
                self.marked[name] = self.marked.get(name, "") + data


def page(store: Store, path: str) -> Reading:
    """The page at a path, which must be there."""
    (response,) = visited(store.url, path)
    assert response.status_code == 200, response.text
    return Reading(response.text)


@pytest.fixture
def contested(empty: Store, tmp_path: Path) -> Store:
    """Two sources that give a pact different days, the second one with markup in its words."""
    empty.publish(make(tmp_path / "first"))
    records = record(
        PACT,
        f"Alfa and Bravo: {EVIL}",
        signed_on={"value": {"edtf": "2024-05-04"}, "quote": "4 May 2024"},
        label={"value": EVIL, "quote": {"exact": EVIL}},
        purpose={"value": "so", "quote": EVIL, "basis": f"It says {EVIL}."},
    )
    text = f"{TEXT}{EVIL}\n"
    empty.publish(make(tmp_path / "second", records, source="source/second", text=text))
    return empty


def test_a_reader_gets_html_and_a_program_json(seed: Store) -> None:
    wanted = {
        BROWSER: "text/html",
        "*/*": "text/html",
        "": "text/html",
        "text/html;q=0.5, application/json;q=0.4": "text/html",
        "application/json": "application/json",
        "application/json, */*;q=0.1": "application/json",
        "text/html;q=0.4, application/json;q=0.5": "application/json",
    }
    accepting = [(f"/{DRONES}", {"Accept": accept}) for accept in wanted]
    for response, media_type in zip(visited(seed.url, *accepting), wanted.values(), strict=True):
        assert response.headers["content-type"].split(";")[0] == media_type
        assert response.headers["vary"] == "Accept, Accept-Encoding"
    json, html = visited(
        seed.url,
        f"/{DRONES}?format=json",
        (f"/{DRONES}?format=html", {"Accept": "application/json"}),
    )
    assert json.headers["content-type"] == "application/json; charset=utf-8"
    assert html.headers["content-type"].startswith("text/html")
    told = json.json()
    assert (told["edition"]["number"], told["newest"]["number"]) == (2, 2)
    assert told["record"]["id"] == DRONES
    assert told["record"]["buyers"][0]["actor"]["title"] == "South Korea"
    assert Reading(html.text).words.count("South Korea signed a landmark deal to procure") > 1


def test_a_page_is_strict(seed: Store) -> None:
    for response in visited(seed.url, f"/{DRONES}", f"/{DRONES}?format=json", "/party/nowhere"):
        headers = response.headers
        policy = dict(
            rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";")
        )
        assert policy.pop("style-src").startswith("'sha256-")
        assert policy.pop("img-src") == "'self'", "the icon"
        assert set(policy) == {"default-src", "base-uri", "form-action", "frame-ancestors"}
        assert set(policy.values()) == {"'none'"}
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_a_page_runs_no_script_and_loads_nothing(seed: Store) -> None:
    for id in (DRONES, ARTICLE, "party/poland"):
        tags = page(seed, f"/{id}").tags
        assert not {tag for tag, _ in tags} & {"script", "img", "iframe", "form", "object"}
        links = {given["rel"] for tag, given in tags if tag == "link"}
        assert links == {"icon", "canonical", "alternate"}
        assert not [name for _, given in tags for name in given if name.startswith("on")]


def samples(store: Store) -> list[str]:
    """Ids of every noun, and of every edition."""
    found = ["edition/1", "edition/2"]
    for noun in nouns().values():
        with store.connect() as connection:
            rows = connection.exec_driver_sql(
                f"SELECT id FROM record WHERE noun = '{prefix_of(noun)}' ORDER BY id"
            )
            ids = [id for (id,) in rows]
        found += ids[:: max(1, len(ids) // 4)][:5]
    return found


def test_every_id_answers_with_a_page(seed: Store) -> None:
    ids = samples(seed)
    assert {type_of(id) for id in ids} == {*nouns(), "Edition"} - {"Delivery"}
    for id, response in zip(ids, visited(seed.url, *(f"/{id}" for id in ids)), strict=True):
        assert response.status_code == 200, id
        read = Reading(response.text)
        assert len(read.ids) == len(set(read.ids)), id
        assert [tag for tag, _ in read.tags].count("h1") == 1
        inner = {link[1:] for link in read.links if link.startswith("#")}
        assert inner <= set(read.ids), id
        assert ("canonical", f"{HERE}/{id}") in [
            (given["rel"], given["href"]) for tag, given in read.tags if tag == "link"
        ]


def test_every_link_of_a_page_leads_somewhere(seed: Store) -> None:
    read = page(seed, f"/{DRONES}?edition=2")
    places = {urljoin(f"{HERE}/{DRONES}", link) for link in read.links if link[0] != "#"}
    paths = sorted({urlsplit(place).path for place in places} - {"/"})
    assert len(paths) > 20
    for path, response in zip(paths, visited(seed.url, *paths), strict=True):
        assert response.status_code == 200, path
    ids = page(seed, f"/{ARTICLE}").ids
    fragments = {urlsplit(place).fragment for place in places if f"/{ARTICLE}?" in place} - {""}
    assert len(fragments) > 5
    assert fragments <= set(ids)


@pytest.mark.parametrize("path", ["party/nowhere", "nothing/at-all", "edition/9", "edition/01"])
def test_an_unknown_id_is_told_of(seed: Store, path: str) -> None:
    html, json = visited(seed.url, f"/{path}", (f"/{path}", {"Accept": "application/json"}))
    assert (html.status_code, json.status_code) == (404, 404)
    assert f"Nothing is known under the id {path}." in Reading(html.text).words
    (error,) = json.json()["errors"]
    assert error["extensions"]["code"] == "NOT_FOUND"


def test_a_page_can_be_read_as_of_an_edition(contested: Store) -> None:
    newest, old, before = visited(
        contested.url, f"/{PACT}", f"/{PACT}?edition=1", "/source/second?edition=1"
    )
    assert "You are reading" not in newest.text
    read = Reading(old.text)
    assert "You are reading edition 1. The newest is edition 2" in read.words
    assert f"../{PACT}" in read.links
    assert "../party/alfa?edition=1" in read.links
    assert "Sources disagree" not in read.words
    assert before.status_code == 404
    assert "in edition 1" in before.text
    history = [link for link in Reading(newest.text).links if "?edition=" in link]
    assert [f"../{PACT}?edition={number}" for number in (2, 1)] == history


def test_an_id_that_carries_an_edition_is_the_page_as_of_it(contested: Store) -> None:
    by_id, by_number, json, other = visited(
        contested.url,
        f"/{PACT}@1",
        f"/{PACT}?edition=1",
        f"/{PACT}@1?format=json",
        f"/{PACT}@1?edition=2",
    )
    assert (by_id.status_code, by_id.text) == (200, by_number.text)
    record = json.json()["record"]
    assert record["id"] == f"{PACT}@1"
    assert record["url"] == f"{HERE}/{PACT}?edition=1"
    read = Reading(by_id.text)
    assert not any("@" in link for link in read.links)
    assert other.status_code == 400
    wrong = "The id is of edition 1, `edition` asks for 2. Give one."
    assert wrong in Reading(other.text).words


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("edition=9", "Edition 9 is not published. Editions run from 1 to 2."),
        ("edition=x", "'x' is no edition. Give a number from 1."),
        ("edition=0", "'0' is no edition."),
        ("edition=99999999999", "'99999999999' is no edition."),
        ("edition=%C2%B2", "'²' is no edition."),
        ("part=7", "There is no part 7."),
    ],
)
def test_a_number_that_is_none_is_told_of(seed: Store, given: str, words: str) -> None:
    html, json = visited(seed.url, f"/{DRONES}?{given}", f"/{DRONES}?{given}&format=json")
    assert html.status_code == 400
    assert words in Reading(html.text).words
    if not given.startswith("part"):
        assert json.status_code == 400
        assert json.json()["errors"][0]["message"].startswith(words)


def test_a_reader_who_has_the_page_gets_it_no_second_time(contested: Store, tmp_path: Path) -> None:
    path = f"/{PACT}"
    first, json = visited(contested.url, path, f"{path}?format=json")
    tag = first.headers["etag"]
    assert tag != json.headers["etag"]
    known = {"Accept": BROWSER, "If-None-Match": f'"other", {tag}'}
    again, other, elsewhere = visited(
        contested.url, (path, known), (f"{path}?edition=1", known), ("/party/alfa", known)
    )
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert (other.status_code, elsewhere.status_code) == (200, 200)
    contested.publish(make(tmp_path / "third", {}, source="source/third"))
    (changed,) = visited(contested.url, (path, known))
    assert changed.status_code == 200


def test_a_database_that_is_not_ready_is_told_of() -> None:
    for given in ("", "?format=json"):
        (response,) = visited("sqlite:////no/such/folder/pactbook.db", f"/{DRONES}{given}")
        assert response.status_code == 503
        assert response.headers["retry-after"] == "5"
        assert "The database does not answer." in response.text
        assert "/no/such/folder" not in response.text


def test_a_page_that_takes_too_long_is_told_of(
    seed: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReadablePages, "found", lambda *given: forever())
    (response,) = visited(seed.url, f"/{DRONES}", operation_seconds=0.01)
    assert response.status_code == 503
    assert "The operation took longer than 0.01 seconds." in response.text


def test_what_a_source_says_is_never_taken_for_markup(contested: Store) -> None:
    for path in (f"/{PACT}", "/source/second", f"/{PACT}?edition=2"):
        read = page(contested, path)
        assert EVIL in read.words
        assert "script" not in {tag for tag, _ in read.tags}


def test_sources_that_disagree_stand_side_by_side(contested: Store) -> None:
    read = page(contested, f"/{PACT}")
    told = re.sub(r"\s+", " ", read.words)
    assert "Sources disagree on signed on." in told
    assert "3 May 2024 ✓ Accepted by tester In conflict" in told
    assert "4 May 2024 Not accepted In conflict" in told
    assert "#claims-signedOn" in read.links


def test_a_page_tells_how_a_stage_came_about(empty: Store, tmp_path: Path) -> None:
    for source, year, rung in (("b", "2025", "SIGNED"), ("a", "2024-03-01", "UNDER_CONSIDERATION")):
        stage = {"value": rung, "quote": "‘a pact’", "basis": "The test says so."}
        date = {"value": {"edtf": year}, "basis": "The test says so."}
        records = record("procurement/drones", "Drones", stage=stage)
        id = f"source/{source}"
        empty.publish(make(tmp_path / source, records, source=id, published_on=date))
    told = re.sub(r"\s+", " ", page(empty, "/procurement/drones").words)
    assert "Under consideration, 2024-03-01, by A text about a pact" in told
    assert "Signed, 2025-01-01 to 2025-12-31, by A text about a pact" in told
    assert "Sources disagree" not in told


def test_values_are_written_for_people(contested: Store) -> None:
    told = re.sub(r"\s+", " ", page(contested, f"/{PACT}").words)
    assert "Kind" in told
    assert "Treaty A treaty under international law." in told
    assert "Alfa evidence of Alfa Stated as Alfa Bravo" in told
    assert "Status" in told
    assert "Not stated" in told


@pytest.mark.parametrize(
    ("value", "text", "stated"),
    [
        (
            {"earliest": "2024-05-03", "latest": "2024-05-03", "stated": "on Friday"},
            "3 May 2024",
            "on Friday",
        ),
        (
            {"earliest": "2024-05-01", "latest": "2024-05-31"},
            "between 1 May 2024 and 31 May 2024",
            None,
        ),
        ({"earliest": "2024-05-01", "latest": None}, "1 May 2024 or later", None),
        ({"earliest": None, "latest": "2024-05-01"}, "1 May 2024 or earlier", None),
        ({"edtf": "2024-05-03"}, "3 May 2024", None),
        ({"edtf": "2024-05/.."}, "1 May 2024 or later", None),
        ({"stated": "Recently"}, "", "Recently"),
        ({"edtf": "2024-05-03~"}, "about 3 May 2024", None),
        ({"edtf": "2024-05%"}, "about between 1 May 2024 and 31 May 2024", None),
        ({"edtf": "[..1984]"}, "31 December 1984 or earlier", None),
        ({"edtf": "XXXX-12"}, "XXXX-12", None),
        ({"edtf": "-0044"}, "-0044", None),
        ({"edtf": "Y20240"}, "Y20240", None),
    ],
)
def test_dates_tell_their_bounds(value: dict[str, Any], text: str, stated: str | None) -> None:
    assert (wording.date(value).text, wording.date(value).stated) == (text, stated)


def test_numbers_and_sums_tell_their_bounds() -> None:
    assert wording.quantity({"minimum": 1200, "maximum": 1200}).text == "1,200"
    guess = {"minimum": 100, "maximum": 100, "certainty": "ESTIMATE"}
    assert wording.quantity(guess | {"ceiling": "120"}).text == "about 100, at most 120"
    assert wording.money(guess | {"floor": "80"}).text == "about 100, at least 80"
    assert wording.quantity({"unit": "km", "least": "12.84", "most": "12.84"}).text == "12.84 km"
    assert wording.quantity({"unit": "{squadron}", "least": "2"}).text == "2 squadron or more"
    assert wording.quantity({"minimum": None, "maximum": 200}).text == "200 or fewer"
    sum = {"minimum": "6000000000.5", "maximum": None, "currency": "USD", "scope": "TOTAL"}
    assert wording.money(sum).text.replace("\xa0", " ") == "USD 6,000,000,000.50 or more"
    assert wording.money(sum).notes == ("total",)
    assert wording.money({"minimum": "1", "maximum": "2", "currency": None}).text == "1 to 2"
    assert wording.quantity({}).text == ""
    told = {"minimum": "3500000000", "currency": "USD", "certainty": "ESTIMATE"}
    other = {"minimum": "4500000000000", "maximum": "4500000000000", "currency": "KRW"}
    both = wording.money(told | {"maximum": "3500000000", "others": [other]}).text
    assert both.replace("\xa0", " ") == "about USD 3,500,000,000 (KRW 4,500,000,000,000)"
    dinars = {"minimum": "1.25", "maximum": "1.25", "currency": "KWD"}
    assert wording.money(dinars).text.replace("\xa0", " ") == "KWD 1.250"


@pytest.mark.parametrize("source", [ARTICLE, "source/iso-3166-1-and-cldr"])
def test_marks_cut_exactly_the_passages(seed: Store, source: str) -> None:
    text = seed.ask("query($id: ID!) { node(id: $id) { ... on Source { text } } }", id=source)
    text = text["node"]["text"]
    read = page(seed, f"/{source}")
    with seed.connect() as connection:
        spans = connection.exec_driver_sql(
            f"SELECT DISTINCT start, \"end\" FROM passage WHERE source_id = '{source}'"
        ).all()
    shown = [(start, end) for start, end in spans if start < PART]
    assert len(shown) > 5
    for start, end in shown:
        exact = text[start : min(end, PART)].replace("\n", "")
        assert read.marked[f"c{start}-{end}"] == exact
        assert f"c{start}-{end}" in read.ids


def test_passages_that_cross_are_cut_where_they_cross() -> None:
    given = [{"start": 0, "end": 6}, {"start": 4, "end": 9}, {"start": 4, "end": 5}]
    (line,) = annotation.paragraphs("abc <f>h", given)
    assert line.markup == (
        '<mark id="c0-6">abc <mark id="c4-9"><mark id="c4-5">&lt;</mark>f</mark></mark>'
        '<mark data-of="c4-9">&gt;h</mark>'
    )


def test_a_passage_goes_on_in_the_next_line() -> None:
    given = [
        {"start": 2, "end": 6, "isInHeading": False},
        {"start": 0, "end": 3, "isInHeading": True},
    ]
    first, second = annotation.paragraphs("abc\ndef", given)
    assert first.is_heading
    assert first.markup == '<mark id="c0-3">ab<mark id="c2-6">c</mark></mark>'
    assert second.markup == '<mark data-of="c2-6">de</mark>f'


def test_headings_stay_headings(seed: Store) -> None:
    (response,) = visited(seed.url, f"/{ARTICLE}")
    document = response.text.partition('<div class="document"')[2].partition("</div>")[0]
    headings = re.findall(r"<h3>(.*?)</h3>", document)
    assert [re.sub("<[^>]+>", "", heading) for heading in headings] == [
        "Poland and South Korea Strengthen Defense Ties Amid Rising Threats",
        "South Korea Considers Military Support for Ukraine",
    ]
    assert document.startswith(' lang="en"')


def test_a_long_text_is_read_part_by_part(seed: Store) -> None:
    source = "source/iso-3166-1-and-cldr"
    read = page(seed, f"/{source}?part=2")
    assert "Part 2 of 16" in read.words
    assert {f"../{source}", f"../{source}?part=3"} <= set(read.links)
    (poland,) = [link for link in page(seed, "/party/poland").links if f"{source}?part=" in link]
    place, _, fragment = poland.partition("#")
    assert fragment in page(seed, place.removeprefix("..")).ids


def test_a_text_that_may_not_be_shown_is_not_shown(empty: Store, tmp_path: Path) -> None:
    text = f"{TEXT}Nobody may read this.\n"
    hidden = {"value": False, "basis": "The licence says so."}
    empty.publish(make(tmp_path / "first", text=text, is_text_public=hidden))
    html, json = visited(empty.url, "/source/first", "/source/first?format=json")
    for response in (html, json):
        assert "may read this" not in response.text
    assert "does not let its text be shown" in html.text


def test_what_is_not_asserted_says_so(empty: Store, tmp_path: Path) -> None:
    def planned(value: Any, quote: str, factuality: str = "PLANNED") -> dict[str, Any]:
        return {"value": value, "quote": quote, "factuality": factuality}

    text = "Alfa plans to buy drones; 20 are to come in May 2026. Bravo may hold a drill with Alfa."
    number = {"minimum": 20, "maximum": 20}
    buyer = {"actor": "party/alfa", "quote": "Alfa plans to buy", "factuality": "ALLEGED"}
    guest = {"actor": "party/alfa", "quote": "with Alfa", "factuality": "HYPOTHETICAL"}
    delivery = {
        "key": "first",
        "quote": "20 are to come",
        "factuality": "PLANNED",
        "delivered_on": planned({"edtf": "2026-05"}, "May 2026"),
        "delivered": planned(number, "20 are"),
        "item": "NOT_STATED",
    }
    records = (
        record("party/alfa", "Alfa")
        | record(
            "procurement/drones",
            "Drones",
            claims=[{"quote": "drones"}],
            category=planned("drones", "drones", "REPORTED"),
            quantity=planned(number, "20 are"),
            buyers=[buyer],
            deliveries=[delivery],
        )
        | record(
            "event/drill",
            "Drill",
            kind=planned("EXERCISE", "may hold a drill", "HYPOTHETICAL"),
            participants=[guest],
        )
    )
    empty.publish(make(tmp_path / "first", records, text=text))
    drones = page(empty, "/procurement/drones").words
    assert "Quantity" in drones
    assert re.search(r"20 planned", drones)
    assert re.search(r"drones reported", drones)
    assert re.search(r"Alfa alleged", drones)
    assert re.search(r"Delivered on between 1 May 2026 and 31 May 2026 planned", drones)
    assert "only:" not in drones
    drill = page(empty, "/event/drill").words
    assert "Possible only: possible, such as" in drill
    assert "It is counted apart from what is confirmed." in drill
    assert re.search(r"Exercise possible", drill)
    assert re.search(r"Drill possible", page(empty, "/party/alfa").words)
    asked = [f"/{path}?format=json" for path in ("event/drill", "procurement/drones")]
    told, goods = (each.json()["record"] for each in visited(empty.url, *asked))
    assert (told["factuality"], told["hedges"]["nodes"][0]["factuality"]) == ("HYPOTHETICAL",) * 2
    assert goods["deliveries"]["nodes"][0]["factuality"] == "PLANNED"
    claim = next(each["id"] for each in told["claims"]["nodes"] if each["factuality"])
    assert "Hypothetical" in page(empty, f"/{claim}").words


def test_long_lists_are_folded_up(seed: Store) -> None:
    read = page(seed, "/party/poland")
    assert re.search(r"2\d\d entries", read.words)
    assert ("span", {"lang": "ko", "dir": "auto"}) in read.tags
    assert "폴란드" in read.words


def test_the_question_of_every_noun_asks_for_all_its_fields() -> None:
    kinds = build()._schema.type_map
    for name in nouns():
        asked = set(re.findall(r"\w+", question(name)))
        fields = set(getattr(kinds[name], "fields", {}))
        repeated = {"edition", "unknowns", "conflicts", "history", "noun", "mainDate"}
        assert fields - asked <= repeated, name


@pytest.fixture(scope="module")
def disputed(sqlite: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the seed and a pact of which two sources say different days."""
    folder = tmp_path_factory.mktemp("disputed")
    store = sqlite.make(seeded=True)
    store.publish(make(folder / "first"))
    records = record(PACT, "Alfa and Bravo: a pact")
    records[PACT]["signed_on"] = {"value": {"edtf": "2024-05-04"}, "quote": "4 May 2024"}
    store.publish(make(folder / "second", records, source="source/second"))
    with serving(store) as address:
        yield address


SHOWN = [
    DRONES,
    "official/jacek-siewiera",
    "party/poland",
    ARTICLE,
    PACT,
    "agreement/alfa-bravo?edition=3",
    "involvement/procurement.south-korea-polish-drones.buyer.party-south-korea",
    "edition/2",
]
WIDTHS = [390, 1440]


def shown(address: str) -> list[str]:
    """The pages that a browser looks at, a claim among them."""
    told = httpx2.get(f"{address}/{DRONES}?format=json").json()
    return [
        *SHOWN,
        next(claim["id"] for claim in told["record"]["claims"]["nodes"] if claim["passages"]),
    ]


SCHEMES = ["light", "dark"]


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_fit_every_screen_without_a_script(
    browser: Any, disputed: str, tmp_path: Path, width: int
) -> None:
    for index, path in enumerate(shown(disputed)):
        visit = Visit(browser, f"{disputed}/{path}", width, java_script_enabled=False)
        assert visit.wrong == [], path
        assert visit.strangers(disputed) == []
        picture = visit.page.screenshot(path=tmp_path / f"{index}.png", full_page=True)
        assert picture.startswith(b"\x89PNG")
        visit.page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        wide = visit.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
        visit.page.close()
    narrow = Visit(browser, f"{disputed}/{DRONES}", 360)
    assert narrow.page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_can_be_read_by_everybody(
    browser: Any, disputed: str, width: int, scheme: str
) -> None:
    nodejs.npm_ready()
    axe = nodejs.HERE / "node_modules" / "axe-core" / "axe.min.js"
    viewport = {"width": width, "height": 900}
    context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport=viewport)
    for path in [*shown(disputed), "party/nowhere"]:
        opened = context.new_page()
        opened.goto(f"{disputed}/{path}")
        opened.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        opened.add_script_tag(path=axe)
        found = opened.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        wrong = [
            (finding["id"], node["html"][:160])
            for finding in found["violations"]
            for node in finding["nodes"][:3]
        ]
        assert wrong == [], path
        opened.close()


def test_a_quote_leads_to_its_place_in_the_text(browser: Any, disputed: str) -> None:
    visit = Visit(browser, f"{disputed}/{DRONES}", java_script_enabled=False)
    visit.page.get_by_role(
        "link", name=re.compile("in the text.*South Korea signed .* procure")
    ).first.click()
    target = visit.page.locator("mark:target")
    name = target.get_attribute("id")
    pieces = visit.page.locator(f"#{name}, [data-of={name}]")
    assert "".join(pieces.all_inner_texts()) == "South Korea signed a landmark deal to procure"
    colours = pieces.evaluate_all("all => all.map(one => getComputedStyle(one).backgroundColor)")
    assert len(colours) > 1, "this passage is cut by another one"
    assert set(colours) == {"rgb(255, 201, 77)"}
    assert target.evaluate("mark => mark.getBoundingClientRect().top < innerHeight")
    assert visit.wrong == []


def test_a_source_shows_how_many_of_its_claims_were_checked(press: Store) -> None:
    words = " ".join(page(press, "/source/hanbit-daily-2024-10-25").words.split())
    query = """{ claims(where: {source: {eq: "source/hanbit-daily-2024-10-25"}}, first: 100) {
      nodes { support } } }"""
    found = Counter(node["support"] for node in press.ask(query)["claims"]["nodes"])
    checked = found["SUPPORTED"] + found["BASIS_GIVEN"]
    assert (
        f"Claims held against the words that they quote: {checked}"
        f": {found['SUPPORTED']} supported, {found['BASIS_GIVEN']} basis given, 0 unsupported."
    ) in words
