"""A feed as both formats tell it: its entries, newest first, and the ways to its other pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from api.http.negotiation import ATOM, JSON_FEED

MEDIA_TYPES = {"atom": ATOM, "json": JSON_FEED, "jsonfeed": JSON_FEED}
"""The formats, by how the address of a feed ends."""
PATHS = [
    f"{feed}.{ending}"
    for feed in ("/changes", "/editions", "/{noun:str}/{slug:str}/changes")
    for ending in MEDIA_TYPES
]
"""Where the feeds are: of everything, and of each record."""
UNWRITABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write."""
DNS = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
LINES = 40
"""How many lines an entry has; of what is more it says how many."""
CHARACTERS = 300
"""How long a line is; what is longer, such as the text of a source, is cut."""


def _cut(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= CHARACTERS else f"{line[:CHARACTERS].rstrip()}…"


@dataclass(frozen=True)
class Entry:
    """One thing that an edition did."""

    id: str
    """A tag URI: the same wherever the feed is read, and another one after a restore."""
    title: str
    updated: str
    """The instant of the edition, in UTC."""
    author: str
    link: str
    lines: Sequence[str] = ()
    """What changed, in words."""
    hidden: int = 0
    """How many more lines there would be."""
    tags: Sequence[str] = ()
    facts: Mapping[str, Any] | None = None
    """The same for programs, which JSON Feed holds as an extension."""

    @property
    def shown(self) -> Sequence[str]:
        """Its lines, but for those that are too many."""
        more = max(0, len(self.lines) - LINES) + self.hidden
        lines = [_cut(line) for line in self.lines[:LINES]]
        return [*lines, *([f"and {more} more"] if more else ())]

    @property
    def text(self) -> str:
        """What changed, as plain text."""
        return "\n".join(self.shown) or self.title

    @property
    def html(self) -> str:
        """What changed, as a list."""
        if not self.lines:
            return str(Markup("<p>{}</p>").format(self.title))
        rows = Markup("").join(Markup("<li>{}</li>").format(line) for line in self.shown)
        return str(Markup("<ul>{}</ul>").format(rows))


@dataclass(frozen=True)
class Feed:
    """One page of a feed."""

    title: str
    subtitle: str
    updated: str
    home: str
    """The page for people that it tells of."""
    ways: Mapping[str, str]
    """The addresses of this page (`self`) and others: `first`, `next`, `previous`, `alternate`."""
    icon: str
    entries: Sequence[Entry]


def tag(base_url: str, published_at: str, name: str) -> str:
    """The tag URI of a thing that an edition did, by the host and the day (RFC 4151)."""
    host = (urlsplit(base_url).hostname or "").lower()
    authority = host if DNS.fullmatch(host) else "localhost"
    return f"tag:{authority},{published_at[:10]}:{name}"


def writable(text: str) -> str:
    """A text without the characters that XML cannot write."""
    return UNWRITABLE.sub("\ufffd", text)
