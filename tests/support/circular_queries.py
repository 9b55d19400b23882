"""Queries that go in circles: lists within lists, back to where they began."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from schema.build import build
from schema.graph.catalog import catalog, types
from schema.model.fields import Relation

CIRCLE = (
    "{ sources { nodes { passages(first: 100) { nodes { claim { source"
    " { passages(first: 100) { nodes { source { id text } } } } } } } } } }"
)
BACK = (
    "{ procurements { nodes { claims(first: 100) { nodes { record { claims(first: 100) { nodes"
    " { record { claims(first: 100) { nodes { source { id text } } } } } } } } } } } }"
)
"""What took four gigabytes of an unbounded server, and what was answered by 295 MB."""

SHORT = ("id", "title", "url", "__typename")


@cache
def followed(type: str) -> list[tuple[str, Relation]]:
    """The fields of a type that lead to other records."""
    build()
    return sorted(
        (name, field)
        for name, field in catalog[type].items()
        if isinstance(field, Relation) and field.target in catalog and field.target in types
    )


@st.composite
def circles(draw: st.DrawFn, deepest: int = 5) -> str:
    """One operation, in fields, aliases and fragments, that prefers lists to what ends."""
    build()
    fragments: list[str] = []

    def fields(type: str, depth: int) -> str:
        known = [name for name in SHORT if name in catalog[type] or name == "__typename"]
        asked = draw(st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True))
        ways = followed(type)
        if depth and ways:
            lists = [way for way in ways if not way[1].single and not way[1].required]
            for alias in ("", "x: ")[: draw(st.integers(1, 2))]:
                name, relation = draw(st.sampled_from(draw(st.sampled_from([ways, lists or ways]))))
                below = fields(relation.target, depth - 1)
                page = f"nodes {{ {below} }}" if relation.paged else below
                label = alias or f"{name}: "
                asked.append(f"{label}{name} {{ {page} }}")
        text = " ".join(asked)
        if draw(st.integers(0, 3)):
            return text
        fragments.append(f"fragment F{len(fragments)} on {type} {{ {text} }}")
        return f"...F{len(fragments) - 1}"

    root, type = draw(
        st.sampled_from(
            [
                ("sources", "Source"),
                ("procurements", "Procurement"),
                ("parties", "Party"),
                ("events", "Event"),
                ("agreements", "Agreement"),
            ]
        )
    )
    asked = f"{root}(first: 20) {{ nodes {{ {fields(type, draw(st.integers(1, deepest)))} }} }}"
    return " ".join([f"{{ {asked} }}", *fragments])
