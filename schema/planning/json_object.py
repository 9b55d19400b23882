"""JSON projections: objects as JSON that the database itself writes.

An object and all that is followed from it become one expression, which takes no Python a row.
What only Python can work out makes its object there (`schema.planning.projection`), with what can
be told as parts.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from schema.graph.catalog import ColumnField, catalog
from schema.model.fields import Id, Permalink, Relation, Template, Value
from schema.model.ids import MARK
from schema.model.noun import camel
from schema.model.registry import nouns, nouns_of, prefix_of
from schema.model.values import LEAST_INT, MOST_INT, Amount, value_fields
from schema.planning.joins import Join, Select, by_id, is_polymorphic, order_of, related_rows
from schema.planning.json_functions import Column, Postgres, Sqlite, number_of, text_of
from schema.planning.page_query import NestedPage, nested_page
from schema.planning.scope import Scope
from schema.planning.selection import FieldGroup, ObjectSelection, field_name
from schema.storage.statement import AS_OF, BASE, bound_parameter

FIELDS = 50
"""How many fields an object may have: the JSON functions take a hundred arguments."""
DEEPEST = 4
"""How deep relations may be told: the stack of SQLite's parser holds a hundred symbols."""
MOST = 48
"""How many statements may stand within one expression, so that it stays small when prepared."""
MOST_IN_ALL = 2 * MOST
"""How many may stand within all expressions of one operation, so that it is soon planned."""


class NotExpressibleError(Exception):
    """Something is asked that only Python can tell."""


class _Outer(sa.ColumnElement[Any]):
    """A column of a row around this statement, whose table is not to be joined here."""

    inherit_cache = False

    def __init__(self, column: Column) -> None:
        self.column, self.type = column, column.type


@compiles(_Outer)
def _outer(element: _Outer, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.column, **options))


class RowRef:
    """A row that an object is told of."""

    def __init__(self, table: sa.FromClause, shown: Callable[[str], Column]) -> None:
        self.table = table
        self.column = shown
        """One of its columns, as a reader may see it."""

    def kind(self, name: str) -> Any:
        """The type of a column."""
        return self.table.c[name].type

    def key(self, name: str) -> Column:
        """One of its columns in a statement within."""
        return _Outer(self.column(name))


class _SubqueryRow(RowRef):
    """A row of a list, which is put in order before it is told; it notes what it is asked for."""

    def __init__(self, name: str, table: sa.FromClause, dialect: sa.Dialect) -> None:
        super().__init__(table, self._noted)
        self.name, self.quote = name, dialect.identifier_preparer.quote
        self.asked: dict[str, None] = {}

    def _noted(self, name: str) -> Column:
        self.asked[name] = None
        return sa.literal_column(f"{self.name}.{self.quote(name)}", self.kind(name))


class JsonProjection:
    """Makes one expression; NotExpressibleError where it cannot be made."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        is_sqlite = scope.dialect.name == "sqlite"
        self.json: Sqlite | Postgres = Sqlite() if is_sqlite else Postgres()
        self.count = 0

    def whole_object(self, view: ObjectSelection, row: RowRef) -> Column:
        """The object of a row, with nothing around it; NotExpressibleError before it is written."""
        self._fit(view, 0)
        self._begin()
        return self.object(view, row)

    def whole_relation(
        self, relation: Relation, details: FieldGroup, owner: str, row: RowRef
    ) -> Column:
        """What a relation leads to, with nothing around it; NotExpressibleError as above."""
        self._fit_relation(relation, details, 0)
        self._begin()
        return self.relation(relation, details, owner, row)

    def _begin(self) -> None:
        """Counts what is to be written against what the operation may have in all."""
        operation = self.scope.selection.operation
        if operation.statements + self.count > MOST_IN_ALL:
            raise NotExpressibleError
        operation.statements += self.count
        self.count = 0

    def _fit(self, view: ObjectSelection, depth: int) -> None:
        """NotExpressibleError where an object is too deep or takes too many statements.

        Expressions are dear to write, and what does not fit is tried again level by level.
        """
        for details in view.fields.values():
            declared = catalog[view.type].get(field_name(details))
            if isinstance(declared, Relation):
                self._fit_relation(declared, details, depth)

    def _fit_relation(self, relation: Relation, details: FieldGroup, depth: int) -> None:
        if depth >= DEEPEST:
            raise NotExpressibleError
        if relation.paged:
            self._more(3)
            return
        is_one = relation.single or relation.required
        many = is_one and is_polymorphic(relation)
        for name in nouns_of(relation.target) if many else (relation.target,):
            self._more(1)
            self._fit(self.scope.selection.view(name, details), depth + 1)

    def object(self, view: ObjectSelection, row: RowRef, depth: int = 0) -> Column:
        """The object of a row."""
        return self._object(
            {key: self._field(view, details, row, depth) for key, details in view.fields.items()}
        )

    def _object(self, told: dict[str, Column]) -> Column:
        if len(told) > FIELDS:
            raise NotExpressibleError
        pairs = [part for key, value in told.items() for part in (text_of(key), value)]
        return self.json.object(*pairs)

    def _field(self, view: ObjectSelection, details: FieldGroup, row: RowRef, depth: int) -> Column:
        name = field_name(details)
        if name == "__typename":
            return text_of(view.type)
        declared = catalog[view.type][name]
        if isinstance(declared, ColumnField):
            return self._plain(row, declared.column)
        if isinstance(declared, Template):
            return self._made(declared, row)
        if isinstance(declared, Value):
            return self._value(view.type, name, declared, details, row)
        if isinstance(declared, Relation):
            return self.relation(declared, details, view.type, row, depth)
        raise NotExpressibleError

    def _plain(self, row: RowRef, name: str) -> Column:
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
        if isinstance(kind, sa.Date | sa.String):
            return column
        raise NotExpressibleError

    def _value(
        self, type: str, name: str, value: Value, details: FieldGroup, row: RowRef
    ) -> Column:
        """A value object; null where the row has no part of it."""
        column = next(k for k in nouns()[type].declared.values if camel(k) == name)
        columns = {part: value.column(column, part) for part in value_fields(value.kind)}
        kind, told = value.kind.__name__, {}
        for key, below in self.scope.selection.subfields(kind, details).items():
            part = field_name(below)
            if part == "__typename":
                told[key] = text_of(kind)
            elif part in columns:
                told[key] = self._plain(row, columns[part])
            else:
                told[key] = _joined(self._made(Id(), row), text_of(f"#{name}"))
        held = [row.column(each).is_not(None) for each in columns.values()]
        return sa.case((sa.or_(*held), self._object(told)))

    def _made(self, made: Template, row: RowRef) -> Column:
        """A text made from columns, such as a permalink; an id as of the edition that is read."""
        found: list[Column] = []
        for literal, name, _, _ in string.Formatter().parse(made.form):
            if literal:
                found.append(text_of(literal))
            if name:
                is_column = name in made.columns
                found.append(row.column(name) if is_column else bound_parameter(BASE, sa.Text()))
        told = _joined(*found)
        if self.scope.is_newest:
            return told
        if isinstance(made, Permalink):
            return _joined(told, _edition("?edition={}"))
        if not isinstance(made, Id):
            return told
        if made.names_field:
            return sa.func.replace(told, text_of("#"), _edition(f"{MARK}{{}}#"))
        return _joined(told, _edition(f"{MARK}{{}}"))

    def relation(
        self, relation: Relation, details: FieldGroup, owner: str, row: RowRef, depth: int = 0
    ) -> Column:
        """What a relation leads to: an object or null, or a list of objects."""
        if depth >= DEEPEST:
            raise NotExpressibleError
        key = row.key(relation.key)
        if relation.paged:
            return self._page(Join(relation, details, owner, {}), key, depth)
        if not relation.single and not relation.required:
            return self._list(relation, details, owner, key, depth)
        if not is_polymorphic(relation):
            told = self._one(relation, details, owner, key, depth)
        else:
            told = sa.case(
                *(
                    (text_of(prefix_of(nouns()[name])), self._by_id(name, details, key, depth))
                    for name in sorted(nouns_of(relation.target))
                ),
                value=self.json.prefix(key),
            )
        if not relation.required:
            return told
        return sa.func.coalesce(told, self.json.unfit(key))

    def _more(self, statements: int) -> None:
        self.count += statements
        if self.count > MOST:
            raise NotExpressibleError

    def _by_id(self, noun: str, details: FieldGroup, key: Column, depth: int) -> Column:
        return self._one(by_id(noun), details, noun, key, depth)

    def _page(self, link: Join, key: Column, depth: int) -> Column:
        """A page of what belongs to an owner."""
        depth += 2  # the object of a connection with its edges is as deep as one more relation
        leaf = nested_page(self.scope, link, key)
        if leaf is None or depth > DEEPEST:
            raise NotExpressibleError
        self._more(3)
        wanted, type = leaf.wanted, leaf.wanted.noun
        row = _SubqueryRow(f"t{self.count}", leaf.table, self.scope.dialect)
        told: dict[str, Column] = {}

        def order() -> list[Column]:
            return [row.column(leaf.ordered_by)]

        for field, details in wanted.fields.items():
            name = field_name(details)
            if name == "nodes":
                view = wanted.views[wanted.places[id(details)]]
                told[field] = self.json.list(self.object(view, row, depth), order)
            elif name == "edges":
                told[field] = self.json.list(self._edge(leaf, details, row, depth), order)
            elif name == "pageInfo":
                told[field] = self._info(leaf, details, row)
            elif name == "totalCount":
                told[field] = leaf.all.scalar_subquery()
            else:
                told[field] = text_of(f"{type}Connection")
        if not wanted.names & {"nodes", "edges"} and not row.asked:
            raise NotExpressibleError  # no row would be read, and so no cursor that may be wrong
        return self._told(wanted.noun, leaf.rows, row, self._object(told))

    def _edge(self, leaf: NestedPage, details: FieldGroup, row: _SubqueryRow, depth: int) -> Column:
        type = f"{leaf.wanted.noun}Edge"
        told: dict[str, Column] = {}
        for field, below in self.scope.selection.subfields(type, details).items():
            name = field_name(below)
            if name == "cursor":
                told[field] = self._cursor(leaf, row.column(leaf.ordered_by))
            elif name == "node":
                view = leaf.wanted.views[leaf.wanted.places[id(below)]]
                told[field] = self.object(view, row, depth)
            else:
                told[field] = text_of(type)
        return self._object(told)

    def _info(self, leaf: NestedPage, details: FieldGroup, row: _SubqueryRow) -> Column:
        # The page runs by this key from the least on, or `nested_page` would have made none.
        facts: dict[str, Callable[[], Column]] = {
            "hasNextPage": lambda: self.json.flag(leaf.more.exists()),
            "hasPreviousPage": lambda: self.json.true if leaf.is_later else self.json.false,
            "startCursor": lambda: self._cursor(leaf, sa.func.min(row.column(leaf.ordered_by))),
            "endCursor": lambda: self._cursor(leaf, sa.func.max(row.column(leaf.ordered_by))),
            "__typename": lambda: text_of("PageInfo"),
        }
        asked = self.scope.selection.subfields("PageInfo", details)
        return self._object({key: facts[field_name(below)]() for key, below in asked.items()})

    def _cursor(self, leaf: NestedPage, key: Column) -> Column:
        edition = self.scope.edition
        told = self.json.cursor(leaf.list, key, sa.null() if edition is None else edition)
        return sa.case((key.is_not(None), told))

    def _followed(
        self, relation: Relation, details: FieldGroup, owner: str, key: Column
    ) -> tuple[ObjectSelection, sa.FromClause, Select]:
        self._more(1)
        link = Join(relation, details, owner, {})
        table, query, _ = related_rows(self.scope, link, lambda owner: owner == key)
        return self.scope.selection.view(relation.target, details), table, query

    def _one(
        self, relation: Relation, details: FieldGroup, owner: str, key: Column, depth: int
    ) -> Column:
        view, table, query = self._followed(relation, details, owner, key)
        row = RowRef(table, self.scope.shown(relation.target, table))
        return query.add_columns(self.object(view, row, depth + 1)).scalar_subquery()

    def _list(
        self, relation: Relation, details: FieldGroup, owner: str, key: Column, depth: int
    ) -> Column:
        view, table, query = self._followed(relation, details, owner, key)
        row = _SubqueryRow(f"t{self.count}", table, self.scope.dialect)
        told = self.json.list(
            self.object(view, row, depth + 1), lambda: order_of(relation, row.column)
        )
        return self._told(relation.target, query, row, told)

    def _told(self, noun: str, rows: Select, row: _SubqueryRow, told: Column) -> Column:
        """What is told of all rows of a list together."""
        shown = self.scope.shown(noun, row.table)
        columns = [shown(name).label(name) for name in row.asked] or [number_of(1).label("one")]
        found = rows.add_columns(*columns).subquery(row.name)
        return sa.select(told).select_from(found).scalar_subquery()


def _joined(first: Column, *others: Column) -> Column:
    """Texts put together."""
    for part in others:
        first = first.op("||")(part)
    return first


def _edition(form: str) -> Column:
    """The number of the edition that is read, in some words."""
    return bound_parameter(AS_OF.then(form.format), sa.Text())
