"""sgqlc writes queries in Python, from the types that it makes of the graph."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "generated"))

from pactbook_types import Query
from sgqlc.endpoint.http import HTTPEndpoint
from sgqlc.operation import Operation

endpoint = HTTPEndpoint(os.environ.get("PACTBOOK", "http://127.0.0.1:8000/graphql"))

question = Operation(Query)
deals = question.procurements(first=2)
deals.nodes.__fields__("id", "title", "stage")
deals.nodes.ordered_on.__fields__("earliest", "stated")
deals.page_info.__fields__("has_next_page", "end_cursor")

answer = question + endpoint(question)
found = answer.procurements.nodes
assert [deal.id for deal in found] == sorted(deal.id for deal in found)
assert len(found) == 2
assert {deal.stage for deal in found} <= {"SIGNED", "ORDERED"}
assert all(deal.ordered_on.earliest > date(2024, 1, 1) for deal in found)
assert answer.procurements.page_info.has_next_page
