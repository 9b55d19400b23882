"""ariadne-codegen makes of each question a method, and of each answer a model."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "generated"))

from pactbook_client import AsOf, Client, Stage

client = Client(os.environ.get("PACTBOOK", "http://127.0.0.1:8000/graphql"))

deal = client.deal("south-korea-polish-drones").procurement
assert deal.title == "Drone technology from Poland for South Korea"
assert deal.stage is Stage.SIGNED
assert (deal.quantity.minimum, deal.quantity.maximum) == (200, 200)
assert deal.ordered_on.earliest == date(2024, 10, 1)

then = client.deal("south-korea-polish-drones", as_of=AsOf(edition=3)).procurement
assert then.id == f"{deal.id}@3"
assert then.quantity.maximum == 199
assert client.deal("none").procurement is None

deals = client.deals(first=2).procurements
assert len(deals.nodes) == 2
titles = [each.title for each in deals.nodes]
while deals.page_info.has_next_page:
    deals = client.deals(first=2, after=deals.page_info.end_cursor).procurements
    titles += [each.title for each in deals.nodes]
assert len(titles) == len({*titles}) == deals.total_count
