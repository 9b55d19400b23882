"""The normal client: `python -m tests.attacks.client ADDRESS ANSWERS` prints its seconds."""

from __future__ import annotations

import json
import sys
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

QUERIES = (
    ("{ parties(first: 10) { nodes { id title names { text } } } }", "parties"),
    ("query($slug: String!) { party(by: { slug: $slug }) { id title } }", "party"),
    ("{ procurements { nodes { id title stage suppliers { actor { title } } } } }", "procurements"),
)
"""What a front end asks; the variables differ, so that answers are not only the kept ones."""
SLUGS = ("poland", "south-korea", "germany", "france", "ukraine")


def main(address: str, answers: int) -> None:
    """Asks one after the other on one connection, and fails at an answer that is not right."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=None)
    seconds = []
    for index in range(answers):
        query, field = QUERIES[index % len(QUERIES)]
        variables = {"slug": SLUGS[index % len(SLUGS)]} if "$slug" in query else {}
        body = json.dumps({"query": query, "variables": variables})
        start = time.perf_counter()
        connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        content = response.read()
        seconds.append(time.perf_counter() - start)
        data = json.loads(content).get("data")
        if response.status != 200 or not data or data[field] is None:
            sys.exit(f"{response.status}: {content[:500]!r}")
    sys.stdout.write("".join(f"{each}\n" for each in seconds))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
