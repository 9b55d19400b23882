"""Pages and value objects, as the plain graph makes them."""

from __future__ import annotations

from typing import Any

import strawberry

from schema.model.values import Money, PartialDate


def date_of(row: Any, name: str) -> PartialDate | None:
    """A partial date out of its columns."""
    names = ("stated", "edtf", "earliest", "latest", "precision")
    parts = {part: getattr(row, f"{name}_{part}") for part in names}
    return None if all(part is None for part in parts.values()) else PartialDate(**parts)


def money_of(row: Any, name: str) -> Money | None:
    """A sum of money out of its columns."""
    names = ("stated", "minimum", "maximum", "currency", "scope")
    parts = {part: getattr(row, f"{name}_{part}") for part in names}
    return None if all(part is None for part in parts.values()) else Money(**parts)


@strawberry.type
class PageInfo:
    """Where a page ends, and whether there is more."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


def told(cursors: list[str], more: bool, before: bool = False) -> PageInfo:
    """What a page tells of itself."""
    ends = (cursors[0], cursors[-1]) if cursors else (None, None)
    return PageInfo(
        has_next_page=more, has_previous_page=before, start_cursor=ends[0], end_cursor=ends[1]
    )
