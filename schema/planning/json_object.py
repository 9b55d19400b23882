"""JSON projections: objects as JSON that the database itself writes.

An object and all that is followed from it become one expression, which takes no Python a row.
What only Python can work out makes its object there (`schema.planning.projection`), with what can
be written here as parts.
"""

from __future__ import annotations

import sqlalchemy as sa

from schema.graph.catalog import ColumnField, catalog
from schema.model.fields import FirstValue, Relation, Template, Value
from schema.model.registry import nouns, nouns_of, prefix_of
from schema.planning.joins import Join, Select, by_id, is_polymorphic, order_of, related_rows
from schema.planning.json_field import FieldJson, NotExpressibleError
from schema.planning.json_functions import Column, number_of, text_of
from schema.planning.json_page import PageJson
from schema.planning.json_row import RowRef, SubqueryRow
from schema.planning.relation_page import nested_page
from schema.planning.scope import Scope
from schema.planning.selection import SelectedField, SelectionSet

DEEPEST = 4
"""How deep relations may be written: the stack of SQLite's parser holds a hundred symbols."""
MOST = 48
"""How many statements may stand within one expression, so that it stays small when prepared."""
MOST_IN_ALL = 2 * MOST
"""How many may stand within all expressions of one operation, so that it is soon planned."""


class JsonProjection:
    """Makes one expression; NotExpressibleError where it cannot be made."""

    def __init__(self, scope: Scope) -> None:
        self.scope, self.fields = scope, FieldJson(scope)
        self.json = self.fields.json
        self.count = 0
        """How many statements stand within the expression."""

    def whole_object(self, selection: SelectionSet, row: RowRef) -> Column:
        """The object of a row, with nothing around it; NotExpressibleError before it is written."""
        self._fit(selection, 0)
        self._begin()
        return self.object(selection, row)

    def whole_relation(self, relation: Relation, field: SelectedField, row: RowRef) -> Column:
        """What a relation leads to, with nothing around it; NotExpressibleError as above."""
        self._fit_relation(relation, field, 0)
        self._begin()
        return self.relation(relation, field, row)

    def _begin(self) -> None:
        """Counts what is to be written against what the operation may have in all."""
        operation = self.scope.operation
        if operation.statements + self.count > MOST_IN_ALL:
            raise NotExpressibleError
        operation.statements += self.count
        self.count = 0

    def _fit(self, selection: SelectionSet, depth: int) -> None:
        """NotExpressibleError where an object is too deep or takes too many statements.

        Expressions are dear to write, and what does not fit is tried again relation by relation.
        """
        for field in selection.fields.values():
            declared = catalog[selection.type].get(field.name)
            if isinstance(declared, Relation):
                self._fit_relation(declared, field, depth)
            elif isinstance(declared, FirstValue) and depth >= DEEPEST:
                raise NotExpressibleError  # one of several values is as deep as a relation

    def _fit_relation(self, relation: Relation, field: SelectedField, depth: int) -> None:
        if depth >= DEEPEST:
            raise NotExpressibleError
        if relation.paged:
            self._more(3)
            return
        is_one = relation.single or relation.required
        many = is_one and is_polymorphic(relation)
        for name in nouns_of(relation.target) if many else (relation.target,):
            self._more(1)
            self._fit(field.on(name), depth + 1)

    def _more(self, statements: int) -> None:
        self.count += statements
        if self.count > MOST:
            raise NotExpressibleError

    def object(self, selection: SelectionSet, row: RowRef, depth: int = 0) -> Column:
        """The object of a row."""
        fields = selection.fields.items()
        return self.fields.object({key: self._field(field, row, depth) for key, field in fields})

    def _field(self, field: SelectedField, row: RowRef, depth: int) -> Column:
        if field.name == "__typename":
            return text_of(field.owner)
        declared = catalog[field.owner][field.name]
        if isinstance(declared, ColumnField):
            return self.fields.column(row, declared.column)
        if isinstance(declared, Template):
            return self.fields.text(declared, row)
        if isinstance(declared, FirstValue) and depth >= DEEPEST:
            raise NotExpressibleError
        if isinstance(declared, Value | FirstValue):
            return self.fields.value(declared, field, row)
        if isinstance(declared, Relation):
            return self.relation(declared, field, row, depth)
        raise NotExpressibleError

    def relation(
        self, relation: Relation, field: SelectedField, row: RowRef, depth: int = 0
    ) -> Column:
        """What a relation leads to: an object or null, or a list of objects."""
        if depth >= DEEPEST:
            raise NotExpressibleError
        key = row.key(relation.key)
        if relation.paged:
            return self._page(Join(relation, field, {}), key, depth)
        if not relation.single and not relation.required:
            return self._list(relation, field, key, depth)
        if not is_polymorphic(relation):
            found = self._one(relation, field, key, depth)
        else:
            found = sa.case(
                *(
                    (text_of(prefix_of(nouns()[name])), self._one(by_id(name), field, key, depth))
                    for name in sorted(nouns_of(relation.target))
                ),
                value=self.json.prefix(key),
            )
        if not relation.required:
            return found
        return sa.func.coalesce(found, self.json.unfit(key))

    def _page(self, join: Join, key: Column, depth: int) -> Column:
        """A page of what belongs to an owner."""
        depth += 2  # the object of a connection with its edges is as deep as one more relation
        page = nested_page(self.scope, join, key)
        if page is None or depth > DEEPEST:
            raise NotExpressibleError
        self._more(3)
        row = SubqueryRow(f"t{self.count}", page.table, self.scope.dialect)
        json = PageJson(self.fields, page, row, lambda each: self.object(each, row, depth))
        return self._ordered(join.relation.target, page.rows, row, json.object())

    def _one(self, relation: Relation, field: SelectedField, key: Column, depth: int) -> Column:
        table, query = self._related(relation, field, key)
        row = RowRef(table, self.scope.shown(relation.target, table))
        found = self.object(field.on(relation.target), row, depth + 1)
        return query.add_columns(found).scalar_subquery()

    def _list(self, relation: Relation, field: SelectedField, key: Column, depth: int) -> Column:
        table, query = self._related(relation, field, key)
        query = query.order_by(*order_of(relation, lambda name: table.c[name]))
        row = SubqueryRow(f"t{self.count}", table, self.scope.dialect)
        each = self.object(field.on(relation.target), row, depth + 1)
        objects = self.json.list(each, lambda: order_of(relation, row.column))
        return self._ordered(relation.target, query, row, objects)

    def _related(
        self, relation: Relation, field: SelectedField, key: Column
    ) -> tuple[sa.FromClause, Select]:
        """The rows of a relation for one owner."""
        self._more(1)
        join = Join(relation, field, {})
        table, query, _ = related_rows(self.scope, join, lambda owner: owner == key)
        return table, query

    def _ordered(self, noun: str, rows: Select, row: SubqueryRow, written: Column) -> Column:
        """What is written of all rows of a list together, from a subquery that has their order."""
        shown = self.scope.shown(noun, row.table)
        columns = [shown(name).label(name) for name in row.columns] or [number_of(1).label("one")]
        subquery = rows.add_columns(*columns).subquery(row.name)
        return sa.select(written).select_from(subquery).scalar_subquery()
