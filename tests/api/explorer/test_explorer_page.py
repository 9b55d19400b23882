"""The explorer in a real browser: it asks, shows, shares, and says what went wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from api.explorer import STATIC
from api.explorer.questions import questions
from tests.support.browser import Visit, absent

WIDTHS = pytest.mark.parametrize("width", [1440, 390])
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
"""A line of 1.6 Mbit/s down and 750 kbit/s up, as Lighthouse has it for phones; bytes a second."""
LOGIN = "<!doctype html><title>Log in to Example</title><p>Who are you?"

pytestmark = pytest.mark.usefixtures("built")


@pytest.fixture
def built() -> None:
    """The real bundle, or a reason why there is none."""
    if not (STATIC / "bundle.json").exists():
        absent("the explorer is not built: run `make serve` where npm can reach an index")


@pytest.fixture
def visits(browser: Any) -> Iterator[Any]:
    """Visits pages, each in a browser that knows nothing, and closes them."""
    opened: list[Visit] = []

    def visit(address: str, width: int = 1440, **given: Any) -> Visit:
        opened.append(Visit(browser, address, width, **given))
        return opened[-1]

    yield visit
    for each in opened:
        each.page.close()


def schemas(visit: Visit) -> list[str]:
    """The addresses at which a visit asked for the schema."""
    return [url for url in visit.asked if "/explorer/schema/" in url]


@WIDTHS
def test_a_question_is_picked_and_answered(visits: Any, live_server: str, width: int) -> None:
    visit = visits(f"{live_server}/", width)
    visit.answers("sides")
    assert visit.page.get_by_label("Questions").input_value() == questions()[0]["id"]
    visit.page.get_by_label("Questions").select_option("06-words")
    visit.answers("fromActor")
    assert visit.page.get_by_label("Questions").input_value() == "06-words"
    visit.page.get_by_label("Show Documentation Explorer").click()
    visit.page.get_by_text("All Schema Types").wait_for()
    assert visit.wrong == []
    assert visit.strangers(live_server) == []
    assert len(schemas(visit)) == 1
    assert len([url for url in visit.asked if url.endswith("/graphql")]) == 2


def test_the_page_of_a_record_leads_to_its_question(visits: Any, live_server: str) -> None:
    visit = visits(f"{live_server}/event/presidents-meeting")
    visit.page.get_by_role("link", name="Ask the explorer").click()
    visit.answers("event/presidents-meeting")
    visit.answers("Meeting of Andrzej Duda")
    assert visit.wrong == []
    assert visit.strangers(live_server) == []


def test_the_first_answer_needs_no_more_than_a_slow_line_brings_in_five_seconds(
    visits: Any, live_server: str
) -> None:
    """The bound is on what has come through the line by then: a machine may take longer."""
    visit = visits("about:blank")
    session = visit.page.context.new_cdp_session(visit.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    arrived: list[float] = []
    session.on("Network.loadingFinished", lambda event: arrived.append(event["encodedDataLength"]))
    visit.page.goto(f"{live_server}/", wait_until="commit")
    visit.page.locator("#first pre").nth(1).filter(has_text="sides").wait_for()
    seconds = sum(arrived) / SLOW["downloadThroughput"] + len(arrived) * SLOW["latency"] / 1000
    assert 0 < seconds <= 5


def test_the_schema_is_fetched_once_however_often_somebody_comes(
    visits: Any, live_server: str
) -> None:
    visit = visits(f"{live_server}/")
    visit.answers("sides")
    visit.page.wait_for_function("performance.getEntriesByType('resource').some(each =>"
                                 " each.name.includes('/explorer/schema/'))")  # fmt: skip
    visit.page.reload()
    visit.page.get_by_label("Show Documentation Explorer").click()
    visit.page.get_by_text("All Schema Types").wait_for()
    sent = visit.page.evaluate(
        "performance.getEntriesByType('resource')"
        ".filter(each => each.name.includes('/explorer/schema/')).map(each => each.transferSize)"
    )
    assert sent == [0]
    assert len([url for url in visit.asked if url.endswith("/graphql")]) == 1


@WIDTHS
def test_a_share_holds_query_and_variables_and_no_token(
    visits: Any, live_server: str, width: int
) -> None:
    query = "query Named($id: ID!) { node(id: $id) { id } }"
    variables = json.dumps({"id": "party/poland"})
    visit = visits(f"{live_server}/#query={query}&variables={variables}", width)
    visit.answers("party/poland")
    visit.page.get_by_role("button", name="Headers").click()
    visit.page.locator(".graphiql-editor-tool .monaco-editor").last.click()
    visit.page.keyboard.insert_text('{"Authorization": "Bearer secret"}')
    visit.page.get_by_role("button", name="Share").click()
    visit.page.wait_for_url(re.compile(r"\?query="))
    given = parse_qs(urlsplit(visit.page.url).query)
    assert given == {"query": [query], "variables": [variables]}
    with visit.page.expect_request("**/graphql") as asked:
        visit.page.get_by_label("Execute query").click()
    assert asked.value.headers["authorization"] == "Bearer secret"
    other = visits(visit.page.url, width)
    other.answers("party/poland")
    assert other.wrong == []


def test_a_login_page_is_told_with_its_status(visits: Any, live_server: str) -> None:
    visit = visits(f"{live_server}/")
    visit.answers("sides")
    visit.page.route(
        "**/graphql",
        lambda route: route.fulfill(status=403, content_type="text/html", body=LOGIN),
    )
    visit.page.get_by_label("Execute query").click()
    visit.answers("The answer is 403 Forbidden and no GraphQL, but text/html, “Log in to Example”.")
    visit.page.unroute("**/graphql")
    visit.page.route("**/graphql", lambda route: route.abort())
    visit.page.get_by_label("Execute query").click()
    visit.answers("There is no answer that can be read")


@pytest.mark.parametrize("dialog", ["settings dialog", "short keys dialog"])
def test_a_phone_shows_the_whole_of_a_dialog(visits: Any, live_server: str, dialog: str) -> None:
    visit = visits(f"{live_server}/", 390)
    visit.answers("sides")
    visit.page.get_by_label(f"Open {dialog}").click()
    visit.page.locator(".graphiql-dialog").wait_for()
    cut = visit.page.evaluate("""[...document.querySelectorAll('.graphiql-dialog *')].filter(each =>
        each.getBoundingClientRect().right > innerWidth
        || each.getBoundingClientRect().left < 0).length""")
    assert cut == 0
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
