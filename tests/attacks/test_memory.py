"""What a server keeps of what clients choose: names, hosts, documents, forms, words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest

from tests.attacks.harness import Attacked, attacked
from tests.support.databases import Store

GROWTH_MEBIBYTES = 24
"""How much more memory a server may have had after an attack, with caches of 2 MiB together."""
SETTINGS = {"documents_kept": "1048576", "answers_kept": "1048576"}
WHERE = "query($w: ProcurementWhere) {{ a{0}: procurements(where: $w) {{ nodes {{ {1} }} }} }}"
FIELDS = "id title stage quantity { minimum } suppliers { actor { title } } claims { field }"
PARTS: list[dict[str, Any]] = [
    {"text": "a"},
    {"stage": {"eq": "SIGNED"}},
    {"stage": {"in": ["SIGNED", "DELIVERED"]}},
    {"title": {"contains": "drone"}},
]
Request = tuple[dict[str, Any], dict[str, str]]


def shapes() -> Iterator[dict[str, Any]]:
    """Variables of sixteen forms."""
    for number in range(16):
        yield {"w": {"or": [part for at, part in enumerate(PARTS) if number >> at & 1]}}


def forms() -> Iterator[Request]:
    """Documents that differ in a name, each with variables of many forms."""
    for number in range(80):
        for variables in shapes():
            yield {"query": WHERE.format(number, FIELDS), "variables": variables}, {}


def names() -> Iterator[Request]:
    """One document, with names of operations that it does not have."""
    for number in range(300):
        yield {"query": "query A { __typename }", "operationName": f"{'a' * 200_000}{number}"}, {}
    for number in range(1_000):
        yield {"query": "query A { __typename }", "operationName": f"{'a' * 100}{number}"}, {}


def hosts() -> Iterator[Request]:
    """One question under many hosts and Accept headers, as long as the server takes them."""
    for number in range(2_000):
        long = f"{number}" + "a" * 15_000
        yield {"query": '{ party(by: {slug: "poland"}) { id } }'}, {"Accept": f"*/*;{long}"}
        yield {"query": '{ party(by: {slug: "poland"}) { id } }'}, {"Host": long}


def words() -> Iterator[Request]:
    """Long words of all characters, to be folded for a comparison."""
    for number in range(120):
        text = "".join(chr(0x10000 + number * 1_000 + at) for at in range(1_000))
        word = f"{number}" + "a" * 50_000
        where = {"text": f"{text} {word}"}
        yield {"query": WHERE.format(0, "id"), "variables": {"w": where}}, {}


def sent(server: Attacked, requests: Iterator[Request]) -> None:
    """Sends them one after the other."""
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=None)) as connection:
        for body, headers in requests:
            given = {"Content-Type": "application/json", **headers}
            connection.request("POST", "/graphql", json.dumps(body), given)
            response = connection.getresponse()
            response.read()
            assert response.status < 500


@pytest.mark.parametrize("attack", [forms, names, hosts, words])
def test_what_clients_choose_takes_bounded_memory(seed: Store, attack: Any) -> None:
    with attacked(seed.url, **SETTINGS) as server:
        first = [each for each, _ in zip(attack(), range(40), strict=False)]
        sent(server, iter(first))
        before = server.mebibytes()
        sent(server, attack())
        assert server.mebibytes() - before < GROWTH_MEBIBYTES
