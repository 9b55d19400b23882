"""Pages: order, keyset cursors in both directions, and how large a page may be."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
import strawberry

from schema.database import base64url
from schema.errors import CursorError, InputError, PageError
from schema.lookup import beginning, bounds
from schema.noun import Versioned, camel, once


@dataclass(frozen=True)
class PageSize:
    """How many records a page holds."""

    default: int = 20
    ceiling: int = 100


@strawberry.enum(description="Which end of an order comes first.")
class OrderDirection(Enum):
    ASC = strawberry.enum_value("ASC", description="The least first.")
    DESC = strawberry.enum_value("DESC", description="The greatest first.")


@once
def order_columns(noun: type[Versioned]) -> dict[str, str]:
    """What a noun can be ordered by: the name in the graph, and the column or value."""
    found = {"ID": "id"}
    if "title" in noun.model_fields:
        found["TITLE"] = "title"
    found["EDITION"] = "since"
    return found | {name.upper(): name for name in noun.declared.values}


@once
def order_input(noun: type[Versioned]) -> type:
    """The input that orders a noun."""
    texts = {
        "ID": "By id.",
        "TITLE": "By title, in code point order.",
        "EDITION": "By the edition that wrote it.",
    }
    options = {
        name: strawberry.enum_value(
            name,
            description=texts.get(
                name, f"By the lower bound of `{camel(name.lower())}`; without one, last."
            ),
        )
        for name in order_columns(noun)
    }
    choices: Any = Enum  # called as a function, with members that only exist at run time
    field = strawberry.enum(
        choices(f"{noun.__name__}OrderField", options),
        description=f"What {noun.__name__} records can be ordered by.",
    )
    made = type(
        f"{noun.__name__}Order",
        (),
        {
            "__annotations__": {"field": field, "direction": OrderDirection},
            "field": strawberry.field(description="What to order by."),
            "direction": strawberry.field(
                default=OrderDirection.ASC, description="Which end comes first."
            ),
        },
    )
    return strawberry.input(
        made, description=f"One step of an order of {noun.__name__} records; ties are broken by id."
    )


@dataclass(frozen=True)
class Key:
    """One step of an order: an expression that is never null, and its direction."""

    name: str
    expression: sa.ColumnElement[Any]
    descending: bool


def keys_of(
    noun: type[Versioned], table: sa.FromClause, order: list[dict[str, Any]] | None
) -> list[Key]:
    """The order of a page, ending in the id, so that it is total."""
    keys: list[Key] = []
    steps: dict[str, bool] = {}
    for step in order or []:
        name = getattr(step["field"], "value", step["field"])
        # The first word on a field is the last.
        steps.setdefault(name, getattr(step["direction"], "value", step["direction"]) == "DESC")
    steps.setdefault("ID", len(steps) == 1 and next(iter(steps.values())))
    for name, descending in steps.items():
        column = order_columns(noun)[name]
        if column in noun.declared.values:
            found = bounds(table, column, noun.declared.values[column].kind)
            if descending:
                keys.append(Key(name, found.falling, True))
            else:
                keys.append(Key(name, found.rising, False))
            continue
        if name == "TITLE":
            # The index holds the beginnings of titles; the whole ones order what begins alike.
            keys.append(Key("BEGINNING", beginning(table.c.title), descending))
        keys.append(Key(name, table.c[column], descending))
    return keys


def beyond(keys: list[Key], values: list[Any], forward: bool) -> sa.ColumnElement[bool]:
    """The rows after (or before) the row with these key values."""
    whole, first = _beyond(keys, values, forward), keys[0]
    if isinstance(first.expression, sa.Column):
        return whole
    # SQLite finds its way in an index of columns by row values, in one of expressions by the first.
    value = sa.literal(values[0], first.expression.type)
    down = first.descending is forward
    return sa.and_(first.expression <= value if down else first.expression >= value, whole)


def _beyond(keys: list[Key], values: list[Any], forward: bool) -> sa.ColumnElement[bool]:
    downs = {key.descending for key in keys}
    if len(downs) == 1:
        left = sa.tuple_(*(key.expression for key in keys))
        right = sa.tuple_(
            *(
                sa.literal(value, key.expression.type)
                for key, value in zip(keys, values, strict=True)
            )
        )
        return left < right if downs.pop() is forward else left > right
    cases = []
    for index, key in enumerate(keys):
        same = [
            keys[i].expression == sa.literal(values[i], keys[i].expression.type)
            for i in range(index)
        ]
        value = sa.literal(values[index], key.expression.type)
        cases.append(
            sa.and_(
                *same,
                key.expression < value if key.descending is forward else key.expression > value,
            )
        )
    return sa.or_(*cases)


@dataclass(frozen=True)
class Page:
    """Which rows of an ordered list are asked for."""

    size: int
    forward: bool
    cursor: str | None

    def facts(self, cursors: Sequence[str | None], more: bool) -> dict[str, Any]:
        """What `pageInfo` tells, when more rows were found than the page holds or not."""
        return {
            "hasNextPage": more if self.forward else self.cursor is not None,
            "hasPreviousPage": self.cursor is not None if self.forward else more,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
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
    cursor = after if forward else before
    return Page(size, forward, cursor)


class PageDirection(NamedTuple):
    """Which way a list is paged, whatever the size of the page and its cursor come to."""

    forward: bool
    has_cursor: bool


def direction_of(arguments: dict[str, Any]) -> PageDirection:
    """The direction of a page, whose arguments may be late: which of them are null is known."""
    forward = _is_forward(arguments)
    return PageDirection(forward, arguments.get("after" if forward else "before") is not None)


def _is_forward(arguments: dict[str, Any]) -> bool:
    return arguments.get("last") is None and arguments.get("before") is None


def scope_of(field: str, keys: list[Key]) -> str:
    """The list that a cursor belongs to, and its order."""
    return f"{field}:" + ",".join(f"{key.name}{'-' if key.descending else '+'}" for key in keys)


def encode(scope: str, values: list[Any], edition: int | None) -> str:
    """A cursor: the list it belongs to, the key values of a row, and the edition read."""
    return _written([scope, values, edition])


def _written(parts: Any) -> str:
    """The one way in which a cursor is written."""
    return str(base64url(orjson.dumps(parts)))


def decode(cursor: str, field: str, keys: list[Key]) -> tuple[list[Any], int | None]:
    """The key values and the edition in a cursor; CursorError when it is not for this list."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        told = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        scope, values, edition = told
        if _written(told) != cursor or not isinstance(scope, str):
            raise ValueError("not the form this API writes")
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise CursorError(cursor) from error
    if scope != scope_of(field, keys) or not isinstance(values, list) or len(values) != len(keys):
        raise CursorError(cursor, "belongs to another list or order")
    return [
        _typed(key, value, cursor) for key, value in zip(keys, values, strict=True)
    ], edition if isinstance(edition, int) else None


def cursor_edition(cursor: str) -> int | None:
    """The edition that a cursor goes on reading, if it carries one."""
    try:
        edition = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[2]
    except (ValueError, TypeError, IndexError, KeyError, RecursionError):
        return None
    return edition if isinstance(edition, int) and not isinstance(edition, bool) else None


def _typed(key: Key, value: Any, cursor: str) -> Any:
    kind = key.expression.type
    try:
        if isinstance(kind, sa.Date):
            return datetime.date.fromisoformat(value)
        if isinstance(kind, sa.BigInteger):
            if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**63 - 1:
                raise ValueError
            return value
        if not isinstance(value, str) or "\x00" in value:
            raise ValueError
    except (ValueError, TypeError) as error:
        raise CursorError(cursor) from error
    return value


def cursor_values(page: Page, scope: str, keys: list[Key], as_of: int | None) -> list[Any]:
    """The key values of the cursor of a page, if it has one; it must be of the edition read."""
    if page.cursor is None:
        return []
    values, edition = decode(page.cursor, scope, keys)
    if edition is not None and edition != as_of:
        raise InputError(
            f"The cursor goes on reading edition {edition}. "
            f"Ask for that one: `asOf: {{edition: {edition}}}`."
        )
    return values


def ordered(keys: list[Key], forward: bool) -> list[sa.ColumnElement[Any]]:
    """The keys in the direction in which a page is read."""
    return [
        key.expression.desc() if key.descending is forward else key.expression.asc() for key in keys
    ]
