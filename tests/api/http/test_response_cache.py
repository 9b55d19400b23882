"""The response cache: the same bytes, never an older edition, and what other caches are told."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from graphql import parse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.http.immutable import pins_edition
from api.http.negotiation import GRAPHQL, JSON
from api.http.parameters import ParamsReader
from api.http.response_cache import OVERHEAD, CachedResponse, Key, ResponseCache
from api.limits.limits import Limits
from schema.storage.freshness import Watermark
from schema.storage.freshness_postgresql import PostgresFreshness
from schema.storage.open import newest
from tests.support.clients import HOST, OLD, Client, shown, within
from tests.support.damage import change
from tests.support.databases import Store
from tests.support.dossier_factory import make

TITLES = "query($n: Int, $at: AsOf) { agreements(first: $n, asOf: $at) { nodes { title url } } }"
NAMED = (
    "query A { parties(first: 1) { nodes { id } } } query B { parties(first: 2) { totalCount } }"
)
REFUSED = "{ agreements(first: 1, last: 1) { totalCount } }"


CALLS: list[dict[str, Any]] = [
    {"query": TITLES, "variables": {"n": 1}},
    {"query": TITLES, "variables": {"n": 2}},
    {"query": TITLES, "variables": {"n": 2, "at": None}},
    {"query": TITLES, "variables": {"n": 2, "at": {"edition": 1}}},
    {"query": TITLES, "variables": {"n": 2, "at": {"edition": 99}}},
    {"query": TITLES, "variables": {"n": 2}, "accept": GRAPHQL},
    {"query": TITLES, "variables": {"n": 2}, "host": "http://other.test"},
    {"query": TITLES, "variables": {"n": 2}, "method": "GET"},
    {"query": TITLES, "variables": {"n": 2}, "method": "GET", "if_none_match": "*"},
    {"query": TITLES, "variables": {"n": 2.5}},
    {"query": TITLES, "variables": {"n": 10**30}},
    {"query": NAMED, "name": "A"},
    {"query": NAMED, "name": "B"},
    {"query": NAMED},
    {"query": REFUSED},
    {"query": "{ __typename }"},
    {"query": "{ __schema { queryType { name } } }"},
]


def test_no_answer_depends_on_what_is_kept(seed: Store) -> None:
    """Hits are misses, to the byte, whatever was asked before, and in whatever order."""

    async def all_of_them(client: Client) -> list[Any]:
        return [shown(await client.ask(**call)) for call in CALLS]

    apart = within(seed, all_of_them, answers_kept=0)

    @settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.integers(0, len(CALLS) - 1), max_size=30))
    def holds(order: list[int]) -> None:
        async def some(client: Client) -> list[Any]:
            return [shown(await client.ask(**CALLS[number])) for number in order]

        assert within(seed, some) == [apart[number] for number in order]

    holds()


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_an_answer_is_read_once(seed: Store, method: str) -> None:
    async def work(client: Client) -> None:
        for spelt in ({"n": 2, "at": {"edition": 2}}, {"at": {"edition": 2}, "n": 2}):
            for text in (TITLES, TITLES):
                await client.ask(text, method, variables=spelt)
        assert client.reads == 1
        await client.ask(TITLES, method, variables={"n": 2})
        await client.ask(TITLES, method, variables={"n": 2, "at": {"edition": 2}}, accept=GRAPHQL)
        await client.ask(TITLES, method, variables={"n": 2}, host="http://other.test")
        assert client.reads == 4

    within(seed, work)


def test_errors_are_neither_kept_nor_to_be_kept(seed: Store) -> None:
    partial = 'query { a: editions(first: 1) { totalCount } b: parties(after: "x") { totalCount } }'

    async def work(client: Client) -> None:
        for text in (REFUSED, "{ nothing }", "{", partial):
            for method in ("GET", "POST", "GET", "POST"):
                response = await client.ask(text, method, if_none_match="*")
                assert response.json()["errors"]
                assert response.headers["cache-control"] == "no-store"
                assert "etag" not in response.headers
        assert client.reads == 16
        missing = await client.http.put(f"{HOST}/graphql")
        assert missing.headers["cache-control"] == "no-store"

    within(seed, work)


def test_an_answer_to_get_has_a_strong_tag_and_is_not_sent_twice(seed: Store) -> None:
    async def work(client: Client) -> None:
        first = await client.ask(TITLES, "GET", variables={"n": 2})
        tag = first.headers["etag"]
        assert tag.startswith('"')
        assert first.headers["cache-control"] == "no-cache"
        assert first.headers["vary"] == "Accept, Accept-Encoding"
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = await client.ask(TITLES, "GET", variables={"n": 2}, if_none_match=known)
            assert (again.status_code, again.content) == (304, b"")
            kept = {name: again.headers[name] for name in ("etag", "cache-control", "vary")}
            assert kept == {name: first.headers[name] for name in kept}
            assert "content-length" not in again.headers
        other = await client.ask(TITLES, "GET", variables={"n": 2}, if_none_match='"other"')
        assert shown(other) == shown(first)
        newer = await client.ask(TITLES, "GET", variables={"n": 2}, accept=GRAPHQL)
        assert newer.content == first.content
        assert newer.headers["etag"] != tag
        posted = await client.ask(TITLES, variables={"n": 2}, if_none_match=tag)
        assert (posted.status_code, posted.content) == (200, first.content)
        assert posted.headers.keys().isdisjoint({"etag", "cache-control"})

    within(seed, work)


NAMES = [
    ("{ a(asOf: {edition: 1}) { b } }", {}, True),
    ("{ a(asOf: {edition: 1}) { b } c(asOf: {edition: 2}) __typename }", {}, True),
    ("{ a(asOf: {edition: 1}) { b } c { d } }", {}, False),
    ("{ a(asOf: {edition: 1}) { b } ... @include(if: false) { c { d } } }", {}, False),
    ("{ a(asOf: {edition: 1}) { b } ...F } fragment F on Query { c { d } }", {}, False),
    ("{ ...F } fragment F on Query { c(asOf: {edition: 3}) { d } }", {}, True),
    ('{ a(asOf: {instant: "2026-11-24T12:00:00Z"}) { b } }', {}, False),
    ("{ a(asOf: null) { b } }", {}, False),
    ("{ a(asOf: {edition: null}) { b } }", {}, False),
    ("{ a { b(asOf: {edition: 1}) } }", {}, False),
    ("{ __typename }", {}, False),
    ("{ a(asOf: {edition: 1}) { b } __schema { description } }", {}, False),
    ("query($at: AsOf) { a(asOf: $at) { b } }", {}, False),
    ("query($at: AsOf) { a(asOf: $at) { b } }", {"at": None}, False),
    ("query($at: AsOf) { a(asOf: $at) { b } }", {"at": {"edition": 1}}, True),
    ("query($at: AsOf) { a(asOf: $at) { b } }", {"at": {"instant": "2026"}}, False),
    ("query($at: AsOf = {edition: 1}) { a(asOf: $at) { b } }", {}, True),
    ("query($at: AsOf = {edition: 1}) { a(asOf: $at) { b } }", {"at": None}, False),
    ("query($n: Int) { a(asOf: {edition: $n}) { b } }", {"n": 1}, True),
    ("query($n: Int) { a(asOf: {edition: $n}) { b } }", {}, False),
    ('{ node(id: "party/poland@2") { id } }', {}, True),
    ('{ node(id: "party/poland") { id } }', {}, False),
    ('{ node(id: "party/poland@5") { id } }', {}, True),
    ('{ node(id: "party/poland@6") { id } }', {}, False),  # which the next edition may answer
    ('{ node(id: "party/poland@02") { id } }', {}, False),
    ("query($id: ID!) { node(id: $id) { id } }", {"id": "party/poland@2"}, True),
    ("query($id: ID!) { node(id: $id) { id } }", {"id": "party/poland"}, False),
    ("query($id: ID!) { node(id: $id) { id } }", {"id": 2}, False),
    ('query($id: ID = "party/poland@2") { node(id: $id) { id } }', {}, True),
    ('query($id: ID = "party/poland@2") { node(id: $id) { id } }', {"id": "a/b"}, False),
    ('{ node(id: "search-hit/party/poland@2?search=a") { id } }', {}, True),
    ('{ node(id: "search-hit/party/poland?search=a@2") { id } }', {}, False),
    ('{ node(id: "conflict/party/poland@2#name") { id } }', {}, True),
    ('{ nodes(ids: ["party/poland@2", "party/alfa@1"]) { id } }', {}, True),
    ('{ nodes(ids: ["party/poland@2", "party/alfa"]) { id } }', {}, False),
    ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["a/b@1", "a/b@2"]}, True),
    ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["a/b@1", "a/b@6"]}, False),
    ("query($id: ID!) { nodes(ids: [$id]) { id } }", {"id": "a/b@1"}, True),
    ("{ nodes(ids: []) { id } }", {}, False),
    ('{ party(by: {id: "party/poland@2"}) { id } }', {}, True),
    ("query($s: String!) { party(by: {slug: $s}) { id } }", {"s": "poland@2"}, True),
    ("query($by: PartyBy!) { party(by: $by) { id } }", {"by": {"slug": "poland@2"}}, True),
    ('{ party(by: {slug: "poland"}) { id } }', {}, False),
    ('{ party(by: {identifier: {scheme: "a", value: "b@2"}}) { id } }', {}, False),
    ("{ statistics(by: [YEAR]) { repeatCount } }", {}, False),
    ('{ parties(where: {id: {eq: "party/poland@2"}}) { totalCount } }', {}, False),
    ('{ node(id: "a/b@2") { id } parties(asOf: {edition: 1}) { totalCount } }', {}, True),
    ('{ node(id: "a/b@2") { id } parties { totalCount } }', {}, False),
]


@pytest.mark.parametrize(("text", "variables", "lasts"), NAMES)
def test_answers_last_when_every_root_field_names_its_edition(
    text: str, variables: dict[str, Any], lasts: bool
) -> None:
    assert pins_edition(parse(text), None, variables, 5) is lasts
    several = f"query Other {{ a }} query This {text.removeprefix('query')}"
    assert pins_edition(parse(several), "This", variables, 5) is lasts


def test_what_names_its_edition_never_changes_and_all_else_does(
    seeded: Store, tmp_path: Path
) -> None:
    at: dict[str, Any] = {"variables": {"at": {"edition": 2}}}

    async def work(client: Client) -> None:
        old = await client.ask(OLD, "GET", **at)
        now = await client.ask(OLD, "GET")
        assert old.headers["cache-control"] == "no-cache"
        assert now.headers["cache-control"] == "no-cache"
        missing = await client.ask(OLD, "GET", variables={"at": {"edition": 3}})
        assert missing.headers["cache-control"] == "no-store"
        await asyncio.to_thread(seeded.publish, make(tmp_path))
        assert client.reads == 3
        assert shown(await client.ask(OLD, "GET", **at)) == shown(old)
        assert client.reads == 3
        newer = await client.ask(OLD, "GET", if_none_match=now.headers["etag"])
        assert (newer.status_code, newer.json()["extensions"]["edition"]) == (200, 3)
        assert newer.json()["data"] != now.json()["data"]
        found = await client.ask(OLD, "GET", variables={"at": {"edition": 3}})
        assert found.json()["data"] == newer.json()["data"]

    within(seeded, work)


def test_what_an_id_of_an_edition_reads_never_changes(seeded: Store, tmp_path: Path) -> None:
    query = "query($id: ID!) { node(id: $id) { id } }"

    def of(edition: int) -> dict[str, Any]:
        return {"variables": {"id": f"party/alfa@{edition}"}}

    async def work(client: Client) -> None:
        old = await client.ask(query, "GET", **of(2))
        coming = await client.ask(query, "GET", **of(3))
        assert old.json()["data"] == coming.json()["data"] == {"node": None}
        assert [each.json()["extensions"]["edition"] for each in (old, coming)] == [2, 2]
        await asyncio.to_thread(seeded.publish, make(tmp_path))
        assert client.reads == 2
        assert shown(await client.ask(query, "GET", **of(2))) == shown(old)
        assert client.reads == 2
        come = await client.ask(query, "GET", **of(3))
        assert come.json()["data"] == {"node": {"id": "party/alfa@3"}}
        assert come.headers["cache-control"] == old.headers["cache-control"]

    within(seeded, work)


def test_what_publishes_nothing_loses_nothing(seeded: Store, tmp_path: Path) -> None:
    async def work(client: Client) -> None:
        await asyncio.to_thread(seeded.publish, make(tmp_path))
        first = await client.ask(TITLES)
        assert (await asyncio.to_thread(seeded.publish, tmp_path)).edition is None
        assert shown(await client.ask(TITLES)) == shown(first)
        assert client.reads == 1
        # Migrating changes answers without an edition.
        await asyncio.to_thread(change, seeded, "DELETE FROM change")
        known = client.view.kept and client.view.kept.newest
        if isinstance(known, PostgresFreshness):
            known.until = 0.0  # as after a second
        await client.ask(TITLES)
        assert client.reads == 2

    within(seeded, work)


def test_an_answer_that_a_publication_overtakes_is_kept_as_the_older_one(
    seeded: Store, tmp_path: Path
) -> None:
    async def work(client: Client) -> None:
        async def publish() -> None:
            client.after = None
            await asyncio.to_thread(seeded.publish, make(tmp_path))

        client.after = publish
        overtaken = await client.ask(OLD)
        assert overtaken.json()["extensions"]["edition"] == 2
        for _ in range(2):
            told = (await client.ask(OLD)).json()
            assert told["extensions"]["edition"] == 3
            assert told["data"] != overtaken.json()["data"]
        assert client.reads == 2

    within(seeded, work)


PUBLISHED = Watermark(1, ())


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4000), st.integers(1, 3)), max_size=60)
)
def test_what_is_kept_is_bounded_and_never_older(steps: list[tuple[int, int, int]]) -> None:
    kept = ResponseCache(20_000, newest("sqlite:///no.db"), lambda scope: "")
    for number, size, edition in steps:
        key = Key(f"{number}", None, b"", JSON, "")
        before = kept.find(key, Watermark(3, ()))
        kept.keep(key, CachedResponse(b"%d" % edition + b"x" * size, JSON), edition, PUBLISHED)
        kept.note((b"x" * size, "POST", None, b"", "", ""), key)
        assert before is None or kept.find(key, Watermark(3, ())), "newer than what came"
        held = [*kept.answers.probation.values(), *kept.answers.protected.values()]
        assert kept.answers.held + kept.keys.held <= 20_000
        assert kept.answers.held == sum(weight for _, weight in held)
        assert all(weight >= len(held.content) + OVERHEAD for (_, _, held), weight in held)
        for then in (1, 2, 3):
            found = kept.find(key, Watermark(then, ()))
            assert found is None or found.content.startswith(b"%d" % then)
            assert kept.find(key, Watermark(then, ("another form",))) is None
            assert kept.find(key, Watermark(then, (), generation=1)) is None


def test_variables_that_cannot_be_written_in_one_way_have_no_key() -> None:
    def canonical(variables: str) -> bytes | None:
        return ParamsReader(Limits()).posted(b'{"variables": %s}' % variables.encode()).canonical

    assert canonical('{"a": 1, "b": null}') == canonical('{"b":null,"a":1}')
    assert canonical('{"a": 1.0}') != canonical('{"a": 1}')
    deep = "[" * 400 + "]" * 400
    for unfit in ("1e400", "1" * 30, deep):
        assert canonical(f'{{"a": {unfit}, "b": null}}') is None
