"""Content codings: which one a client takes, and what is written in it."""

from __future__ import annotations

import gzip
import re
from functools import lru_cache

import zstandard

from api.http.codec import Answer
from api.http.negotiation import LONG, REMEMBERED, qualities
from api.limits.worker import Worker
from schema.errors import ServerBusyError

ZSTD, GZIP, IDENTITY = "zstd", "gzip", "identity"
CODINGS = (ZSTD, GZIP)
"""The codings that are written, the better one first."""
LEAST_BYTES = 1_024
"""What is smaller is sent as it is: a packet holds it either way."""
INLINE_BYTES = 32_768
"""What is larger is written in another thread, which takes as long as it takes."""
ZSTD_LEVEL, GZIP_LEVEL = 3, 6
WRITTEN = re.compile(
    r"text/|application/([\w.-]+\+)?(json|xml|x-ndjson|yaml|javascript|graphql)\b|image/svg\+xml",
    re.ASCII,
)
"""The media types that are text, which gets a lot smaller."""
ENCODED, LENGTH, TAG = b"content-encoding", b"content-length", b"etag"

# Whoever comes when so many wait gets what is large as it is.
_worker = Worker("compression", 64)


def accepted(header: bytes | None) -> tuple[str, ...]:
    """The codings to answer in, by an Accept-Encoding, the best one first; none is `identity`."""
    if header is None:
        return ()
    return (_accepted if len(header) <= LONG else _accepted.__wrapped__)(header)


def preferred(header: bytes | None) -> str | None:
    """The coding to answer in; None is `identity`."""
    found = accepted(header)
    return found[0] if found else None


@lru_cache(REMEMBERED)
def _accepted(header: bytes) -> tuple[str, ...]:
    asked = qualities(header.decode("latin-1"))
    others = asked.get("*", 0.0)
    weights = {name: asked.get(name, asked.get(f"x-{name}", others)) for name in CODINGS}
    # Unless it is named, `identity` is what is taken last (RFC 9110 § 12.5.3).
    least = asked.get(IDENTITY, 0.0)
    fit = [name for name in CODINGS if weights[name] > 0 and weights[name] >= least]
    return tuple(sorted(fit, key=lambda name: -weights[name]))


def is_written(media_type: str) -> bool:
    """Whether a body of this type gets smaller."""
    return WRITTEN.match(media_type) is not None


def tag_in(tag: str, coding: str) -> str:
    """The tag of what has this tag as it is: a strong one is of one coding (RFC 9110 § 8.8.3.3)."""
    return tag if tag.startswith("W/") else f'{tag[:-1]}-{coding}"'


async def written(content: bytes, coding: str) -> bytes | None:
    """A body in a coding; None where too much waits to be written."""
    if len(content) <= INLINE_BYTES:
        return _written(content, coding)
    try:
        return await _worker.run(lambda: _written(content, coding))
    except ServerBusyError:
        return None


def _written(content: bytes, coding: str) -> bytes:
    if coding == ZSTD:
        return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress(content)
    return gzip.compress(content, GZIP_LEVEL, mtime=0)


def answer_in(answer: Answer, content: bytes, coding: str) -> Answer:
    """An answer whose body was written in a coding."""
    lines = [(name, value) for name, value in answer.headers if name not in (LENGTH, TAG)]
    tag = next((value for name, value in answer.headers if name == TAG), None)
    if tag is not None:
        lines.append((TAG, tag_in(tag.decode("latin-1"), coding).encode("latin-1")))
    lines += [(LENGTH, b"%d" % len(content)), (ENCODED, coding.encode())]
    return Answer(answer.status, content, tuple(lines))


async def encoded_answer(answer: Answer, coding: str) -> Answer:
    """A whole answer in a coding, where that makes it smaller."""
    if len(answer.content) < LEAST_BYTES:
        return answer
    content = await written(answer.content, coding)
    return answer if content is None else answer_in(answer, content, coding)
