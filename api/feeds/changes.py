"""The feed of changes: of all records, of those that a `where` finds, or about one record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from api.feeds import wording
from api.feeds.feed import LINES, Entry, tag
from api.feeds.request import FeedRequest
from api.page.formatting import with_fields
from api.page.wording import choice
from schema.model.changelog import ChangeKind

Ask = Callable[[str, Mapping[str, Any]], Awaitable[Any]]
"""Asks the graph a question with variables."""
SIZE = 50
"""How many changes one page of a feed tells."""
TITLED = 100
"""How many titles one question asks for."""
PARAMETERS = ("after", "before", "kinds", "since", "where")
PAGE = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
TITLES = """query Titles($ids: [ID!]!) {
  nodes(ids: $ids) { id ... on Record { title } ... on Link { title } } }"""
RECORD = """query Known($id: ID!, $ids: [ID!]) {
  node(id: $id) { id ... on Record { title } }
  changes(since: {edition: 0}, direction: DESC, first: 1, about: $ids) { nodes { title } } }"""
FIELD = "id field element elementField kind before after"


CHANGES = f"""query Changes($since: Since!, $where: RecordWhere, $about: [ID!],
        $kinds: [ChangeKind!], $first: Int, $last: Int, $after: String, $before: String) {{
      changes(since: $since, where: $where, about: $about, kinds: $kinds, direction: DESC,
          first: $first, last: $last, after: $after, before: $before) {{
        {PAGE}
        nodes {{
          id kind noun title recordId edition {{ number mark publishedAt author summary }}
          addedClaimCount retractedClaimCount arisenConflictCount settledConflictCount
          fields {{ {FIELD} }}
        }}
      }}
    }}"""
"""The query for one page of changes, newest first."""


async def title_of(ask: Ask, record: str) -> str | None:
    """The title that a record has, or had last; None for one that never was."""
    found = await ask(RECORD, {"id": record, "ids": [record]})
    past = [change["title"] for change in found["changes"]["nodes"]]
    return (found["node"] or {}).get("title") or next(iter(past), None)


async def changes(ask: Ask, request: FeedRequest) -> tuple[list[Entry], Mapping[str, Any]]:
    """The entries of one page, and how it goes on."""
    variables = {
        "since": request.since,
        "where": request.where,
        "kinds": request.kinds,
        "about": [request.record] if request.record else None,
        **request.paging(SIZE),
    }
    found = with_fields((await ask(CHANGES, variables))["changes"])
    titles = await _titles(ask, found["nodes"])
    entries = [_entry(change, request.base_url, titles) for change in found["nodes"]]
    return entries, found["pageInfo"]


async def _titles(ask: Ask, changes: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The titles of what the lines of some changes point at, as far as it is still there."""
    fields = [field for change in changes for field in change["fields"][:LINES]]
    ids = sorted(set(wording.pointed_at(fields)))
    titles: dict[str, str] = {}
    for start in range(0, len(ids), TITLED):
        found = await ask(TITLES, {"ids": ids[start : start + TITLED]})
        titles |= {node["id"]: node["title"] for node in found["nodes"] if node}
    return titles


def _entry(change: Mapping[str, Any], base_url: str, titles: wording.Titles) -> Entry:
    """What became of one record in one edition."""
    edition, record = change["edition"], change["recordId"]
    number, kind = edition["number"], change["kind"]
    # What an edition retracts is to be seen in the edition before.
    shown = number - 1 if kind == ChangeKind.RETRACTED.value else number
    lines = [
        *wording.evidence(change),
        *(wording.line(field, titles) for field in change["fields"]),
    ]
    return Entry(
        id=tag(base_url, edition["publishedAt"], f"change/{record}/{number}/{edition['mark']}"),
        title=f"{choice(kind)}: {change['title']}",
        updated=edition["publishedAt"],
        author=edition["author"],
        link=f"{base_url}/{record}?edition={shown}",
        lines=lines,
        tags=(change["noun"], kind),
        facts={
            "record": record,
            "noun": change["noun"],
            "kind": kind,
            "edition": number,
            "summary": edition["summary"],
        },
    )
