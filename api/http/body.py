"""The body of a request: JSON, few enough bytes, and soon enough."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope

from api.http.negotiation import JSON
from api.http.parameters import RefusedError
from api.limits.limits import Limits
from schema.storage.eager import begun

PLAIN, PLAIN_CODING = JSON.encode(), b"identity"


def arrived(
    scope: Scope, receive: Receive, headers: Mapping[bytes, bytes], limits: Limits
) -> tuple[bytes, Awaitable[bytes] | None]:
    """What a request asks, by its address or its body; or else what to wait for."""
    if scope["method"] == "GET":
        return scope["query_string"], None
    if scope["method"] != "POST":
        raise RefusedError(405, "Use GET or POST.", Allow="GET, HEAD, POST")
    kind = headers.get(b"content-type", b"")
    if kind != PLAIN and not is_json(kind):
        raise RefusedError(415, f"Send the operation as {JSON}; charset=utf-8.", Accept=JSON)
    if headers.get(b"content-encoding", PLAIN_CODING) != PLAIN_CODING:
        raise RefusedError(415, "Send the body as it is, not encoded.", Accept_Encoding="identity")
    # A clock costs more than all else here, and nearly every body has arrived with its header.
    message, rest = begun(receive())
    if message is not None and not message.get("more_body"):
        return taken(message, 0, limits), None
    return b"", arriving(receive, message, rest, limits)


async def arriving(
    receive: Receive, message: Message | None, rest: Awaitable[Message] | None, limits: Limits
) -> bytes:
    """The bytes of a body that has begun to arrive."""
    collected = bytearray()
    try:
        async with asyncio.timeout(limits.body_seconds):
            if rest is not None:
                message = await rest
            while message is not None:
                collected += taken(message, len(collected), limits)
                message = await receive() if message.get("more_body") else None
    except TimeoutError:
        late = f"The body did not arrive in {limits.body_seconds:g} seconds."
        raise RefusedError(408, late, Connection="close") from None
    return bytes(collected)


def taken(message: Message, before: int, limits: Limits) -> bytes:
    """What has arrived with a message, after so many bytes before it."""
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    part: bytes = message.get("body", b"")
    if before + len(part) > limits.body_bytes:
        large = f"The body is larger than {limits.body_bytes} bytes."
        raise RefusedError(413, large, Connection="close")
    return part


def is_json(content_type: bytes) -> bool:
    """Whether a body is what we take."""
    media_type, _, options = content_type.decode("latin-1").partition(";")
    charset = options.partition("charset=")[2].strip(' "').lower() or "utf-8"
    return media_type.strip().lower() == JSON and charset == "utf-8"
