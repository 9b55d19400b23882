"""Long readings of several clients: a normal client and the health of the server beside them."""

from __future__ import annotations

from itertools import count

import httpx2

from tests.attacks.harness import asked, attacked, withstands
from tests.support.databases import Store

_numbers = count()
CLIENTS = 4


def changes(address: str) -> None:
    """Asks 28 times for all that editions have changed, in a document that is new each time."""
    number = next(_numbers)
    fields = " ".join(
        f"a{number}x{alias}: changes(since: {{edition: 0}}, first: 100) "
        "{ nodes { recordId fields { field before after } } }"
        for alias in range(28)
    )
    told = asked(address, f"{{ {fields} }}").json()
    codes = {error["extensions"]["code"] for error in told.get("errors", [])}
    assert codes <= {"SERVER_BUSY", "TIMEOUT", "ANSWER_TOO_LARGE"}, told
    health = httpx2.get(f"{address}/health", timeout=None)
    assert health.json()["status"] == "ok"


def test_long_readings_hold_up_no_normal_client(seed: Store) -> None:
    with attacked(seed.url, cost="1000000000") as server:
        withstands(server, changes, clients=CLIENTS)
