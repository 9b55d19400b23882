"""Root fields: each is answered by one reader, at one edition."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import strawberry

from schema.errors import AnswerTooLargeError
from schema.execution.context import AsOf, Context
from schema.execution.executor import Executor
from schema.execution.json_writer import weighed
from schema.execution.operation import ROOTS, selected_by_graphql
from schema.graph.arguments import Arguments, optional_argument, with_signature
from schema.graph.semantic_nullability import nullability
from schema.model.bounds import Bound

AS_OF = optional_argument(
    AsOf, "Read what was known then, with ids that carry the edition; the newest when left out."
)

Answer = Callable[[Executor, dict[str, Any]], Awaitable[Any]]
"""How a root field is answered: by a reader, from its arguments."""


bounds: dict[str, Bound] = {}
"""What bounds the root fields that are lists, or that say how long the lists in them are."""


def root(
    name: str,
    kind: Any,
    description: str,
    arguments: Arguments,
    answer: Answer,
    bound: Bound | None = None,
    *,
    is_found: bool = False,
) -> Any:
    """A root field, answered by one reader at one edition.

    One that `is_found` is null where nothing is found; any other that may be null is so by an
    error alone, and says so.
    """
    ROOTS[name] = answer
    if bound is not None:
        bounds[name] = bound

    async def resolve(root: Any, info: strawberry.Info, **given: Any) -> Any:
        context: Context = info.context
        selected, bindings = selected_by_graphql(info._raw_info)  # noqa: SLF001  # Strawberry's only way to the query
        async with context.lock:
            reader, values = await context.reader(await context.waiting(), selected, bindings)
            try:
                answered = await answer(reader, values)
            except AnswerTooLargeError as error:
                error.let_go()
                raise error from None
            context.weight += weighed(answered)
            if context.weight > context.snapshots.answer_bytes:
                raise AnswerTooLargeError(context.snapshots.answer_bytes)
            return answered

    return strawberry.field(
        resolver=with_signature(resolve, arguments),
        graphql_type=kind,
        description=description,
        name=name,
        directives=nullability(kind, is_found=is_found),
    )
