"""The behavior on errors: where the null stands that an error leaves, as `onError` asks."""

from __future__ import annotations

from enum import Enum
from typing import Any

from graphql import GraphQLNonNull, GraphQLOutputType, get_nullable_type
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path


class ErrorBehavior(Enum):
    """What an error in a field does to the data, by the names of the specification's proposal."""

    NULL = "NULL"
    """The field is null, whatever its type says."""
    PROPAGATE = "PROPAGATE"
    """The nearest field or item above it that may be null is."""
    HALT = "HALT"
    """All data are null; the first error is the only one, and nothing else is read."""


class BehavingExecutor(Executor[Any]):
    """Handles errors as the context of the operation says."""

    def handle_field_error(
        self,
        raw_error: Exception,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        path: Path,
    ) -> None:
        """Notes the error of a field or item, or raises it to what stands above."""
        behavior = self.context_value.on_error
        if behavior is not ErrorBehavior.PROPAGATE:
            # graphql-core raises what must not be null, and notes what may be.
            nullable: Any = get_nullable_type(return_type)  # which its types do not say of outputs
            is_null = behavior is ErrorBehavior.NULL
            return_type = nullable if is_null else GraphQLNonNull(nullable)
        super().handle_field_error(raw_error, return_type, field_details_list, path)
