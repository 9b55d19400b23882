"""Lists as a feed selects them, whether the graph has them whole or page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import get_named_type

from api.page.formatting import field_of


def listed(type: str, field: str, selection: str, first: int) -> str:
    """The selection of a list of a type; of a connection, its first nodes."""
    declared = field_of(type, field)
    is_paged = declared is not None and get_named_type(declared.type).name.endswith("Connection")
    if not is_paged:
        return f"{field} {{ {selection} }}"
    return f"{field}(first: {first}) {{ totalCount nodes {{ {selection} }} }}"


def nodes_of(value: Any) -> tuple[Sequence[Any], int]:
    """What such a list has, and how many there are in all."""
    if isinstance(value, Mapping):
        return value["nodes"], value["totalCount"]
    return value, len(value)
