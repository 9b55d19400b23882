"""Queries that go in circles: 80 bytes must not take the memory of a server, nor its time."""

from __future__ import annotations

import itertools

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings

from tests.attacks.harness import GIBI, MEBI, asked, attacked, beside, normal, withstands
from tests.support.circular_queries import BACK, CIRCLE, circles
from tests.support.databases import Store

CIRCLES = (CIRCLE, BACK)
CORES = tuple(f"{query[:-1]} __schema {{ queryType {{ name }} }} }}" for query in CIRCLES)
"""The same by graphql-core's path, which all takes that stands beside introspection."""
WIDE = {"cost": "1000000000", "depth": "40", "answers_kept": "0"}
"""No other bound than that of the bytes and that of the time."""
MOST = 16 * MEBI


def bounded(response: httpx2.Response) -> None:
    """Asserts that an answer is one, or says why there is none."""
    codes = {error["extensions"]["code"] for error in response.json().get("errors", ())}
    assert codes <= {"ANSWER_TOO_LARGE", "QUERY_TOO_COMPLEX", "TIMEOUT"}
    assert len(response.content) <= MOST


@pytest.mark.parametrize("space", [5 * GIBI, 600 * MEBI], ids=["5 GiB", "600 MiB"])
def test_a_server_survives_circles_in_bounded_memory(seed: Store, space: int) -> None:
    with attacked(seed.url, space, **WIDE) as server:
        for query in (*CIRCLES, *CORES):
            assert asked(server.address, query).json()["data"] is None

        @settings(
            deadline=None,
            max_examples=15,
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        )
        @given(circles())
        def law(query: str) -> None:
            bounded(asked(server.address, query))

        law()
        assert server.is_alive
        assert len(normal(server, 20).seconds) == 20


def test_a_normal_client_is_answered_beside_circles(seed: Store) -> None:
    queries = itertools.cycle((*CIRCLES, *CORES))
    with attacked(seed.url, 600 * MEBI, **WIDE) as server:
        withstands(server, lambda address: bounded(asked(address, next(queries))))
        assert len(beside(server, lambda address: asked(address, CIRCLES[0]), 8, 20).seconds) == 20
        assert server.is_alive
