"""The rows that JSON is written of: as columns of their table, or of a subquery in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from schema.planning.json_functions import Column


class OuterColumn(sa.ColumnElement[Any]):
    """A column of a row around this statement, whose table is not to be joined here."""

    inherit_cache = False

    def __init__(self, column: Column) -> None:
        self.column, self.type = column, column.type


@compiles(OuterColumn)
def _outer(element: OuterColumn, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.column, **options))


class RowRef:
    """A row that an object is written of."""

    def __init__(self, table: sa.FromClause, shown: Callable[[str], Column]) -> None:
        self.table = table
        self.column = shown
        """One of its columns, as a reader may see it."""

    def kind(self, name: str) -> Any:
        """The type of a column."""
        return self.table.c[name].type

    def key(self, name: str) -> Column:
        """One of its columns in a statement within."""
        return OuterColumn(self.column(name))


class SubqueryRow(RowRef):
    """A row of a list, which is put in order before it is written; it notes its columns."""

    def __init__(self, name: str, table: sa.FromClause, dialect: sa.Dialect) -> None:
        super().__init__(table, self._noted)
        self.name, self.quote = name, dialect.identifier_preparer.quote
        self.columns: dict[str, None] = {}

    def _noted(self, name: str) -> Column:
        self.columns[name] = None
        return sa.literal_column(f"{self.name}.{self.quote(name)}", self.kind(name))
