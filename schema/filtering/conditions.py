"""Filter conditions: the SQL that a `where` becomes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import sqlalchemy as sa

from schema.errors import InputError
from schema.filtering.expressions import bounds, contains, equals, is_known, is_one_of, starts_with
from schema.filtering.membership import members_of
from schema.model.amounts import DIGITS, SCALE
from schema.model.editions import valid, varies
from schema.model.fields import FieldNameText
from schema.model.noun import Record, Versioned, camel
from schema.model.reflection import parent_of, plain_columns, references, roles_apart
from schema.model.registry import prefix_of, table_with
from schema.model.spelling import spellings
from schema.model.text import fold
from schema.model.traits import Trait
from schema.model.values import Money
from schema.storage.sql import key_in
from schema.storage.statement import constrain, members, then

CONDITIONS_CEILING = 100
NESTING_CEILING = 20
MOST_MONEY = Decimal(10**DIGITS)
"""More than any sum on record."""


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
    where = where or {}
    _check_size(where)
    for name, test in where.items():
        value = _values(noun).get(name)
        if value is None or test is None:
            continue
        spans = _span_conditions(table, *value, test)
        if len(spans) > 1:
            others = {key: other for key, other in where.items() if key != name}
            rest = _conjunction(noun, table, others, as_of)
            return [sa.and_(rest, span) for span in spans]
    return [_conjunction(noun, table, where, as_of)]


def _check_size(where: dict[str, Any]) -> None:
    count = _condition_count(where)
    if count > CONDITIONS_CEILING:
        raise InputError(
            f"`where` holds {count} conditions and words of `text`. "
            f"Give at most {CONDITIONS_CEILING}; `in` takes a whole list as one."
        )


def _condition_count(where: dict[str, Any], depth: int = 0) -> int:
    """The number of conditions in a `where`; each word of a text is one."""
    if depth > NESTING_CEILING:
        raise InputError(f"`where` nests more than {NESTING_CEILING} conditions in one another.")
    count = 0
    for name, test in where.items():
        if test is None:
            continue
        if name in ("and", "or"):
            count += sum(1 + _condition_count(part, depth + 1) for part in test)
        elif name == "not":
            count += 1 + _condition_count(test, depth + 1)
        else:
            count += constrain(test, _count_words) if name == "text" else _length(test)
    return count


def _length(test: Any) -> int:
    """How many conditions one test is: a list is one for each member."""
    return len(test) if isinstance(test, list) else 1


def _count_words(text: str) -> int:
    return len(fold(text).split())


def _words(text: Any) -> list[Sequence[Any]]:
    """The folded words of a text, each in all its spellings; parameters where the text is one."""
    words = members(then(text, lambda value: fold(value).split()))
    return [members(then(word, spellings)) for word in words]


def _conjunction(
    noun: type[Versioned], table: sa.FromClause, where: dict[str, Any], as_of: Any
) -> sa.ColumnElement[bool]:
    """The conditions of a `where`, joined by AND."""
    conditions: list[sa.ColumnElement[bool]] = []
    for name, test in where.items():
        if test is None:
            continue
        if name == "and":
            conditions += [_conjunction(noun, table, part, as_of) for part in test]
        elif name == "or":
            parts = [_conjunction(noun, table, part, as_of) for part in test]
            conditions.append(sa.or_(sa.false(), *parts))
        elif name == "not":
            # What is not known to hold does not hold; elsewhere a null does no harm.
            negated = sa.func.coalesce(_conjunction(noun, table, test, as_of), sa.false())
            conditions.append(sa.not_(negated))
        else:
            conditions.append(_field_condition(noun, table, name, test, as_of))
    return sa.and_(sa.true(), *conditions)


def _field_condition(
    noun: type[Versioned], table: sa.FromClause, name: str, test: Any, as_of: Any
) -> sa.ColumnElement[bool]:
    if name == "text":
        words = _words(test)
        stand = (sa.or_(*(contains(table.c.folded, form) for form in word)) for word in words)
        return sa.and_(sa.true(), *stand)
    apart = {camel(field): role.role for field, role in roles_apart(noun).items()}
    if name == "involves" or name in apart:
        parts = [
            _involvement_condition(noun, table, each, as_of, apart.get(name, each.get("role")))
            for each in test
        ]
        return sa.and_(sa.true(), *parts)
    if name == "claimedBy":
        owner = "record_id" if issubclass(noun, Record) else "element_id"
        claims = table_with(Trait.CLAIM).alias()
        return _link_condition(claims, noun, table, as_of, owner, source_id=test)
    value = _values(noun).get(name)
    if value is not None:
        return sa.or_(*_span_conditions(table, *value, test))
    relations = {**references(noun), **parent_of(noun)}
    columns = (
        {camel(column): column for column in plain_columns(noun)}
        | {"words": "text"}
        | {camel(field): relation.key for field, relation in relations.items()}
    )
    column = table.c[columns[name]]
    operators = [
        _operator_condition(column, operator, value)
        for operator, value in test.items()
        if value is not None
    ]
    return sa.and_(sa.true(), *operators)


def _involvement_condition(
    noun: type[Versioned], table: sa.FromClause, test: dict[str, Any], as_of: Any, role: Any
) -> sa.ColumnElement[bool]:
    """The records that name somebody, in a role, one of several, or any."""
    actor = test["actor"]
    actors = members_of(actor, as_of) if test.get("through") else actor
    links = table_with(Trait.INVOLVEMENT).alias()
    return _link_condition(links, noun, table, as_of, "record_id", actor_id=actors, role=role)


def _operator_condition(
    column: sa.ColumnElement[Any], operator: str, value: Any
) -> sa.ColumnElement[bool]:
    if isinstance(column.type, FieldNameText) and operator != "isKnown":
        value = [each.value for each in value] if operator == "in" else value.value
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
        return contains(column, value)
    if operator == "startsWith":
        return starts_with(column, value)
    if not column.foreign_keys:
        return is_one_of(column, value) if operator == "in" else equals(column, value)
    return key_in(column, value) if operator == "in" else sa.and_(column == value)


def _values(noun: type[Versioned]) -> dict[str, tuple[str, Any]]:
    """The value objects of a noun by their names in the graph: their columns and kinds."""
    values = noun.declared.values
    return {camel(column): (column, value.kind) for column, value in values.items()}


def _span_conditions(
    table: sa.FromClause, name: str, kind: Any, span: dict[str, Any]
) -> list[sa.ColumnElement[bool]]:
    """A test on a value object, as conditions of which at most one holds."""
    value = bounds(table, name, kind)
    tests: list[sa.ColumnElement[bool]] = []
    start, end = span.get("from"), span.get("until")
    if kind is Money:
        start = then(start, lambda sum: _thousandths(sum, ROUND_CEILING))
        end = then(end, lambda sum: _thousandths(sum, ROUND_FLOOR))
    if span.get("isKnown") is not None:
        tests.append(value.is_bounded if span["isKnown"] else value.is_unbounded)
    if span.get("isStated") is not None:
        stated = table.c[f"{name}_stated"]
        tests.append(stated.is_not(None) if span["isStated"] else stated.is_(None))
    if span.get("currency") is not None:
        tests.append(table.c[f"{name}_currency"] == span["currency"])
    if start is None and end is None:
        return [sa.and_(sa.true(), *tests)]
    return [sa.and_(overlap, *tests) for overlap in value.overlaps(start, end)]


def _thousandths(sum: Decimal | None, rounding: str) -> int | None:
    """A bound of a span of money in thousandths; one beyond all sums is moved in."""
    if sum is None:
        return None
    if not sum.is_finite():
        raise InputError(f"{sum} is no sum of money. Give a number, such as `6000000000.50`.")
    return int((max(min(sum, MOST_MONEY), -MOST_MONEY) * SCALE).to_integral_value(rounding))


def _link_condition(
    links: sa.FromClause,
    noun: type[Versioned],
    table: sa.FromClause,
    as_of: Any,
    owner: str,
    **values: Any,
) -> sa.ColumnElement[bool]:
    """The records with a link that has these values, found from the link's side by its index."""
    tests = [
        key_in(links.c[name], value)
        if isinstance(value, sa.Select)
        else links.c[name].in_(dict.fromkeys(value))
        if isinstance(value, list)
        else links.c[name] == value
        for name, value in values.items()
        if value is not None
    ]
    tests.append(valid(links, as_of))
    if varies(as_of):
        return sa.exists().where(links.c[owner] == table.c.id, *tests)
    prefix = prefix_of(noun)
    # The character after the slash ends the ids of one noun.
    of_noun = sa.and_(links.c[owner] >= f"{prefix}/", links.c[owner] < f"{prefix}0")
    return table.c.id.in_(sa.select(links.c[owner]).where(of_noun, *tests))
