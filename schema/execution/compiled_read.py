"""Queries that come through Strawberry, answered by compiled operations."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    get_operation_ast,
)
from strawberry.extensions import SchemaExtension

from schema.errors import AnswerTooLargeError
from schema.execution.json_writer import Writer
from schema.execution.operation import UNFIT, OperationPlan


class Operations:
    """The operations that were run last, by the text of their document and their name."""

    MOST = 256
    CHARACTERS = 131_072

    def __init__(self) -> None:
        self.kept: OrderedDict[tuple[str, str | None], OperationPlan] = OrderedDict()
        self.characters = 0

    def of(
        self, schema: GraphQLSchema, document: DocumentNode, text: str, name: str | None
    ) -> OperationPlan:
        """An operation of a valid document."""
        key = (text, name)
        operation = self.kept.get(key)
        if operation is None or operation.schema is not schema:
            node = get_operation_ast(document, name)
            assert node is not None, "graphql-core has found that there is one"
            operation = OperationPlan(schema, document, node)
            self.kept[key] = operation
            self.characters += len(text)
        self.kept.move_to_end(key)
        while len(self.kept) > self.MOST or self.characters > self.CHARACTERS:
            (text, _), _ = self.kept.popitem(last=False)
            self.characters -= len(text)
        return operation


operations = Operations()


class CompiledRead(SchemaExtension):
    """Answers queries by compiled operations; graphql-core runs what they do not cover."""

    async def on_execute(self) -> AsyncIterator[None]:
        """Runs the operation, and leaves to graphql-core what is not all well."""
        execution = self.execution_context
        document = execution.graphql_document
        is_query = document is not None and execution.operation_type.name == "QUERY"
        if document is not None and is_query and not execution.context.is_for_graphql:
            operation = operations.of(
                execution.schema._schema,  # noqa: SLF001  # Strawberry has no other way in
                document,
                execution.query or "",
                execution.operation_name,
            )
            variables = operation.variables.coerced(execution.variables or {})
            if isinstance(variables, dict):
                try:
                    data = operation.run(execution.context, variables)
                    if not isinstance(data, dict):
                        data = await data
                    # Who reads it in Python is handed no JSON that the database has told.
                    written = Writer(execution.context.snapshots.answer_bytes).one(data)
                    execution.result = ExecutionResult(orjson.loads(written), None)
                except AnswerTooLargeError as error:
                    refusal = GraphQLError(str(error), original_error=error)
                    execution.result = ExecutionResult(None, [refusal])
                except UNFIT:
                    execution.context.newest = execution.context.read = None
        yield
