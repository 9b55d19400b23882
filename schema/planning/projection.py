"""Levels: the rows that one statement fetches, and the function that makes objects of them.

Where the database does not tell an object as JSON (`schema.planning.json_object`), the function is
generated: for each view one list comprehension over tuples, with no call a field. Of 500 rows with
ten fields that takes 0.12 ms, and 0.25 ms where each field is a function.
"""

from __future__ import annotations

import datetime
import re
import string
from collections.abc import Callable, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
import strawberry
from sqlmodel.sql.sqltypes import UTCDateTime

from schema.errors import NeedsGraphQLCoreError
from schema.graph.catalog import ColumnField, TypedObject, catalog
from schema.graph.declare import ResolvedField, ViewField
from schema.model.fields import Id, Permalink, Relation, Template, Value
from schema.model.ids import qualified
from schema.model.noun import camel
from schema.model.registry import nouns
from schema.model.values import Amount, hundredths, value_fields, whole
from schema.planning.joins import Join
from schema.planning.json_object import JsonProjection, NotExpressibleError, RowRef
from schema.planning.scope import Scope
from schema.planning.selection import FieldGroup, Fields, ObjectSelection, field_name
from schema.storage.statement import PreparedStatement

Projection = Callable[..., list[Any]]
"""Makes the objects of a view from rows, the beginning of permalinks, the edition that is read, and
what was followed."""


SHORT = re.compile(r"(parent|newest|total|key \d+)$")
"""What is hardly large in a row."""


def required(found: dict[Any, Any], key: Any) -> Any:
    """What must have been found."""
    if key not in found:
        raise NeedsGraphQLCoreError
    return found[key]


def written(value: datetime.date | None) -> str | None:
    """A day or an instant in ISO 8601."""
    return None if value is None else value.isoformat()


class RowSource:
    """The rows of one noun that one statement fetches; asked for all it needs, it is finished."""

    statement: PreparedStatement

    def __init__(self, scope: Scope, noun: str, table: sa.FromClause) -> None:
        self.scope, self.noun, self.table = scope, noun, table
        self.column = scope.shown(noun, table)
        """One of its columns, as a reader may see it."""
        self.columns: list[sa.ColumnElement[Any]] = []
        self.places: dict[str, int] = {}
        self.links: list[Join] = []
        self.views: list[ObjectSelection] = []
        self.shapes: list[Projection] = []
        self.told: list[int] = []
        """Where in a row stands what the database tells."""

    def need(self, name: str) -> int:
        """Asks for a column of the noun, and says where in a row it comes."""
        if name not in self.places:
            self.add(name, self.column(name))
        return self.places[name]

    def add(self, name: str, column: sa.ColumnElement[Any]) -> int:
        """Asks for an expression, and says where in a row it comes."""
        self.places[name] = len(self.columns)
        self.columns.append(column.label(f"c_{name}"))
        return self.places[name]

    def tell(self, make: Callable[[JsonProjection, RowRef], sa.ColumnElement[Any]]) -> int | None:
        """Where in a row stands what the database tells of it; None where Python must."""
        if self.scope.selection.is_typed:
            return None  # graphql-core goes through it
        telling = JsonProjection(self.scope)
        try:
            told = make(telling, RowRef(self.table, self.column))
        except NotExpressibleError:
            return None
        self.told.append(self.add(f"told {len(self.columns)}", telling.json.ready(told)))
        return self.told[-1]

    def finish(
        self,
        views: Sequence[ObjectSelection],
        select: sa.Select[*tuple[Any, ...]],
        newest: sa.ColumnElement[Any] | None = None,
    ) -> RowSource:
        """The level with its statement and a shape for each view.

        One that nothing is followed from also reads `newest`, where that is given.
        """
        self.shapes = [_Projector(self, view).shape() for view in views]
        if newest is not None and not self.links:
            self.add("newest", newest)
        select = select.add_columns(*(self.columns or [sa.literal_column("1").label("one")]))
        short = {place for name, place in self.places.items() if SHORT.match(name)}
        is_whole = len(short) + len(self.told) == len(self.places)
        self.statement = PreparedStatement(
            select, self.scope.dialect, self.told if is_whole else ()
        )
        # Much that only its text was made of is let go.
        del self.scope, self.table, self.column, self.columns
        return self


class _Projector:
    """Writes the function for one view of a level."""

    def __init__(self, level: RowSource, view: ObjectSelection) -> None:
        self.level, self.view, self.scope = level, view, level.scope
        self.is_typed = self.scope.selection.is_typed
        self.names: dict[str, Any] = {
            "Row": TypedObject, "whole": whole, "required": required, "written": written,
            "hundredths": hundredths, "told": orjson.Fragment, "qualified": qualified,
        }  # fmt: skip
        self.aside: list[str] = []
        """What stands beside each row: the values of fields that are worked out."""

    def shape(self) -> Projection:
        """The function; its last argument is what the level's links have brought."""
        place = self.level.tell(lambda telling, row: telling.whole_object(self.view, row))
        if place is None:
            return self.made()
        return lambda rows, base, as_of, links: [orjson.Fragment(row[place]) for row in rows]

    def made(self) -> Projection:
        """The function where they are made in Python."""
        entries = [
            f"{key!r}: {expression}"
            for key, details in self.view.fields.items()
            if (expression := self.field(details)) is not None
        ]
        made = "{" + ", ".join(entries) + "}"
        if self.is_typed:
            made = f"Row({self.view.type!r}, {made})"
        over = "r in rows"
        if self.aside:
            lists = ", ".join(f"links[{place}]" for place in self.aside)
            names = ", ".join(f"v{place}" for place in self.aside)
            over = f"r, {names} in zip(rows, {lists})"
        source = f"lambda rows, base, as_of, links: [{made} for {over}]"
        function: Projection = eval(source, self.names)  # noqa: S307  # written here, of names and numbers
        return function

    def field(self, details: FieldGroup) -> str | None:
        """The expression of one field; None where graphql-core knows it."""
        name = field_name(details)
        if name == "__typename":
            return None if self.is_typed else repr(self.view.type)
        declared = catalog[self.view.type][name]
        if isinstance(declared, ColumnField):
            return self.column(declared.column)
        if isinstance(declared, Template):
            return self.text(declared)
        if isinstance(declared, Value):
            return self.value(name, declared, details)
        return self.link(declared, details)

    def column(self, name: str) -> str:
        """The expression of a column as JSON has it, or as Python has it for graphql-core."""
        place = f"r[{self.level.need(name)}]"
        kind, dialect = self.level.table.c[name].type, self.scope.dialect
        process = kind.dialect_impl(dialect).result_processor(dialect, None)
        is_text = dialect.name == "sqlite"
        if isinstance(kind, sa.Enum):
            return place  # kept by its name in the graph
        if isinstance(kind, sa.BigInteger | sa.Integer) and not self.is_typed:
            return f"whole({place})"
        if isinstance(kind, Amount) and not self.is_typed:
            # Most sums have no hundredths, and need no call.
            told = f"(str({place} // 100) if {place} % 100 == 0 else hundredths({place}))"
            return f"(None if {place} is None else {told})"
        if isinstance(kind, sa.Date) and is_text and not self.is_typed:
            return place  # as JSON has it
        if process is not None:
            place = f"{self.called(process)}({place})"
        if self.is_typed:
            return place
        if isinstance(kind, sa.Date | UTCDateTime):
            return f"written({place})"
        return place

    def called(self, function: Callable[..., Any]) -> str:
        """The name under which the generated code finds a function."""
        name = f"f{len(self.names)}"
        self.names[name] = function
        return name

    def text(self, made: Template) -> str:
        """A text made from columns, such as a permalink."""
        places = {name: f"r[{self.level.need(name)}]" for name in made.columns}
        written = ""
        for literal, name, _, _ in string.Formatter().parse(made.form):
            written += literal + (f"{{{places.get(name, name)}}}" if name else "")
        if isinstance(made, Permalink) and not self.scope.is_newest:
            written += "?edition={as_of}"
        return self.id(written) if isinstance(made, Id) else f"f{written!r}"

    def id(self, written: str) -> str:
        """The id that is written so, as of the edition that is read."""
        return f"f{written!r}" if self.scope.is_newest else f"qualified(f{written!r}, as_of)"

    def value(self, name: str, value: Value, details: FieldGroup) -> str:
        """A value object; null where the row has no part of it."""
        column = next(k for k in nouns()[self.view.type].declared.values if camel(k) == name)
        columns = {part: value.column(column, part) for part in value_fields(value.kind)}
        absent = self.absent(name, columns)
        if self.is_typed:
            given = ", ".join(f"{part}={self.column(each)}" for part, each in columns.items())
            made = f"{self.called(_made(value.kind))}(id={self.value_id(name)}, {given})"
        else:
            asked = self.scope.selection.subfields(value.kind.__name__, details)
            made = self.part(value.kind.__name__, name, columns, asked)
        return f"(None if {absent} else {made})"

    def absent(self, name: str, columns: dict[str, str]) -> str:
        """Whether a row has no part of a value object, as the database sees it."""
        place = f"absent {name}"
        if place not in self.level.places:
            held = [self.level.table.c[each].is_(None) for each in columns.values()]
            self.level.add(place, sa.and_(*held))
        return f"r[{self.level.places[place]}]"

    def value_id(self, name: str) -> str:
        """The id of the value object that a field holds."""
        return self.id(f"{{r[{self.level.need('id')}]}}#{name}")

    def part(self, type: str, field: str, columns: dict[str, str], asked: Fields) -> str:
        """The parts of a value object that are asked for."""
        entries = []
        for key, details in asked.items():
            name = field_name(details)
            if name in columns:
                told = self.column(columns[name])
            else:
                told = repr(type) if name == "__typename" else self.value_id(field)
            entries.append(f"{key!r}: {told}")
        return "{" + ", ".join(entries) + "}"

    def link(self, declared: Relation | ViewField, details: FieldGroup) -> str:
        """What is fetched or worked out for all rows at once."""
        level = self.level
        if isinstance(declared, Relation):
            told = level.tell(
                lambda telling, row: telling.whole_relation(declared, details, self.view.type, row)
            )
            if told is not None:
                made = f"told(r[{told}])"
                return f"(None if r[{told}] is None else {made})" if declared.single else made
            key, place = level.need(declared.key), len(level.links)
            level.links.append(Join(declared, details, self.view.type, {declared.key: key}))
            found, key_text = f"links[{place}]", f"r[{key}]"
            if declared.required and not self.is_typed:
                return f"required({found}, {key_text})"
            return f"{found}.get({key_text}{'' if declared.single else ', []'})"
        assert isinstance(declared.declared, ResolvedField)
        worked_out = declared.declared
        names = (*identity(self.view.type), *worked_out.needs)
        needs, place = {name: level.need(name) for name in names}, len(level.links)
        level.links.append(Join(worked_out, details, self.view.type, needs))
        self.aside.append(str(place))
        return f"v{place}"


def _made(kind: Any) -> Callable[..., Any]:
    """Makes a value object for graphql-core."""
    return lambda id, **given: kind(id=strawberry.ID(id), **given)


def identity(type: str) -> tuple[str, ...]:
    """The columns that what is worked out for a row always gets."""
    return ("number",) if type == "Edition" else ("id", "since")
