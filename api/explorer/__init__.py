"""The explorer: one page where the graph is asked by hand, and the files it is made of."""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Template
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from api.explorer.questions import questions

HERE = Path(__file__).parent
STATIC = HERE / "static"
# Monaco writes inline styles and carries its icons as `data:`; nothing else leaves the rule.
POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; "
    "font-src 'self' data:; "
    "connect-src 'self'; "
    "worker-src 'self'; "
    "base-uri 'none'; "
    "form-action 'none'; "
    "frame-ancestors 'none'"
)
SAFE = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# The build names every file after its content, so what an address gives never changes.
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
NAME = re.compile(r"[\w-]+(\.[\w-]+)+", re.ASCII)
RECORD = """\
# What is known of this record?

query Record($id: ID!) {
  node(id: $id) {
    id
    ... on Record {
      title
      claims(first: 100) {
        nodes {
          field
          value
          status
          factuality
          passages {
            exact
          }
        }
      }
      unknowns(first: 100) {
        nodes {
          field
          status
        }
      }
    }
    ... on Link {
      title
      claims(first: 100) {
        nodes {
          field
          value
          status
          passages {
            exact
          }
        }
      }
    }
    ... on Claim {
      title
      value
      status
      passages {
        exact
      }
    }
  }
}
"""


def asking(id: str) -> str:
    """The address of the explorer with a query filled in that shows the record of this id."""
    variables = json.dumps({"id": id}, ensure_ascii=False, indent=2)
    return "/?" + urlencode({"query": RECORD, "variables": variables})


class Packed(NamedTuple):
    """A file that is made once, under a name that nothing else ever has."""

    name: str
    content: bytes
    """As gzip has it."""


@dataclass(frozen=True)
class Explorer:
    """The explorer: its bundle, the schema it writes queries by, and the questions it offers."""

    sdl: Callable[[], str]
    static: Path = STATIC
    offered: Callable[[], Sequence[Mapping[str, str]]] = questions

    @property
    def routes(self) -> list[Route]:
        """Where its page and the files of its bundle are."""
        return [
            Route("/", self.page, methods=["GET"]),
            Route("/explorer/static/{file:path}", self.file, methods=["GET"]),
            Route("/explorer/schema/{file:str}", self.schema, methods=["GET"]),
        ]

    @cached_property
    def packed(self) -> Packed:
        """The schema, named after what it says."""
        content = self.sdl().encode()
        digest = hashlib.sha256(content).hexdigest()[:16]
        return Packed(f"{digest}.graphql", gzip.compress(content, mtime=0))

    def page(self, request: Request) -> Response:
        """The explorer; where its bundle is missing, a page that says how to get it."""
        headers = {**SAFE, "Cache-Control": "no-cache"}
        try:
            bundle = json.loads((self.static / "bundle.json").read_text())
        except FileNotFoundError:
            return HTMLResponse((HERE / "missing.html").read_text(), headers=headers)
        template = Template((HERE / "page.html").read_text())
        asked = json.dumps(self.offered(), ensure_ascii=False).replace("<", "\\u003c")
        return HTMLResponse(
            template.substitute(**_names(bundle), schema=self.packed.name, questions=asked),
            headers=headers,
        )

    def file(self, request: Request) -> Response:
        """A file of the bundle, which is kept compressed."""
        name = request.path_params["file"]
        try:
            # A name may also be one that the file system cannot have.
            content = (self.static / f"{name}.gz").read_bytes() if NAME.fullmatch(name) else None
        except OSError:
            content = None
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return _packed(request, content, media_type)

    def schema(self, request: Request) -> Response:
        """The schema of the graph as SDL, under the name that it has now."""
        name, content = self.packed
        is_named = request.path_params["file"] == name
        return _packed(request, content if is_named else None, "application/graphql")


def _names(bundle: Mapping[str, str]) -> dict[str, str]:
    """The files of the bundle that the page names."""
    return {each: bundle[each] for each in ("script", "style", "bootStyle")}


def _packed(request: Request, content: bytes | None, media_type: str) -> Response:
    """What is kept compressed, for ever; None is a 404."""
    if content is None:
        return PlainTextResponse("There is no such file.", 404, headers=SAFE)
    headers = {**SAFE, **FOREVER}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        content = gzip.decompress(content)
    return Response(content, headers=headers, media_type=media_type)
