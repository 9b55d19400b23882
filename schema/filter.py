"""Typed filters: what `where` takes for each noun, and the SQL it becomes."""

from __future__ import annotations

import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import Enum
from functools import cache
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.circle import circle
from schema.database import key_in
from schema.dossier import references
from schema.edition import valid
from schema.errors import InputError
from schema.folding import fold
from schema.noun import Link, Record, Titled, Versioned, camel, nouns, once, plain_columns
from schema.value import Money, PartialDate, bare, list_of

CONDITIONS_CEILING = 100
NESTING_CEILING = 20
FAR = Decimal(10**16)
"""More money than any sum in the record."""


def _option(description: str, name: str | None = None) -> Any:
    return strawberry.field(default=strawberry.UNSET, description=description, name=name)


@strawberry.input(description="A test on an id; all its conditions hold.")
class IdMatch:
    eq: strawberry.ID | None = _option("Equals this id.")
    in_: list[strawberry.ID] | None = _option("Is one of these ids.", "in")
    is_known: bool | None = _option("Is set (true) or null (false).")


@strawberry.input(description="A test on a text; all its conditions hold.")
class TextMatch:
    eq: str | None = _option("Equals this text, to the character.")
    in_: list[str] | None = _option("Is one of these texts.", "in")
    contains: str | None = _option("Holds these characters, case and all.")
    starts_with: str | None = _option("Begins with these characters, case and all.")
    is_known: bool | None = _option("Is set (true) or null (false).")


@strawberry.input(description="A test on a yes or no; all its conditions hold.")
class FlagMatch:
    eq: bool | None = _option("Is just this.")
    is_known: bool | None = _option("Is set (true) or null (false).")


@strawberry.input(
    description="A span of days. A date matches when it may lie in the span: its own bounds "
    "overlap it. A date without bounds lies in no span."
)
class DateSpan:
    from_: datetime.date | None = _option(
        "The first day of the span, such as `2024-01-01`.", "from"
    )
    until: datetime.date | None = _option("The last day of the span, such as `2024-12-31`.")
    is_known: bool | None = _option("Has bounds (true) or none (false).")
    is_stated: bool | None = _option("A source has words for it (true) or none (false).")


@strawberry.input(description="A span of numbers. A number matches when it may lie in the span.")
class NumberSpan:
    from_: int | None = _option("The least of the span.", "from")
    until: int | None = _option("The most of the span.")
    is_known: bool | None = _option("Has a number (true) or none (false).")
    is_stated: bool | None = _option("A source has words for it (true) or none (false).")


@strawberry.input(
    description="A span of money in one currency. A sum matches when it may lie in it."
)
class MoneySpan:
    currency: str | None = _option("The ISO 4217 code, such as `EUR`.")
    from_: Decimal | None = _option("The least of the span.", "from")
    until: Decimal | None = _option("The most of the span.")
    is_known: bool | None = _option("Has a sum (true) or none (false).")
    is_stated: bool | None = _option("A source has words for it (true) or none (false).")


@cache
def _enum_match(choices: type[Enum]) -> type:
    fields = {
        "eq": (choices | None, _option("Is this one.")),
        "in_": (list_of(choices) | None, _option("Is one of these.", "in")),
        "is_known": (bool | None, _option("Is set (true) or null (false).")),
    }
    return _input(
        f"{choices.__name__}Match",
        f"A test on a {choices.__name__}; all its conditions hold.",
        fields,
    )


def _input(name: str, description: str, fields: dict[str, tuple[Any, Any]]) -> type:
    namespace = {key: value for key, (_, value) in fields.items()}
    namespace["__annotations__"] = {key: kind for key, (kind, _) in fields.items()}
    return strawberry.input(type(name, (), namespace), description=description)


@cache
def involvement_match() -> type:
    """The input that asks for somebody's part in a record."""
    roles = nouns()["Involvement"].model_fields["role"].annotation
    return _input(
        "InvolvementMatch",
        "Somebody's part in a record.",
        {
            "actor": (
                strawberry.ID,
                strawberry.field(description="The party or official, such as `party/poland`."),
            ),
            "role": (
                list_of(roles) | None,
                _option("In one of these roles; any role when left out."),
            ),
            "through": (
                bool | None,
                _option(
                    "Also through those it stands for: a state's institutions, officials and "
                    "companies, an institution's parts and posts."
                ),
            ),
        },
    )


@once
def where_input(noun: type[Versioned]) -> type:
    """The input that filters a noun."""
    name = f"{noun.__name__}Where"
    made = type(name, (), {})
    fields: dict[str, tuple[Any, Any]] = {
        "and_": (list_of(made) | None, _option("All of these hold.", "and")),
        "or_": (list_of(made) | None, _option("One of these holds at least.", "or")),
        "not_": (made | None, _option("This does not hold.", "not")),
    }
    if issubclass(noun, Titled):
        fields["folded"] = (
            str | None,
            _option(
                "All these words, or parts of words, stand in its texts; accents, case and "
                "marks aside.",
                "text",
            ),
        )
    for column, info in plain_columns(noun).items():
        kind = bare(info.annotation)
        description = noun.model_fields[column].description or ""
        match: Any = (
            _enum_match(kind)
            if isinstance(kind, type) and issubclass(kind, Enum)
            else {
                str: IdMatch if column == "id" else TextMatch,
                bool: FlagMatch,
                int: NumberSpan,
            }[kind]
        )
        shown = "body_text" if column == "text" else column
        if not (noun.__name__ == "Source" and column == "text"):
            fields[shown] = (
                match | None,
                _option(
                    f"{description} (`text` filters all texts of the record.)"
                    if column == "text"
                    else description,
                    "words" if column == "text" else None,
                ),
            )
    for column, relation in {**references(noun), **_parent(noun)}.items():
        fields[column] = (IdMatch | None, _option(f"{relation.description} By its id."))
    for column, value in noun.declared.values.items():
        span = (
            DateSpan
            if value.kind is PartialDate
            else MoneySpan
            if value.kind is Money
            else NumberSpan
        )
        fields[column] = (span | None, _option(value.description))
    if _has_involvements(noun):
        fields["involves"] = (involvement_match() | None, _option("Somebody takes part in it."))
    if issubclass(noun, Record | Link):
        fields["claimed_by"] = (
            strawberry.ID | None,
            _option("A source says something of it, by the source's id."),
        )
    for key, (_, default) in fields.items():
        setattr(made, key, default)
    made.__annotations__ = {key: kind for key, (kind, _) in fields.items()}
    return strawberry.input(
        made, description=f"Which of the {noun.__name__} records to take; all conditions hold."
    )


def _parent(noun: type[Versioned]) -> dict[str, Any]:
    return {
        name: relation
        for name, relation in noun.declared.relations.items()
        if relation.key == noun.parent_key
    }


def _has_involvements(noun: type[Versioned]) -> bool:
    return any(
        relation.target == "Involvement" and relation.by == "record_id"
        for relation in noun.declared.relations.values()
    )


def condition(
    noun: type[Versioned], table: sa.FromClause, where: dict[str, Any] | None, as_of: Any
) -> sa.ColumnElement[bool]:
    """The SQL of a `where`; InputError when it holds more conditions than a database takes."""
    count = _count(where or {})
    if count > CONDITIONS_CEILING:
        raise InputError(
            f"`where` holds {count} conditions and words of `text`. "
            f"Give at most {CONDITIONS_CEILING}; `in` takes a list of any length as one."
        )
    return _all(noun, table, where or {}, as_of)


def _count(where: dict[str, Any], depth: int = 0) -> int:
    """How many conditions a `where` holds, each word of a text being one."""
    if depth > NESTING_CEILING:
        raise InputError(f"`where` nests more than {NESTING_CEILING} conditions in one another.")
    count = 0
    for name, given in where.items():
        if given is None:
            continue
        if name in ("and", "or"):
            count += sum(1 + _count(part, depth + 1) for part in given)
        elif name == "not":
            count += 1 + _count(given, depth + 1)
        else:
            count += len(fold(given).split()) if name == "text" else 1
    return count


def _all(
    noun: type[Versioned], table: sa.FromClause, where: dict[str, Any], as_of: Any
) -> sa.ColumnElement[bool]:
    """The conditions of a `where`, joined by AND."""
    found: list[sa.ColumnElement[bool]] = []
    for name, given in where.items():
        if given is None:
            continue
        if name == "and":
            found += [_all(noun, table, part, as_of) for part in given]
        elif name == "or":
            found.append(sa.or_(sa.false(), *(_all(noun, table, part, as_of) for part in given)))
        elif name == "not":
            # What is not known to hold does not hold; elsewhere a null does no harm.
            held = sa.func.coalesce(_all(noun, table, given, as_of), sa.false())
            found.append(sa.not_(held))
        else:
            found.append(_field(noun, table, name, given, as_of))
    return sa.and_(sa.true(), *found)


def _field(
    noun: type[Versioned], table: sa.FromClause, name: str, given: Any, as_of: Any
) -> sa.ColumnElement[bool]:
    if name == "text":
        return sa.and_(sa.true(), *(_holds(table.c.folded, word) for word in fold(given).split()))
    if name == "involves":
        return _exists(
            "Involvement",
            table,
            as_of,
            "record_id",
            actor_id=circle(given["actor"], as_of) if given.get("through") else given["actor"],
            role=given.get("role"),
        )
    if name == "claimedBy":
        owner = "record_id" if issubclass(noun, Record) else "element_id"
        return _exists("Claim", table, as_of, owner, source_id=given)
    for column, value in noun.declared.values.items():
        if camel(column) == name:
            return _span(table, column, value.kind, given)
    relations = {
        camel(key): relation for key, relation in {**references(noun), **_parent(noun)}.items()
    }
    if name in relations:
        return _match(table.c[relations[name].key], given)
    columns = {camel(column): column for column in plain_columns(noun)} | {"words": "text"}
    return _match(table.c[columns[name]], given)


def _match(column: sa.ColumnElement[Any], given: dict[str, Any]) -> sa.ColumnElement[bool]:
    tests: list[sa.ColumnElement[bool]] = []
    for operator, value in given.items():
        if value is None:
            continue
        if operator == "isKnown":
            tests.append(column.is_not(None) if value else column.is_(None))
        elif operator == "eq":
            tests.append(column == value)
        elif operator == "in":
            tests.append(
                column.in_(dict.fromkeys(value))
                if isinstance(column.type, sa.Enum)
                else key_in(column, value)
            )
        elif operator == "contains":
            tests.append(_holds(column, value))
        elif operator == "startsWith":
            tests.append(sa.func.substr(column, 1, len(value)) == value)
        elif operator == "from":
            tests.append(column >= value)
        elif operator == "until":
            tests.append(column <= value)
    return sa.and_(sa.true(), *tests)


def _holds(column: sa.ColumnElement[Any], part: str) -> sa.ColumnElement[bool]:
    """Whether a text holds another, to the character, alike on both databases."""
    return (
        sa.func.coalesce(sa.func.replace(column, part, "") != column, sa.false())
        if part
        else column.is_not(None)
    )


def _span(
    table: sa.FromClause, name: str, kind: Any, given: dict[str, Any]
) -> sa.ColumnElement[bool]:
    low, high = ("earliest", "latest") if kind is PartialDate else ("minimum", "maximum")
    least: sa.ColumnElement[Any] = table.c[f"{name}_{low}"]
    most: sa.ColumnElement[Any] = table.c[f"{name}_{high}"]
    tests: list[sa.ColumnElement[bool]] = []
    start, end, known = given.get("from"), given.get("until"), given.get("isKnown")
    if kind is Money:
        least, most = sa.type_coerce(least, sa.BigInteger), sa.type_coerce(most, sa.BigInteger)
        start, end = _hundredths(start, ROUND_CEILING), _hundredths(end, ROUND_FLOOR)
    bounded = sa.or_(least.is_not(None), most.is_not(None))
    if start is not None:
        tests.append(sa.and_(bounded, sa.func.coalesce(most >= start, sa.true())))
    if end is not None:
        tests.append(sa.and_(bounded, sa.func.coalesce(least <= end, sa.true())))
    if known is not None:
        tests.append(bounded if known else sa.not_(bounded))
    if given.get("isStated") is not None:
        stated = table.c[f"{name}_stated"]
        tests.append(stated.is_not(None) if given["isStated"] else stated.is_(None))
    if given.get("currency") is not None:
        tests.append(sa.func.coalesce(table.c[f"{name}_currency"] == given["currency"], sa.false()))
    return sa.and_(sa.true(), *tests)


def _hundredths(sum: Decimal | None, rounding: str) -> int | None:
    """A bound of a span of money as sums are kept; one beyond all sums is moved in."""
    if sum is None:
        return None
    if not sum.is_finite():
        raise InputError(f"{sum} is no sum of money. Give a number, such as `6000000000.50`.")
    return int((max(min(sum, FAR), -FAR) * 100).to_integral_value(rounding))


def _exists(
    link: str, table: sa.FromClause, as_of: Any, owner: str, **equal: Any
) -> sa.ColumnElement[bool]:
    other = nouns()[link].__table__.alias()  # type: ignore[attr-defined]  # set by SQLModel
    tests = [
        other.c[name].in_(dict.fromkeys(value) if isinstance(value, list) else value)
        if isinstance(value, list | sa.Select)
        else other.c[name] == value
        for name, value in equal.items()
        if value is not None
    ]
    return sa.exists().where(other.c[owner] == table.c.id, valid(other, as_of), *tests)
