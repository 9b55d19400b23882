"""The feeds over HTTP: one page for each address, again only when there is a newer edition."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from api.feeds import changes, editions
from api.feeds.atom import atom
from api.feeds.feed import MEDIA_TYPES, Feed
from api.feeds.json_feed import json_feed
from api.feeds.request import FeedRequest, refused
from api.http.codec import names, release_of, tag_of
from api.http.graph_reader import GraphReader, TroubleError
from api.http.negotiation import ATOM, JSON
from api.page.rendering import RELEASE as PAGES
from schema.execution.context import Context
from schema.model.ids import split
from schema.model.noun import Record
from schema.model.registry import prefixes

RELEASE = PAGES + release_of(Path(__file__).parent)
"""Changes with everything that a feed is made by, but for the graph."""
HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
NEWEST = """query Newest {
  editions(direction: DESC, first: 1) { nodes { number mark publishedAt } } }"""
ICON = "/favicon.svg"


class Feeds(GraphReader):
    """Answers for every feed."""

    async def answer(self, request: Request) -> Response:
        """One page of a feed, or what is wrong with the question."""
        try:
            wanted = self.wanted(request)
            return await self.within(request, lambda context: self.found(request, wanted, context))
        except TroubleError as trouble:
            headers = {**HEADERS, **trouble.headers}
            return JSONResponse(trouble.body, trouble.status, headers, JSON)
        except ClientDisconnect:
            return Response()

    def wanted(self, request: Request) -> FeedRequest:
        """What a request asks for; TroubleError where there is no such feed."""
        parts = request.path_params
        record = "{noun}/{slug}".format(**parts) if "noun" in parts else None
        if record is not None:
            _check_record(record)
        base_path, _, ending = request.url.path.rpartition(".")
        name = base_path.rpartition("/")[2]
        path = f"/{record}/{name}" if record else f"/{name}"
        base = self.context(request.scope).base_url
        given = {**request.query_params}
        if len(given) != len(request.query_params.multi_items()):
            raise refused("A parameter is given twice. Give each once.")
        known = editions.PARAMETERS if name == "editions" else changes.PARAMETERS
        return FeedRequest(base, path, ending, given, record).checked(*known)

    async def found(self, request: Request, wanted: FeedRequest, context: Context) -> Response:
        """The page; nothing is read where the reader has it already."""

        async def ask(query: str, variables: Mapping[str, Any]) -> Any:
            return await self.ask(context, query, variables)

        newest = (await ask(NEWEST, {}))["editions"]["nodes"]
        if not newest:
            raise TroubleError(404, "No edition is published yet.", "NOT_FOUND")
        tag = _tag(wanted, newest[0])
        headers = {**HEADERS, "ETag": f"W/{tag}"}
        if names(request.headers.get("if-none-match", ""), tag):
            return Response(None, 304, headers)
        if wanted.path == "/editions":
            title, home = "Pactbook: editions", f"{wanted.base_url}/"
            subtitle = "What each edition published, newest first."
            entries, page = await editions.editions(ask, wanted)
        else:
            title, home, subtitle = await _head(ask, wanted)
            entries, page = await changes.changes(ask, wanted)
        ways = wanted.ways(page)
        icon = f"{wanted.base_url}{ICON}"
        feed = Feed(title, subtitle, newest[0]["publishedAt"], home, ways, icon, entries)
        media_type = MEDIA_TYPES[wanted.format]
        content = atom(feed) if media_type == ATOM else json_feed(feed)
        return Response(content, 200, headers, media_type)


def _check_record(id: str) -> None:
    """TroubleError for an id that is none, or that is no record's."""
    id, edition = split(id)
    noun = prefixes().get(id.partition("/")[0])
    if noun is None or not issubclass(noun, Record):
        raise TroubleError(404, f"Only records have feeds, and {id} is none.", "NOT_FOUND")
    if edition is not None:
        raise refused(f"A feed tells of all editions. Leave '@{edition}' out of the id.")


async def _head(ask: changes.Ask, wanted: FeedRequest) -> tuple[str, str, str]:
    """The title, the page and the subtitle of a feed of changes."""
    if wanted.record is None:
        subtitle = "What became of the records, edition by edition, newest first."
        return "Pactbook: changes", f"{wanted.base_url}/", subtitle
    title = await changes.title_of(ask, wanted.record)
    if title is None:
        message = f"Nothing is known under the id {wanted.record}."
        raise TroubleError(404, message, "NOT_FOUND")
    subtitle = "What became of it and of all that it has a part in, newest first."
    return f"Pactbook: {title}", f"{wanted.base_url}/{wanted.record}", subtitle


def _tag(wanted: FeedRequest, newest: Mapping[str, Any]) -> str:
    """What changes whenever the page would; after a restore the mark tells."""
    here = wanted.address(**dict(wanted.parameters))
    return tag_of(RELEASE, changes.CHANGES, here, str(newest["number"]), newest["mark"])
