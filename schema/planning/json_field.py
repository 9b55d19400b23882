"""The fields of one row as JSON that the database writes: columns, value objects, permalinks."""

from __future__ import annotations

import string
from collections.abc import Callable

import sqlalchemy as sa

from schema.model.amounts import Amount
from schema.model.fields import FieldNameText, FirstValue, Id, JsonText, Permalink, Template, Value
from schema.model.ids import MARK
from schema.model.noun import camel
from schema.model.registry import nouns
from schema.model.values import LEAST_INT, MOST_INT, ValueObject, value_fields
from schema.planning.json_functions import Column, Postgres, Sqlite, number_of, text_of
from schema.planning.json_row import RowRef
from schema.planning.scope import Scope
from schema.planning.selection import SelectedField
from schema.storage.statement import AS_OF, BASE, bound_parameter

FIELDS = 50
"""How many fields an object may have: the JSON functions take a hundred arguments."""


class NotExpressibleError(Exception):
    """Something is selected that only Python can make."""


class FieldJson:
    """Writes fields that need nothing but their row."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        is_sqlite = scope.dialect.name == "sqlite"
        self.json: Sqlite | Postgres = Sqlite() if is_sqlite else Postgres()

    def column(self, row: RowRef, name: str) -> Column:
        """A column as JSON has it."""
        kind, column = row.kind(name), row.column(name)
        if isinstance(kind, sa.Boolean):
            return self.json.flag(column)
        if isinstance(kind, Amount):
            return self.json.amount(sa.type_coerce(column, sa.BigInteger()))
        if isinstance(kind, sa.Integer):
            fits = column.between(number_of(LEAST_INT), number_of(MOST_INT))
            fit = sa.or_(column.is_(None), fits)
            return sa.case((fit, self.json.number(column)), else_=self.json.unfit(column))
        if isinstance(kind, FieldNameText):
            return self.json.constant(column)
        if isinstance(kind, JsonText):
            return self.json.json(column)
        if isinstance(kind, sa.Date | sa.String):
            return column
        raise NotExpressibleError

    def value(self, value: Value | FirstValue, field: SelectedField, row: RowRef) -> Column:
        """A value object; null where the row has no part of it."""
        if isinstance(value, Value):
            return self._value(value.kind, column_of(field), field, row)
        made = {name: self._value(value.kind, name, field, row) for name in value.names}
        bounded = [(is_bounded(row.column, name), each) for name, each in made.items()]
        if len(made) > 1:
            return sa.case(*bounded, else_=sa.func.coalesce(*made.values()))
        return next(iter(made.values()), sa.cast(sa.null(), sa.Text()))

    def _value(self, of: ValueObject, name: str, field: SelectedField, row: RowRef) -> Column:
        columns = {camel(part): f"{name}_{part}" for part in value_fields(of)}
        kind, parts = of.__name__, {}
        for key, part in field.on(kind).fields.items():
            if part.name == "__typename":
                parts[key] = text_of(kind)
            elif part.name in columns:
                parts[key] = self.column(row, columns[part.name])
            else:
                parts[key] = concatenated(self.text(Id(), row), text_of(f"#{camel(name)}"))
        present = [row.column(each).is_not(None) for each in columns.values()]
        return sa.case((sa.or_(*present), self.object(parts)))

    def text(self, template: Template, row: RowRef) -> Column:
        """A text made from columns, such as a permalink; an id as of the edition that is read."""
        parts: list[Column] = []
        for literal, name, _, _ in string.Formatter().parse(template.form):
            if literal:
                parts.append(text_of(literal))
            if name:
                is_column = name in template.columns
                parts.append(row.column(name) if is_column else bound_parameter(BASE, sa.Text()))
        text = concatenated(*parts)
        if self.scope.is_newest:
            return text
        if isinstance(template, Permalink):
            return concatenated(text, _edition("?edition={}"))
        if not isinstance(template, Id):
            return text
        if template.names_field:
            return sa.func.replace(text, text_of("#"), _edition(f"{MARK}{{}}#"))
        return concatenated(text, _edition(f"{MARK}{{}}"))

    def object(self, fields: dict[str, Column]) -> Column:
        """An object of fields by their response names."""
        if len(fields) > FIELDS:
            raise NotExpressibleError
        pairs = [part for key, value in fields.items() for part in (text_of(key), value)]
        return self.json.object(*pairs)


def column_of(field: SelectedField) -> str:
    """The name that a noun declares a value object by."""
    declared = nouns()[field.owner].declared.values
    return next(name for name in declared if camel(name) == field.name)


def is_bounded(column: Callable[[str], Column], name: str) -> sa.ColumnElement[bool]:
    """Whether a date of a row has bounds."""
    bounds = [column(f"{name}_{bound}").is_not(None) for bound in ("earliest", "latest")]
    return sa.or_(*bounds)


def concatenated(first: Column, *others: Column) -> Column:
    """Texts put together."""
    for part in others:
        first = first.op("||")(part)
    return first


def _edition(form: str) -> Column:
    """The number of the edition that is read, in some words."""
    return bound_parameter(AS_OF.then(form.format), sa.Text())
