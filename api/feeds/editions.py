"""The feed of editions: what each published, in counts and in titles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.feeds.changes import PAGE, Ask
from api.feeds.feed import Entry, tag
from api.feeds.request import FeedRequest
from api.page.wording import choice

SIZE = 20
"""How many editions one page of the feed tells."""
NAMED = 10
"""How many of its changes an edition names."""
PARAMETERS = ("after", "before")
EDITIONS = f"""query Editions($first: Int, $last: Int, $after: String, $before: String) {{
  editions(direction: DESC, first: $first, last: $last, after: $after, before: $before) {{
    {PAGE}
    nodes {{
      number mark publishedAt author summary changeCounts {{ added amended retracted }} }}
  }} }}"""


async def editions(ask: Ask, request: FeedRequest) -> tuple[list[Entry], Mapping[str, Any]]:
    """The entries of one page, and how it goes on."""
    found = (await ask(EDITIONS, request.paging(SIZE)))["editions"]
    numbers = {f"e{place}": each["number"] for place, each in enumerate(found["nodes"])}
    named = await ask(_titles(numbers), _variables(numbers)) if numbers else {}
    entries = [
        _entry(edition, request.base_url, named[alias]["nodes"])
        for alias, edition in zip(numbers, found["nodes"], strict=True)
    ]
    return entries, found["pageInfo"]


def _titles(aliases: Mapping[str, int]) -> str:
    """The query for the first changes of some editions."""
    declared = ", ".join(f"${alias}: Int!, ${alias}before: Int!" for alias in aliases)
    selected = "\n".join(
        f"  {alias}: changes(since: {{edition: ${alias}before}}, asOf: {{edition: ${alias}}}, "
        f"first: {NAMED}) {{ nodes {{ kind title }} }}"
        for alias in aliases
    )
    return f"query Titles({declared}) {{\n{selected}\n}}"


def _variables(aliases: Mapping[str, int]) -> dict[str, int]:
    """The numbers of some editions, and of those before them."""
    before = {f"{alias}before": number - 1 for alias, number in aliases.items()}
    return {**aliases, **before}


def _entry(edition: Mapping[str, Any], base_url: str, changes: Any) -> Entry:
    """What one edition published."""
    number, counts = edition["number"], edition["changeCounts"]
    named = [f"{choice(change['kind'])}: {change['title']}" for change in changes]
    parts = [f"{count} {kind}" for kind, count in counts.items()]
    return Entry(
        id=tag(base_url, edition["publishedAt"], f"edition/{number}/{edition['mark']}"),
        title=f"Edition {number}: {edition['summary']}",
        updated=edition["publishedAt"],
        author=edition["author"],
        link=f"{base_url}/edition/{number}",
        lines=[f"Records: {', '.join(parts)}", *named],
        hidden=sum(counts.values()) - len(named),
        facts={"edition": number, "mark": edition["mark"], **counts},
    )
