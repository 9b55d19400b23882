"""Documents that are dear to read: a normal client beside them waits for nothing."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.attacks.harness import GIBI, Attacked, attacked, withstands
from tests.support.databases import Store


def spread(count: int, body: str, last: str, on: str = "Party") -> str:
    """Fragments of which each spreads the next."""
    parts = [f"fragment F{n} on {on} {{ {body.format(n + 1)} }}" for n in range(count)]
    return " ".join([*parts, f"fragment F{count} on {on} {{ {last} }}"])


def of_parties(body: str, rest: str = "") -> str:
    """A document that asks for one party."""
    return f"query NAME {{ parties(first: 1) {{ nodes {{ {body} }} }} }} {rest}"


IDS = ", ".join(f'"party/p{number}"' for number in range(1800))
TYPES = "types {{ name fields {{ name args {{ name type {{ name ofType {{ name }} }} }} }} }}"


def repeated(count: int, part: str) -> str:
    """The same with a number each time."""
    return " ".join(part.format(number) for number in range(count))


MANY = "".join(f"query Q{number} {{ ...F0 }} " for number in range(120))

DOCUMENTS = {
    "a field again and again": of_parties("names { id } " * 480),
    "a leaf again and again": of_parties("id " * 1900),
    "fields in fields": of_parties("names { record { title } } " * 240),
    "inline fragments": of_parties("... { names { id } } " * 240),
    "typed inline fragments": of_parties("... on Party { names { id } } " * 190),
    "many fragments": of_parties(
        " ".join(f"...F{n}" for n in range(140)),
        " ".join(f"fragment F{n} on Party {{ names {{ id }} }}" for n in range(140)),
    ),
    "a chain of fragments": of_parties("...F0", spread(120, "names {{ id }} ...F{0}", "id")),
    "fragments that double": "query NAME { ...F0 } "
    + spread(20, "...F{0} ...F{0}", "__typename", "Query")
    + " #asOf",
    "fields that double": of_parties(
        "...F0", spread(8, "a: parent {{ ...F{0} }} b: parent {{ ...F{0} }}", "id")
    ),
    "many operations": f"{MANY} query NAME {{ ...F0 }} "
    + spread(0, "", f"parties(first: 1) {{ nodes {{ {'id title ' * 150} }} }}", "Query"),
    "aliases": f"query NAME {{ {repeated(30, 'a{}: parties {{ totalCount }}')} }}",
    "many ids": f"query NAME {{ nodes(ids: [{IDS}]) {{ id }} }}",
    "many conditions": of_parties("id").replace(
        "first: 1", f"where: {{ or: [{'{title: {eq: 1}} ' * 180}] }}"
    ),
    "unknown fields": "query NAME {" + "".join(f"partie{n} " for n in range(1900)) + "}",
    "unknown values": of_parties("id").replace(
        "first: 1", f"orderBy: [{''.join(f'{{field: TITL{n}}} ' for n in range(350))}]"
    ),
    "unknown variables": of_parties("".join(f"a{n}: id @skip(if: $v{n}) " for n in range(29))),
    "unused variables": "query NAME("
    + "".join(f"$v{n}: Int " for n in range(480))
    + ") { __typename }",
    "no document": "query NAME {" + "a { " * 190,
    "introspection": f"query NAME {{ {repeated(20, f'a{{}}: __schema {{{{ {TYPES} }}}}')} }}",
}  # fmt: skip

CONDITIONS = [{"title": {"eq": str(number)}} for number in range(4000)]
VARIABLES: dict[str, tuple[str, dict[str, Any]]] = {
    "many conditions": (
        "query NAME($where: PartyWhere) { parties(where: $where) { totalCount } }",
        {"where": {"or": CONDITIONS}},
    ),
    "many ids": (
        "query NAME($ids: [ID!]!) { nodes(ids: $ids) { id } }",
        {"ids": [f"party/{number}" for number in range(15_000)]},
    ),
}


def attacker(query: str, variables: dict[str, Any] | None = None) -> Callable[[str], None]:
    """Sends a document under another name each time, so that none of them is known."""
    numbers = itertools.count()

    def attack(address: str) -> None:
        name = f"N{next(numbers)}"
        asked = {"query": query.replace("NAME", name), "operationName": name}
        status = sent(address, "POST", "/graphql", json.dumps(asked | {"variables": variables}))
        assert status in (200, 503)

    return attack


def sent(address: str, method: str, path: str, body: str | None = None) -> int:
    """The status of the answer to one request, which has been read."""
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=None)) as connection:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        return response.status


@pytest.fixture(scope="module")
def server(seed: Store) -> Iterator[Attacked]:
    """One server that withstands them all."""
    with attacked(seed.url, 5 * GIBI) as server:
        yield server


@pytest.mark.parametrize("query", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_normal_client_is_answered_beside_dear_documents(
    seed: Store, server: Attacked, query: str
) -> None:
    withstands(server, attacker(query))


@pytest.mark.parametrize(("query", "variables"), VARIABLES.values(), ids=VARIABLES)
def test_a_normal_client_is_answered_beside_large_variables(
    server: Attacked, query: str, variables: dict[str, Any]
) -> None:
    withstands(server, attacker(query, variables))


def test_a_normal_client_is_answered_beside_the_schema_of_dossiers(server: Attacked) -> None:
    withstands(server, lambda address: sent(address, "GET", "/dossier.schema.json"))
