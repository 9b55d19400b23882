"""Pages cut from lists in memory: orders, cursors and the mistakes one can make with them."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schema.errors import CursorError, InputError, PageError
from schema.filtering.expressions import PREFIX_LENGTH
from schema.model.registry import nouns
from schema.model.values import Money, PartialDate
from tests.oracle.rows import Row

DEFAULT, CEILING = 20, 100


@dataclass(frozen=True)
class Step:
    """One step of an order: its name, what it compares of a row, its direction and its kind."""

    name: str
    value: Callable[[Row], Any]
    falls: bool
    kind: type


def order_names(noun: str) -> list[str]:
    """What the records of a noun can be ordered by."""
    kind = nouns()[noun]
    titled = ["TITLE"] if "title" in kind.model_fields else []
    return ["ID", *titled, "EDITION", *(name.upper() for name in kind.declared.values)]


def steps_of(noun: str, order: Sequence[Mapping[str, Any]] | None) -> list[Step]:
    """The order of a list, ending in the id, so that no two rows stand at one place."""
    if noun == "Edition":
        return [Step("NUMBER", lambda row: row["number"], bool(order), int)]
    steps: list[Step] = []
    for asked in order or ():
        if all(step.name != asked["field"] for step in steps):
            steps.append(_step(noun, asked["field"], asked.get("direction") == "DESC"))
    if all(step.name != "ID" for step in steps):
        steps.append(_step(noun, "ID", len(steps) == 1 and steps[0].falls))
    return [part for step in steps for part in _parts(step)]


def _parts(step: Step) -> list[Step]:
    """A step as cursors have it: titles go by their beginnings first, as the index holds them."""
    if step.name != "TITLE":
        return [step]
    return [Step("BEGINNING", lambda row: row["title"][:PREFIX_LENGTH], step.falls, str), step]


def _step(noun: str, name: str, falls: bool) -> Step:
    plain = {"ID": ("id", str), "TITLE": ("title", str), "EDITION": ("since", int)}
    if name in plain:
        column, kind = plain[name]
        return Step(name, lambda row: row[column], falls, kind)
    declared = nouns()[noun].declared.values[name.lower()]
    if declared.kind is PartialDate:
        column, kind = f"{name.lower()}_earliest", datetime.date
        last: Any = datetime.date(1, 1, 1) if falls else datetime.date(9999, 12, 31)
    else:
        column, kind = f"{name.lower()}_minimum", int
        last = -(2**62) if falls else 2**62
    scale = 1000 if declared.kind is Money else 1

    def value(row: Row) -> Any:
        held = row[column]
        if held is None:
            return last
        return held if kind is datetime.date else int(held * scale)

    return Step(name, value, falls, kind)


def steps_of_relation(noun: str, order: Sequence[str]) -> list[Step]:
    """The order of a relation's pages, by columns; null stands first."""
    return [rising(name.removeprefix("-"), noun, falls=name.startswith("-")) for name in order]


def rising(name: str, noun: str | None = None, *, kind: type = str, falls: bool = False) -> Step:
    """A step by what rows hold under a name, of the kind that the column of a noun has."""
    if noun is not None:
        told = nouns()[noun].model_fields[name].annotation
        kind = int if told in (int, int | None) else str
    return Step(name.upper(), lambda row: "" if row[name] is None else row[name], falls, kind)


def is_before(steps: Sequence[Step], one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether one place comes before another."""
    for step, mine, its in zip(steps, one, other, strict=True):
        if mine != its:
            return bool(mine > its) if step.falls else bool(mine < its)
    return False


def in_order(steps: Sequence[Step], rows: Sequence[Row]) -> list[Row]:
    """The rows from first to last."""
    found = list(rows)
    for step in reversed(steps):
        found.sort(key=step.value, reverse=step.falls)
    return found


def scope_of(field: str, steps: Sequence[Step]) -> str:
    """The list that a cursor belongs to, with its order."""
    return f"{field}:" + ",".join(f"{step.name}{'-' if step.falls else '+'}" for step in steps)


def written(parts: Any) -> str:
    """A cursor."""
    data = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(data.encode()).decode().rstrip("=")


def cursor_of(field: str, steps: Sequence[Step], row: Row, as_of: int | None) -> str:
    """Where a row stands in a list."""
    values = [step.value(row) for step in steps]
    plain = [value.isoformat() if isinstance(value, datetime.date) else value for value in values]
    return written([scope_of(field, steps), plain, as_of])


def edition_in(cursor: str) -> int | None:
    """The edition that a cursor carries, however little else of it makes sense."""
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[2]
    except (ValueError, TypeError, IndexError, KeyError):
        return None
    return told if type(told) is int else None


def _place(cursor: str, field: str, steps: Sequence[Step], as_of: int | None) -> list[Any]:
    """The place that a cursor names in a list."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        told = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        scope, values, edition = told
        ours = written(told) == cursor and isinstance(scope, str)
    except (ValueError, TypeError, binascii.Error) as error:
        raise CursorError(cursor) from error
    if not ours:
        raise CursorError(cursor)
    if scope != scope_of(field, steps) or not isinstance(values, list) or len(values) != len(steps):
        raise CursorError(cursor, "belongs to another list or order")
    place = [_typed(step, value, cursor) for step, value in zip(steps, values, strict=True)]
    if isinstance(edition, int) and edition != as_of:
        raise InputError(
            f"The cursor goes on reading edition {edition}. "
            f"Ask for that one: `asOf: {{edition: {edition}}}`."
        )
    return place


def _typed(step: Step, value: Any, cursor: str) -> Any:
    if step.kind is datetime.date:
        try:
            return datetime.date.fromisoformat(value)
        except (ValueError, TypeError) as error:
            raise CursorError(cursor) from error
    good = type(value) is step.kind
    if good and step.kind is int:
        good = abs(value) <= 2**63 - 1
    if good and step.kind is str:
        good = "\x00" not in value
    if not good:
        raise CursorError(cursor)
    return value


def size_of(arguments: Mapping[str, Any]) -> int:
    """How many rows a page is to hold; of several mistakes in a list this one is told first."""
    first, last = arguments.get("first"), arguments.get("last")
    after, before = arguments.get("after"), arguments.get("before")
    if first is not None and last is not None:
        raise PageError("`first` and `last` together have no meaning. Give one of them.")
    if (last is not None and after is not None) or (first is not None and before is not None):
        raise PageError("`first` goes with `after`, and `last` with `before`.")
    if after is not None and before is not None:
        raise PageError("`after` and `before` together have no meaning. Give one of them.")
    name = "last" if last is not None else "first"
    size = first if first is not None else last if last is not None else DEFAULT
    if size < 0:
        raise PageError(f"`{name}: {size}` is negative. Ask for 0 to {CEILING} records.")
    if size > CEILING:
        raise PageError(
            f"`{name}: {size}` is over the ceiling of {CEILING} records a page. "
            "Ask for fewer, and go on with `after: endCursor`."
        )
    return size


def page(
    field: str,
    steps: Sequence[Step],
    rows: Sequence[Row],
    arguments: Mapping[str, Any],
    as_of: int | None,
) -> dict[str, Any]:
    """The rows of a page, their cursors, and all else that a connection tells of itself."""
    size = size_of(arguments)
    after, before = arguments.get("after"), arguments.get("before")
    backward = arguments.get("last") is not None or before is not None
    cursor = before if backward else after
    kept = in_order(steps, rows)
    if cursor is not None:
        place = _place(cursor, field, steps, as_of)
        places = [(row, [step.value(row) for step in steps]) for row in kept]
        kept = [
            row
            for row, own in places
            if (is_before(steps, own, place) if backward else is_before(steps, place, own))
        ]
    more = len(kept) > size
    kept = (kept[-size:] if size else []) if backward else kept[:size]
    cursors = [cursor_of(field, steps, row, as_of) for row in kept]
    return {
        "rows": kept,
        "cursors": cursors,
        "pageInfo": {
            "hasNextPage": cursor is not None if backward else more,
            "hasPreviousPage": more if backward else cursor is not None,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
        "totalCount": len(rows),
    }
