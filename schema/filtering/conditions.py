"""Typed filters: the SQL that a `where` becomes."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import sqlalchemy as sa

from schema.errors import InputError
from schema.filtering.expressions import bounds, holds, is_known, is_one_of, is_text, starts_with
from schema.filtering.membership import members_of
from schema.model.editions import valid, varies
from schema.model.noun import Record, Versioned, camel
from schema.model.reflection import parent_of, plain_columns, references
from schema.model.registry import nouns, prefix_of, table_of
from schema.model.text import fold
from schema.model.traits import Trait, name_with
from schema.model.values import Money
from schema.storage.sql import key_in
from schema.storage.statement import constrain, then

CONDITIONS_CEILING = 100
NESTING_CEILING = 20
FAR = Decimal(10**16)
"""More money than any sum in the record."""


def condition(
    noun: type[Versioned], table: sa.FromClause, where: dict[str, Any] | None, as_of: Any
) -> sa.ColumnElement[bool]:
    """The SQL of a `where`; InputError when it holds more conditions than a database takes."""
    _check_size(where or {})
    return _conjunction(noun, table, where or {}, as_of)


def disjoint_conditions(
    noun: type[Versioned], table: sa.FromClause, where: dict[str, Any] | None, as_of: Any
) -> list[sa.ColumnElement[bool]]:
    """The same as conditions of which at most one holds for a row, each with its own index."""
    _check_size(where or {})
    for name, given in (where or {}).items():
        value = _values(noun).get(name)
        each = (
            _span_conditions(table, *value, given)
            if value is not None and given is not None
            else []
        )
        if len(each) > 1:
            others = {key: test for key, test in (where or {}).items() if key != name}
            rest = _conjunction(noun, table, others, as_of)
            return [sa.and_(rest, one) for one in each]
    return [_conjunction(noun, table, where or {}, as_of)]


def _check_size(where: dict[str, Any]) -> None:
    count = _condition_count(where)
    if count > CONDITIONS_CEILING:
        raise InputError(
            f"`where` holds {count} conditions and words of `text`. "
            f"Give at most {CONDITIONS_CEILING}; `in` takes a whole list as one."
        )


def _condition_count(where: dict[str, Any], depth: int = 0) -> int:
    """How many conditions a `where` holds, each word of a text being one."""
    if depth > NESTING_CEILING:
        raise InputError(f"`where` nests more than {NESTING_CEILING} conditions in one another.")
    count = 0
    for name, given in where.items():
        if given is None:
            continue
        if name in ("and", "or"):
            count += sum(1 + _condition_count(part, depth + 1) for part in given)
        elif name == "not":
            count += 1 + _condition_count(given, depth + 1)
        else:
            count += constrain(given, _count_words) if name == "text" else 1
    return count


def _count_words(text: str) -> int:
    return len(fold(text).split())


def _words(text: Any) -> list[Any]:
    """The folded words of a text, each late where the text is."""
    count = constrain(text, _count_words)

    def word(at: int) -> Any:
        return then(text, lambda given: fold(given).split()[at])

    return [word(at) for at in range(count)]


def _conjunction(
    noun: type[Versioned], table: sa.FromClause, where: dict[str, Any], as_of: Any
) -> sa.ColumnElement[bool]:
    """The conditions of a `where`, joined by AND."""
    found: list[sa.ColumnElement[bool]] = []
    for name, given in where.items():
        if given is None:
            continue
        if name == "and":
            found += [_conjunction(noun, table, part, as_of) for part in given]
        elif name == "or":
            found.append(
                sa.or_(sa.false(), *(_conjunction(noun, table, part, as_of) for part in given))
            )
        elif name == "not":
            # What is not known to hold does not hold; elsewhere a null does no harm.
            held = sa.func.coalesce(_conjunction(noun, table, given, as_of), sa.false())
            found.append(sa.not_(held))
        else:
            found.append(_field_condition(noun, table, name, given, as_of))
    return sa.and_(sa.true(), *found)


def _field_condition(
    noun: type[Versioned], table: sa.FromClause, name: str, given: Any, as_of: Any
) -> sa.ColumnElement[bool]:
    if name == "text":
        return sa.and_(sa.true(), *(holds(table.c.folded, word) for word in _words(given)))
    if name == "involves":
        return _link_condition(
            name_with(Trait.INVOLVEMENT),
            noun,
            table,
            as_of,
            "record_id",
            actor_id=members_of(given["actor"], as_of) if given.get("through") else given["actor"],
            role=given.get("role"),
        )
    if name == "claimedBy":
        owner = "record_id" if issubclass(noun, Record) else "element_id"
        return _link_condition(name_with(Trait.CLAIM), noun, table, as_of, owner, source_id=given)
    value = _values(noun).get(name)
    if value is not None:
        return sa.or_(*_span_conditions(table, *value, given))
    relations = {
        camel(key): relation for key, relation in {**references(noun), **parent_of(noun)}.items()
    }
    if name in relations:
        return _column_condition(table.c[relations[name].key], given)
    columns = {camel(column): column for column in plain_columns(noun)} | {"words": "text"}
    return _column_condition(table.c[columns[name]], given)


def _column_condition(
    column: sa.ColumnElement[Any], given: dict[str, Any]
) -> sa.ColumnElement[bool]:
    tests = [
        _operator_condition(column, operator, value)
        for operator, value in given.items()
        if value is not None
    ]
    return sa.and_(sa.true(), *tests)


def _operator_condition(
    column: sa.ColumnElement[Any], operator: str, value: Any
) -> sa.ColumnElement[bool]:
    if operator == "isKnown":
        return is_known(column) if value else sa.not_(is_known(column))
    if operator == "from":
        return sa.and_(column >= value)
    if operator == "until":
        return sa.and_(column <= value)
    if isinstance(column.type, sa.Text):
        return _text_condition(column, operator, value)
    return column.in_(dict.fromkeys(value)) if operator == "in" else sa.and_(column == value)


def _text_condition(
    column: sa.ColumnElement[Any], operator: str, value: Any
) -> sa.ColumnElement[bool]:
    """A test on a text or on an id; ids are short, and their indexes hold all of them."""
    if operator == "contains":
        return holds(column, value)
    if operator == "startsWith":
        return starts_with(column, value)
    if not column.foreign_keys:
        return is_one_of(column, value) if operator == "in" else is_text(column, value)
    return key_in(column, value) if operator == "in" else sa.and_(column == value)


def _values(noun: type[Versioned]) -> dict[str, tuple[str, Any]]:
    """The values that a span is asked of, by name: their columns and kinds."""
    values = noun.declared.values
    return {camel(column): (column, value.kind) for column, value in values.items()}


def _span_conditions(
    table: sa.FromClause, name: str, kind: Any, given: dict[str, Any]
) -> list[sa.ColumnElement[bool]]:
    """A test on a value, as conditions of which at most one holds."""
    held = bounds(table, name, kind)
    tests: list[sa.ColumnElement[bool]] = []
    start, end, known = given.get("from"), given.get("until"), given.get("isKnown")
    if kind is Money:
        start = then(start, lambda sum: _hundredths(sum, ROUND_CEILING))
        end = then(end, lambda sum: _hundredths(sum, ROUND_FLOOR))
    if known is not None:
        tests.append(held.known if known else held.unbounded)
    if given.get("isStated") is not None:
        stated = table.c[f"{name}_stated"]
        tests.append(stated.is_not(None) if given["isStated"] else stated.is_(None))
    if given.get("currency") is not None:
        tests.append(table.c[f"{name}_currency"] == given["currency"])
    if start is None and end is None:
        return [sa.and_(sa.true(), *tests)]
    return [sa.and_(each, *tests) for each in held.spans(start, end)]


def _hundredths(sum: Decimal | None, rounding: str) -> int | None:
    """A bound of a span of money as sums are kept; one beyond all sums is moved in."""
    if sum is None:
        return None
    if not sum.is_finite():
        raise InputError(f"{sum} is no sum of money. Give a number, such as `6000000000.50`.")
    return int((max(min(sum, FAR), -FAR) * 100).to_integral_value(rounding))


def _link_condition(
    link: str,
    noun: type[Versioned],
    table: sa.FromClause,
    as_of: Any,
    owner: str,
    **equal: Any,
) -> sa.ColumnElement[bool]:
    """The records that a link leads to, found from the link's side by its index."""
    other = table_of(nouns()[link]).alias()
    tests = [
        key_in(other.c[name], value)
        if isinstance(value, sa.Select)
        else other.c[name].in_(dict.fromkeys(value))
        if isinstance(value, list)
        else other.c[name] == value
        for name, value in equal.items()
        if value is not None
    ]
    tests.append(valid(other, as_of))
    if varies(as_of):
        return sa.exists().where(other.c[owner] == table.c.id, *tests)
    prefix = prefix_of(noun)
    # The character after the slash ends the ids of one noun.
    own = sa.and_(other.c[owner] >= f"{prefix}/", other.c[owner] < f"{prefix}0")
    return table.c.id.in_(sa.select(other.c[owner]).where(own, *tests))
