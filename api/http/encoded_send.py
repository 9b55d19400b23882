"""What a route sends, encoded on its way: whole where it comes whole, else as it comes."""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from collections.abc import Sequence
from typing import Protocol

import zstandard
from starlette.types import Message, Scope, Send

from api.http.compression import (
    ENCODED,
    GZIP_LEVEL,
    INLINE_BYTES,
    LEAST_BYTES,
    LENGTH,
    TAG,
    ZSTD,
    ZSTD_LEVEL,
    accepted,
    is_written,
    tag_in,
    written,
)
from api.lru import WeightedLRU, weight_of

Lines = list[tuple[bytes, bytes]]
BODILESS = {204, 205, 206, 304}
"""The statuses of answers that have no body, or a part of one."""
VARIES, ACCEPTS, KNOWN = b"vary", b"accept-encoding", b"if-none-match"
KEPT_BYTES = 1_048_576


class Compressor(Protocol):
    """Writes what comes piece by piece."""

    def compress(self, data: bytes, /) -> bytes:
        """What can be sent so far."""
        ...

    def flush(self) -> bytes:
        """The rest."""
        ...


class EncodedBodies:
    """Has the answers of routes encoded, whatever routes there are.

    Those with a tag, which may well come again, are encoded once.
    """

    def __init__(self) -> None:
        self.kept = WeightedLRU[bytes](KEPT_BYTES)

    def around(self, scope: Scope, send: Send) -> tuple[Scope, Send]:
        """A request as the route is to see it, and what the route is to send by.

        The route sees the codings that are taken, and no others, and its own tags.
        """
        headers: dict[bytes, bytes] = dict(scope["headers"])
        codings = accepted(headers.get(ACCEPTS))
        known = headers.get(KNOWN, b"")
        changed = {ACCEPTS: ";q=0.5, ".join((*codings[1:], *codings[:1])).encode() or b"identity"}
        if codings and known:
            changed[KNOWN] = known.replace(f'-{codings[0]}"'.encode(), b'"')
        lines = [(name, changed.get(name, value)) for name, value in scope["headers"]]
        sending = EncodedSend(send, codings[0] if codings else None, known, self.kept)
        return {**scope, "headers": lines}, sending


class EncodedSend:
    """Sends one answer, in a coding if that makes it smaller."""

    def __init__(
        self, send: Send, coding: str | None, known: bytes, kept: WeightedLRU[bytes]
    ) -> None:
        self.send, self.coding, self.known, self.kept = send, coding, known, kept
        self.start: Message = {}
        """What the answer begins with, until it is sent."""
        self.lines: Lines = []
        self.held = bytearray()
        """What has come of a body that may be too small to be encoded."""
        self.compressor: Compressor | None = None
        self.is_plain = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self.begin(message)
        elif self.is_plain or self.coding is None or message["type"] != "http.response.body":
            await self.send(message)
        else:
            body, is_last = message.get("body", b""), not message.get("more_body", False)
            await self.add(body, self.coding, is_last=is_last)

    async def begin(self, message: Message) -> None:
        """Looks at what an answer begins with, which is sent at once if it is not encoded."""
        self.lines = varying(message["headers"])
        self.start = {**message, "headers": self.lines}
        status, found = message["status"], dict(self.lines)
        kind = found.get(b"content-type", b"").decode("latin-1")
        if status == 304 and self.coding is not None and (tag := found.get(TAG)):
            own = tag_in(tag.decode("latin-1"), self.coding).encode("latin-1")
            if own in self.known:
                self._replace(TAG, own)
        self.is_plain = (
            self.coding is None
            or status in BODILESS
            or ENCODED in found
            or not is_written(kind)
            or b"no-transform" in found.get(b"cache-control", b"")
        )
        if self.is_plain:
            await self.send(self.start)

    async def add(self, body: bytes, coding: str, *, is_last: bool) -> None:
        """Sends what has come, or keeps it until it is large enough."""
        if self.compressor is not None:
            await self.go_on(body, is_last=is_last)
            return
        self.held += body
        if len(self.held) < LEAST_BYTES and not is_last:
            return
        content, self.held = bytes(self.held), bytearray()
        if not is_last:
            self.compressor = compressor(coding)
            await self._begin(coding, None)
            await self.go_on(content, is_last=False)
            return
        encoded = await self.whole(content, coding) if len(content) >= LEAST_BYTES else None
        if encoded is not None:
            await self._begin(coding, len(encoded))
        else:
            await self.send(self.start)
        await self.send({"type": "http.response.body", "body": encoded or content})

    async def whole(self, content: bytes, coding: str) -> bytes | None:
        """A whole body in a coding."""
        if TAG not in dict(self.lines):
            return await written(content, coding)
        key = (hashlib.sha256(content).digest(), coding)
        found = self.kept.find(key)
        if found is None:
            found = await written(content, coding)
            if found is not None:
                self.kept.keep(key, found, weight_of(found, *key))
        return found

    async def go_on(self, body: bytes, *, is_last: bool) -> None:
        """Sends the next piece of a body that comes in pieces."""
        assert self.compressor is not None
        add = self.compressor.compress
        large = len(body) > INLINE_BYTES
        piece = await asyncio.to_thread(add, body) if large else add(body)
        if is_last:
            piece += self.compressor.flush()
        if piece or is_last:
            await self.send({"type": "http.response.body", "body": piece, "more_body": not is_last})

    async def _begin(self, coding: str, length: int | None) -> None:
        lines: Lines = [line for line in self.lines if line[0] != LENGTH]
        self.lines = lines
        if (tag := dict(lines).get(TAG)) is not None:
            self._replace(TAG, tag_in(tag.decode("latin-1"), coding).encode("latin-1"))
        self.lines.append((ENCODED, coding.encode()))
        if length is not None:
            self.lines.append((LENGTH, b"%d" % length))
        await self.send({**self.start, "headers": self.lines})

    def _replace(self, name: bytes, value: bytes) -> None:
        self.lines[:] = [(each, value if each == name else old) for each, old in self.lines]


def varying(headers: Sequence[tuple[bytes, bytes]]) -> Lines:
    """The headers of an answer that depends on Accept-Encoding, which all do."""
    named = [value.decode("latin-1") for name, value in headers if name == VARIES]
    names = [each.strip() for value in named for each in value.split(",")]
    if ACCEPTS.decode() not in (each.lower() for each in names):
        names.append("Accept-Encoding")
    lines = [line for line in headers if line[0] != VARIES]
    return [*lines, (VARIES, ", ".join(names).encode("latin-1"))]


def compressor(coding: str) -> Compressor:
    """What writes a body of unknown length in a coding."""
    if coding == ZSTD:
        return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compressobj()
    return zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
