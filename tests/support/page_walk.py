"""Walks through the pages of a list, from one end to the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from schema.graph.catalog import plural
from schema.model.registry import nouns
from tests.support.databases import Store

LISTS = {plural(name): noun for name, noun in nouns().items() if name != "Passage"}
PAGE = "nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"


def pages(store: Store, listing: str, **variables: Any) -> Iterator[list[str]]:
    """The ids of each page of a list, from one end to the other."""
    step, cursor = ("last", "before") if "last" in variables else ("first", "after")
    name = LISTS[listing].__name__
    query = f"""query(
        ${step}: Int, ${cursor}: String, $where: {name}Where, $order: [{name}Order!]) {{
      page: {listing}({step}: ${step}, {cursor}: ${cursor}, where: $where, orderBy: $order)
      {{ {PAGE} }} }}"""
    yield from turned(store, query, lambda data: data["page"], **variables)


def turned(store: Store, query: str, found: Any, **variables: Any) -> Iterator[list[str]]:
    """The ids of each page, for a query that takes the size and the cursor as variables."""
    forward = "last" not in variables
    while True:
        page = found(store.ask(query, **variables))
        info, ids = page["pageInfo"], [node["id"] for node in page["nodes"]]
        yield ids
        assert info["hasPreviousPage" if forward else "hasNextPage"] is (
            ("after" if forward else "before") in variables
        )
        if not info["hasNextPage" if forward else "hasPreviousPage"]:
            return
        variables["after" if forward else "before"] = info[
            "endCursor" if forward else "startCursor"
        ]


def walked(store: Store, listing: str, **variables: Any) -> list[str]:
    """The ids of all pages, in the order of the list."""
    found = list(pages(store, listing, **variables))
    return [*chain(*(found if "first" in variables else reversed(found)))]
