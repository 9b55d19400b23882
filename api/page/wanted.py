"""What a reader asks for by the address of a page, and what is wrong with that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request

from api.http.graph_reader import TroubleError
from api.http.negotiation import JSON, LD_JSON, qualities
from schema.model.ids import split, unqualified

HTML = "text/html"
FORMATS = {"html": HTML, "json": JSON, "jsonld": LD_JSON}
LINKED = ".jsonld"
"""What may end an id, to ask for linked data."""


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


def wanted_of(request: Request) -> Wanted:
    """What the path asks for, and in which media type."""
    path = "{noun}/{slug}".format(**request.path_params)
    id, edition = split(path.removesuffix(LINKED))
    return Wanted(id, edition, 1, _media_type(request))


def numbered(request: Request, wanted: Wanted) -> Wanted:
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
    if request.path_params["slug"].endswith(LINKED):
        return LD_JSON
    if given in FORMATS:
        return FORMATS[given]
    accepted = qualities(request.headers.get("accept", ""))

    def weight(*names: str) -> float:
        return next((accepted[name] for name in names if name in accepted), 0.0)

    html = weight(HTML, "application/xhtml+xml", "text/*", "*/*")
    json = weight(JSON, "application/*", "*/*")
    if weight(LD_JSON) > html and weight(LD_JSON) >= json:
        return LD_JSON
    return JSON if json > html else HTML


def missing(wanted: Wanted) -> TroubleError:
    when = f" in edition {wanted.edition}" if wanted.edition else ""
    return TroubleError(404, f"Nothing is known under the id {wanted.id}{when}.", "NOT_FOUND")
