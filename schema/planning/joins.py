"""Joins: which rows a relation leads to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from schema.errors import UnknownFieldError
from schema.filtering.keyset import OrderKey, keys_by_columns
from schema.graph.catalog import INTERFACES, catalog
from schema.graph.declare import ResolvedField, ViewField
from schema.model.field_names import field_names
from schema.model.fields import Relation, RoleRelation
from schema.model.noun import camel
from schema.model.registry import table_named
from schema.planning.scope import Scope
from schema.planning.selection import SelectedField
from schema.storage.engine import matches
from schema.storage.sql import not_indexed
from schema.storage.statement import constrain

POLYMORPHIC = frozenset(kind.__name__ for kind in INTERFACES)

UNCLAIMED = frozenset(
    {
        *("id", "url", "edition", "history", "factuality"),
        *("claims", "hedges", "unknowns", "conflicts"),
    }
)
"""Fields of which no source says anything, because they are the tracker's own."""

Select = sa.Select[*tuple[Any, ...]]
Owned = Callable[[sa.ColumnElement[Any]], sa.ColumnElement[bool]]
"""Whether a row belongs to the owners that are asked for, by the column that names its owner."""


@dataclass(frozen=True)
class Join:
    """What is fetched or worked out for all rows of a source at once."""

    declared: Relation | ResolvedField
    field: SelectedField
    places: dict[str, int]
    """Where in a row its keys stand, by the names of their columns."""

    @property
    def relation(self) -> Relation:
        """What is declared, where it is a relation."""
        assert isinstance(self.declared, Relation)
        return self.declared


def is_polymorphic(relation: Relation) -> bool:
    """Whether a relation leads to rows of several nouns."""
    return relation.target in POLYMORPHIC


@cache
def by_id(noun: str) -> Relation:
    """How records of a noun are found by their ids."""
    return Relation(noun, "", by="id", single=True)


def table_behind(join: Join) -> sa.FromClause:
    """The table that a relation's rows stand in."""
    return _named(_behind(join)).alias()


def _behind(join: Join) -> str:
    read_off = {"Conflict": "Claim", "Revision": join.field.owner}
    return read_off.get(join.relation.target, join.relation.target)


def related_rows(
    scope: Scope, join: Join, is_owned: Owned, table: sa.FromClause | None = None
) -> tuple[sa.FromClause, Select, sa.ColumnElement[Any]]:
    """The rows of a relation for some owners, in no order: their table, a statement without
    columns, and what names the owner of each. A conflict is read off claims, and so on.
    """
    relation = join.relation
    table = table_behind(join) if table is None else table
    query = sa.select().select_from(table).where(*_narrowed(relation, table, join.field))
    parent: sa.ColumnElement[Any] = table.c[relation.by]
    if relation.through:
        link_noun, near, far = relation.through
        between = _named(link_noun).alias()
        pairs = sa.select(between.c[near], between.c[far]).distinct()
        chosen = pairs.where(scope.valid(link_noun, between), is_owned(between.c[near]))
        pair = chosen.subquery()
        query = query.join(pair, pair.c[far] == parent)
        parent = pair.c[near]
    else:
        query = query.where(is_owned(parent))
    if not relation.every_version:
        query = query.where(scope.valid(relation.target, table))
    elif not scope.is_newest:
        query = query.where(table.c.since <= scope.edition)
    return table, query, parent


@cache
def _named(noun: str) -> sa.TableClause:
    """A table by its name and its columns alone: its aliases cost less than half."""
    table = table_named(noun)
    return sa.table(table.name, *(sa.column(each.name, each.type) for each in table.columns))


def keys_of_relation(join: Join, column: Callable[[str], sa.ColumnElement[Any]]) -> list[OrderKey]:
    """The order of the pages of a relation, by the columns of a row of its table."""
    table = table_named(_behind(join))
    return keys_by_columns(join.relation.order, column, lambda name: bool(table.c[name].nullable))


def _narrowed(
    relation: Relation, table: sa.FromClause, selected: SelectedField
) -> list[sa.ColumnElement[bool]]:
    """What the relation declares, and what the query's arguments add."""
    conditions = [matches(table.c[column], value) for column, value in relation.where]
    conditions += [table.c[column].is_not(None) for column in relation.present]
    if not isinstance(relation, RoleRelation):  # whose index has the role behind the owner
        # Rows are found by their owner: SQLite would take an index that most rows match.
        conditions = [*map(not_indexed, conditions)]
    if not relation.narrow:
        return conditions
    arguments = selected.arguments
    for narrow in relation.narrow:
        value = constrain(arguments.get(camel(narrow.name)), lambda given: given)
        column = table.c[narrow.column]
        if value is None or value is False:
            continue
        if narrow.kind is bool:
            conditions.append(column.is_(None))
        elif value.value in (choices := claimed_fields(selected.owner)):
            conditions.append(column == value.value)
        else:
            known = [name.name for name in field_names() if name.value in choices]
            raise UnknownFieldError(selected.owner, value.name, known)
    return conditions


def claimed_fields(type: str) -> frozenset[str]:
    """The fields of a type that a source can speak of."""
    worked_out = {name for name, field in catalog[type].items() if isinstance(field, ViewField)}
    return frozenset(catalog[type].keys() - UNCLAIMED - worked_out)


def order_of(
    relation: Relation, column: Callable[[str], sa.ColumnElement[Any]]
) -> list[sa.ColumnElement[Any]]:
    """The order of a relation's rows, by their columns."""
    if relation.target == "Edition":
        return [column("number")]
    return [
        column(name[1:]).desc() if name.startswith("-") else column(name).asc().nulls_first()
        for name in relation.order
    ]
