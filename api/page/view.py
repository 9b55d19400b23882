"""The readable page of every id: HTML that needs no script, or the same as JSON."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import strawberry
from graphql import GraphQLError
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from api import explorer
from api.http.deadline import timed
from api.http.negotiation import JSON, qualities
from api.limits.error_masking import public_all
from api.limits.extension import documents_of, guarded
from api.limits.limits import Limits
from api.limits.list_bounds import multiplicities
from api.page import annotation, wording
from api.page.query import CHECKS, EDITIONS, is_document, question, type_of
from api.page.record import PART, Page, page_of
from schema.errors import RETRY_SECONDS, TimeoutExceededError
from schema.execution.context import Context, walked
from schema.model.ids import qualified, split, unqualified

HERE = Path(__file__).parent
HTML = "text/html"
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
STYLE = (HERE / "page.css").read_text("utf-8")
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept",
    "Cache-Control": "no-cache",
}
MADE_OF = sorted(path for path in HERE.rglob("*") if path.suffix in (".py", ".html", ".css"))
RELEASE = hashlib.sha256(b"".join(path.read_bytes() for path in MADE_OF)).hexdigest()
"""Changes with everything that a page is made by, but for the graph."""
LIMITS = Limits(source_characters=10**6, tokens=10**5, aliases=10**3, cost=10**6, depth=20)
"""The page asks its own questions, which are larger than those of strangers may be."""
STATUS = {
    "BAD_USER_INPUT": 400,
    "ANSWER_TOO_LARGE": 400,
    "TIMEOUT": 503,
    **dict.fromkeys(RETRY_SECONDS, 503),
}
HEADLINES = {
    400: "This cannot be shown",
    404: "There is no such record",
    500: "Something went wrong",
    503: "Not at the moment",
}


class TroubleError(Exception):
    """A page that says what is wrong."""

    def __init__(self, status: int, message: str, code: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


@dataclass(frozen=True)
class Wanted:
    """What a request asks for."""

    id: str
    edition: int | None
    part: int
    media_type: str

    @property
    def as_of(self) -> dict[str, int] | None:
        """The edition as the graph takes it."""
        return None if self.edition is None else {"edition": self.edition}

    def to(self, id: str, *, fragment: str = "", part: int = 1, **changed: Any) -> str:
        """The way to another page, at the same edition, from this one."""
        given = {"edition": self.edition, "part": part if part > 1 else None, **changed}
        query = "&".join(f"{key}={value}" for key, value in given.items() if value is not None)
        place = f"../{unqualified(id)}" + (f"?{query}" if query else "")
        return place + (f"#{fragment}" if fragment else "")


class ReadablePages:
    """Answers for every id; `context` gives the context of one request."""

    def __init__(
        self, schema: strawberry.Schema, context: Callable[[Scope], Context], seconds: float
    ) -> None:
        self.schema = guarded(schema, documents_of(schema, LIMITS, multiplicities()))
        self.context, self.seconds = context, seconds
        self.route = Route("/{noun:str}/{slug:str}", self.answer, methods=["GET"])

    async def answer(self, request: Request) -> Response:
        """The page, or one that says why there is none."""
        id, edition = split("{noun}/{slug}".format(**request.path_params))
        wanted = Wanted(id, edition, 1, _media_type(request))
        try:
            wanted = _wanted(request, wanted)
            return await timed(self.read(request, wanted), self.seconds, request.receive)
        except TimeoutExceededError as late:
            return _trouble(wanted, TroubleError(503, str(late), late.code))
        except TroubleError as trouble:
            return _trouble(wanted, trouble)
        except ClientDisconnect:
            return Response()

    async def read(self, request: Request, wanted: Wanted) -> Response:
        """The page, as one state of the database has it."""
        context = self.context(request.scope)
        return await walked(context, lambda context: self.found(request, wanted, context))

    async def found(self, request: Request, wanted: Wanted, context: Context) -> Response:
        """The page of a record that there is; nothing is read where the reader has it already."""
        type = type_of(wanted.id)
        if type is None:
            raise _missing(wanted)
        await self.opened(context)
        editions = await self.ask(context, EDITIONS, {"asOf": wanted.as_of})
        newest, read = (editions[name]["nodes"] for name in ("newest", "read"))
        if not newest:
            raise _missing(wanted)
        tag = _tag(question(type), wanted, context.base_url, newest[0])
        if tag in [known.strip() for known in request.headers.get("if-none-match", "").split(",")]:
            return Response(None, 304, {**HEADERS, "ETag": tag})
        variables: dict[str, Any] = {"id": qualified(wanted.id, wanted.edition)}
        if is_document(type):
            variables |= {"start": (wanted.part - 1) * PART, "end": wanted.part * PART}
        record = (await self.ask(context, question(type), variables))["node"]
        if record is None:
            raise _missing(wanted)
        if wanted.media_type == JSON:
            body = {"edition": read[0], "newest": newest[0], "record": record}
            return _json(body, 200, {"ETag": tag})
        checks: Any = {}
        if is_document(type):
            arguments = {"source": wanted.id, "asOf": wanted.as_of}
            checks = await self.ask(context, CHECKS, arguments)
        page = page_of(record, context.base_url, wanted.part, checks)
        if wanted.part > (page.document.parts if page.document else 1):
            raise TroubleError(400, f"There is no part {wanted.part}.", "BAD_USER_INPUT")
        return _html(replace(page, newest=newest[0], read=read[0]), wanted, tag)

    async def opened(self, context: Context) -> None:
        """Has all that the page asks asked of one state of the database."""
        try:
            async with context.lock:
                await context.waiting()
        except Exception as error:
            raise _trouble_of(GraphQLError(str(error), original_error=error)) from error

    async def ask(self, context: Context, query: str, variables: Mapping[str, Any]) -> Any:
        """What the graph answers; TroubleError with the graph's own words."""
        result = await self.schema.execute(
            query, variable_values=dict(variables), context_value=context
        )
        if result.errors:
            raise _trouble_of(result.errors[0])
        return result.data


def _trouble_of(error: GraphQLError) -> TroubleError:
    """What a client may know of an error of the graph."""
    public = public_all([error])[0]
    code = str((public.extensions or {}).get("code"))
    return TroubleError(STATUS.get(code, 500), public.message, code)


def _wanted(request: Request, wanted: Wanted) -> Wanted:
    """What the address asks for; TroubleError for numbers that are none."""
    edition, part = _number(request, "edition"), _number(request, "part")
    if None not in (edition, wanted.edition) and edition != wanted.edition:
        message = f"The id is of edition {wanted.edition}, `edition` asks for {edition}. Give one."
        raise TroubleError(400, message, "BAD_USER_INPUT")
    return replace(wanted, edition=edition or wanted.edition, part=part or 1)


def _number(request: Request, name: str) -> int | None:
    given = request.query_params.get(name)
    if given is None:
        return None
    if given.isascii() and given.isdigit() and len(given) < 10 and int(given):
        return int(given)
    raise TroubleError(400, f"'{given[:60]}' is no {name}. Give a number from 1.", "BAD_USER_INPUT")


def _media_type(request: Request) -> str:
    """JSON where it is asked for by name or preferred; else HTML."""
    given = request.query_params.get("format")
    if given in ("json", "html"):
        return JSON if given == "json" else HTML
    accepted = qualities(request.headers.get("accept", ""))

    def weight(*names: str) -> float:
        return next((accepted[name] for name in names if name in accepted), 0.0)

    html = weight(HTML, "application/xhtml+xml", "text/*", "*/*")
    return JSON if weight(JSON, "application/*", "*/*") > html else HTML


def _missing(wanted: Wanted) -> TroubleError:
    when = f" in edition {wanted.edition}" if wanted.edition else ""
    return TroubleError(404, f"Nothing is known under the id {wanted.id}{when}.", "NOT_FOUND")


def _tag(document: str, wanted: Wanted, base_url: str, newest: Mapping[str, Any]) -> str:
    """What changes whenever the page would; after a restore the mark tells."""
    edition = (str(newest["number"]), newest["mark"])
    parts = (RELEASE, document, repr(wanted), base_url, *edition)
    return f'W/"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:24]}"'


def _json(body: Mapping[str, Any], status: int, headers: Mapping[str, str]) -> Response:
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(content.encode(), status, {**_safe(""), **headers}, JSON)


def _safe(style: str) -> dict[str, str]:
    """The headers of a page that may have this one style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
    policy += "form-action 'none'; frame-ancestors 'none'"
    return {**HEADERS, "Content-Security-Policy": policy}


def _html(page: Page, wanted: Wanted, tag: str) -> Response:
    style = STYLE + annotation.style(page.document.paragraphs if page.document else ())
    text = TEMPLATES.get_template("record.html").render(
        page=page,
        to=wanted.to,
        edition=wanted.edition,
        fragment=annotation.name,
        part_of=lambda passage: passage["start"] // PART + 1,
        explorer=f"..{explorer.asking(page.id)}",
        style=style,
    )
    return Response(text, 200, {**_safe(style), "ETag": tag}, HTML)


def _trouble(wanted: Wanted, trouble: TroubleError) -> Response:
    retry = RETRY_SECONDS.get(trouble.code)
    more = {} if retry is None else {"Retry-After": str(retry)}
    if wanted.media_type == JSON:
        error = {"message": str(trouble), "extensions": {"code": trouble.code}}
        return _json({"errors": [error]}, trouble.status, more)
    text = TEMPLATES.get_template("trouble.html").render(
        headline=HEADLINES[trouble.status], trouble=trouble, style=STYLE
    )
    return Response(text, trouble.status, {**_safe(STYLE), **more}, HTML)
