"""JSON Feed 1.1; what programs want to know of a change stands under `_pactbook`."""

from __future__ import annotations

import json
from typing import Any

from api.feeds.feed import Entry, Feed

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: Feed) -> bytes:
    """A feed as JSON Feed."""
    body: dict[str, Any] = {
        "version": VERSION,
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.home,
        "feed_url": feed.ways["self"],
        "icon": feed.icon,
        "favicon": feed.icon,
        "authors": [{"name": "Pactbook"}],
        "language": "en",
    }
    if "next" in feed.ways:
        body["next_url"] = feed.ways["next"]
    body["items"] = [_item(entry) for entry in feed.entries]
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.id,
        "url": entry.link,
        "title": entry.title,
        "content_html": entry.html,
        "content_text": entry.text,
        "date_published": entry.updated,
        "date_modified": entry.updated,
        "authors": [{"name": entry.author}],
        "tags": [*entry.tags],
    }
    return item if entry.facts is None else {**item, "_pactbook": {**entry.facts}}
