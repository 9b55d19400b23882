"""Media types: which one an answer is written in, by the header Accept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
LD_JSON = "application/ld+json"
ATOM = "application/atom+xml"
JSON_FEED = "application/feed+json"
WEIGHT = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")
REMEMBERED = 256
"""How many headers are understood once; longer ones than LONG characters are not remembered."""
LONG = 256


def negotiated(accept: bytes) -> tuple[str, bool]:
    """The media type to answer in, and whether a browser asks for a page."""
    return (_negotiated if len(accept) <= LONG else _negotiated.__wrapped__)(accept)


@lru_cache(REMEMBERED)
def _negotiated(accept: bytes) -> tuple[str, bool]:
    asked = qualities(accept.decode("latin-1"))
    return _preferred(asked), asked.get("text/html", 0.0) > 0


def preferred(accept: str) -> str:
    """The media type to answer in: the newer one only where it is asked for by name."""
    return _preferred(qualities(accept))


def _preferred(asked: Mapping[str, float]) -> str:
    legacy = next((asked[name] for name in (JSON, "application/*", "*/*") if name in asked), 0.0)
    return GRAPHQL if asked.get(GRAPHQL, 0.0) > 0 and asked[GRAPHQL] >= legacy else JSON


def qualities(accept: str) -> dict[str, float]:
    """The media types of an Accept header with their weights; a weight that is none counts 0."""
    weights = {}
    for item in accept.split(","):
        name, *options = (part.strip().lower() for part in item.split(";"))
        given = next((o.removeprefix("q=") for o in options if o.startswith("q=")), "1")
        weights[name] = float(given) if WEIGHT.fullmatch(given) else 0.0
    return weights
