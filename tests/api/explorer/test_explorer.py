"""The explorer: safe to serve, whole without it, and its questions answered."""

import asyncio
import gzip
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from starlette.applications import Starlette

from api.explorer import STATIC, Explorer, asking
from api.explorer.hatch_build import NODE, ExplorerHook
from api.explorer.questions import questions
from tests.support.browser import absent
from tests.support.checkout import ROOT
from tests.support.databases import Store

# Words that the answer to each question must hold, so that no question runs dry unnoticed.
TELLING = {
    "01-poland-and-south-korea": ["Drone technology", "VISITOR", "‘suicide drones’, from Poland"],
    "02-in-order": ["STATED_ORDER", "on Thursday", "Poland’s President Andrzej Duda met"],
    "03-drones": ["what are referred to as", "signed a landmark deal to procure", "Poland"],
    "04-how-much": ["'withoutMoney': 10", "NO_SUCH_FIELD", "NOT_STATED", "South Korea signed"],
    "05-presidents": ["on Thursday", "VAGUE", "without an anchor", "four-day"],
    "06-words": ["criminal organization", "PARAPHRASE", "MIXED", "may", "reaffirmed"],
    "07-officials": ["Jacek Siewiera", "National Security Adviser", "SPEAKER"],
    "08-where-spoken-of": ["Shin Won-sik", "they differ in a letter or two", "'start': 34"],
    "09-who-else": ["Ukraine", "'forth': 1", "its intention to consider"],
    "10-the-deal": ["Recently", "SIGNED", "MANUFACTURERS", "NOT_STATED"],
    "11-what-changed": ["ADDED", "Deal of South Korea", "'totalCount': 0", "says what it covers"],
    "12-cite-this": ["Pactbook", "?edition=2", "'lineageCount': 1", "landmark deal", "UNJUDGED"],
    "13-ukraine-aid": ["UNDER_CONSIDERATION", "intention to consider"],
    "14-troop-dispatch": ["REPORTED", "ASSERTED", "reportedly", "without a hedge"],
    "15-judgements": ["landmark", "pivotal", "troubling", "North Korea’s"],
    "16-editions": ["pactbook", "'before': {'nodes': []}", "'endedBy': None"],
}
SDL = "type Query { a: Int }\n"
FOREIGN = re.compile(r"""(?:src|href|action)\s*=\s*["']?(?:\w+:)?//""", re.IGNORECASE)


@pytest.fixture
def bundled(tmp_path: Path) -> Explorer:
    """An explorer with a bundle of one script, so that serving is tested without building."""
    folder = tmp_path / "static"
    folder.mkdir()
    names = {"script": "main-A1.js", "bootStyle": "boot-B1.css", "style": "page-B2.css"}
    (folder / "bundle.json").write_text(json.dumps(names))
    (folder / "main-A1.js.gz").write_bytes(gzip.compress(b"start()"))
    (tmp_path / "secret.txt.gz").write_bytes(gzip.compress(b"secret"))
    return Explorer(lambda: SDL, folder)


@pytest.fixture
def built() -> None:
    """The real bundle, or a reason why there is none."""
    if not (STATIC / "bundle.json").exists():
        absent("the explorer is not built: run `make serve` where npm can reach an index")


async def fetched(explorer: Explorer, path: str, encoding: str = "gzip") -> httpx2.Response:
    transport = httpx2.ASGITransport(Starlette(routes=explorer.routes))
    async with httpx2.AsyncClient(transport=transport, base_url="http://pactbook.test") as client:
        return await client.get(path, headers={"Accept-Encoding": encoding})


def fetch(explorer: Explorer, path: str, encoding: str = "gzip") -> httpx2.Response:
    """What an explorer answers."""
    return asyncio.run(fetched(explorer, path, encoding))


def policy(response: httpx2.Response) -> dict[str, str]:
    rules = [rule.strip() for rule in response.headers["content-security-policy"].split(";")]
    return {name: value for name, _, value in (rule.partition(" ") for rule in rules)}


@pytest.mark.parametrize("path", ["/", "/explorer/static/main-A1.js", "/explorer/static/absent.js"])
def test_every_response_is_strict(bundled: Explorer, path: str) -> None:
    response = fetch(bundled, path)
    assert response.headers["x-content-type-options"] == "nosniff"
    rules = policy(response)
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["script-src"] == rules["connect-src"] == rules["worker-src"] == "'self'"
    for loose in ("unsafe-eval", "blob:", "http:", "https:", "*"):
        assert loose not in response.headers["content-security-policy"]


def test_the_page_loads_nothing_from_another_host(bundled: Explorer) -> None:
    page = fetch(bundled, "/").text
    assert 'src="explorer/static/main-A1.js"' in page
    assert 'href="explorer/static/boot-B1.css"' in page
    assert 'data-style="explorer/static/page-B2.css"' in page
    assert not FOREIGN.search(page)


def test_a_question_cannot_close_the_script_that_holds_it(bundled: Explorer) -> None:
    asked = [{"id": "x", "question": "</script><img src=x>", "query": "{ x }"}]
    asking_that = replace(bundled, offered=lambda: asked)
    assert "</script><img" not in fetch(asking_that, "/").text


def test_without_the_bundle_the_page_says_how_to_get_it(tmp_path: Path) -> None:
    response = fetch(Explorer(lambda: SDL, tmp_path), "/")
    assert response.status_code == 200
    assert "make serve" in response.text
    assert "release wheel" in response.text
    assert "/graphql" in response.text
    assert "<script" not in response.text


def test_files_are_compressed_and_never_change(bundled: Explorer) -> None:
    response = fetch(bundled, "/explorer/static/main-A1.js")
    assert response.text == "start()"
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["content-type"].startswith("text/javascript")
    assert "immutable" in response.headers["cache-control"]
    assert response.headers["vary"] == "Accept-Encoding"
    assert "immutable" not in fetch(bundled, "/").headers["cache-control"]


def test_the_schema_is_kept_for_ever_under_the_name_of_what_it_says(bundled: Explorer) -> None:
    [address] = re.findall(r'data-schema="([^"]+)"', fetch(bundled, "/").text)
    response = fetch(bundled, f"/{address}")
    assert response.text == SDL
    assert response.headers["content-encoding"] == "gzip"
    assert "immutable" in response.headers["cache-control"]
    assert fetch(bundled, f"/{address}", encoding="identity").text == SDL
    other = replace(bundled, sdl=lambda: SDL + "type Other { a: Int }\n")
    assert address not in fetch(other, "/").text
    assert fetch(other, f"/{address}").status_code == 404


def test_a_client_without_gzip_gets_the_file_as_it_is(bundled: Explorer) -> None:
    response = fetch(bundled, "/explorer/static/main-A1.js", encoding="identity")
    assert response.text == "start()"
    assert "content-encoding" not in response.headers


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "..%2Fsecret.txt",
        "%2e%2e/secret.txt",
        "..%5Csecret.txt",
        "",
        "a\0b.js",
        "a" * 300 + ".js",
    ],
)
def test_no_path_leads_out_of_the_folder(bundled: Explorer, name: str) -> None:
    assert fetch(bundled, f"/explorer/static/{name.replace(chr(0), '%00')}").status_code == 404


@pytest.fixture
def hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ExplorerHook:
    """The build hook over a project of its own, with sources and no bundle."""
    monkeypatch.delenv("PACTBOOK_SKIP_EXPLORER", raising=False)
    sources = tmp_path / "api" / "explorer" / "frontend"
    sources.mkdir(parents=True)
    (sources / "main.jsx").write_text("start()")
    return hook_over(tmp_path)


def hook_over(root: Path, target: str = "wheel") -> ExplorerHook:
    nothing: Any = None
    return ExplorerHook(str(root), {}, nothing, nothing, "", target)


def test_node_is_wanted_only_while_there_is_something_to_build(hook: ExplorerHook) -> None:
    assert hook.dependencies() == [NODE]
    hook.static.mkdir()
    (hook.static / "bundle.json").write_text(json.dumps({"fingerprint": hook.fingerprint()}))
    assert hook.dependencies() == []
    (hook.frontend / "main.jsx").write_text("start(again)")
    assert hook.dependencies() == [NODE]
    assert hook_over(Path(hook.root), "sdist").dependencies() == []


def test_the_explorer_can_be_left_out(hook: ExplorerHook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACTBOOK_SKIP_EXPLORER", "1")
    assert hook.dependencies() == []
    hook.initialize("standard", {})
    assert not hook.static.exists()


def test_a_build_that_fails_is_told_and_stops_nothing(
    hook: ExplorerHook, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*arguments: Any) -> None:
        raise RuntimeError("npm ci: no route to the index")

    monkeypatch.setattr("api.explorer.hatch_build.run", refuse)
    hook.initialize("standard", {})
    told = capsys.readouterr()
    assert "no route to the index" in told.out + told.err
    assert not hook.static.exists()


def test_node_of_the_build_is_the_one_that_is_pinned() -> None:
    pinned = (ROOT / "requirements-build.txt").read_text()
    assert f"{NODE} " in pinned


def test_every_question_says_what_it_asks() -> None:
    assert [question["id"] for question in questions()] == list(TELLING)
    for question in questions():
        assert question["question"].endswith("?")


@pytest.mark.parametrize("question", questions(), ids=lambda question: question["id"])
def test_every_question_is_answered(seed: Store, question: dict[str, str]) -> None:
    answer = seed.ask(question["query"])
    assert "'url': 'http" in str(answer) or "'url': '/" in str(answer)
    for words in TELLING[question["id"]]:
        assert words in str(answer)


@pytest.mark.parametrize(
    "id",
    [
        "agreement/poland-south-korea-drone-deal",
        "involvement/procurement.south-korea-polish-drones.buyer.party-south-korea",
    ],
)
def test_a_question_is_filled_in_for_every_id(seed: Store, id: str) -> None:
    asked = parse_qs(urlsplit(asking(id)).query)
    variables: dict[str, Any] = {"id": id}
    answer = seed.ask(asked["query"][0], **variables)
    assert answer["node"]["id"] == id
    assert answer["node"]["claims"]["nodes"]
