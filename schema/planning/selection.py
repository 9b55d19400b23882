"""What a query asks: the fields of an object and their arguments, found once for an operation."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
)
from graphql.execution import get_argument_values
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.values import VariableValues

from schema.errors import InputError
from schema.model.ids import unqualified
from schema.storage.statement import Bindings, PlanCache, bind, ignore_growth, is_parameter, then

T = TypeVar("T")

FieldGroup = list[FieldDetails]
"""All the places where a query names one field under one name."""

READ_BY = ("id", "ids", "by")
"""Arguments whose ids name what is read, and so may say at which edition."""

Fields = dict[str, FieldGroup]
"""What a query asks of an object, by the names it gives the answers."""


@dataclass
class ObjectSelection:
    """One set of fields asked of the rows of a level; edges and nodes may ask different ones."""

    type: str
    fields: Fields


def field_name(details: FieldGroup) -> str:
    """The name of the field in the graph."""
    return details[0].node.name.value


@dataclass
class OperationInfo:
    """What all root fields of an operation share; variables are late where they are scalars."""

    schema: GraphQLSchema
    node: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    variables: VariableValues
    statements: int = 0
    """How many statements have been written into expressions for it."""
    grown: Callable[[int], None] = ignore_growth
    """Told by how many bytes more what is remembered of it takes."""


@dataclass
class Selection:
    """One root field as a query wrote it. What is found out about it is remembered."""

    operation: OperationInfo
    root: FieldGroup
    is_typed: bool = False
    """Whether graphql-core goes through the answer, and so must be told the types of objects."""
    _fields: dict[tuple[str, int], Fields] = field(default_factory=dict)
    _arguments: dict[tuple[str, int], tuple[dict[str, Any], bool]] = field(default_factory=dict)
    _built: dict[Hashable, PlanCache[Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the root field in the graph."""
        return field_name(self.root)

    def subfields(self, type: str, details: FieldGroup) -> Fields:
        """What is asked of an object of a type under these fields."""
        key = (type, id(details))  # fields live as long as this object, which remembers them
        if key not in self._fields:
            operation = self.operation
            try:
                collected = collect_subfields(
                    operation.schema,
                    operation.fragments,
                    operation.variables,
                    operation.node,
                    self.type(type),
                    details,
                )
                self._fields[key] = dict(collected.grouped_field_set)
            except GraphQLError:
                if not self.is_typed:
                    raise
                self._fields[key] = {}  # graphql-core collects them again, and says what is wrong
        return self._fields[key]

    def view(self, type: str, details: FieldGroup) -> ObjectSelection:
        """The same as a view of the rows of a level."""
        return ObjectSelection(type, self.subfields(type, details))

    def declared(self, type: str, details: FieldGroup) -> dict[str, Any]:
        """The arguments of a field, defaults filled in, scalars of variables still late."""
        return self._found(type, details)[0]

    def arguments(self, type: str, details: FieldGroup, reading: Bindings) -> dict[str, Any]:
        """The arguments of a field, defaults filled in, as one reading has them."""
        found, late = self._found(type, details)
        if not late:
            return found
        found = {name: bind(value, reading) for name, value in found.items()}
        check_texts(found)
        return found

    def _found(self, type: str, details: FieldGroup) -> tuple[dict[str, Any], bool]:
        key = (type, id(details))
        if key not in self._arguments:
            field = self.type(type).fields[field_name(details)]
            found = get_argument_values(field, details[0].node, self.operation.variables)
            for name, value in found.items():
                if name not in READ_BY:
                    found[name] = unqualified_ids(field.args[name].type, value)
            late = is_parameter(found)
            if not late:
                check_texts(found)
            self._arguments[key] = (found, late)
        return self._arguments[key]

    def built(self, key: Hashable, reading: Bindings, build: Callable[[], T]) -> T:
        """What an earlier reading built for this place of the query, or what is built now."""
        shelf: PlanCache[T] | None = self._built.get(key)
        if shelf is None:
            shelf = self._built.setdefault(key, PlanCache(self.operation.grown))
        return shelf.find(reading, build)

    def serves_all(self, key: Hashable) -> bool:
        """Whether what was built for a place serves all values that its variables may have."""
        return not any(told for told, _ in self._built[key].built)

    def type(self, name: str) -> GraphQLObjectType:
        """An object type of the graph by its name."""
        known = self.operation.schema.get_type(name)
        assert isinstance(known, GraphQLObjectType)
        return known


def unqualified_ids(kind: Any, value: Any) -> Any:
    """An argument of a type, whose ids mean records, whatever edition they were read at."""
    named: Any = get_named_type(kind)
    if value is None:
        return None
    if isinstance(named, GraphQLInputObjectType):
        if isinstance(value, list):
            return [unqualified_ids(named, each) for each in value]
        return {
            name: unqualified_ids(named.fields[name].type, part) for name, part in value.items()
        }
    return then(value, _bare) if named.name == "ID" else value


def _bare(ids: Any) -> Any:
    """An id, or a list of them, without editions; members of a list may still be late."""
    if isinstance(ids, list):
        return [then(id, _bare) for id in ids]
    return None if ids is None else unqualified(ids)


def check_texts(given: Any) -> None:
    """Refuses what one of the databases cannot keep: U+0000, and half of a surrogate pair."""
    if given is None:
        return
    if isinstance(given, str):
        if "\x00" in given:
            raise InputError("A text holds the character U+0000. Leave it out.")
        if not given.isascii() and any("\ud800" <= letter <= "\udfff" for letter in given):
            raise InputError("A text holds half of a surrogate pair. Leave it out.")
    elif isinstance(given, dict):
        for value in given.values():
            check_texts(value)
    elif isinstance(given, list):
        for value in given:
            check_texts(value)
