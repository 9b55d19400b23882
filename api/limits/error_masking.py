"""What a client is told of an error: expected ones as they are, all others by an id alone."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Iterable
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import StrawberryInputCoercionError

from schema.errors import ECHO, PactbookError

INTERNAL = "INTERNAL_SERVER_ERROR"
MASK = "Something went wrong on our side."

logger = logging.getLogger(__name__)


REPEATED = re.compile(r"(?<!\w)'[^']*'(?!\w)|(?<!\w)\"[^\"]*\"(?!\w)|\S+")
"""What a message may repeat of what a client has sent: something in marks, or without a space."""
MESSAGE_CHARACTERS = 2_000


def shortened(message: str) -> str:
    """A message that repeats no more than the beginning of anything long."""
    if len(message) <= ECHO:
        return message
    short = REPEATED.sub(lambda found: _beginning(found[0]), message)
    return short if len(short) <= MESSAGE_CHARACTERS else f"{short[:MESSAGE_CHARACTERS]}…"


def _beginning(repeated: str) -> str:
    mark = repeated[0] if repeated[0] in "'\"" else ""
    if len(repeated) <= ECHO + 2 * len(mark):
        return repeated
    return f"{repeated[: ECHO + len(mark)]}…{mark}"


def cause(error: BaseException) -> BaseException:
    """The exception that began it, under all that GraphQL wrapped around it."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def expected(error: GraphQLError) -> dict[str, Any] | None:
    """The public extensions of an error, with its code; None for one that nobody expected.

    A code counts only in a `PactbookError` or in the extensions of a GraphQL error: exceptions of
    libraries (SQLAlchemy's, for one) carry an attribute `code` too, and must stay masked.
    """
    began = cause(error)
    if isinstance(began, PactbookError):
        extensions = {**getattr(began, "extensions", {}), "code": began.code}
    elif not isinstance(began, GraphQLError):
        return None
    elif "code" in (began.extensions or {}):
        extensions = {**(error.extensions or {}), **(began.extensions or {})}
    elif isinstance(began, GraphQLSyntaxError):
        extensions = {"code": "GRAPHQL_PARSE_FAILED"}
    elif isinstance(began, StrawberryInputCoercionError) or began.nodes:
        extensions = {"code": "BAD_USER_INPUT"}
    else:
        return None
    return None if extensions["code"] == INTERNAL else extensions


def public(error: GraphQLError, identifier: str) -> GraphQLError:
    """The error as a client may see it; `identifier` is told only when it is masked."""
    extensions = expected(error)
    message = MASK if extensions is None else shortened(error.message)
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions or {"code": INTERNAL, "id": identifier},
    )


def public_all(errors: Iterable[GraphQLError]) -> list[GraphQLError]:
    """The errors of one operation as a client may see them; each unexpected cause is logged once.

    A fault that strikes every row of a page has one id and one traceback in the log.
    """
    identifiers: dict[tuple[type[BaseException], str], str] = {}
    public_errors = []
    for error in errors:
        began = cause(error)
        key = (type(began), str(began))
        if expected(error) is None and key not in identifiers:
            identifiers[key] = logged(began)
        public_errors.append(public(error, identifiers.get(key, "")))
    return public_errors


def logged(error: BaseException) -> str:
    """Log an unexpected exception with its traceback; the answer is the id it is found by."""
    identifier = secrets.token_hex(4)
    logger.error("Unexpected error %s", identifier, exc_info=error)
    return identifier
