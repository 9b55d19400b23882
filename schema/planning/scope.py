"""The scope of a plan: on which kind of database it reads, and at which edition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from schema.filtering.page import PageSize
from schema.model.editions import valid
from schema.planning.selection import OperationInfo
from schema.storage.statement import AS_OF


@dataclass(frozen=True)
class Scope:
    """What planning may know of a run: nothing that is only known when a statement runs."""

    operation: OperationInfo
    dialect: sa.Dialect
    sizes: PageSize
    is_newest: bool
    """Whether the newest edition is read, or one whose number is a parameter."""

    @property
    def edition(self) -> Any:
        """The edition for statements that serve others too; None reads the newest."""
        return None if self.is_newest else sa.bindparam(None, AS_OF, sa.BigInteger, unique=True)

    def valid(self, noun: str, table: sa.FromClause) -> sa.ColumnElement[bool]:
        """The rows of a noun that the edition being read holds."""
        if noun == "Edition":
            return sa.true() if self.is_newest else table.c.number <= self.edition
        return valid(table, self.edition)

    def shown(self, noun: str, table: sa.FromClause) -> Callable[[str], sa.ColumnElement[Any]]:
        """The columns of a table as a reader may see them."""
        return lambda name: visible_column(table, noun, name, self.edition)


def visible_column(table: sa.FromClause, noun: str, name: str, as_of: Any) -> sa.ColumnElement[Any]:
    """A column as a reader may see it: no edition of the future.

    What a licence hides is not in these tables (`schema.publishing.withholding`).
    """
    column: sa.ColumnElement[Any] = table.c[name]
    if name == "until" and as_of is not None:
        return sa.case((column > as_of, sa.null()), else_=column)
    return column
