"""What goes over the wire: JSON in, JSON out, and the media type that both sides agree on."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from graphql import GraphQLError
from starlette.types import Scope, Send

from api.http.negotiation import JSON
from schema.errors import AnswerTooLargeError, NeedsGraphQLCoreError
from schema.execution.json_writer import Writer
from schema.storage.byte_budget import ANSWER_BYTES

BUSY, STOPPING = "SERVER_BUSY", "SERVER_STOPPING"
"""The codes of requests that may well be sent again."""
UNKEPT = {"Cache-Control": "no-store"}
"""What has errors nobody may keep."""
HEADERS = {"Vary": "Accept, Accept-Encoding", "X-Content-Type-Options": "nosniff"}
NUL = re.compile(r"(?<!\\)(\\\\)*\\u0000")
"""The escape of U+0000; behind an escaped backslash the same six characters are a usual text."""
DIGIT, LARGE, DIGITS = re.compile(rb"[0-9]"), re.compile(rb"[0-9]{19}"), 19
"""A whole number of so many digits may be one of which orjson makes a float."""

WHOLE = "pactbook.whole"
"""The extension of ASGI that sends an answer by one write: a function that takes the answer, and
says whether it has."""
NO_EXTENSIONS: Mapping[str, Any] = {}

Headers = tuple[tuple[bytes, bytes], ...]


class Answer(NamedTuple):
    """One response, whole, as it goes to the socket."""

    status: int
    content: bytes
    headers: Headers


def answer(status: int, content: bytes, media_type: str, **more: str) -> Answer:
    """An answer with its length, and more headers."""
    length = (b"content-length", b"%d" % len(content))
    kind, *lines = _lines(media_type)
    if not more:
        return Answer(status, content, (kind, length, *lines))
    added = [(name.lower().encode(), value.encode("latin-1")) for name, value in more.items()]
    return Answer(status, content, (kind, length, *lines, *added))


async def delivered(answer: Answer, scope: Scope, send: Send) -> None:
    """Sends an answer: by one write where the server can, which saves a call of the system."""
    send_whole = scope.get("extensions", NO_EXTENSIONS).get(WHOLE)
    if send_whole is None or not send_whole(answer):
        start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        await send(start)
        await send({"type": "http.response.body", "body": answer.content})


def refusal(
    status: int, message: str, media_type: str = JSON, code: str = "BAD_REQUEST", **more: str
) -> Answer:
    """The answer to what never becomes an operation; `Retry_After` is the header Retry-After."""
    content = encoded({"errors": [{"message": message, "extensions": {"code": code}}]})
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return answer(status, content, media_type, **UNKEPT, **named)


@cache
def _lines(media_type: str) -> Headers:
    """The headers of every answer of a media type, its length left out."""
    return (
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
        *((name.lower().encode(), value.encode()) for name, value in HEADERS.items()),
    )


def decoded(data: str | bytes) -> object:
    """The value of a JSON text that a database can keep. Raises ValueError for any other."""
    given = data if isinstance(data, bytes) else data.encode(errors="surrogatepass")
    if not is_unlike(given):
        try:
            return orjson.loads(given)
        except orjson.JSONDecodeError:
            pass  # What orjson refuses is judged as everything else is.
    return exactly(data)


def is_unlike(given: bytes) -> bool:
    """Whether orjson may differ: it lets U+0000 pass, and makes floats of large whole numbers."""
    if b"\\u" in given:
        return True
    # So many digits in a row stand on one of these bytes, of which there are few.
    some = given[DIGITS - 1 :: DIGITS]
    return DIGIT.search(some) is not None and LARGE.search(given) is not None


def exactly(data: str | bytes) -> object:
    """The same, by the standard library, which is slower and keeps every digit."""
    text = data.decode() if isinstance(data, bytes) else data
    try:
        value = json.loads(text, parse_constant=_no_number)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if NUL.search(text):
        raise ValueError("U+0000")
    return value


def _no_number(name: str) -> object:
    """NaN and Infinity are no JSON."""
    raise ValueError(name)


def encoded(body: Mapping[str, Any], most: int = ANSWER_BYTES) -> bytes:
    """The bytes of a GraphQL result; AnswerTooLargeError where they are more than they may be."""
    try:
        return Writer(most).one(body)
    except NeedsGraphQLCoreError:
        text = json.dumps(
            body, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
        )
        # A lone surrogate, which UTF-8 cannot carry, leaves as the escape that JSON has for it.
        content = text.encode(errors="backslashreplace")
        if len(content) > most:
            raise AnswerTooLargeError(most) from None
        return content


def _plain(value: object) -> object:
    """What the standard library does not know as orjson writes it."""
    return orjson.loads(Writer(sys.maxsize).one(value))


def formatted(error: GraphQLError) -> dict[str, Any]:
    """An error as JSON, with its path even where that is the root."""
    fields = dict(error.formatted)
    return fields if error.path is None else {**fields, "path": error.path}


def release_of(folder: Path) -> str:
    """What changes with the code, the templates and the styles in a folder."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".html", ".css"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def tag_of(*parts: str) -> str:
    """The tag of an answer that depends on these alone."""
    return f'"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:24]}"'


def names(known: str, tag: str) -> bool:
    """Whether an If-None-Match names a tag; it compares weakly (RFC 9110 § 13.1.2)."""
    tags = [each.strip().removeprefix("W/") for each in known.split(",")]
    return tag.removeprefix("W/") in tags or tags == ["*"]
