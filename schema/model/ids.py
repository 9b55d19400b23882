"""Ids: one id, one content, one type.

An id begins with what it is of. What was read as of an edition carries the edition, and what
depends on a question carries the question.
"""

from __future__ import annotations

import hashlib
import json
import re
from enum import Enum
from typing import Any

MARK = "@"
"""Stands between what is meant and the edition it was read at."""
QUESTION = "?"
"""Stands before the question that something depends on."""
_QUALIFIED = re.compile(rf"(.+){MARK}([1-9][0-9]{{0,8}})", re.DOTALL)
_HEAD = re.compile("[^#?:]*")
"""What an id begins with; behind it stand a field, a question, a value of a side."""
READABLE = 160
"""How many characters of a question are written out; more become a digest."""


def prefix(id: str) -> str:
    """What an id begins with, which tells its type: `party` of `party/poland`."""
    return id.partition("/")[0]


def qualified(id: str, edition: int | None) -> str:
    """An id as of an edition: `party/poland@2`, `procurement/x@2#quantity`; None is the newest.

    One that names its edition anyway, as that of a citation does, stays as it is.
    """
    head = _HEAD.match(id)
    if edition is None or head is None or MARK in head[0]:
        return id
    return f"{head[0]}{MARK}{edition}{id[head.end() :]}"


def split(id: str) -> tuple[str, int | None]:
    """What an id means, and the edition it carries; None where it carries none."""
    head = _HEAD.match(id)
    assert head is not None, "it may be empty"
    match = _QUALIFIED.fullmatch(head[0])
    return (match[1] + id[head.end() :], int(match[2])) if match else (id, None)


def unqualified(id: str) -> str:
    """An id without the edition it was read at."""
    return split(id)[0]


def dependent(id: str, **question: Any) -> str:
    """The id of what depends on a question: in JSON behind `?`, or as a digest where it is long.

    What is None is no part of the question, and where nothing is left the id stays as it is.
    """
    given = {name: part for name, part in question.items() if part is not None}
    if not given:
        return id
    text = json.dumps(
        given, default=_plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )
    if len(text) > READABLE:
        text = hashlib.sha256(text.encode()).hexdigest()[:32]
    return f"{id}{QUESTION}{text}"


def _plain(part: Any) -> Any:
    """A part of a question that JSON has no form for: a choice, a day, a sum."""
    return part.value if isinstance(part, Enum) else str(part)
