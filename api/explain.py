"""`pactbook explain`: how a query is read, in words for whoever makes it faster."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    GraphQLError,
    OperationType,
    Source,
    get_operation_ast,
    parse,
    validate,
)

from api.settings import Settings
from schema.build import build
from schema.errors import InputError, NeedsGraphQLCoreError
from schema.execution.context import Context
from schema.execution.explain import explain
from schema.execution.operation import OperationPlan
from schema.filtering.page import PageSize
from schema.graph.validation import RULES
from schema.storage.open import snapshots


def explained(
    settings: Settings,
    file: Path,
    variables: str | None,
    operation: str | None,
    *,
    is_brief: bool,
) -> list[str]:
    """The plan of a query in a file, line by line; InputError says why it has none."""
    schema = build()._schema  # noqa: SLF001  # Strawberry has no other way in
    try:
        document = parse(Source(file.read_text("utf-8"), str(file)))
    except GraphQLError as error:
        raise InputError(str(error)) from error
    errors = validate(schema, document, RULES)
    if errors:
        raise InputError("\n\n".join(map(str, errors)))
    plan = OperationPlan(schema, document, _operation(document, operation))
    values = plan.variables.coerced(_variables(variables))
    if isinstance(values, list):
        raise InputError("\n\n".join(map(str, values)))
    return asyncio.run(_read(settings, plan, values, is_brief=is_brief))


def _operation(document: DocumentNode, name: str | None) -> Any:
    node = get_operation_ast(document, name)
    if node is None:
        raise InputError("The file has no such operation, or several. Name one by --operation.")
    if node.operation is not OperationType.QUERY:
        raise InputError("Only a query has a plan.")
    return node


def _variables(given: str | None) -> dict[str, Any]:
    try:
        values = orjson.loads(given or "{}")
    except orjson.JSONDecodeError as error:
        raise InputError(f"--variables is no JSON: {error}.") from error
    if not isinstance(values, dict):
        raise InputError('--variables is no JSON object, such as {"first": 10}.')
    return values


async def _read(
    settings: Settings, plan: OperationPlan, values: dict[str, Any], *, is_brief: bool
) -> list[str]:
    pool = snapshots(settings.database_url)
    sizes = PageSize(settings.page_size, settings.page_ceiling)
    try:
        async with Context(pool, sizes=sizes) as context:
            return await explain(plan, context, values, is_brief=is_brief)
    except NeedsGraphQLCoreError as error:
        raise InputError(
            "graphql-core answers this query, as it asks about the schema or has errors. Send it "
            "to the server, and it says which."
        ) from error
    except GraphQLError as error:
        raise InputError(str(error)) from error
    finally:
        await pool.dispose()
