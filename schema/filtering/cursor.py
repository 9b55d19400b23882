"""Keyset cursors: how they are written, and read for the list and order they belong to."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from typing import Any

import orjson
import sqlalchemy as sa

from schema.errors import CursorError, InputError
from schema.filtering.keyset import OrderKey
from schema.filtering.page import Page
from schema.storage.sql import base64url


def scope_of(field: str, keys: list[OrderKey]) -> str:
    """The list that a cursor belongs to, and its order."""
    return f"{field}:" + ",".join(f"{key.name}{'-' if key.descending else '+'}" for key in keys)


def encode(scope: str, values: list[Any], edition: int | None) -> str:
    """A cursor: the list it belongs to, the key values of a row, and the edition read."""
    return _serialized([scope, values, edition])


def _serialized(parts: Any) -> str:
    return str(base64url(orjson.dumps(parts)))


def decode(cursor: str, field: str, keys: list[OrderKey]) -> tuple[list[Any], int | None]:
    """The key values and the edition in a cursor; CursorError when it is not for this list."""
    try:
        decoded = _parsed(cursor, validate=True)
        scope, values, edition = decoded
        if _serialized(decoded) != cursor or not isinstance(scope, str):
            raise ValueError("not the form this API writes")
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise CursorError(cursor) from error
    if scope != scope_of(field, keys) or not isinstance(values, list) or len(values) != len(keys):
        raise CursorError(cursor, "belongs to another list or order")
    typed = [_typed(key, value, cursor) for key, value in zip(keys, values, strict=True)]
    return typed, edition if isinstance(edition, int) else None


def _parsed(cursor: str, *, validate: bool) -> Any:
    padded = cursor + "=" * (-len(cursor) % 4)
    return json.loads(base64.b64decode(padded, altchars=b"-_", validate=validate))


def cursor_edition(cursor: str) -> int | None:
    """The edition that a cursor goes on reading, if it carries one."""
    try:
        edition = _parsed(cursor, validate=False)[2]
    except (ValueError, TypeError, IndexError, KeyError, RecursionError):
        return None
    return edition if isinstance(edition, int) and not isinstance(edition, bool) else None


def _typed(key: OrderKey, value: Any, cursor: str) -> Any:
    """A key value as the database takes it; CursorError where it is of another type."""
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


def cursor_values(page: Page, scope: str, keys: list[OrderKey], as_of: int | None) -> list[Any]:
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
