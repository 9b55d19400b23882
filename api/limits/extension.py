"""The guard before every operation: limits, cost, and errors that a client may see."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property, partial
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLObjectType,
    OperationDefinitionNode,
    get_operation_ast,
    get_variable_values,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetails
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from api.limits.depth import INTROSPECTION, too_complex
from api.limits.documents import Document, Documents
from api.limits.error_masking import public_all
from api.limits.limits import Limits
from api.limits.worker import Worker
from schema.execution.error_behavior import BehavingExecutor
from schema.graph.validation import Validation
from schema.model.bounds import Bound


def documents_of(
    schema: strawberry.Schema, limits: Limits, bounds: Mapping[str, Bound] | None = None
) -> Documents:
    """The documents of a graph, held to the limits."""
    return Documents(schema._schema, limits, bounds)  # noqa: SLF001  # Strawberry has no other way in


def guarded(schema: strawberry.Schema, documents: Documents) -> strawberry.Schema:
    """The same graph, held to the limits, its errors told with codes and logged once."""

    def process_errors(
        errors: list[GraphQLError],
        execution_context: ExecutionContext | None = None,
    ) -> None:
        errors[:] = public_all(errors)

    served = copy.copy(schema)
    others = [extension for extension in schema.extensions if extension is not Validation]
    served.extensions = (*others, lambda: Guard(documents))
    served.execution_context_class = introspecting(schema, documents.limits)
    served.process_errors = process_errors  # type: ignore[method-assign]  # of this copy alone
    return served


def introspecting(schema: strawberry.Schema, limits: Limits) -> type[Executor[Any]]:
    """The executor of a graph that answers in another thread what is asked of the graph itself."""
    worker = Worker("introspection", limits.documents_waiting)
    base: Any = schema.execution_context_class
    behaving: Any = BehavingExecutor

    # Strawberry chooses which at run time.
    class Introspecting(behaving, base):  # type: ignore[misc]
        @cached_property
        def turn(self) -> asyncio.Lock:
            """Held by the one field that is answered at a time, so that an operation waits once."""
            return asyncio.Lock()

        def execute_field(
            self, parent: GraphQLObjectType, source: Any, nodes: list[FieldDetails], *rest: Any
        ) -> Any:
            field = partial(super().execute_field, parent, source, nodes, *rest)
            is_apart = nodes[0].node.name.value in INTROSPECTION
            return self.apart(field) if is_apart else field()

        async def apart(self, field: Callable[[], Any]) -> Any:
            """What a field comes to that waits for nothing."""
            async with self.turn:
                return await worker.run(field)

    return Introspecting


class Guard(SchemaExtension):
    """Holds one operation to the limits, and tells its cost in `extensions.cost`."""

    def __init__(self, documents: Documents) -> None:
        super().__init__()
        self.documents = documents
        self.document: Document
        self.cost: int | None = None

    def on_parse(self) -> Iterator[None]:
        self.document = self.documents.read(self.execution_context.query or "")
        self.execution_context.graphql_document = self.document.node
        self.name_one(self.document.node)
        yield

    def on_validate(self) -> Iterator[None]:
        errors = self.document.errors or self.refused(self.document.node)
        self.execution_context.pre_execution_errors = list(errors)
        yield

    def name_one(self, document: DocumentNode) -> None:
        """Refuse a choice of operations without a name; Strawberry would run the first."""
        operations = [n for n in document.definitions if isinstance(n, OperationDefinitionNode)]
        # The public `operation_name` is Strawberry's guess where none was given.
        given = self.execution_context._provided_operation_name  # noqa: SLF001
        if len(operations) > 1 and given is None:
            raise GraphQLError(
                "The document has several operations; say which by `operationName`.",
                extensions={"code": "BAD_REQUEST"},
            )

    def refused(self, document: DocumentNode) -> Collection[GraphQLError]:
        """What is wrong with this call of a valid document: its variables, or its cost."""
        operation = get_operation_ast(document, self.execution_context.operation_name)
        assert operation is not None, "on_parse has found that there is one"
        schema, limits = self.documents.schema, self.documents.limits
        given = self.execution_context.variables or {}
        values = get_variable_values(
            schema, operation.variable_definitions or (), given, max_errors=limits.errors
        )
        if isinstance(values, list):
            return [
                GraphQLError(e.message, e.nodes, extensions={"code": "BAD_USER_INPUT"})
                for e in values[: limits.errors]
            ]
        figures = self.documents.figures
        costs = self.documents.costs(self.document, operation)
        self.cost = costs.of(values.coerced, figures)
        if self.cost <= limits.cost:
            return []
        return [too_complex(costs.refusal(values.coerced, figures, limits.cost), operation)]

    def get_results(self) -> dict[str, Any]:
        if self.cost is None:
            return {}
        return {"cost": {"nodes": self.cost, "ceiling": self.documents.limits.cost}}
