"""What came of an operation, and the responses that say what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from graphql import GraphQLError
from starlette.types import Scope
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from api.http.codec import STOPPING, UNKEPT, Answer, answer, encoded, formatted, refusal
from api.http.negotiation import GRAPHQL, JSON, negotiated
from api.http.parameters import RefusedError
from api.limits.error_masking import INTERNAL, public_all
from schema.errors import RETRY_SECONDS, AnswerTooLargeError
from schema.storage.byte_budget import ANSWER_BYTES

REFUSED = {JSON: 200, GRAPHQL: 400}
# The status of an operation that failed before its first field, whatever the media type.
STATUS = {"BAD_REQUEST": 400, INTERNAL: 500}


class Read(NamedTuple):
    """What came of an operation, and the edition that was the newest when it was read."""

    data: dict[str, Any] | None
    errors: Sequence[GraphQLError] | None = None
    extensions: dict[str, Any] | None = None
    newest: int | None = None
    """None where the operation has read nothing."""


def answer_of(read: Read, media_type: str, most: int = ANSWER_BYTES) -> Answer:
    """The answer that has errors, or the one error that all of it is too large."""
    errors = [formatted(error) for error in read.errors or ()]
    codes = [error.get("extensions", {}).get("code") for error in errors]
    body: dict[str, Any] = {}
    status, more = 200, UNKEPT
    unavailable = next((code for code in codes if code in RETRY_SECONDS), None)
    if unavailable is not None:
        # Whatever else there is, is not all there is.
        status, more = 503, {**UNKEPT, "Retry-After": str(RETRY_SECONDS[unavailable])}
    elif read.data is not None or any("path" in error for error in errors):
        body["data"] = read.data
    else:
        status = next((STATUS[code] for code in codes if code in STATUS), REFUSED[media_type])
    body["errors"] = errors
    if read.extensions:
        body["extensions"] = read.extensions
    try:
        content = encoded(body, most)
    except AnswerTooLargeError as error:
        return answer_of(oversized(error), media_type)
    return answer(status, content, media_type, **more)


def wrong(
    error: Exception | asyncio.CancelledError, scope: Scope, headers: Mapping[bytes, bytes]
) -> Answer:
    """The answer to a request whose operation was none, or broke off with an error."""
    if isinstance(error, asyncio.CancelledError):
        return stopped(headers)
    media_type, _ = negotiated(headers.get(b"accept", b""))
    if isinstance(error, CannotGetOperationTypeError):
        error = RefusedError(400, error.as_http_error_reason())
    elif isinstance(error, InvalidOperationTypeError):
        error = RefusedError(405, error.as_http_error_reason(scope["method"]), Allow="POST")
    if isinstance(error, RefusedError):
        return refusal(error.status, str(error), media_type, **error.headers)
    known = public_all([GraphQLError(str(error), original_error=error)])
    return answer_of(Read(None, known), media_type)


def is_oversized(error: GraphQLError) -> bool:
    """Whether an error says that an answer was not made because of its size."""
    return (error.extensions or {}).get("code") == AnswerTooLargeError.code


def oversized(error: AnswerTooLargeError) -> Read:
    """What came of an operation whose answer was not made."""
    error.let_go()
    return failure(str(error), error.code, path=[])


def failure(message: str, code: str, path: list[str | int] | None = None) -> Read:
    """What came of an operation that is one error."""
    error = GraphQLError(message, extensions={"code": code})
    error.path = path
    return Read(None, [error])


def stopped(headers: Mapping[bytes, bytes]) -> Answer:
    """The answer to a request that is cut because the server stops."""
    media_type, _ = negotiated(headers.get(b"accept", b""))
    message = "The server stops before it has an answer; send the request again in a second."
    return refusal(503, message, media_type, STOPPING, Retry_After="1", Connection="close")
