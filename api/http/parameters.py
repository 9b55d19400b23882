"""One operation as a client asks for it, out of a body or an address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from types import NoneType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson

from api.http.codec import decoded
from api.http.listed_documents import (
    DocumentNotFoundError,
    DocumentNotListedError,
    ListedDocuments,
    digest_of,
)
from api.limits.limits import Limits
from api.lru import WeightedLRU, weight_of
from schema.errors import ECHO
from schema.execution.error_behavior import ErrorBehavior

KINDS = {str: "a string", dict: "an object"}
PARAMETERS = {
    "query": str,
    "variables": dict,
    "operationName": str,
    "extensions": dict,
    "documentId": str,
    "onError": str,
}
BEHAVIORS: dict[str | None, ErrorBehavior] = {
    None: ErrorBehavior.PROPAGATE,
    **{each.value: each for each in ErrorBehavior},
}
FITTING = frozenset(product(*((kind, NoneType) for kind in PARAMETERS.values())))
"""The types that the parameters may have together."""


DOCUMENT_ID = re.compile(r"sha256:([0-9a-f]{64})")
"""The one kind of id that GraphQL over HTTP defines for documents."""


class RefusedError(Exception):
    """A request that never becomes an operation."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


class GraphQLParams(NamedTuple):
    """One operation as a client asks for it."""

    query: str | None
    variables: dict[str, Any] | None
    operation_name: str | None
    extensions: dict[str, Any] | None
    digest: str | None
    """The SHA-256 by which a document is called."""
    on_error: ErrorBehavior = ErrorBehavior.PROPAGATE
    """What an error does to the data."""

    @property
    def canonical(self) -> bytes | None:
        """The variables, written in one way; None where that cannot be."""
        try:
            written = orjson.dumps(self.variables or {}, option=orjson.OPT_SORT_KEYS)
        except orjson.JSONEncodeError:
            return None  # a number over 64 bits, or something nested very deeply
        # An infinite number, such as 1e400, is written as null.
        is_unlike = b"null" in written and orjson.loads(written) != self.variables
        return None if is_unlike else written


class ParamsReader:
    """Reads calls, and remembers the documents that were sent with their hashes.

    Documents are also found among those that are `listed`; no others are where that `is_closed`.
    """

    def __init__(
        self, limits: Limits, listed: ListedDocuments | None = None, *, is_closed: bool = False
    ) -> None:
        self.limits = limits
        self.listed, self.is_closed = listed, is_closed
        self.persisted = WeightedLRU[str](limits.persisted_bytes)

    def posted(self, body: bytes) -> GraphQLParams:
        """The call in a body."""
        return self._named(_read(body, decoded))

    def got(self, query: bytes) -> GraphQLParams:
        """The call in the query of an address."""
        return self._named(_read(query, _parameters))

    def _named(self, call: GraphQLParams) -> GraphQLParams:
        """The call, unless it names an operation by more than names may have."""
        name, most = call.operation_name, self.limits.name_characters
        if name is not None and len(name) > most:
            long = f"`operationName` has {len(name)} characters; at most {most} are allowed."
            raise RefusedError(400, long)
        return call

    def text(self, call: GraphQLParams) -> str:
        """The document of a call; an error where nobody knows it, or it may not be served."""
        query, digest = call.query or None, call.digest
        if query is None and digest is None:
            raise RefusedError(400, "There is no GraphQL document in `query`, and no `documentId`.")
        if query is not None and (digest is not None or self.is_closed):
            of_query = digest_of(query)
            if digest not in (None, of_query):
                raise RefusedError(400, f"The SHA-256 of `query` is {of_query}, not {digest}.")
            digest = of_query
        if digest is None:
            assert query is not None
            return query
        listed = None if self.listed is None else self.listed.text(digest)
        if self.is_closed:
            if listed is None:
                raise DocumentNotListedError(digest)
            return listed
        text = self.persisted.find(digest) or listed or query
        if text is None:
            raise DocumentNotFoundError
        if query is not None and listed is None:
            self.persisted.keep(digest, text, weight_of(digest, text))
        return text


def _read(data: bytes, reading: Callable[[bytes], object]) -> GraphQLParams:
    try:
        given = reading(data)
    except ValueError:
        wrong = "This is not JSON, or holds a character or a number that cannot be kept."
        raise RefusedError(400, wrong) from None
    return _call(given)


def _parameters(query: bytes) -> dict[str, object]:
    pairs = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    return {
        name: decoded(value) if name in ("variables", "extensions") else value
        for name, value in pairs.items()
        if value
    }


def _call(given: object) -> GraphQLParams:
    if not isinstance(given, dict):
        raise RefusedError(400, "The body must be one JSON object; batches are not served.")
    values = [*map(given.get, PARAMETERS)]
    if (*map(type, values),) not in FITTING:
        raise RefusedError(400, _unfit(values))
    query, variables, name, extensions, document_id, on_error = values
    behavior = BEHAVIORS.get(on_error)
    if behavior is None:
        known = ", ".join(each.value for each in ErrorBehavior)
        wrong = f"`onError` is '{str(on_error)[:ECHO]}'; it must be one of {known}."
        raise RefusedError(400, wrong)
    digest = _digest(extensions or {}, document_id) if extensions or document_id else None
    # An empty name is none, as it is in an address.
    return GraphQLParams(query, variables, name or None, extensions, digest, behavior)


def _unfit(values: Sequence[object]) -> str:
    """Which of the parameters is neither of its own type nor absent."""
    name, kind = next(
        (name, kind)
        for (name, kind), value in zip(PARAMETERS.items(), values, strict=True)
        if value is not None and not isinstance(value, kind)
    )
    return f"`{name}` must be {KINDS[kind]} or null."


def _digest(extensions: Mapping[str, Any], document_id: str | None) -> str | None:
    """The SHA-256 that a document is called by, in Apollo's extension or by its id."""
    persisted = extensions.get("persistedQuery")
    digest = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    digest = digest if isinstance(digest, str) else None
    if not document_id:
        return digest
    named = DOCUMENT_ID.fullmatch(document_id)
    if named is None:
        wrong = f"`documentId` is '{document_id[:ECHO]}'; write `sha256:` and the SHA-256 of the "
        raise RefusedError(400, wrong + "document, as 64 hexadecimal digits in lower case.")
    if digest not in (None, named[1]):
        raise RefusedError(400, "`documentId` and `sha256Hash` call two different documents.")
    return named[1]
