"""Lookups: the forms in which filters and orders name columns, and the indexes that serve them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import Grouping

from schema.database import key_in
from schema.dossier import references
from schema.noun import Titled, Versioned, nouns, plain_columns, table_of
from schema.prepared import bound, settled, then
from schema.value import Money, PartialDate, Words

BEGINNING = 60
"""How many characters of a text its index holds: PostgreSQL refuses rows of over 2,700 bytes."""
LAST_CHARACTER = "\U0010ffff"


def beginning(text: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """What an index holds of a text; planners know the index by these very words."""
    start = sa.literal_column("1", sa.BigInteger)
    length = sa.literal_column(str(BEGINNING), sa.BigInteger)
    return sa.func.substr(text, start, length, type_=Words)


def is_known(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether a column holds anything, in the words of its index."""
    is_worded = isinstance(column.type, sa.Text) and not column.foreign_keys
    return (beginning(column) if is_worded else column).is_not(None)


def is_text(text: sa.ColumnElement[Any], given: Any) -> sa.ColumnElement[bool]:
    """Whether a text is another to the character."""
    # Told that the column equals a text, SQLite would forget the index of its beginning.
    rest = sa.func.substr(text, BEGINNING + 1) == bound(then(given, _rest), Words)
    return sa.and_(beginning(text) == then(given, _beginning), rest)


def is_one_of(text: sa.ColumnElement[Any], given: Any) -> sa.ColumnElement[bool]:
    """Whether a text is one of several."""
    begun = then(given, lambda texts: [then(each, _beginning) for each in texts])
    return sa.and_(key_in(beginning(text), begun), key_in(text, given))


def begins_with(text: sa.ColumnElement[Any], given: Any) -> sa.ColumnElement[bool]:
    """Whether a text begins with another, to the character."""
    held = beginning(text)
    length = bound(then(given, len), sa.Integer)
    return sa.and_(
        held >= then(given, _beginning),
        held <= then(given, lambda start: start[:BEGINNING].ljust(BEGINNING, LAST_CHARACTER)),
        sa.func.substr(text, 1, length) == bound(given, Words),
    )


def _beginning(text: str) -> str:
    return text[:BEGINNING]


def _rest(text: str) -> str:
    return text[BEGINNING:]


def holds(column: sa.ColumnElement[Any], part: Any) -> sa.ColumnElement[bool]:
    """Whether a text holds another, to the character, alike on both databases."""
    if not settled(part, bool):
        return column.is_not(None)
    without = sa.func.replace(column, bound(part, sa.Text), "")
    return sa.func.coalesce(without != column, sa.false())


@dataclass(frozen=True)
class Bounds:
    """The bounds of a value of a table, open ends filled in, as orders and spans look at them."""

    low: sa.ColumnElement[Any]
    high: sa.ColumnElement[Any]
    least: Any
    """Before all that can be."""
    most: Any
    """After all that can be."""

    @property
    def known(self) -> sa.ColumnElement[bool]:
        """Whether there is a bound at all."""
        return sa.or_(self.low.is_not(None), self.high.is_not(None))

    @property
    def unbounded(self) -> sa.ColumnElement[bool]:
        """That there is none, in the words of the index of what rises."""
        return sa.and_(self.rising == self.most, sa.not_(self.known))

    @property
    def rising(self) -> sa.ColumnElement[Any]:
        """The lower bound, last where there is none."""
        return _filled(self.low, self.most)

    @property
    def falling(self) -> sa.ColumnElement[Any]:
        """The lower bound, first where there is none, which is last from the greatest down."""
        return _filled(self.low, self.least)

    @property
    def begin(self) -> sa.ColumnElement[Any]:
        """The lower bound, open where only the upper one is known."""
        return sa.case((self.high.is_(None), self.low), else_=self.falling)

    @property
    def end(self) -> sa.ColumnElement[Any]:
        """The upper bound, open where only the lower one is known."""
        return sa.case((self.low.is_(None), self.high), else_=_filled(self.high, self.most))

    @property
    def is_wide(self) -> sa.ColumnElement[bool]:
        """Whether it may lie at more than one point, in the words of the index of those."""
        return self.begin != self.end

    def spans(self, start: Any, end: Any) -> list[sa.ColumnElement[bool]]:
        """Whether it may lie between two points, as tests of which at most one holds.

        Either end may be None, for no bound. What begins in between is found by where it begins,
        and what lasts until then from before, of which there is less, by where it ends.
        """
        begin, until = (sa.type_coerce(each, _kind(self.most)) for each in (self.begin, self.end))
        if start is None or end is None:
            tests = [until >= start] if start is not None else []
            return [sa.and_(*tests, *([begin <= end] if end is not None else []))]
        lasting = sa.and_(self.is_wide, until >= start, begin < start, begin <= end)
        return [sa.and_(begin >= start, begin <= end), lasting]


def _kind(far: Any) -> Any:
    return sa.Date() if isinstance(far, datetime.date) else sa.BigInteger()


def _filled(bound: sa.ColumnElement[Any], far: Any) -> sa.ColumnElement[Any]:
    """A bound, or what is far from all others; written out, as planners know the index by it."""
    told = f"'{far}'" if isinstance(far, datetime.date) else str(far)
    return sa.func.coalesce(bound, sa.literal_column(told), type_=_kind(far))


def bounds(table: sa.FromClause, name: str, kind: Any) -> Bounds:
    """The bounds of the value called name."""
    if kind is PartialDate:
        low, high = table.c[f"{name}_earliest"], table.c[f"{name}_latest"]
        return Bounds(low, high, datetime.date.min, datetime.date.max)
    low, high = table.c[f"{name}_minimum"], table.c[f"{name}_maximum"]
    return Bounds(low, high, -(2**62), 2**62)


def filtered(noun: type[Versioned]) -> list[str]:
    """The columns that a `where` tests: a source's whole text is left to the search of words."""
    return [name for name in plain_columns(noun) if (noun.__name__, name) != ("Source", "text")]


@cache
def declare_indexes() -> None:
    """Gives the table of each noun its indexes, which only migrations ask for."""
    for noun in nouns().values():
        _keep_one_valid(table_of(noun))
        for columns in _links(noun):
            _serve_link(table_of(noun), columns)
        if issubclass(noun, Titled):
            _serve_list(noun)


def _keep_one_valid(table: sa.Table) -> None:
    """Of the versions of a record one at most is valid."""
    valid = sa.text("until IS NULL")
    name = f"uq_{table.name}_current"
    sa.Index(name, table.c.id, unique=True, sqlite_where=valid, postgresql_where=valid)


def _links(noun: type[Versioned]) -> list[tuple[str, ...]]:
    """The columns by which other records, and filters of other nouns, find rows of this one."""
    columns = table_of(noun).c
    found = {*noun.found_by}
    for other in nouns().values():
        for relation in other.declared.relations.values():
            if relation.target == noun.__name__ and relation.by not in ("id", "since"):
                found.add((relation.by, "id") if relation.paged else (relation.by,))
            if relation.through and relation.through[0] == noun.__name__:
                found.add(relation.through[1:])
    for relation in noun.declared.relations.values():
        if relation.single and relation.by == "id" and relation.key in columns:
            found.add((relation.key,))
    for relation in references(noun).values():
        if columns[relation.key].nullable:
            # Of the records that lack a link there can be many, and a page wants them by id.
            found.add((relation.key, "id"))
    return sorted(
        each
        for each in found
        if not any(each != longer and each == longer[: len(each)] for longer in found)
    )


def _serve_link(table: sa.Table, names: tuple[str, ...]) -> None:
    columns = [table.c[name] for name in names]
    optional = [
        column.is_not(None) for column in columns[1:] if column.nullable and column.name != "until"
    ]
    _index(table, "_".join(names), columns, sa.and_(*optional) if optional else None)


def _serve_list(noun: type[Versioned]) -> None:
    """The indexes of the list of a noun, each ending in the id, by which pages are cut."""
    table = table_of(noun)
    _index(table, "since_id", [table.c.since, table.c.id])
    for name in filtered(noun):
        if name != "id":
            column = table.c[name]
            told = beginning(column) if isinstance(column.type, sa.Text) else column
            _index(table, f"{name}_id", [told, table.c.id])
    for name, value in noun.declared.values.items():
        found = bounds(table, name, value.kind)
        _index(table, f"{name}_rising", [found.rising, table.c.id])
        _index(table, f"{name}_falling", [found.falling, table.c.id])
        # PostgreSQL wants brackets around all that is no function.
        _index(table, f"{name}_begin", [Grouping(found.begin)])
        _index(table, f"{name}_end", [Grouping(found.end)])
        _index(
            table, f"{name}_lasting", [Grouping(found.end), Grouping(found.begin)], found.is_wide
        )
        if value.kind is Money:
            currency = table.c[f"{name}_currency"]
            _index(table, f"{name}_currency", [currency, table.c.id])
    _serve_pages(noun)


def _serve_pages(noun: type[Versioned]) -> None:
    """The indexes of what is asked most: the records of one kind that are dated in a span."""
    table = table_of(noun)
    for date in noun.dated_by[:1]:
        found = bounds(table, date, PartialDate)
        for name in filtered(noun):
            if isinstance(table.c[name].type, sa.Enum) and name != "title_origin":
                kind, begin, end = table.c[name], Grouping(found.begin), Grouping(found.end)
                _index(table, f"{name}_{date}_begin", [kind, begin, table.c.until])
                lasting = [kind, end, begin, table.c.until]
                _index(table, f"{name}_{date}_lasting", lasting, found.is_wide)


def _index(
    table: sa.Table,
    name: str,
    columns: Sequence[sa.ColumnElement[Any]],
    where: sa.ColumnElement[bool] | None = None,
) -> None:
    sa.Index(f"ix_{table.name}_{name}", *columns, sqlite_where=where, postgresql_where=where)
