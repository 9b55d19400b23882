"""Pages: order, keyset cursors in both directions, and how large a page may be."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from dataclasses import dataclass
from enum import Enum
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.errors import CursorError, InputError, PageError
from schema.noun import Versioned, camel, once
from schema.value import PartialDate, parts


@dataclass(frozen=True)
class PageSize:
    """How many records a page holds."""

    default: int = 20
    ceiling: int = 100


@strawberry.enum(description="Which end of an order comes first.")
class OrderDirection(Enum):
    ASC = strawberry.enum_value("ASC", description="The least first.")
    DESC = strawberry.enum_value("DESC", description="The greatest first.")


_LAST_DAY = datetime.date(9999, 12, 31)
_FIRST_DAY = datetime.date(1, 1, 1)


@once
def order_columns(noun: type[Versioned]) -> dict[str, str]:
    """What a noun can be ordered by: the name in the graph and the column."""
    found = {"ID": "id"}
    if "title" in noun.model_fields:
        found["TITLE"] = "title"
    found["EDITION"] = "since"
    for name, value in noun.declared.values.items():
        low = "earliest" if value.kind is PartialDate else "minimum"
        assert low in parts(value.kind)
        found[name.upper()] = f"{name}_{low}"
    return found


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
    for step in order or []:
        name = getattr(step["field"], "value", step["field"])
        if any(key.name == name for key in keys):
            continue  # the first word on a field is the last
        descending = getattr(step["direction"], "value", step["direction"]) == "DESC"
        column: sa.ColumnElement[Any] = table.c[order_columns(noun)[name]]
        if isinstance(column.type, sa.Date):
            far = _FIRST_DAY if descending else _LAST_DAY
            column = sa.func.coalesce(column, sa.literal(far, sa.Date))
        elif name not in ("ID", "TITLE", "EDITION"):
            column = sa.func.coalesce(
                sa.type_coerce(column, sa.BigInteger),
                sa.literal(-(2**62) if descending else 2**62, sa.BigInteger),
            )
        keys.append(Key(name, column, descending))
    if not any(key.name == "ID" for key in keys):
        keys.append(Key("ID", table.c.id, keys[0].descending if len(keys) == 1 else False))
    return keys


def beyond(keys: list[Key], values: list[Any], forward: bool) -> sa.ColumnElement[bool]:
    """The rows after (or before) the row with these key values."""
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

    def facts(self, cursors: list[str], more: bool) -> dict[str, Any]:
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
    forward = last is None and before is None
    cursor = after if forward else before
    return Page(size, forward, cursor)


def _scope(field: str, keys: list[Key]) -> str:
    return f"{field}:" + ",".join(f"{key.name}{'-' if key.descending else '+'}" for key in keys)


def encode(field: str, keys: list[Key], values: list[Any], edition: int | None) -> str:
    """A cursor: the key values of a row, the list it belongs to, and the edition read."""
    plain = [value.isoformat() if isinstance(value, datetime.date) else value for value in values]
    return _written([_scope(field, keys), plain, edition])


def _written(parts: Any) -> str:
    """The one way in which a cursor is written."""
    data = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(data.encode()).decode().rstrip("=")


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
    if scope != _scope(field, keys) or not isinstance(values, list) or len(values) != len(keys):
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


def after_cursor(
    page: Page, scope: str, keys: list[Key], as_of: int | None
) -> list[sa.ColumnElement[bool]]:
    """The rows beyond the cursor of a page, if it has one; it must be of the edition being read."""
    if page.cursor is None:
        return []
    values, edition = decode(page.cursor, scope, keys)
    if edition is not None and edition != as_of:
        raise InputError(
            f"The cursor goes on reading edition {edition}. "
            f"Ask for that one: `asOf: {{edition: {edition}}}`."
        )
    return [beyond(keys, values, page.forward)]


def ordered(keys: list[Key], forward: bool) -> list[sa.ColumnElement[Any]]:
    """The keys in the direction in which a page is read."""
    return [
        key.expression.desc() if key.descending is forward else key.expression.asc() for key in keys
    ]
