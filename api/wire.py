"""What goes over the wire: JSON in, JSON out, and the media type that both sides agree on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError
from starlette.responses import Response

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
HEADERS = {"Vary": "Accept", "X-Content-Type-Options": "nosniff"}
WEIGHT = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


def decoded(data: str | bytes) -> object:
    """The value of a JSON text that a database can keep. Raises ValueError for any other."""
    text = data.decode() if isinstance(data, bytes) else data
    try:
        value = json.loads(text, parse_constant=_no_number)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if "\\u0000" in text:
        raise ValueError("U+0000")
    return value


def _no_number(name: str) -> object:
    """NaN and Infinity are no JSON."""
    raise ValueError(name)


def encoded(body: Mapping[str, Any], status: int, media_type: str) -> Response:
    """The response that carries a GraphQL result."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # A lone surrogate, which UTF-8 cannot carry, leaves as the escape that JSON has for it.
    content = text.encode(errors="backslashreplace")
    return Response(content, status, HEADERS, f"{media_type}; charset=utf-8")


def formatted(error: GraphQLError) -> dict[str, Any]:
    """An error as JSON, with its path even where that is the root."""
    told = dict(error.formatted)
    return told if error.path is None else {**told, "path": error.path}


def preferred(accept: str) -> str:
    """The media type to answer in: the newer one only where it is asked for by name."""
    asked = qualities(accept)
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
