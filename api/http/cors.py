"""Which pages of other origins may read what is answered here: CORS, without credentials."""

from __future__ import annotations

import re
from collections.abc import Mapping

from api.http.codec import Answer, Headers, refusal

ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")
ANY = "*"
EXPOSED = (b"access-control-expose-headers", b"*")
"""A page may read every header; with credentials, which nobody needs, this star would be none."""
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    # The star stands for every header but this one, which clients send out of habit.
    "Access-Control-Allow-Headers": "*, Authorization",
    "Access-Control-Max-Age": "7200",
}
ALLOWED, VARY = b"access-control-allow-origin", (b"vary", b"Origin")


class Cors:
    """The origins that may read: all by `*`, some by name, or none.

    What is added depends on the origin and is added last, so that kept answers know nothing of it.
    """

    def __init__(self, origins: str = "") -> None:
        names = origins.replace(",", " ").lower().split()
        if names != [ANY]:
            for name in names:
                if not ORIGIN.fullmatch(name):
                    raise ValueError(f"no `*` and no list of origins: {name[:80]!r} is none")
        self.is_open = names == [ANY]
        self.names = frozenset(name.encode() for name in names)
        self.some: Headers = ((ALLOWED, b"*"), EXPOSED) if self.is_open else ()

    def lines(self, origin: bytes | None) -> Headers:
        """The headers that every answer to a page of this origin has."""
        if self.is_open or not self.names:
            return self.some
        if origin in self.names and origin is not None:
            return ((ALLOWED, origin), EXPOSED, VARY)
        return (VARY,)

    def preflight(self, headers: Mapping[bytes, bytes]) -> Answer | None:
        """The answer to a browser that asks before it sends; None where it asks nothing."""
        origin = headers.get(b"origin")
        if not self.names or origin is None or b"access-control-request-method" not in headers:
            return None
        if not self.is_open and origin not in self.names:
            message = f"{origin[:80].decode('latin-1')!r} is not among PACTBOOK_CORS_ORIGINS."
            return refusal(403, message)
        lines = [(name.lower().encode(), value.encode()) for name, value in PREFLIGHT.items()]
        return Answer(204, b"", (*lines,))
