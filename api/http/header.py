"""The header of a request: how large it may be, and the one host that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.codec import BUSY, Answer, Headers, delivered, refusal
from api.limits.limits import Bounds

HOST = re.compile(rb"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?")
HOST_BYTES = 261
"""A domain name has at most 253 characters, and a port 5."""
SHOWN = 80
"""How many characters of what was sent an error says again."""


def is_host(value: bytes) -> bool:
    """Whether a Host header is one, RFC 9112 § 3.2."""
    found = HOST.fullmatch(value) if len(value) <= HOST_BYTES else None
    return found is not None and int((found[2] or b":0")[1:]) < 65_536


def not_one(hosts: Sequence[bytes]) -> Answer:
    """The answer to a request whose hosts are not one that fits."""
    found = repr(hosts[0][:SHOWN].decode("latin-1")) if len(hosts) == 1 else f"{len(hosts)} of them"
    message = f"A request has one Host header, a name or an address and its port; this has {found}."
    return refusal(400, message, Connection="close")


def is_large(url: bytes, headers: Sequence[tuple[bytes, bytes]] | Headers, bounds: Bounds) -> bool:
    """Whether a header is larger than it may be, its line ends included."""
    lines = sum(len(name) + len(value) + 4 for name, value in headers)
    return len(url) + lines > bounds.header_bytes


def too_large(bounds: Bounds) -> Answer:
    """The answer to a header that is."""
    message = f"The header is larger than {bounds.header_bytes} bytes (PACTBOOK_HEADER_BYTES)."
    return refusal(431, message, Connection="close")


def too_long(bounds: Bounds) -> Answer:
    """The answer to an address that is too long."""
    most = f"{bounds.target_bytes} bytes (PACTBOOK_TARGET_BYTES)"
    message = f"The address is longer than {most}; send the operation by POST."
    return refusal(414, message, Connection="close")


def too_slow(bounds: Bounds) -> Answer:
    """The answer to a header that does not arrive."""
    most = f"{bounds.header_seconds:g} seconds (PACTBOOK_HEADER_SECONDS)"
    return refusal(408, f"The header did not arrive in {most}.", Connection="close")


def no_room(bounds: Bounds) -> Answer:
    """The answer to a request for which there is no connection."""
    taken = f"All {bounds.connections} connections (PACTBOOK_CONNECTIONS) are taken"
    message = f"{taken}; try again in a second."
    return refusal(503, message, code=BUSY, Connection="close", Retry_After="1")


def answering(answer: Answer, more: Headers) -> ASGIApp:
    """An application that answers everything alike."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await delivered(Answer(answer.status, answer.content, answer.headers + more), scope, send)

    return app
