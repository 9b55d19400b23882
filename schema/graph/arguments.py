"""Arguments of fields, and the signatures that Strawberry reads them off."""

from __future__ import annotations

import inspect
from typing import Annotated, Any

import strawberry

Arguments = dict[str, tuple[Any, Any]]
"""The arguments of a field: their types, described, and their defaults."""


def with_signature(resolve: Any, arguments: Arguments) -> Any:
    """A resolver that Strawberry takes for one with these very arguments."""
    parameters = [
        inspect.Parameter("root", inspect.Parameter.POSITIONAL_OR_KEYWORD),
        inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD),
        *(
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)
            for name, (_, default) in arguments.items()
        ),
    ]
    kinds = {name: kind for name, (kind, _) in arguments.items()}
    resolve.__annotations__ = {"info": strawberry.Info, **kinds}
    resolve.__signature__ = inspect.Signature(
        [
            part.replace(annotation=resolve.__annotations__.get(part.name, part.empty))
            for part in parameters
        ]
    )
    return resolve


def needed(kind: Any) -> tuple[Any, Any]:
    """An argument that must be given."""
    return kind, inspect.Parameter.empty


def argument(kind: Any, description: str, **metadata: Any) -> Any:
    """An argument's type with its public description."""
    return Annotated[kind, strawberry.argument(description=description, metadata=metadata)]


def paging(what: str) -> Arguments:
    """The four arguments of a connection; `tell_page_sizes` completes what they say of sizes."""
    first = f"How many {what}, from the start; {{default}} when left out, at most {{ceiling}}."
    last = f"How many {what}, from the end; at most {{ceiling}}."
    return {
        "first": (argument(int | None, first, is_page_size=True), strawberry.UNSET),
        "after": (
            argument(str | None, "Go on after this cursor: an `endCursor` of the page before."),
            strawberry.UNSET,
        ),
        "last": (argument(int | None, last, is_page_size=True), strawberry.UNSET),
        "before": (
            argument(str | None, "Go back before this cursor: a `startCursor` of the page after."),
            strawberry.UNSET,
        ),
    }
