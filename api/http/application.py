"""All that is served, as a browser and a proxy meet it: what holds for every route."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Message, Receive, Scope, Send

from api.http.codec import Answer, Headers, delivered
from api.http.cors import Cors
from api.http.encoded_send import EncodedBodies
from api.http.endpoint import GraphQLView
from api.http.parameters import RefusedError
from api.http.proxies import Proxies
from api.http.response import stopped, wrong

GRAPH = "/graphql"
SEGMENT = "@:~!$&'()*+,;="
"""What stands in a path as it is, beside letters and digits."""


class Application(Starlette):
    """All of it; the graph is answered in front of the router, which would take as long again.

    Whatever routes there are: pages of other origins may read them, their answers are encoded, and
    they stand where the proxies in front say.
    """

    def __init__(
        self, graph: GraphQLView, cors: Cors, proxies: Proxies | None = None, **given: Any
    ) -> None:
        super().__init__(**given)
        self.graph = graph
        self.cors = cors
        self.proxies = proxies or Proxies()
        self.bodies = EncodedBodies()
        # Starlette's own way leads to the host and the path that this server sees.
        self.router.redirect_slashes = False
        self.missing, self.router.default = self.router.default, self.unmatched

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        path = scope["path"]
        if not self.proxies.is_none:
            try:
                scope = self.proxies.outer(scope)
            except RefusedError as error:
                await self.crossing(scope, send)(wrong(error, scope, dict(scope["headers"])))
                return
            path = scope["path"][len(scope["root_path"]) :]
        if path == GRAPH and scope["method"] != "OPTIONS":
            await self.graph(scope, receive, send)
        else:
            await self.routed(scope, receive, send, path)

    async def routed(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        """Answers what no usual operation is."""
        crossing = self.crossing(scope, send)
        if scope["method"] == "OPTIONS" and (answer := self.cors.preflight(dict(scope["headers"]))):
            await crossing(answer)
            return
        try:
            if path == GRAPH:
                await self.graph(scope, receive, send)
            else:
                seen, sending = self.bodies.around(scope, crossing.sent)
                await super().__call__(seen, receive, sending)
        except asyncio.CancelledError:
            if crossing.is_begun:
                raise
            await crossing(stopped(dict(scope["headers"])))

    def crossing(self, scope: Scope, send: Send) -> Crossing:
        """What sends an answer that pages of other origins may read."""
        origin = dict(scope["headers"]).get(b"origin")
        return Crossing(scope, send, self.cors.lines(origin))

    async def unmatched(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Shows the way to an address that has a slash too many; there is nothing else there.

        The way is relative: it stays on the host and under the prefix, whatever is in front.
        """
        if scope["type"] != "http":
            await self.missing(scope, receive, send)
            return
        root = scope.get("root_path", "")
        path: str = scope["path"][len(root) :]
        bare = path.removesuffix("/")
        if not path:
            address = root.rpartition("/")[2] + "/"
        elif bare != path and self._has({**scope, "path": root + bare}):
            address = "../" + quote(bare.rpartition("/")[2], safe=SEGMENT)
        else:
            await self.missing(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        location = address + (f"?{query}" if query else "")
        await Response(None, 307, {"Location": location})(scope, receive, send)

    def _has(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] != Match.NONE for route in self.router.routes)


class Crossing:
    """Sends one answer with the headers of its origin."""

    def __init__(self, scope: Scope, send: Send, lines: Headers) -> None:
        self.scope, self.send, self.lines = scope, send, lines
        self.is_begun = False

    async def sent(self, message: Message) -> None:
        """Sends a part of an answer."""
        if message["type"] == "http.response.start":
            self.is_begun = True
            message = {**message, "headers": [*message["headers"], *self.lines]}
        await self.send(message)

    async def __call__(self, answer: Answer) -> None:
        """Sends a whole answer."""
        own = Answer(answer.status, answer.content, answer.headers + self.lines)
        await delivered(own, self.scope, self.send)
