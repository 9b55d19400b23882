"""What a checkout gives of its own: a database that it filled, and the requests to ask it.

This file alone is run by another checkout's Python, `python -P checkout.py` with that checkout as
`PYTHONPATH`, so that it uses nothing but what checkouts have long had. It reads one JSON: `data` (a
folder), `server` (a PostgreSQL, or null), `scale`, `names` and `count`; and writes one: `place` and
`bodies`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import sqlalchemy as sa
from rich.progress import Progress

from tests.benchmarks.questions import questions
from tests.benchmarks.store import Shelf


def main() -> None:
    """Answers the line with a line."""
    told = json.loads(sys.stdin.readline())
    shelf = Shelf(Path(told["data"]), Progress(disable=True))
    if told["server"] is None:
        place = shelf.sqlite(told["scale"])
    else:
        place = shelf.postgresql(sa.make_url(told["server"]), told["scale"])
    asked = questions(place, told["names"], told["count"])
    bodies = {each.name: [body.decode() for body in each.bodies] for each in asked}
    sys.stdout.write(json.dumps({"place": place, "bodies": bodies}) + "\n")


if __name__ == "__main__":
    main()
