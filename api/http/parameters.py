"""One operation as a client asks for it, out of a body or an address."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from types import NoneType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson

from api.http.codec import decoded
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
    "onError": str,
}
BEHAVIORS = {None: ErrorBehavior.PROPAGATE, **{each.value: each for each in ErrorBehavior}}
FITTING = frozenset(product(*((kind, NoneType) for kind in PARAMETERS.values())))
"""The types that the parameters may have together."""


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
    """Reads calls, and remembers the documents that were sent with their hashes."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
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

    def text(self, call: GraphQLParams) -> str | None:
        """The document of a call; None when it is known by a hash alone that nobody has sent."""
        if call.digest is None:
            if not call.query:
                raise RefusedError(400, "There is no GraphQL document in `query`.")
            return call.query
        if not call.query:
            return self.persisted.find(call.digest)
        if hashlib.sha256(call.query.encode()).hexdigest() != call.digest:
            raise RefusedError(400, "`sha256Hash` is not the SHA-256 of `query`.")
        if self.persisted.find(call.digest) is None:
            self.persisted.keep(call.digest, call.query, weight_of(call.digest, call.query))
        return call.query


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
    query, variables, name, extensions, on_error = values
    behavior = BEHAVIORS.get(on_error)
    if behavior is None:
        known = ", ".join(each.value for each in ErrorBehavior)
        raise RefusedError(400, f"`onError` is '{on_error[:ECHO]}'; it must be one of {known}.")
    digest = _digest(extensions) if extensions else None
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


def _digest(extensions: Mapping[str, Any]) -> str | None:
    persisted = extensions.get("persistedQuery")
    digest = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    return digest if isinstance(digest, str) else None
