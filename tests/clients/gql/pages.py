"""gql walks a list in both directions, and checks a query by the graph before it is sent."""

from __future__ import annotations

import os
from typing import Any

from gql import Client, gql
from gql.transport.httpx import HTTPXTransport
from graphql import GraphQLError

ADDRESS = os.environ.get("PACTBOOK", "http://127.0.0.1:8000/graphql")
PARTIES = gql("""
    query Parties($first: Int, $after: String, $last: Int, $before: String) {
      parties(first: $first, after: $after, last: $last, before: $before) {
        nodes { id title }
        pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
      }
    }
""")

client = Client(transport=HTTPXTransport(url=ADDRESS), fetch_schema_from_transport=True)


def page(**variables: Any) -> tuple[list[str], dict[str, Any]]:
    """The ids of a page of the parties, and where it stands."""
    PARTIES.variable_values = variables
    parties = client.execute(PARTIES)["parties"]
    return [node["id"] for node in parties["nodes"]], parties["pageInfo"]


whole, _ = page(first=12)
assert len(whole) == 12

walked, place = page(first=4)
assert not place["hasPreviousPage"]
while len(walked) < 12:
    assert place["hasNextPage"]
    ids, place = page(first=4, after=place["endCursor"])
    walked += ids
assert walked == whole

ids, place = page(last=4, before=place["startCursor"])
assert ids == whole[4:8]
assert place["hasPreviousPage"]

try:
    client.execute(gql("{ parties { nodes { nickname } } }"))
    refused = "nothing"
except GraphQLError as error:
    refused = str(error)
assert "Cannot query field 'nickname' on type 'Party'" in refused
