"""The files of every list: `/agreements.csv`, `/agreements.ndjson` and their data dictionary."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
from graphql import GraphQLSchema
from graphql.pyutils import did_you_mean, suggestion_list
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from api.files.columns import columns, lists
from api.files.dictionary import MEDIA_TYPE, dictionary
from api.files.formats import FORMATS, Form
from api.files.parameters import ParameterError, Question, question_of
from api.files.reading import FailedError, Listing, Reader
from api.http import graph_reader
from api.http.codec import Answer, answer, delivered, encoded, names, release_of, tag_of
from api.http.endpoint import GraphQLView
from api.http.negotiation import JSON
from api.http.operation_runner import OperationRunner
from schema.errors import RETRY_SECONDS, DatabaseAwayError, PactbookError, UnknownEditionError
from schema.storage.freshness import FreshnessWatch, Watermark

logger = logging.getLogger(__name__)
HERE = Path(__file__).parent
RELEASE = release_of(HERE)
"""Changes with everything that a file is made by, but for the graph."""
DICTIONARY = ".csv-metadata.json"
STATUS = {
    **graph_reader.STATUS,
    "QUERY_TOO_COMPLEX": 400,
    "GRAPHQL_VALIDATION_FAILED": 400,
    "NOT_FOUND": 404,
}
KEPT = "=&%+,.:;/@!$'()*?~"
"""What stays as it is of a question that is repeated in a header."""


class BrokenOffError(Exception):
    """A file that cannot be ended as it was begun; its connection is cut, so that nobody takes it
    for whole."""


class NoSuchListError(Exception):
    """A file of no list."""

    code = "NOT_FOUND"


class Client:
    """The other end of a connection: whether it is still there."""

    def __init__(self, receive: Receive) -> None:
        self.gone = asyncio.create_task(self._gone(receive))

    async def receive(self) -> Message:
        """The message that it has left, for which whoever asks has to wait."""
        await asyncio.shield(self.gone)
        return {"type": "http.disconnect"}

    async def forget(self) -> None:
        """Listens no more."""
        self.gone.cancel()
        with suppress(asyncio.CancelledError):
            await self.gone

    async def _gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass  # the body of a GET, which asks nothing


class Files:
    """Answers for the files of every list that the root of the graph has of records."""

    def __init__(
        self, graph: GraphQLView, newest: FreshnessWatch, place: Callable[[Scope], str]
    ) -> None:
        self.graph, self.newest, self.place = graph, newest, place

    @property
    def runner(self) -> OperationRunner:
        """What runs operations, as it does for the graph."""
        return self.graph.runner

    @cached_property
    def schema(self) -> GraphQLSchema:
        """The graph."""
        return self.graph.documents.schema

    @property
    def routes(self) -> list[Route]:
        """Where files are."""
        endings = (*(f".{ending}" for ending in FORMATS), DICTIONARY)
        return [
            Route(f"/{{list:str}}{ending}", _Ending(self, ending), methods=["GET"])
            for ending in endings
        ]

    async def answer(self, ending: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends a file, or what is wrong with the question."""
        client = Client(receive)
        try:
            await self.sent(ending, scope, client, send)
        except ClientDisconnect:
            pass
        except (PactbookError, FailedError, NoSuchListError) as error:
            await delivered(_refused(error), scope, send)
        except BrokenOffError as error:
            logger.warning("A file was broken off: %s", error)  # and not ended, so it is cut
        finally:
            await client.forget()

    async def sent(self, ending: str, scope: Scope, client: Client, send: Send) -> None:
        """Sends a file; it has begun when its first page has been read."""
        list = self.list(scope["path_params"]["list"])
        query = scope["query_string"]
        wanted = question_of(query, list.shown, columns(self.schema, list.noun))
        list = replace(list, columns=wanted.columns)
        if ending == DICTIONARY:
            await delivered(self.described(list, wanted, query), scope, send)
            return
        published = await self.graph.followed()
        if published is None:
            raise DatabaseAwayError
        reader = Reader(self.runner, scope, client.receive)
        edition = await _edition(reader, wanted, published)
        headers = dict(scope["headers"])
        tag = self.tag(scope, ending, published, edition)
        file = FORMATS[ending.removeprefix(".")]
        lines = self.lines(list, ending, query, tag, edition)
        if names(headers.get(b"if-none-match", b"").decode("latin-1"), tag):
            await delivered(Answer(304, b"", lines), scope, send)
            return
        form = Form(wanted.columns, wanted.is_guarded, wanted.as_of is not None)
        arguments = dict(wanted.arguments)
        if edition:
            arguments["asOf"] = {"edition": edition}
        lines = ((b"content-type", file.media_type.encode()), *lines)
        start = {"type": "http.response.start", "status": 200, "headers": lines}
        content, is_begun = file.header(form), False
        pages = reader.pages(list, arguments, wanted.most)
        async with aclosing(pages) as read:
            try:
                async for nodes in read:
                    await self.check_restored(published)
                    if not is_begun:
                        await send(start)
                        is_begun = True
                    if scope["method"] == "HEAD" or client.gone.done():
                        break
                    await send(_piece(content + file.encode(form, nodes)))
                    content = b""
            except FailedError as error:
                if is_begun:
                    raise BrokenOffError(str(error)) from error
                raise
        await send({"type": "http.response.body", "body": b""})

    def list(self, name: str) -> Listing:
        """The list of this name; NoSuchListError where there is none."""
        known = lists(self.schema)
        root = self.schema.query_type
        assert root is not None
        if name not in known:
            near = did_you_mean(suggestion_list(name[:80], [*known]))
            some = ", ".join(known)
            raise NoSuchListError(f"There is no list '{name[:80]}'.{near} There are: {some}.")
        return Listing(name, known[name], root.fields[name], ())

    def described(self, list: Listing, wanted: Question, query: bytes) -> Answer:
        """The data dictionary of a file."""
        about = self.schema.type_map[list.noun].description or list.noun
        made = dictionary(list.name, about, wanted, _address(f"{list.name}.csv", query))
        content = orjson.dumps(made, option=orjson.OPT_INDENT_2)
        return answer(200, content, MEDIA_TYPE, **{"Cache-Control": "no-cache"})

    async def check_restored(self, published: Watermark) -> None:
        """Refuses to go on in a database that was restored since."""
        now = self.newest.now() or await self.newest.fetch()
        if now is None or now.generation != published.generation:
            raise BrokenOffError("The database was restored while a file was read.")

    def tag(self, scope: Scope, ending: str, published: Watermark, edition: int) -> str:
        """What changes whenever the file would; after a restore the mark tells."""
        parts = [RELEASE, ending, self.place(scope), scope["path"], str(edition)]
        parts += [scope["query_string"].decode("latin-1"), repr(published[:3])]
        return tag_of(*parts)

    def lines(
        self, list: Listing, ending: str, query: bytes, tag: str, edition: int
    ) -> tuple[tuple[bytes, bytes], ...]:
        """The headers of a file beside its media type."""
        about = _address(f"{list.name}{DICTIONARY}", query)
        values = {
            "ETag": tag,
            "Cache-Control": "no-cache",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": f'attachment; filename="{list.name}-{edition}{ending}"',
            "Link": f'<{about}>; rel="describedby"; type="{MEDIA_TYPE}"',
        }
        return tuple(
            (name.lower().encode(), value.encode("latin-1")) for name, value in values.items()
        )


class _Ending:
    """The files of one ending, as an ASGI app."""

    def __init__(self, files: Files, ending: str) -> None:
        self.files, self.ending = files, ending

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.files.answer(self.ending, scope, receive, send)


async def _edition(reader: Reader, wanted: Question, published: Watermark) -> int:
    """The edition that a file is of."""
    if wanted.as_of is None:
        return published.edition
    number = wanted.as_of.get("edition")
    if number is None:
        return await reader.edition(dict(wanted.as_of))
    if not 1 <= number <= published.edition:
        raise ParameterError("asOf", str(UnknownEditionError(number, published.edition)))
    return int(number)


def _piece(content: bytes) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": True}


def _address(file: str, query: bytes) -> str:
    """The address of a file beside this one, for the same question."""
    return f"{file}?{quote(query, safe=KEPT)}" if query else file


def _refused(error: Exception) -> Answer:
    code = getattr(error, "code", "BAD_USER_INPUT")
    extensions: Mapping[str, Any] = {**getattr(error, "extensions", {}), "code": code}
    status = STATUS.get(code, 500)
    retry = {"Retry-After": str(RETRY_SECONDS[code])} if code in RETRY_SECONDS else {}
    content = encoded({"errors": [{"message": str(error), "extensions": extensions}]})
    return answer(status, content, JSON, **{"Cache-Control": "no-store"}, **retry)
