"""The selection tree: what an operation selects, field by field, collected once and then kept.

Each field also keeps what was planned for it, so that a plan lives as long as its selection.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from graphql import (
    GraphQLError,
    GraphQLField,
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

READ_BY = ("id", "ids", "by")
"""Arguments whose ids name what is read, and so may say at which edition."""


@dataclass
class OperationInfo:
    """What all fields of an operation share; scalars of its variables are parameters."""

    schema: GraphQLSchema
    node: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    variables: VariableValues
    is_typed: bool = False
    """Whether graphql-core completes the answer, and so must know the types of objects."""
    statements: int = 0
    """How many statements have been written into expressions for it."""
    grown: Callable[[int], None] = ignore_growth
    """Called with the number of bytes by which the plans kept for it have grown."""

    def type(self, name: str) -> GraphQLObjectType:
        """An object type of the graph by its name."""
        known = self.schema.get_type(name)
        assert isinstance(known, GraphQLObjectType)
        return known


@dataclass(frozen=True, eq=False)
class SelectionSet:
    """What is selected of objects of one type, by response name."""

    type: str
    fields: dict[str, SelectedField]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of its fields in the graph."""
        return frozenset(field.name for field in self.fields.values())


class SelectedField:
    """One field of a selection set: its arguments, its own selection sets, its plans."""

    def __init__(self, operation: OperationInfo, owner: str, nodes: list[FieldDetails]) -> None:
        self.operation, self.owner, self.nodes = operation, owner, nodes
        self.name: str = nodes[0].node.name.value
        """Its name in the graph."""
        self.plans: dict[Hashable, PlanCache[Any]] = {}
        """What was planned for it, by purpose."""
        self.selections: dict[str, SelectionSet] = {}
        """What is selected below it, by the types for which that has been collected."""

    @property
    def definition(self) -> GraphQLField:
        """The field as the graph has it."""
        definition: GraphQLField = self.operation.type(self.owner).fields[self.name]
        return definition

    def on(self, type: str) -> SelectionSet:
        """What is selected below it of objects of a type."""
        if type not in self.selections:
            self.selections[type] = SelectionSet(type, self._collected(type))
        return self.selections[type]

    def _collected(self, type: str) -> dict[str, SelectedField]:
        operation = self.operation
        try:
            collected = collect_subfields(
                operation.schema,
                operation.fragments,
                operation.variables,
                operation.node,
                operation.type(type),
                self.nodes,
            )
        except GraphQLError:
            if not operation.is_typed:
                raise
            return {}  # graphql-core collects them again, and reports the error
        return {
            key: SelectedField(operation, type, nodes)
            for key, nodes in collected.grouped_field_set.items()
        }

    @cached_property
    def arguments(self) -> dict[str, Any]:
        """Its arguments, defaults filled in; scalars of variables are parameters."""
        definition = self.definition
        values = get_argument_values(definition, self.nodes[0].node, self.operation.variables)
        for name, value in values.items():
            if name not in READ_BY:
                values[name] = unqualified_ids(definition.args[name].type, value)
        if not is_parameter(values):
            check_texts(values)
        return values

    @cached_property
    def _is_constant(self) -> bool:
        return not is_parameter(self.arguments)

    def argument_values(self, bindings: Bindings) -> dict[str, Any]:
        """Its arguments as one run has them."""
        if self._is_constant:
            return self.arguments
        values = {name: bind(value, bindings) for name, value in self.arguments.items()}
        check_texts(values)
        return values

    def plan(self, purpose: Hashable, bindings: Bindings, build: Callable[[], T]) -> T:
        """What was planned for a purpose and serves these bindings; else it is built."""
        plans: PlanCache[T] | None = self.plans.get(purpose)
        if plans is None:
            plans = self.plans.setdefault(purpose, PlanCache(self.operation.grown))
        return plans.find(bindings, build)

    def serves_all(self, purpose: Hashable) -> bool:
        """Whether what was planned for a purpose serves whatever its variables hold."""
        return not any(constraints for constraints, _ in self.plans[purpose].built)


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
    """An id, or a list of them, without editions; members of a list may still be parameters."""
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
