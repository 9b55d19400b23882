"""GraphQL over HTTP: the official audits, and every status, type and code by the table."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, ClassVar

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Scope

from api.http.codec import decoded, encoded, exactly
from api.http.endpoint import GraphQLView
from api.http.negotiation import GRAPHQL, JSON, preferred
from api.limits.error_masking import INTERNAL, MASK, expected, public
from api.limits.limits import Limits
from schema.errors import InputError
from schema.execution.context import Context
from tests.support.book_schema import app, ask, code, context, graph, query
from tests.support.live_server import running
from tests.support.nodejs import npm_ready
from tests.support.waiting import forever

SHELF = app()
TYPES = (JSON, GRAPHQL)


@pytest.fixture
def address() -> Iterator[str]:
    """The address of the graph on a real server."""
    with running(app()) as (_, place):
        yield f"{place}/graphql"


@pytest.mark.parametrize("graph", ["address", "live_server"])
def test_all_61_audits_pass(graph: str, request: pytest.FixtureRequest) -> None:
    address = request.getfixturevalue(graph)
    path = "" if graph == "address" else "/graphql"
    audited = npm_ready()("audit", address + path)
    results = json.loads(audited.stdout)
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == 61


HASH = {"persistedQuery": {"version": 1, "sha256Hash": "unknown"}}
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("parse error", {"query": "{"}, "GRAPHQL_PARSE_FAILED"),
    ("empty selection set", {"query": "{ book {} }"}, "GRAPHQL_PARSE_FAILED"),
    ("validation error", {"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
    ("undefined fragment", {"query": "{ book { ...Nope } }"}, "GRAPHQL_VALIDATION_FAILED"),
    ("variable coercion", {"query": "query($n: Int!) { books(first: $n) { totalCount } }"},
     "BAD_USER_INPUT"),
    ("null character", {"query": r'{ book(title: "\u{0}") { title } }'}, "BAD_USER_INPUT"),
    ("depth", {"query": "{ book {" + "sequel {" * 12 + "title" + "}" * 13 + "}"},
     "QUERY_TOO_COMPLEX"),
    ("cost", {"query": "{ books { nodes { similar(first: 100) { nodes { similar { nodes"
                       " { title } } } } } } }"}, "QUERY_TOO_COMPLEX"),
    ("unknown hash", {"extensions": HASH}, "PERSISTED_QUERY_NOT_FOUND"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "told"), [row[1:] for row in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_a_refused_operation_has_a_code_and_no_data(asked: dict[str, Any], told: str) -> None:
    for media_type, status in ((JSON, 200), (GRAPHQL, 400)):
        response = ask(SHELF, json.dumps(asked).encode(), accept=media_type)
        assert response.status_code == status
        assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
        assert code(response) == told
        assert "data" not in response.json()


BAD: list[tuple[str, bytes]] = [
    ("no query", b"{}"),
    ("empty query", b'{"query": ""}'),
    ("bad JSON", b"{"),
    ("no bytes", b""),
    ("a string", b'"{ book }"'),
    ("a number", b"1"),
    ("true", b"true"),
    ("null", b"null"),
    ("a batch", b'[{"query": "{ __typename }"}]'),
    ("not UTF-8", b'{"query": "\xff"}'),
    ("half a character", rb'{"query": "{ book(title: \"\ud800\") { title } }"}'),
    ("null character", rb'{"query": "{ __typename }", "variables": {"a": "\u0000"}}'),
    ("NaN", b'{"query": "{ __typename }", "variables": {"a": NaN}}'),
    ("deep nesting", b"[" * 100_000),
    ("endless number", b'{"query": ' + b"1" * 5000 + b"}"),
    ("query of another type", b'{"query": {}}'),
    ("variables of another type", b'{"query": "{ __typename }", "variables": []}'),
    ("operationName of another type", b'{"query": "{ __typename }", "operationName": 1}'),
    ("extensions of another type", b'{"query": "{ __typename }", "extensions": ""}'),
    ("long operationName", b'{"query": "{ __typename }", "operationName": "%s"}' % (b"a" * 129)),
    ("unknown operationName", b'{"query": "query A { __typename }", "operationName": "B"}'),
    ("a choice without a name", b'{"query": "query A { __typename } query B { __typename }"}'),
    ("no operation", b'{"query": "fragment F on Query { __typename }"}'),
    ("another text's hash",
     b'{"query": "{ __typename }", "extensions": {"persistedQuery": {"sha256Hash": "00"}}}'),
]  # fmt: skip


@pytest.mark.parametrize("body", [row[1] for row in BAD], ids=[row[0] for row in BAD])
@pytest.mark.parametrize("accept", [*TYPES, "*/*", "text/csv", ""])
def test_a_bad_request_is_a_400(body: bytes, accept: str) -> None:
    response = ask(SHELF, body, accept=accept)
    assert response.status_code == 400
    assert code(response) == "BAD_REQUEST"


@given(st.binary() | st.text().map(str.encode) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["query", "variables", "operationName", "extensions"]) | st.text(), inner
    ),
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_no_body_breaks_the_server(body: bytes) -> None:
    response = ask(SHELF, body)
    assert response.status_code in (200, 400)
    assert response.status_code == 200 or code(response) == "BAD_REQUEST"


def outcome(reading: Callable[[bytes], object], text: bytes) -> str:
    """What reading a text comes to; NaN is equal to itself in it."""
    try:
        return repr(reading(text))
    except ValueError:
        return "refused"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(
    st.binary()
    | JSON_VALUES.map(lambda value: json.dumps(value).encode())
    | JSON_VALUES.map(lambda value: json.dumps(value, ensure_ascii=False).encode(errors="replace"))
    | st.from_regex(rb"[-+0-9.eE\[\]{}:,\"\\\\ud8\x00-\x20]{0,40}", fullmatch=True)
    | st.integers(10**18, 10**22).map(lambda number: b"[%d, -%d.5]" % (number, number))
)
def test_the_fast_way_to_read_json_changes_nothing(text: bytes) -> None:
    assert outcome(decoded, text) == outcome(exactly, text)


@given(st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers() | st.decimals(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
))  # fmt: skip
def test_all_that_is_written_can_be_read(value: object) -> None:
    written = json.loads(encoded({"data": value}))
    assert written == json.loads(json.dumps({"data": value}, default=str))


@given(st.text(), st.text(), st.sampled_from(TYPES))
def test_no_query_breaks_the_server(text: str, title: str, accept: str) -> None:
    for asked in (text, f"{{ {text} }}", f"{{ book(title: {json.dumps(title)}) {{ title }} }}"):
        response = query(SHELF, asked, accept)
        told = code(response)
        assert told in (None, "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED",
                        "BAD_USER_INPUT", "BAD_REQUEST")  # fmt: skip
        refused = 400 if told == "BAD_REQUEST" or accept == GRAPHQL else 200
        assert response.status_code == (refused if told else 200)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_another_method_is_a_405_that_says_which_are_allowed(method: str) -> None:
    response = ask(SHELF, method=method)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    "address", ["/graphql?query={book{title}}", "/graphql?query={nothing}", "/graphql?query={"]
)
def test_head_is_answered_as_get_without_the_body(address: str) -> None:
    got, head = (ask(SHELF, method=method, address=address) for method in ("GET", "HEAD"))
    assert head.content == b""
    assert (head.status_code, head.headers) == (got.status_code, got.headers)
    assert int(head.headers["content-length"]) == len(got.content)


def test_an_encoded_body_is_a_415_that_says_which_is_taken() -> None:
    body = b'{"query": "{ __typename }"}'
    for coding in ("gzip", "br", "deflate, gzip", "x"):
        response = ask(SHELF, gzip.compress(body), content_encoding=coding)
        assert (response.status_code, code(response)) == (415, "BAD_REQUEST")
        assert response.headers["accept-encoding"] == "identity"
    assert ask(SHELF, body, content_encoding="identity").status_code == 200


def test_a_mutation_is_not_run_by_get() -> None:
    response = ask(SHELF, method="GET", address='/graphql?query=mutation{burn(title:"x"){title}}')
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert code(response) == "BAD_REQUEST"


def test_a_query_by_get_takes_variables_and_a_name() -> None:
    address = '/graphql?query=query Q($t:String!){book(title:$t){title}}&variables={"t":"é"}'
    response = ask(SHELF, method="GET", address=f"{address}&operationName=Q&extensions=")
    assert response.json()["data"] == {"book": {"title": "é"}}


@pytest.mark.parametrize(
    "media_type",
    ["application/jsonx", "text/plain", "", "application/json; charset=latin-1",
     "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"],
)  # fmt: skip
def test_another_type_of_body_is_a_415(media_type: str) -> None:
    response = ask(SHELF, b'{"query": "{ __typename }"}', content_type=media_type)
    assert response.status_code == 415
    assert code(response) == "BAD_REQUEST"


def test_a_body_is_counted_while_it_streams() -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b" " * 1000

    response = ask(app(Limits(body_bytes=5000)), endless())
    assert (response.status_code, code(response)) == (413, "BAD_REQUEST")
    assert read < 10


def test_a_slow_body_is_a_408() -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        await forever()

    response = ask(app(Limits(body_seconds=0.05)), slow())
    assert (response.status_code, code(response)) == (408, "BAD_REQUEST")


def test_a_body_may_come_in_parts_and_late() -> None:
    async def parts() -> AsyncIterator[bytes]:
        for part in (b'{"query": "{ bo', b"ok { title } }", b'"}'):
            await asyncio.sleep(0)
            yield part

    assert ask(SHELF, parts()).json()["data"] == {"book": {"title": "Volume 1"}}


def test_a_slow_operation_is_stopped() -> None:
    response = query(app(Limits(operation_seconds=0.05)), "{ slow }", GRAPHQL)
    assert response.status_code == 200
    [error] = response.json()["errors"]
    assert (error["path"], error["extensions"]) == ([], {"code": "TIMEOUT"})
    assert response.json()["data"] is None


@pytest.mark.parametrize("asked", ["", "?query={book{title}}&variables={}"])
def test_a_browser_is_sent_to_the_explorer(asked: str) -> None:
    response = ask(SHELF, method="GET", address=f"/graphql{asked}", accept="text/html,*/*;q=0.8")
    assert response.status_code == 303
    assert response.headers["location"].replace("%7B", "{").replace("%7D", "}") == f"./{asked}"


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("text/csv", JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{JSON}, {GRAPHQL};q=0.9", JSON),
        (f"{GRAPHQL};q=0.5, */*;q=0.1", GRAPHQL),
        (f"{GRAPHQL};q=0.5, application/*", JSON),
        (f"{GRAPHQL};q=0", JSON),
        (f"{GRAPHQL};q=high", JSON),
        (f"{GRAPHQL};q=nan", JSON),
        (f"{GRAPHQL}; charset=utf-8; q=1.0", GRAPHQL),
        (GRAPHQL.upper(), GRAPHQL),
    ],
)
def test_the_newer_media_type_is_sent_when_asked_for(accept: str, answered: str) -> None:
    assert preferred(accept) == answered


@given(st.text())
def test_any_accept_header_is_understood(accept: str) -> None:
    assert preferred(accept) in TYPES


def test_a_persisted_query_is_run_by_its_hash() -> None:
    served, text = app(), "{ book { title } }"
    digest = hashlib.sha256(text.encode()).hexdigest()
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": digest}}
    first = query(served, text, extensions=extensions)
    again = ask(served, json.dumps({"extensions": extensions}).encode())
    assert first.json()["data"] == again.json()["data"] == {"book": {"title": "Volume 1"}}


def test_persisted_documents_stay_while_others_are_sent_once() -> None:
    served, own = (
        app(Limits(persisted_bytes=65_536)),
        [f"{{ a{n}: book {{ title }} }}" for n in range(20)],
    )

    def persisted(text: str) -> dict[str, Any]:
        digest = hashlib.sha256(text.encode()).hexdigest()
        return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}}

    def known(text: str) -> bool:
        return "data" in ask(served, json.dumps(persisted(text)).encode()).json()

    for text in own:
        query(served, text, **persisted(text))
        assert known(text)
    for number in range(300):
        text = f"{{ once{number}: book {{ title }} }}"
        query(served, text, **persisted(text))
    assert [text for text in own if not known(text)] == []


def test_an_empty_operation_name_is_none() -> None:
    body = json.dumps({"query": "query A { book { title } }", "operationName": ""}).encode()
    assert ask(SHELF, body).json() == {**ask(SHELF, body.replace(b'""', b"null")).json()}
    assert ask(SHELF, body).json()["data"]["book"] == {"title": "Volume 1"}


@pytest.mark.parametrize("count", range(5))
def test_an_escape_that_is_spelt_out_is_a_usual_text(count: int) -> None:
    body = json.dumps({"query": "{ book { title } }", "variables": {"a": "\\" * count + "u0000"}})
    assert ask(SHELF, body.encode()).status_code == 200
    nul = body.replace("u0000", "\\u0000")
    assert code(ask(SHELF, nul.encode())) == "BAD_REQUEST"


LONG = "x" * 5_000


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        (f"{{ {LONG} }}", {}),
        (f"{{ book {{ ...{LONG} }} }}", {}),
        (f'{{ book(id: "{LONG}") {{ title }} }}', {}),
        ("query($n: Int) { books(first: $n) { nodes { title } } }", {"n": LONG}),
        ("query($n: Int) { books(first: $n) { nodes { title } } }", {"n": "y y" * 2_000}),
        ("query($n: Int) { books(first: $n) { nodes { title } } }", {"n": [LONG] * 20}),
    ],
)
def test_an_error_repeats_little_of_what_was_sent(text: str, variables: dict[str, Any]) -> None:
    response = query(app(Limits(name_characters=10_000)), text, variables=variables)
    for error in response.json()["errors"]:
        assert "x" * 81 not in error["message"]
        assert len(error["message"]) < 1_000


def test_a_long_name_is_refused() -> None:
    response = query(SHELF, f"{{ {'a' * 129}: book {{ title }} }}")
    assert code(response) == "QUERY_TOO_COMPLEX"
    assert "at most 128" in response.json()["errors"][0]["message"]
    assert query(SHELF, f"{{ {'a' * 128}: book {{ title }} }}").json()["data"]


def test_an_unexpected_error_is_masked_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    response = query(SHELF, "{ a: broken b: broken }", GRAPHQL)
    assert response.status_code == 200
    body = response.json()
    assert body["data"] == {"a": None, "b": None}
    [identifier] = {error["extensions"].pop("id") for error in body["errors"]}
    assert [(e["message"], e["extensions"]) for e in body["errors"]] == [
        (MASK, {"code": INTERNAL})
    ] * 2
    assert "hunter2" not in response.text
    [record] = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert identifier in record.message
    assert "hunter2" in caplog.text


def test_expected_errors_are_told_and_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    body = query(SHELF, "{ books(first: 1, last: 1) { totalCount } }", JSON).json()
    assert body["errors"][0]["message"] == "Give `first` or `last`, not both."
    assert body["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}
    assert code(query(SHELF, "{ refused }")) == "NOT_TODAY"
    absent = query(SHELF, "query($t: String = null) { book(title: $t) { title } }")
    assert code(absent) == "BAD_USER_INPUT"
    query(SHELF, "{")
    query(SHELF, "{ nothing }")
    assert [r for r in caplog.records if r.levelno >= logging.ERROR] == []


class LibraryError(Exception):
    """As SQLAlchemy's: its code is the library's own, not one of ours."""

    code = "e3q8"


class DetailedError(InputError):
    """An expected mistake with more to say."""

    extensions: ClassVar = {"cursor": "abc"}


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (InputError("no"), {"code": "BAD_USER_INPUT"}),
        (DetailedError("no"), {"code": "BAD_USER_INPUT", "cursor": "abc"}),
        (GraphQLError("no", extensions={"code": "MINE"}), {"code": "MINE"}),
        (GraphQLError("no", extensions={"code": INTERNAL}), None),
        (GraphQLError("Int cannot represent 'a'"), None),
        (LibraryError("no"), None),
        (ValueError("no"), None),
    ],
)
def test_only_expected_errors_are_public(error: Exception, told: dict[str, str] | None) -> None:
    wrapped = GraphQLError(str(error), path=["a"], original_error=error)
    seen = public(wrapped, "id7")
    assert expected(wrapped) == told
    assert seen.extensions == (told or {"code": INTERNAL, "id": "id7"})
    assert seen.message == (str(error) if told else MASK)
    assert seen.path == ["a"]
    assert seen.original_error is None


def opening(error: Exception) -> Starlette:
    """The graph, with a context that cannot be made."""

    def context(_: Scope) -> Context:
        raise error

    return Starlette(routes=[Route("/graphql", GraphQLView(graph, context))])


def test_an_error_before_the_first_field_has_a_status() -> None:
    for media_type, status in ((JSON, 200), (GRAPHQL, 400)):
        response = query(opening(InputError("no")), "{ book { title } }", media_type)
        assert (response.status_code, code(response)) == (status, "BAD_USER_INPUT")
        response = query(opening(TimeoutError("hunter2")), "{ book { title } }", media_type)
        assert (response.status_code, code(response)) == (500, INTERNAL)
        assert "hunter2" not in response.text


def test_the_view_itself_never_lets_an_exception_out() -> None:
    class Fragile(GraphQLView):
        def anew(self, *_: Any, **__: Any) -> Any:  # as a fault in our own code would be
            raise ZeroDivisionError

    served = Starlette(routes=[Route("/graphql", Fragile(graph, context))])
    response = query(served, "{ __typename }")
    assert (response.status_code, code(response)) == (500, INTERNAL)


def test_a_client_that_leaves_gets_nothing() -> None:
    async def leave() -> list[object]:
        sent: list[object] = []
        scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"",
                 "headers": [(b"content-type", b"application/json")]}  # fmt: skip

        async def receive() -> dict[str, str]:
            return {"type": "http.disconnect"}

        async def send(message: object) -> None:
            sent.append(message)

        await GraphQLView(graph, context)(scope, receive, send)
        return sent

    assert asyncio.run(leave()) == []
