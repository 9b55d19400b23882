"""Statements of PostgreSQL that fail where their rows have too many bytes."""

from __future__ import annotations

from collections.abc import Sequence

MANY = 512
"""How many rows of a page share the bytes of an answer, so that they need not be added up."""


class Bounded:
    """A statement of PostgreSQL that fails where its rows have more bytes than one more value says.

    Its driver would hold all rows before anybody could count them. What fails is a text longer than
    any may be, so that the error is the one of a value that is too large by itself.
    """

    __slots__ = ("quick", "text")

    def __init__(self, text: str, width: int, place: int, large: Sequence[int]) -> None:
        names = ", ".join(f"c{at}" for at in range(width))
        # Without the offset PostgreSQL would work out each row twice.
        rows = f"(SELECT * FROM ({text}) AS s OFFSET 0) AS r ({names})"  # noqa: S608  # all is ours
        total = "sum(pg_column_size(r)) OVER (ROWS UNBOUNDED PRECEDING) AS bytes"
        counted = f"(SELECT r.*, {total} FROM {rows}) AS r"  # noqa: S608
        self.text = _failing(names, counted, "bytes", f"${place}::BIGINT")
        self.quick: str | None = None
        """The same for rows of which each has no more than its share of MANY, which costs less.

        Only where no more rows than on a page may come.
        """
        if large:
            bytes = " + ".join(f"octet_length(c{at})" for at in large)
            self.quick = _failing(names, rows, bytes, f"${place}::BIGINT / {MANY}")


def _failing(names: str, rows: str, bytes: str, most: str) -> str:
    """A statement that fails at a row of too many bytes, but not before it is reached."""
    failing = f"repeat(' ', greatest({bytes}, 2147483647)::INTEGER) = ''"
    test = f"CASE WHEN ({bytes}) > {most} THEN {failing} ELSE true END"
    return f"SELECT {names} FROM {rows} WHERE {test}"  # noqa: S608  # all of it is ours
