"""Answers kept by edition: whole responses, true as long as the edition is the newest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from starlette.types import Scope

from api.http.codec import Answer, answer, names
from api.http.compression import LEAST_BYTES, TAG, answer_in, tag_in, written
from api.lru import WeightedLRU, weight_of
from schema.execution.error_behavior import ErrorBehavior
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
    on_error: str = ErrorBehavior.PROPAGATE.value


AnyKey = tuple[str | bytes | None, ...]
"""The key of an answer, whoever gives it."""


@dataclass
class CachedResponse:
    """An answer that may be given again, as each method and each coding shows it."""

    content: bytes
    media_type: str
    status: int = 200
    more: Mapping[str, str] = field(default_factory=dict)
    """Its own headers, beside those that every answer has."""
    given_tag: str | None = None
    """Its tag, where that is known without its content."""
    key: AnyKey | None = None
    """What it is kept under, if it is."""

    posted: Answer = field(init=False)
    """The answer to POST.

    It says nothing of caches: RFC 9110 § 9.3.3 lets none of them keep a response to POST that
    gives neither a lifetime nor a Content-Location, and GraphQL over HTTP asks for no more.
    """
    encoded: dict[str, bytes] = field(init=False, default_factory=dict)
    """The content in the codings that were asked for."""

    def __post_init__(self) -> None:
        self.posted = answer(self.status, self.content, self.media_type, **self.more)

    @cached_property
    def tag(self) -> str:
        """The strong tag: media types with the same bytes are two representations (§ 8.8.3.3)."""
        if self.given_tag is not None:
            return self.given_tag
        named = self.media_type.encode() + b"\0" + self.content
        return f'"{hashlib.sha256(named).hexdigest()[:32]}"'

    @cached_property
    def got(self) -> Answer:
        """The answer to GET, to be asked about again: a restore changes what an edition holds."""
        headers = {"Cache-Control": "no-cache", **self.more}
        if self.status == 200:
            headers["ETag"] = self.tag
        return answer(self.status, self.content, self.media_type, **headers)

    def needs(self, coding: str) -> bool:
        """Whether it is to be encoded before it is given to who asks for this coding."""
        return coding not in self.encoded and len(self.content) >= LEAST_BYTES

    async def encode(self, coding: str) -> int:
        """Has the content written in a coding; how many bytes it takes more."""
        content = await written(self.content, coding)
        if content is None or coding in self.encoded:
            return 0
        self.encoded[coding] = content
        return len(content)

    def answer(self, method: str, known: bytes | None, coding: str | None = None) -> Answer:
        """The answer to a request; `known` are the tags that a client has."""
        if method == "POST":
            found = self.posted
        elif known is not None and (tag := self.known(known.decode("latin-1"), coding)):
            return self.unchanged(tag)
        else:
            found = self.got
        content = self.encoded.get(coding) if coding else None
        return answer_in(found, content, coding) if coding and content else found

    def known(self, tags: str, coding: str | None) -> str | None:
        """The tag by which a client has this already: of the coding it asks for, or of none."""
        if self.status != 200:
            return None
        large = coding and len(self.content) >= LEAST_BYTES
        own = tag_in(self.tag, coding) if coding and large else self.tag
        return next((tag for tag in (own, self.tag) if names(tags, tag)), None)

    def unchanged(self, tag: str) -> Answer:
        """The answer to GET of somebody who has it under this tag."""
        kept = [
            (name, tag.encode("latin-1") if name == TAG else value)
            for name, value in self.got.headers
            if not name.startswith((b"content-length", b"content-type"))
        ]
        return Answer(304, b"", tuple(kept))


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

    def forget_requests(self) -> None:
        """Has every request read again, because others may be served now; answers are kept."""
        self.keys = WeightedLRU[Key](self.keys.most)

    def find(self, key: AnyKey, published: Watermark) -> CachedResponse | None:
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
        self, key: AnyKey, success: CachedResponse, edition: int | None, before: Watermark
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
        success.key = key
        weight = weight_of(success.content, *success.encoded.values(), *key) + OVERHEAD
        self.answers.keep(key, (edition, before, success), weight)


async def encode(kept: ResponseCache | None, success: CachedResponse, coding: str) -> None:
    """Has an answer encoded, once for as long as it is kept."""
    more, key = await success.encode(coding), success.key
    if kept is None or key is None:
        return
    entry = kept.answers.peek(key)
    if entry is not None and entry[2] is success:
        kept.answers.grow(key, entry, more)
