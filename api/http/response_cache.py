"""Answers kept by edition: whole responses, true as long as the edition is the newest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from starlette.types import Scope

from api.http.codec import Answer, answer, names
from api.lru import WeightedLRU, weight_of
from schema.storage.freshness import FreshnessWatch, Watermark

OVERHEAD = 2_048
"""About how many bytes an answer takes beside its content and its key."""

RawKey = tuple[bytes, str, bytes | None, bytes | None, str, str]
"""The bytes of a request, as far as an answer may depend on them: the body or the query of the
address, the method, the headers Accept and Host, the scheme and the path of the application."""


class Key(NamedTuple):
    """All that an answer depends on, beside the edition."""

    text: str
    operation_name: str | None
    variables: bytes
    media_type: str
    place: str


@dataclass
class CachedResponse:
    """An answer without errors, as each method shows it."""

    content: bytes
    media_type: str

    posted: Answer = field(init=False)
    """The answer to POST.

    It says nothing of caches: RFC 9110 § 9.3.3 lets none of them keep a response to POST that
    gives neither a lifetime nor a Content-Location, and GraphQL over HTTP asks for no more.
    """

    def __post_init__(self) -> None:
        self.posted = answer(200, self.content, self.media_type)

    @cached_property
    def tag(self) -> str:
        """The strong tag: media types with the same bytes are two representations (§ 8.8.3.3)."""
        named = self.media_type.encode() + b"\0" + self.content
        return f'"{hashlib.sha256(named).hexdigest()[:32]}"'

    @cached_property
    def got(self) -> Answer:
        """The answer to GET, to be asked about again: a restore changes what an edition holds."""
        headers = {"ETag": self.tag, "Cache-Control": "no-cache"}
        return answer(200, self.content, self.media_type, **headers)

    @cached_property
    def unchanged(self) -> Answer:
        """The answer to GET of somebody who has it."""
        headers = [line for line in self.got.headers if not line[0].startswith(b"content-")]
        return Answer(304, b"", tuple(headers))

    def answer(self, method: str, known: bytes | None) -> Answer:
        """The answer to a request; `known` are the tags that a client has."""
        if method != "GET":
            return self.posted
        if known is not None and names(known.decode("latin-1"), self.tag):
            return self.unchanged
        return self.got


class ResponseCache:
    """The answers used last, within a number of bytes."""

    def __init__(self, most: int, newest: FreshnessWatch, place: Callable[[Scope], str]) -> None:
        self.newest = newest
        self.place = place
        """What of a request an answer depends on, beside what is asked: where permalinks begin."""
        self.answers = WeightedLRU[tuple[int | None, Watermark, CachedResponse]](most - most // 8)
        self.keys = WeightedLRU[Key](most // 8)
        """The keys of requests that came before, in the same bytes; they need not be read again."""

    def again(self, seen: RawKey, published: Watermark) -> CachedResponse | None:
        """The answer to a request that came before, where it is still true."""
        key = self.keys.find(seen)
        return None if key is None else self.find(key, published)

    def note(self, seen: RawKey, key: Key) -> None:
        """Remembers the key of a request; one without a host depends on more than its bytes."""
        _, _, _, host, *_ = seen
        if host is not None:
            self.keys.keep(seen, key, weight_of(*seen) + weight_of(*key) + OVERHEAD)

    def find(self, key: Key, published: Watermark) -> CachedResponse | None:
        """The answer under a key, where it is still true."""
        found = self.answers.find(key)
        if found is None:
            return None
        edition, before, success = found
        is_same = before.form == published.form and before.generation == published.generation
        if is_same and (edition is None or edition == published.edition):
            return success
        return None

    def keep(
        self, key: Key, success: CachedResponse, edition: int | None, before: Watermark
    ) -> None:
        """Keeps an answer that is true while `edition` is the newest, or until a restore.

        The edition is the one that the answer's own snapshot had as the newest; `before` is what
        was published before it was read. So an answer that a publication overtakes is kept as
        the older one that it is, and one that a restore overtakes is never found again.
        """
        found = self.answers.peek(key)
        if found is not None:
            held, at, _ = found
            if (at.generation, held or 0) > (before.generation, edition or 0):
                return
        weight = weight_of(success.content, *key) + OVERHEAD
        self.answers.keep(key, (edition, before, success), weight)
