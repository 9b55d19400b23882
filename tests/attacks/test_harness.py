"""The harness itself: a normal client is answered, and memory is bounded by the process's limit."""

from __future__ import annotations

from tests.attacks.harness import GIBI, attacked, normal, small, withstands
from tests.support.databases import Store


def test_a_normal_client_is_answered_beside_others(seed: Store) -> None:
    with attacked(seed.url, 5 * GIBI) as server:
        assert len(normal(server, 30).seconds) == 30
        withstands(server, small)
        assert server.mebibytes() < 400
