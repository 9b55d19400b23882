"""What a query asks: the fields of an object, their arguments, and the columns these need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
import strawberry
from graphql import GraphQLObjectType, GraphQLResolveInfo
from graphql.execution import get_argument_values
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.values import VariableValues

import schema
from schema.declaration import Made, Relation, Value
from schema.errors import InputError
from schema.graph import Plain, catalog
from schema.noun import camel, nouns
from schema.value import parts
from schema.view import Answered

Details = list[FieldDetails]
"""All the places where a query names one field under one name."""

Fields = dict[str, Details]
"""What a query asks of an object, by the names it gives the answers."""

Shape = Callable[[Any], Any]
"""How a row of the database becomes the value of one field."""


@dataclass
class View:
    """One set of fields asked of the rows of a level; edges and nodes may ask different ones."""

    type: str
    fields: Fields


@dataclass
class Followed:
    """What a view asks beyond its own columns: a relation it follows, or what is worked out."""

    key: str
    relation: Relation | Answered
    details: Details
    owner: str


@dataclass
class Level:
    """The rows of one noun that one statement fetches, and the columns it needs."""

    noun: str
    table: sa.FromClause
    views: list[View]
    as_of: int | None
    base_url: str
    columns: dict[str, sa.ColumnElement[Any]] = field(default_factory=dict)

    def need(self, name: str) -> str:
        """Asks the statement for a column, and says under which label it comes."""
        if name not in self.columns:
            column = shown(self.table, self.noun, name, self.as_of)
            self.columns[name] = column.label(f"c_{name}")
        return f"c_{name}"

    def shape(self, view: View) -> tuple[dict[str, Shape], list[Followed]]:
        """How a row becomes the plain values of a view, and which relations the view follows."""
        plain: dict[str, Shape] = {}
        followed: list[Followed] = []
        for key, details in view.fields.items():
            name = named(details)
            if name.startswith("__"):
                continue
            declared = catalog[view.type][name]
            if isinstance(declared, Plain):
                plain[key] = _getter(self.need(declared.column))
            elif isinstance(declared, Made):
                plain[key] = self._made(declared)
            elif isinstance(declared, Value):
                plain[key] = self._composed(view.type, name, declared)
            elif isinstance(declared, Relation):
                self.need(declared.key)
                followed.append(Followed(key, declared, details, view.type))
            elif isinstance(declared.declared, Answered):
                for column in (*identity(view.type), *declared.declared.needs):
                    self.need(column)
                followed.append(Followed(key, declared.declared, details, view.type))
        return plain, followed

    def _made(self, made: Made) -> Shape:
        labels = {part: self.need(part) for part in made.columns}

        def make(raw: Any) -> str:
            values = {part: raw[label] for part, label in labels.items()}
            return made.form.format(base=self.base_url, **values)

        return make

    def _composed(self, type: str, name: str, value: Value) -> Shape:
        column = next(key for key in nouns()[type].declared.values if camel(key) == name)
        labels = {part: self.need(value.column(column, part)) for part in parts(value.kind)}
        owner = self.need("id")

        def compose(raw: Any) -> Any:
            found = {part: raw[label] for part, label in labels.items()}
            if all(part is None for part in found.values()):
                return None
            return value.kind(id=strawberry.ID(f"{raw[owner]}#{name}"), **found)

        return compose


def identity(type: str) -> tuple[str, ...]:
    """The columns that what is worked out for a row always gets."""
    return ("number",) if type == "Edition" else ("id", "since")


def shown(table: sa.FromClause, noun: str, name: str, as_of: int | None) -> sa.ColumnElement[Any]:
    """A column as a reader may see it: no text the licence hides, no edition of the future."""
    column: sa.ColumnElement[Any] = table.c[name]
    if noun == "Source" and name == "text":
        return sa.case((table.c.is_text_public.is_(False), sa.null()), else_=column)
    if name == "until" and as_of is not None:
        return sa.case((column > as_of, sa.null()), else_=column)
    return column


def _getter(label: str) -> Shape:
    return lambda raw: raw[label]


def named(details: Details) -> str:
    """The name of the field in the graph."""
    return details[0].node.name.value


class Asked:
    """One root field as a query wrote it."""

    def __init__(self, info: GraphQLResolveInfo[Any]) -> None:
        self.info = info
        self.name = info.field_name
        self.root: Details = [FieldDetails(node, None, None) for node in info.field_nodes]
        # Strawberry hands on the coerced values alone, without the box they came in.
        given: Any = info.variable_values
        self._variables = VariableValues({}, getattr(given, "coerced", given))
        self._fragments = {name: FragmentDetails(node) for name, node in info.fragments.items()}

    def subfields(self, type: str, details: Details) -> Fields:
        """What is asked of an object of a type under these fields."""
        info = self.info
        collected = collect_subfields(
            info.schema,
            self._fragments,
            self._variables,
            info.operation,
            self._type(type),
            details,
        )
        return dict(collected.grouped_field_set)

    def view(self, type: str, details: Details) -> View:
        """The same as a view of the rows of a level."""
        return View(type, self.subfields(type, details))

    def arguments(self, type: str, details: Details) -> dict[str, Any]:
        """The arguments of a field, defaults filled in."""
        declared = self._type(type).fields[named(details)]
        found = get_argument_values(declared, details[0].node, self._variables)
        _check_texts(found)
        return found

    def _type(self, name: str) -> GraphQLObjectType:
        known = self.info.schema.get_type(name)
        assert isinstance(known, GraphQLObjectType)
        return known


def table_named(noun: str) -> sa.Table:
    """The table behind a type of the graph."""
    kind: Any = schema.Edition if noun == "Edition" else nouns()[noun]
    table: sa.Table = kind.__table__
    return table


def _check_texts(given: Any) -> None:
    """Refuses what one of the databases cannot keep: U+0000, and half of a surrogate pair."""
    if isinstance(given, str):
        if "\x00" in given:
            raise InputError("A text holds the character U+0000. Leave it out.")
        if any("\ud800" <= letter <= "\udfff" for letter in given):
            raise InputError("A text holds half of a surrogate pair. Leave it out.")
    elif isinstance(given, dict):
        for value in given.values():
            _check_texts(value)
    elif isinstance(given, list):
        for value in given:
            _check_texts(value)
