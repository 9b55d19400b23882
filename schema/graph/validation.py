"""Validation of documents: the rules of GraphQL, as this graph holds documents to them."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    ASTValidationRule,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLSchema,
    NonNullTypeNode,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    ValidationRule,
    print_ast,
    specified_rules,
    validate,
)
from strawberry.extensions import SchemaExtension

from schema.graph.field_merging import MergeableFieldsRule


class OneOfVariablesRule(ValidationRule):
    """A variable that is the only field of a `@oneOf` input is never null (§ 5.8.5).

    graphql-core sees to that where the input itself may be null, and overlooks all others.
    """

    def leave_operation_definition(self, node: OperationDefinitionNode, *_: object) -> None:
        """Looks at the variables of an operation and of all fragments that it uses."""
        defined = {each.variable.name.value: each for each in node.variable_definitions or ()}
        for usage in self.context.get_recursive_variable_usages(node):
            declared = defined.get(usage.node.name.value)
            if declared is None or isinstance(declared.type, NonNullTypeNode):
                continue
            parent = usage.parent_type
            if isinstance(parent, GraphQLNonNull) and getattr(parent.of_type, "is_one_of", False):
                self.report_error(
                    GraphQLError(
                        f"Variable '${usage.node.name.value}' is of type "
                        f"'{print_ast(declared.type)}' but must be non-nullable to be used for "
                        f"OneOf Input Object '{parent.of_type}'.",
                        [declared, usage.node],
                    )
                )


RULES: tuple[type[ASTValidationRule], ...] = (
    *(rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule),
    MergeableFieldsRule,
    OneOfVariablesRule,
)


def declare_one_of(schema: GraphQLSchema) -> None:
    """Tells graphql-core which inputs are `@oneOf`; Strawberry keeps that to itself.

    The rules of graphql-core then hold documents and variables to it. Strawberry's own rule wants
    each variable declared before its use, and fails where it is not.
    """
    for type in schema.type_map.values():
        if isinstance(type, GraphQLInputObjectType):
            definition = type.extensions.get("strawberry-definition")
            type.is_one_of = definition is not None and definition.is_one_of


class Validation(SchemaExtension):
    """Validates by these rules alone, in place of Strawberry's."""

    def on_validate(self) -> Iterator[None]:
        """Has found the errors before Strawberry looks for them."""
        execution = self.execution_context
        if execution.graphql_document is not None and execution.pre_execution_errors is None:
            schema = execution.schema._schema  # noqa: SLF001  # Strawberry has no other way in
            execution.pre_execution_errors = validate(schema, execution.graphql_document, RULES)
        yield
