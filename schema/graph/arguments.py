"""Arguments of fields, and the signatures that Strawberry reads them off."""

from __future__ import annotations

import inspect
from typing import Annotated, Any

import strawberry

Arguments = dict[str, tuple[Any, Any]]
"""The arguments of a field: their types, described, and their defaults."""


def with_signature(resolve: Any, arguments: Arguments) -> Any:
    """A resolver that Strawberry takes for one with these very arguments."""
    kinds = {name: kind for name, (kind, _) in arguments.items()}
    resolve.__annotations__ = {"info": strawberry.Info, **kinds}
    resolve.__signature__ = inspect.Signature(
        [
            inspect.Parameter("root", inspect.Parameter.POSITIONAL_OR_KEYWORD),
            inspect.Parameter(
                "info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=strawberry.Info
            ),
            *(
                inspect.Parameter(
                    name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind
                )
                for name, (kind, default) in arguments.items()
            ),
        ]
    )
    return resolve


def needed(kind: Any) -> tuple[Any, Any]:
    """An argument that must be given."""
    return kind, inspect.Parameter.empty


def argument(kind: Any, description: str, *, name: str | None = None, **metadata: Any) -> Any:
    """An argument's type with its public description; `name` where Python reserves its own."""
    return Annotated[kind, strawberry.argument(description, name=name, metadata=metadata)]


def optional_argument(kind: Any, description: str, **metadata: Any) -> tuple[Any, Any]:
    """An argument that may be left out, or null, with its public description."""
    return argument(kind | None, description, **metadata), strawberry.UNSET


def paging(what: str) -> Arguments:
    """The four arguments of a connection; `tell_page_sizes` completes what they say of sizes."""
    first = f"How many {what}, from the start; {{default}} when left out, at most {{ceiling}}."
    last = f"How many {what}, from the end; at most {{ceiling}}."
    after = "Go on after this cursor: an `endCursor` of the page before."
    before = "Go back before this cursor: a `startCursor` of the page after."
    return {
        "first": optional_argument(int, first, is_page_size=True),
        "after": optional_argument(str, after),
        "last": optional_argument(int, last, is_page_size=True),
        "before": optional_argument(str, before),
    }
