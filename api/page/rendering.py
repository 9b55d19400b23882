"""A page as it is sent: HTML from templates that are compiled at the start, or JSON."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api import explorer
from api.http.codec import release_of
from api.http.graph_reader import TroubleError
from api.http.negotiation import ATOM, JSON, JSON_FEED
from api.http.response_cache import CachedResponse
from api.page import annotation, wording
from api.page.query import has_feed, is_document
from api.page.record import PART, Page
from api.page.wanted import FORMATS, HTML, Wanted

HERE = Path(__file__).parent
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters |= {
    each.__name__: each for each in (wording.label, wording.instant, wording.choice, wording.prose)
}
RECORD, TROUBLE = (TEMPLATES.get_template(name) for name in ("record.html", "trouble.html"))
STYLE = (HERE / "page.css").read_text("utf-8")
RELEASE = release_of(HERE)
"""Changes with everything that a page is made by, but for the graph."""
FEEDS = {"atom": ATOM, "json": JSON_FEED}
"""The formats of the feeds of a record, by how their addresses end."""
HEADLINES = {
    400: "This cannot be shown",
    404: "There is no such record",
    500: "Something went wrong",
    503: "Not at the moment",
}


def json_page(
    body: Mapping[str, Any],
    status: int,
    more: Mapping[str, str],
    tag: str | None = None,
    media_type: str = JSON,
) -> CachedResponse:
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return CachedResponse(content.encode(), media_type, status, {**_safe(""), **more}, tag)


def links_of(wanted: Wanted, type: str, record: Mapping[str, Any]) -> str:
    """The header that says what else there is of a record, and of a long text."""
    links = {
        wanted.to(wanted.id, format=ending): media_type
        for ending, media_type in FORMATS.items()
        if media_type != wanted.media_type
    }
    if has_feed(type):
        place = f"../{wanted.id}/changes"
        links |= {f"{place}.{ending}": media_type for ending, media_type in FEEDS.items()}
    made = [f'<{place}>; rel="alternate"; type="{name}"' for place, name in links.items()]
    if is_document(type) and len(record["text"] or "") > wanted.part * PART:
        ending = next(name for name, each in FORMATS.items() if each == wanted.media_type)
        following = wanted.to(wanted.id, part=wanted.part + 1, format=ending)
        made.append(f'<{following}>; rel="next"')
    return ", ".join(made)


def _safe(style: str) -> dict[str, str]:
    """The headers of a page that may have this one style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src 'self'; style-src 'sha256-{digest}'; base-uri 'none'; "
    policy += "form-action 'none'; frame-ancestors 'none'"
    return {"Referrer-Policy": "no-referrer", "Content-Security-Policy": policy}


def html_page(page: Page, wanted: Wanted, tag: str, more: Mapping[str, str]) -> CachedResponse:
    style = STYLE + annotation.style(page.document.paragraphs if page.document else ())
    text = RECORD.render(
        page=page,
        to=wanted.to,
        edition=wanted.edition,
        fragment=annotation.name,
        part_of=lambda passage: passage["start"] // PART + 1,
        feeds=FEEDS if has_feed(page.type) else {},
        explorer=f"..{explorer.asking(page.id)}",
        style=style,
    )
    return CachedResponse(text.encode(), HTML, 200, {**_safe(style), **more}, tag)


def trouble_page(wanted: Wanted, trouble: TroubleError) -> CachedResponse:
    if wanted.media_type != HTML:
        return json_page(trouble.body, trouble.status, trouble.headers)
    text = TROUBLE.render(headline=HEADLINES[trouble.status], trouble=trouble, style=STYLE)
    return CachedResponse(text.encode(), HTML, trouble.status, {**_safe(STYLE), **trouble.headers})
