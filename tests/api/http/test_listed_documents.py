"""Documents called by their ids: sent once, or listed, and none but the listed where so set."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.listed_documents import ListedDocuments, digest_of
from api.http.negotiation import GRAPHQL, JSON
from tests.support.clients import HOST, Client, within
from tests.support.databases import Store

QUERY = "query Named($n: Int) { parties(first: $n) { nodes { id } } }"
OTHER = "{ editions { totalCount } }"
METHODS = pytest.mark.parametrize("method", ["POST", "GET"])


def named(text: str) -> dict[str, str]:
    """The id of a document, as GraphQL over HTTP has it."""
    return {"documentId": f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"}


def hashed(text: str) -> dict[str, Any]:
    """The hash of a document, as Apollo has it."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}}


async def call(
    client: Client, method: str = "POST", accept: str = GRAPHQL, **given: Any
) -> httpx2.Response:
    """The response to parameters as they are given."""
    headers = {"accept": accept}
    if method == "POST":
        return await client.http.post(f"{HOST}/graphql", json=given, headers=headers)
    told = {
        name: json.dumps(value) if isinstance(value, dict) else value
        for name, value in given.items()
    }
    return await client.http.get(f"{HOST}/graphql?{urlencode(told)}", headers=headers)


def failed(response: httpx2.Response) -> tuple[str, str]:
    """The code and the message of the one error of a request."""
    [error] = response.json()["errors"]
    assert "data" not in response.json()
    return error["extensions"]["code"], error["message"]


@METHODS
def test_a_document_that_was_sent_with_its_id_is_known_by_it(seed: Store, method: str) -> None:
    async def work(client: Client) -> None:
        variables: dict[str, Any] = {"variables": {"n": 2}}
        unknown = await call(client, method, **named(QUERY), **variables)
        assert unknown.status_code == 400
        assert failed(unknown) == ("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
        sent = await call(client, query=QUERY, **named(QUERY), **variables)
        assert len(sent.json()["data"]["parties"]["nodes"]) == 2
        for known in (named(QUERY), hashed(QUERY), named(QUERY) | hashed(QUERY)):
            again = await call(client, method, **known, **variables)
            assert again.content == sent.content
        behaving = await call(client, method, onError="NULL", **named(QUERY), **variables)
        assert behaving.json() == sent.json()

    within(seed, work)


@METHODS
def test_a_listed_document_is_known_before_anybody_sends_it(
    seed: Store, tmp_path: Path, method: str
) -> None:
    listed = ListedDocuments(tmp_path)
    listed.add(QUERY)

    async def work(client: Client) -> None:
        for known in (named(QUERY), hashed(QUERY)):
            found = await call(client, method, **known, variables={"n": 1})
            assert len(found.json()["data"]["parties"]["nodes"]) == 1
        assert "data" in (await call(client, method, query=OTHER)).json()

    within(seed, work, listed_documents=str(tmp_path))


@METHODS
@pytest.mark.parametrize("kept", [0, 8_388_608])
def test_none_but_listed_documents_are_served(
    seed: Store, tmp_path: Path, kept: int, method: str
) -> None:
    """What is listed or taken off while the server runs counts at once, kept answers or not."""
    listed = ListedDocuments(tmp_path)

    async def work(client: Client) -> None:
        ways = [{"query": QUERY}, named(QUERY), hashed(QUERY), {"query": QUERY, **named(QUERY)}]
        for media_type, status in ((GRAPHQL, 400), (JSON, 200)):
            for way in ways:
                refused = await call(client, method, media_type, **way)
                assert refused.status_code == status
                code, message = failed(refused)
                assert code == "DOCUMENT_NOT_LISTED"
                assert named(QUERY)["documentId"] in message
        digest = listed.add(QUERY)
        for way in [*ways, *ways]:
            assert "data" in (await call(client, method, **way)).json()
            assert failed(await call(client, method, query=OTHER))[0] == "DOCUMENT_NOT_LISTED"
        assert listed.remove(digest)
        for way in ways:
            assert failed(await call(client, method, **way))[0] == "DOCUMENT_NOT_LISTED"

    within(seed, work, listed_documents=str(tmp_path), listed_only=1, answers_kept=kept)


def test_a_call_says_what_is_wrong_with_it(seed: Store) -> None:
    other = named(OTHER)["documentId"].removeprefix("sha256:")
    own = named(QUERY)["documentId"].removeprefix("sha256:")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "There is no GraphQL document in `query`, and no `documentId`."),
        (
            {"documentId": "abc"},
            (
                "`documentId` is 'abc'; write `sha256:` and the SHA-256 of the document, as 64 "
                "hexadecimal digits in lower case."
            ),
        ),
        ({"documentId": 1}, "`documentId` must be a string or null."),
        (
            {"query": QUERY, **named(OTHER)},
            f"The SHA-256 of `query` is {own}, not {other}.",
        ),
        (
            named(QUERY) | hashed(OTHER),
            "`documentId` and `sha256Hash` call two different documents.",
        ),
    ]

    async def work(client: Client) -> None:
        for parameters, message in wrong:
            response = await call(client, **parameters)
            assert response.status_code == 400
            assert failed(response) == ("BAD_REQUEST", message)

    within(seed, work)


def test_a_file_that_holds_something_else_is_not_served(tmp_path: Path) -> None:
    listed = ListedDocuments(tmp_path)
    digest = listed.add(QUERY)
    listed.path(digest).write_text(OTHER)
    again = ListedDocuments(tmp_path)
    assert again.digests == {digest}
    assert again.text(digest) is None
    listed.path(digest).write_bytes(b"\xff")
    assert again.text(digest) is None
    listed.path(digest).unlink()
    assert again.text(digest) is None
    assert again.text(digest_of(OTHER)) is None


def test_a_folder_that_rests_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = ListedDocuments(tmp_path / "new")
    assert not listed.has_changed()
    digest = listed.add(QUERY)
    assert listed.has_changed()
    os.utime(listed.folder, ns=(1, 1))
    assert not listed.has_changed()  # the same documents, by a time that is long ago
    with monkeypatch.context() as patched:
        patched.setattr(ListedDocuments, "_found", None)  # which nobody can call
        assert not listed.has_changed()
    listed.remove(digest)
    assert listed.has_changed()
    assert listed.text(digest) is None


@given(st.lists(st.tuples(st.booleans(), st.sampled_from("abc"), st.booleans()), max_size=12))
def test_the_list_is_what_was_added_and_not_removed(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, str, bool]]
) -> None:
    folder = tmp_path_factory.mktemp("listed")
    writing, reading = ListedDocuments(folder), ListedDocuments(folder)
    known: set[str] = set()
    noted: frozenset[str] = frozenset()
    for is_new, text, is_noted in steps:
        digest = digest_of(text)
        if is_new:
            assert writing.add(text) == digest
            known.add(digest)
        else:
            assert writing.remove(digest) == (digest in known)
            known.discard(digest)
        if is_noted:
            assert reading.has_changed() == (noted != known)
            noted = frozenset(known)
            assert reading.digests == known
            assert {each for each in map(digest_of, "abc") if reading.text(each)} == known
