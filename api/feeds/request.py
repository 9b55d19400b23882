"""What a request asks of a feed, and the addresses of the feed's other pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from api.feeds.feed import MEDIA_TYPES
from api.http.graph_reader import TroubleError
from schema.model.changelog import ChangeKind

CURSORS = ("after", "before")


def refused(message: str) -> TroubleError:
    """The refusal of what cannot be asked."""
    return TroubleError(400, message, "BAD_USER_INPUT")


@dataclass(frozen=True)
class FeedRequest:
    """One page of a feed: where it is, and which of its entries are asked for."""

    base_url: str
    path: str
    """The path of the feed, without how its format ends it."""
    format: str
    parameters: Mapping[str, str]
    record: str | None = None
    """The record that the feed is about."""

    def checked(self, *known: str) -> FeedRequest:
        """Itself; TroubleError for a parameter that the feed does not have."""
        for name in self.parameters:
            if name not in known:
                right = ", ".join(sorted(known))
                raise refused(f"'{name[:60]}' is no parameter of this feed. It has {right}.")
        if all(name in self.parameters for name in CURSORS):
            raise refused("`after` and `before` ask for two pages. Give one.")
        return self

    def address(self, format: str = "", **cursor: str) -> str:
        """The address of a page of the feed; the first one where there is no cursor."""
        given = {name: each for name, each in self.parameters.items() if name not in CURSORS}
        query = urlencode(sorted((given | cursor).items()))
        place = f"{self.base_url}{self.path}.{format or self.format}"
        return f"{place}?{query}" if query else place

    def ways(self, page: Mapping[str, Any]) -> dict[str, str]:
        """The addresses of the other pages, by how the page of a connection goes on."""
        here = {name: self.parameters[name] for name in CURSORS if name in self.parameters}
        other = next(each for each in MEDIA_TYPES if MEDIA_TYPES[each] != MEDIA_TYPES[self.format])
        ways = {"self": self.address(**here), "first": self.address()}
        if page["hasPreviousPage"] and page["startCursor"]:
            ways["previous"] = self.address(before=page["startCursor"])
        if page["hasNextPage"] and page["endCursor"]:
            ways["next"] = self.address(after=page["endCursor"])
        return ways | {"alternate": self.address(other, **here)}

    def paging(self, size: int) -> dict[str, Any]:
        """The arguments of a connection for this page."""
        if "before" in self.parameters:
            return {"last": size, "before": self.parameters["before"]}
        return {"first": size, "after": self.parameters.get("after")}

    @property
    def where(self) -> dict[str, Any] | None:
        """Which records, as the graph takes it; TroubleError for what is no JSON object."""
        text = self.parameters.get("where")
        if text is None:
            return None
        try:
            where = json.loads(text)
        except (ValueError, RecursionError):
            where = None
        if not isinstance(where, dict):
            right = 'Write {"nouns": ["PROCUREMENT"]}, as RecordWhere has it.'
            raise refused(f"`where` is no JSON object: '{text[:60]}'. {right}")
        return where

    @property
    def kinds(self) -> list[str] | None:
        """The kinds of changes, separated by commas."""
        text = self.parameters.get("kinds")
        if text is None:
            return None
        kinds = [kind.strip() for kind in text.split(",")]
        known = [kind.value for kind in ChangeKind if kind is not ChangeKind.REVERTED]
        for kind in kinds:
            if kind not in known:
                raise refused(f"'{kind[:60]}' is no kind of change. Kinds: {', '.join(known)}.")
        return kinds

    @property
    def since(self) -> dict[str, Any]:
        """After which edition, or which instant; after none where it is left out."""
        text = self.parameters.get("since", "0")
        if text.isascii() and text.isdigit() and len(text) < 10:
            return {"edition": int(text)}
        return {"instant": text}
