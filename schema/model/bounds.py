"""Bounds: how many objects a field of the graph holds at most, declared where the field is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A count of rows for each of their owners, of which the record keeps the largest."""

    table: str
    """The table whose rows are counted, by its name in the database."""
    by: str | None = None
    """The column that names the owner of a row; without one all rows have the same."""
    where: tuple[tuple[str, Any], ...] = ()
    """Columns that must equal these values, or one of a tuple of them."""
    present: tuple[str, ...] = ()
    """Columns that must not be null."""
    distinct: str | None = None
    """The column whose values are counted, each once; the rows themselves when None."""
    every_version: bool = False
    """All versions of the rows are counted, not only the valid one."""
    amending: bool = False
    """Of the versions only those that follow another of the same row."""

    @cached_property
    def name(self) -> str:
        """What it is called in the database: `claim.record_id`."""
        tests = [f"{column}={_written(value)}" for column, value in self.where]
        parts = [f"{self.table}.{self.by or ''}", *tests, *self.present]
        parts += [f"distinct {self.distinct}"] if self.distinct else []
        parts += ["versions"] * self.every_version + ["amending"] * self.amending
        return " ".join(parts)


def _written(value: Any) -> str:
    return "|".join(value) if isinstance(value, tuple) else str(value)


Counted = tuple[Figure, str | None]
"""A figure, and the noun of the owners that are looked at; all of them when None."""


@dataclass(frozen=True)
class Term:
    """What one figure adds to a bound: for each row that it counts so many objects."""

    counted: tuple[Counted, ...]
    """Figures of which each owner has one: of a record that may be of several nouns."""
    times: int = 1


def term(figure: Figure, *nouns: str, times: int = 1) -> Term:
    """A term of a figure, of owners of these nouns; of any noun when none is named."""
    return Term(tuple((figure, noun) for noun in nouns) or ((figure, None),), times)


@dataclass(frozen=True)
class Bound:
    """The most objects that a field holds for each object that it is asked of."""

    number: int = 0
    """So many in any case."""
    terms: tuple[Term, ...] = ()
    """So many more, by what the record's figures say."""
    only_if: str | None = None
    """An argument; the terms count only where it is true."""
    argument: str | None = None
    """An argument that says how many: a number, or a list by its length."""
    ceiling: int | None = None
    """The most that the argument may ask for; the ceiling of pages when None."""
    listing: str | None = None
    """What the fields above have set that it is as many as: `page` or `keys`."""
    times: int = 1
    """How many times as many."""
    weight: int = 1
    """What each object counts; 0 where it is a part of the object that holds it."""
    is_owned: bool = False
    """Each object belongs to one owner, so that it stands twice only where the owner does."""
    is_shared: bool = False
    """The owners that the figures count may be the same for several objects."""
    reason: str = ""
    """Of a plain list: why it does not grow with the record."""
    choices: Mapping[str, int] | None = None
    """What each choice in the argument sets `keys` to together, where any choice sets `page`."""


PART = Bound(number=1, weight=0, is_owned=True)
"""One object that is a part of the one that holds it, such as a value object."""
ONE = Bound(number=1)
"""One object of its own."""


def uncounted(reason: str) -> Bound:
    """Parts with nothing below them, such as sums by currency."""
    return Bound(weight=0, reason=reason)


def figures(*terms: Term, number: int = 0, **more: Any) -> Bound:
    """As many as the record's figures say."""
    return Bound(number=number, terms=terms, **more)


def page_of(*terms: Term, number: int = 0, **more: Any) -> Bound:
    """A page, which holds no more than the record's figures say, whatever its arguments ask for."""
    return Bound(number=number, terms=terms, weight=0, **more)


def at_most(number: int, **more: Any) -> Bound:
    """A number that never changes."""
    return Bound(number=number, **more)


def by_argument(argument: str, ceiling: int | None = None, **more: Any) -> Bound:
    """As many as an argument says; on one object, how long the lists in it are."""
    return Bound(argument=argument, ceiling=ceiling, **more)


def listed(of: str, times: int = 1, **more: Any) -> Bound:
    """As many as a field above has set."""
    return Bound(listing=of, times=times, **more)
