"""Arguments of a page: how many, which way, from which cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from schema.errors import PageError

T = TypeVar("T")


@dataclass(frozen=True)
class PageSize:
    """How many records a page holds."""

    default: int = 20
    ceiling: int = 100


@dataclass(frozen=True)
class Page:
    """The rows of an ordered list that are selected."""

    size: int
    forward: bool
    cursor: str | None

    def slice(self, rows: Sequence[T]) -> tuple[Sequence[T], bool]:
        """The page in the order of its list, of the rows that were read, and whether more follow.

        They come in the direction of reading, one more than the page holds where there is one.
        """
        page = rows[: self.size]
        return page if self.forward else page[::-1], len(rows) > self.size

    def info(self, start: str | None, end: str | None, more: bool) -> dict[str, Any]:
        """What `pageInfo` holds, by the cursors of its ends."""
        return {
            "hasNextPage": more if self.forward else self.cursor is not None,
            "hasPreviousPage": self.cursor is not None if self.forward else more,
            "startCursor": start,
            "endCursor": end,
        }


def page_of(arguments: dict[str, Any], sizes: PageSize) -> Page:
    """The page that `first`, `after`, `last` and `before` ask for; PageError for nonsense."""
    first, last = arguments.get("first"), arguments.get("last")
    after, before = arguments.get("after"), arguments.get("before")
    if first is not None and last is not None:
        raise PageError("`first` and `last` together have no meaning. Give one of them.")
    if (last is not None and after is not None) or (first is not None and before is not None):
        raise PageError("`first` goes with `after`, and `last` with `before`.")
    if after is not None and before is not None:
        raise PageError("`after` and `before` together have no meaning. Give one of them.")
    name = "last" if last is not None else "first"
    size = next((n for n in (first, last) if n is not None), sizes.default)
    if size < 0:
        raise PageError(f"`{name}: {size}` is negative. Ask for 0 to {sizes.ceiling} records.")
    if size > sizes.ceiling:
        raise PageError(
            f"`{name}: {size}` is over the ceiling of {sizes.ceiling} records a page. "
            "Ask for fewer, and go on with `after: endCursor`."
        )
    forward = _is_forward(arguments)
    return Page(size, forward, after if forward else before)


class PageDirection(NamedTuple):
    """Which way a list is paged, whatever the size of the page and its cursor come to."""

    forward: bool
    has_cursor: bool


def direction_of(arguments: dict[str, Any]) -> PageDirection:
    """The direction of a page whose arguments may be parameters; which are null is known."""
    forward = _is_forward(arguments)
    return PageDirection(forward, arguments.get("after" if forward else "before") is not None)


def _is_forward(arguments: dict[str, Any]) -> bool:
    return arguments.get("last") is None and arguments.get("before") is None
