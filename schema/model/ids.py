"""Ids: what was read as of an edition carries it, so that no id stands for two contents."""

from __future__ import annotations

import re

MARK = "@"
"""Stands between what is meant and the edition it was read at."""
_QUALIFIED = re.compile(rf"(.+){MARK}([1-9][0-9]{{0,8}})", re.DOTALL)
_HEAD = re.compile("[^#?:]*")
"""What an id begins with; behind it stand a field, a search, a value of a side."""


def prefix(id: str) -> str:
    """What an id begins with, which tells its noun: `party` of `party/poland`."""
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
    match = _QUALIFIED.fullmatch(id)
    return (match[1], int(match[2])) if match else (id, None)


def unqualified(id: str) -> str:
    """An id without the edition it was read at."""
    return split(id)[0]
