"""Clients keep their promises against a served record, and none passes without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browser import serving
from tests.support.contradicting_sources import publish_press
from tests.support.databases import Stores
from tests.support.front_ends import CLIENTS, JavaScript, Python, checked

PROGRAMS = [
    "apollo/editions.ts",
    "apollo/ids.ts",
    "apollo/pages.ts",
    "apollo/persisted.ts",
    "ariadne/records.py",
    "codegen/pages.tsx",
    "gql/pages.py",
    "relay/pages.tsx",
    "sgqlc/records.py",
    "tada/record.ts",
    "urql/editions.ts",
    "urql/ids.ts",
    "urql/pages.ts",
    "urql/persisted.ts",
]


@pytest.fixture(scope="module")
def served(sqlite: Stores) -> Iterator[str]:
    """The address of a server with the seed and three texts that contradict it."""
    with serving(sqlite.filled("press", publish_press, seeded=True)) as address:
        yield address


@pytest.fixture(scope="module")
def bare(sqlite: Stores) -> Iterator[str]:
    """The address of a server with an empty record."""
    store = sqlite.make(seeded=False)
    with serving(store) as address:
        yield address
    sqlite.drop(store)


@pytest.fixture(scope="module")
def javascript(shared: Path) -> JavaScript:
    """The clients in TypeScript, or a reason why there are none."""
    return JavaScript(shared)


@pytest.fixture
def client(request: pytest.FixtureRequest, shared: Path, program: str) -> JavaScript | Python:
    """The clients that a program is one of."""
    if program.endswith(".py"):
        return Python(shared)
    made: JavaScript = request.getfixturevalue("javascript")
    return made


def test_every_program_is_run() -> None:
    asserting = {"*/*.ts*": "node:assert", "*/*.py": "\nassert "}
    found = {
        str(path.relative_to(CLIENTS))
        for pattern, words in asserting.items()
        for path in CLIENTS.glob(pattern)
        if path.parent.name != "node_modules" and words in path.read_text("utf-8")
    }
    assert found == {*PROGRAMS}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_client_keeps_its_promises(
    client: JavaScript | Python, served: str, program: str
) -> None:
    checked(client.run(program, served))


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_program_passes_where_nothing_is_recorded(
    client: JavaScript | Python, bare: str, program: str
) -> None:
    done = client.run(program, bare)
    assert done.returncode == 1
    assert "Error" in done.stderr


def test_the_types_that_clients_make_of_the_graph_are_sound(javascript: JavaScript) -> None:
    """Where `@ts-expect-error` stands, the compiler has to refuse."""
    checked(javascript.typed())
