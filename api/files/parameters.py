"""What a file is asked for with: the parameters of its address, as the graph's own arguments."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    get_named_type,
    get_nullable_type,
    is_list_type,
)
from graphql.pyutils import did_you_mean, suggestion_list
from graphql.utilities import validate_input_value

from api.files.column import Column
from api.http.codec import decoded
from schema.errors import InputError
from schema.model.noun import camel, snake

WHERE, ORDER, DIRECTION, AS_OF = "where", "orderBy", "direction", "asOf"
FIELDS, GUARD, FIRST = "fields", "guard", "first"
OWN = (AS_OF, FIELDS, GUARD, FIRST)
"""What every file can be asked for with, beside the arguments of its list."""
SWITCH = {"true": True, "false": False}
SHOWN = 80
"""How many characters of what was given an error repeats."""


class ParameterError(InputError):
    """A parameter of an address that says nothing, with what it could say."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"`{name[:SHOWN]}`: {message}")
        self.extensions = {"parameter": name[:SHOWN]}


@dataclass(frozen=True)
class Question:
    """What the address of a file asks for."""

    columns: Sequence[Column]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """The arguments of the list, as variables of the graph."""
    as_of: Mapping[str, Any] | None = None
    """The edition that is named, as the graph takes it."""
    is_guarded: bool = True
    """Whether a text that a spreadsheet would take for a formula is marked as none."""
    most: int | None = None
    """How many records it has at most."""


def question_of(query: bytes, shown: GraphQLField, columns: Mapping[str, Column]) -> Question:
    """What an address asks of a list; ParameterError for what the list does not have."""
    given = _pairs(query)
    arguments: dict[str, Any] = {}
    conditions = []
    as_of = None
    chosen = [column for column in columns.values() if column.is_usual]
    is_guarded, most = True, None
    for name, text in given.items():
        if name == FIELDS:
            chosen = _chosen(text, columns)
        elif name == GUARD:
            is_guarded = _switch(name, text)
        elif name == FIRST:
            most = _number(name, text)
        elif name == AS_OF:
            as_of = _as_of(text, shown.args[AS_OF].type)
        elif name == ORDER and ORDER in shown.args:
            arguments[ORDER] = _order(text, shown.args[ORDER].type)
        elif name == DIRECTION and DIRECTION in shown.args:
            arguments[DIRECTION] = _fit(name, text, shown.args[DIRECTION].type)
        elif name == WHERE and WHERE in shown.args:
            conditions.append(_fit(name, _json(name, text), shown.args[WHERE].type))
        else:
            conditions.append(_condition(name, text, shown))
    if conditions:
        arguments[WHERE] = conditions[0] if len(conditions) == 1 else {"and": conditions}
    return Question(chosen, arguments, as_of, is_guarded, most)


def _pairs(query: bytes) -> dict[str, str]:
    """The parameters of an address, each once."""
    try:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise InputError(
            "The address holds what is no UTF-8. Encode it by `%` and UTF-8."
        ) from None
    given: dict[str, str] = {}
    for name, text in pairs:
        if name in given:
            raise ParameterError(name, "It is given twice. Give it once.")
        given[name] = text
    return given


def _chosen(text: str, columns: Mapping[str, Column]) -> list[Column]:
    """The columns of a comma list, in its order; a field stands for all columns that show it."""
    found: dict[str, Column] = {}
    for each in text.split(","):
        name = snake(each.strip()).replace(".", "_")
        of_field = {key: column for key, column in columns.items() if column.field == name}
        named = {name: columns[name]} if name in columns else of_field
        if not named:
            known = [*columns, *{column.field: None for column in columns.values()}]
            raise ParameterError(
                FIELDS,
                f"There is no column '{each.strip()[:SHOWN]}'.{_nearest(name, known)} "
                "Give a comma list of columns, such as `id,title`.",
            )
        found |= {key: column for key, column in named.items() if key not in found}
    return [*found.values()]


def _nearest(name: str, known: Iterable[str]) -> str:
    return did_you_mean(suggestion_list(name[:SHOWN], [*known]))


def _switch(name: str, text: str) -> bool:
    if text not in SWITCH:
        raise ParameterError(name, f"'{text[:SHOWN]}' is neither `true` nor `false`.")
    return SWITCH[text]


def _number(name: str, text: str) -> int:
    if not _is_number(text) or not int(text):
        raise ParameterError(name, f"'{text[:SHOWN]}' is no number. Give one from 1.")
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _as_of(text: str, kind: GraphQLInputType) -> dict[str, Any]:
    """An edition by its number, or by a day or an instant; a day is read as of its end, in UTC."""
    if _is_number(text):
        given: dict[str, Any] = {"edition": int(text)}
    else:
        try:
            day = datetime.date.fromisoformat(text) if len(text) == 10 else None
            instant = datetime.datetime.fromisoformat(text.replace(" ", "+"))
        except ValueError:
            raise ParameterError(
                AS_OF,
                f"'{text[:SHOWN]}' is no edition, day or instant. Give a number such as `2`, "
                "a day such as `2024-11-01`, or an instant such as `2024-11-01T12:00:00Z`.",
            ) from None
        if day is not None:
            instant = datetime.datetime.combine(day, datetime.time.max)
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=datetime.UTC)
        given = {"instant": instant.isoformat()}
    return dict(_fit(AS_OF, given, kind))


def _order(text: str, kind: GraphQLInputType) -> Any:
    """The steps of an order: as JSON, or as a comma list in which `-` stands before what falls."""
    if text.lstrip().startswith(("[", "{")):
        return _fit(ORDER, _json(ORDER, text), kind)
    steps = []
    for each in text.split(","):
        name = each.strip().removeprefix("-")
        direction = "DESC" if each.strip().startswith("-") else "ASC"
        choice = name if name.isupper() else snake(name.replace(".", "_")).upper()
        steps.append({"field": choice, "direction": direction})
    return _fit(ORDER, steps, kind)


def _json(name: str, text: str) -> object:
    try:
        return decoded(text)
    except ValueError:
        example = '{"title": {"contains": "drone"}}' if name == WHERE else '[{"field": "TITLE"}]'
        raise ParameterError(
            name, f"'{text[:SHOWN]}' is no JSON. Give it as the graph takes it, such as {example}."
        ) from None


def _condition(name: str, text: str, shown: GraphQLField) -> Any:
    """The `where` that a parameter such as `signedOn.from=2024-01-01` stands for."""
    own = [known for known in (ORDER, DIRECTION, WHERE) if known in shown.args]
    others = [*OWN, *own]
    if WHERE not in shown.args:
        raise ParameterError(name, f"There is no such parameter.{_nearest(name, others)}")
    kind: Any = shown.args[WHERE].type
    path = [camel(each) for each in name.split(".")]
    place: list[str] = []
    for step in path:
        within = get_nullable_type(kind)
        if not isinstance(within, GraphQLInputObjectType) or step not in within.fields:
            known = getattr(within, "fields", {})
            lead = ".".join(place)
            before = f" of `{lead}`" if lead else ""
            raise ParameterError(
                name,
                f"There is no '{step[:SHOWN]}'{before} to filter by."
                f"{_nearest(step, known if place else [*known, *others])} "
                "Filter by `where`, or by its fields, such as `title.contains=drone`.",
            )
        kind = within.fields[step].type
        place.append(step)
    nullable = get_nullable_type(kind)
    if isinstance(nullable, GraphQLInputObjectType):
        if "eq" not in nullable.fields:
            tests = ", ".join(f"`{name}.{test}`" for test in nullable.fields)
            raise ParameterError(name, f"Say which test: {tests}.")
        kind = nullable.fields["eq"].type
        place.append("eq")
    value = _fit(name, _scalar(text, kind), kind)
    for step in reversed(place):
        value = {step: value}
    return value


def _scalar(text: str, kind: GraphQLInputType) -> Any:
    """A text as the value of JSON that a type takes; what it is not stays a text."""
    nullable = get_nullable_type(kind)
    if is_list_type(nullable):
        inner: Any = nullable.of_type
        return [_scalar(each.strip(), inner) for each in text.split(",")]
    named = get_named_type(nullable)
    if isinstance(named, GraphQLEnumType):
        return text
    if named.name == "Boolean":
        return SWITCH.get(text, text)
    if named.name == "Int" and text.removeprefix("-").isdecimal():
        return int(text)
    return text


def _fit(name: str, value: Any, kind: GraphQLInputType) -> Any:
    """A value that a type of the graph takes; ParameterError says why it does not."""
    errors: list[tuple[str, Sequence[str | int]]] = []
    validate_input_value(value, kind, lambda error, path: errors.append((error.message, path)))
    if errors:
        message, path = errors[0]
        place = ".".join(map(str, path))
        raise ParameterError(name, f"at `{place}`: {message}" if place else message)
    return value
